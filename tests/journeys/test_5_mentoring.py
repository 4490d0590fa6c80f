"""Step 5: ideas by mean score, one is carried on with a mentor, and the mentor logs a meeting."""

import re
from datetime import date
from decimal import ROUND_HALF_UP, Decimal

from django.urls import reverse
from playwright.sync_api import expect

from ideas.models import Idea
from mentoring.models import Assignment, Meeting
from people.models import ClusterMembership, Organisation
from tests.factories import today_there
from tests.fixtures.browser import LAPTOP, PHONE
from tests.journeys.conftest import tap
from training.models import Enrolment

TITLE = "Online shop in a week for makers with ten products"


def test_ideas_by_mean_score(demo, visit):
    page = visit("coordinator", size=LAPTOP)
    page.goto(reverse("ideas:idea_list", args=["startup-now"]))
    page.get_by_role("link", name="Mean score").click()
    page.wait_for_url(re.compile(r"\?"))
    means = [Decimal(cell.inner_text()) for cell in page.locator("tbody td.number b").all()]
    scores = [
        i.score for i in Idea.objects.standing().filter(programme=demo.running).with_reviews() if i.judged
    ]
    best = sorted((Decimal(score).quantize(Decimal("0.01"), ROUND_HALF_UP) for score in scores), reverse=True)
    assert means == best[:25]  # as many as a page has
    assert len(means) >= 15
    assert page.locator("th[aria-sort=descending]").inner_text().strip() == "Mean score"


def test_an_idea_is_carried_on_with_a_mentor_in_three_taps_and_she_logs_a_meeting(demo, visit):
    idea = Idea.objects.get(programme=demo.running, text__title=TITLE)
    hers = idea.nominations.get().enrolment
    _is_in_the_cluster_whose_director_mentors(hers)
    page = visit("coordinator", size=LAPTOP)
    page.goto(reverse("ideas:idea_detail", args=[idea.pk]))
    tap(page, page.get_by_role("link", name=f"Find a mentor for {hers.person}"))
    options = page.locator("label.option")
    expect(options).to_have_count(7)  # one is away
    for words in options.all_inner_texts():
        assert re.search(r"guides \d+ of \d+|guides her already", words), words  # the load, beside each name
    goran = options.filter(has_text="Ранђеловић Горан").or_(options.filter(has_text="Ranđelović Goran"))
    assert "Conflict of interest:" in goran.inner_text()
    tap(page, options.filter(has_text="Kovačević Ivana"))
    tap(page, page.get_by_role("button", name="Assign"))
    page.locator(".message.success", has_text="now guides").wait_for()
    assert page.taps <= 3
    assignment = Assignment.objects.get(enrolment=hers, programme=demo.running)
    assert (assignment.mentor.person.user, assignment.state) == (demo.user["mentor"], "active")

    page.goto(reverse("ideas:idea_detail", args=[idea.pk]))
    page.get_by_label("Mentor and entrepreneur").select_option(f"Kovačević Ivana – {hers.person}")
    page.get_by_role("button", name="Carry on there").click()
    page.locator(".message.success").wait_for()
    idea.refresh_from_db()
    assert idea.state == "in_mentoring"
    assert idea.mentored.get().assignment == assignment

    mentor = visit("mentor", size=PHONE)
    mentor.goto("/")
    mentor.get_by_role("link", name=str(hers.person)).click()
    mentor.get_by_label("Minutes").fill("45")
    mentor.locator(".segments label", has_text="online").click()
    mentor.get_by_label("Topic").fill("First ten shops to ask")
    mentor.get_by_label("Next step").fill("Three offers by Friday")
    mentor.get_by_role("button", name="Log the meeting").dblclick()
    mentor.locator(".message.success").wait_for()
    [meeting] = Meeting.objects.filter(assignment=assignment)
    assert (meeting.minutes, meeting.place, meeting.topic, meeting.next_step) == (
        45,
        "online",
        "First ten shops to ask",
        "Three offers by Friday",
    )
    expect(mentor.locator("h1")).to_contain_text("met 1 time")


def test_a_conflict_on_record_needs_words(demo, visit):
    hers = Idea.objects.get(programme=demo.running, text__title=TITLE).nominations.get().enrolment
    _is_in_the_cluster_whose_director_mentors(hers)
    page = visit("coordinator", size=LAPTOP)
    page.goto(reverse("mentoring:assignment_create", args=["startup-now"]) + f"?enrolment={hers.pk}")
    page.locator("label.option", has_text="Conflict of interest:").first.click()
    page.get_by_role("button", name="Assign").click()
    page.locator(".error-summary").wait_for()
    assert Assignment.objects.filter(enrolment=hers).count() == 0
    page.complaints.clear()  # the 400 of the refusal


def _is_in_the_cluster_whose_director_mentors(enrolment: Enrolment) -> None:
    """A fact with a date: her enterprise is a member of the cluster that a mentor directs."""
    cluster = Organisation.objects.get(affiliations__person__source_id="m2")
    assert today_there() > date(2020, 1, 1)
    ClusterMembership.objects.get_or_create(
        enterprise=enrolment.enterprise, cluster=cluster, defaults={"start": date(2020, 1, 1)}
    )
