"""Somebody offers herself as a mentor on her phone, opens the link in her mail; a coordinator takes her."""

import re

from django.urls import reverse

from mentoring.models import Mentor, MentorApplication
from reminders.tasks import sweep
from tests.fixtures.browser import LAPTOP, PHONE, axe, overflow
from tests.services import wait_until


def looks_right(page) -> None:
    assert axe(page) == []
    assert overflow(page) == 0


def heading(page) -> str:
    return page.locator("h1").inner_text().replace("\xa0", " ")


def test_from_the_form_to_the_list_of_mentors(demo, visit, celery_worker, smtp_sink):
    programme, page = demo.running, visit(size=PHONE)
    page.goto(reverse("mentoring:mentor_apply", args=[programme.tenant.slug, programme.code]))
    looks_right(page)
    page.get_by_label("First name and surname").fill("Đurđa Đorđević")
    page.get_by_role("textbox", name="E-mail").fill("djurdja@primer.example")
    page.get_by_label("Language in which we write to you").select_option("en")
    page.get_by_label("Whom you work for").fill("Kuća klastera")
    page.get_by_label("Your role there").fill("director")
    page.get_by_role("textbox", name="About you").fill("Twenty years in export.")
    page.get_by_label("export", exact=True).check()
    page.get_by_label("Entrepreneurs at the same time, at most").fill("2")
    page.get_by_label("Monday").fill("17-20")
    page.get_by_label(re.compile("You may keep what I wrote")).check()
    page.wait_for_timeout(3000)  # as long as a quick reader takes: the form asks for it
    page.get_by_role("button", name="Send the application").click()
    page.get_by_role("heading", name="One step is left").wait_for()
    looks_right(page)
    row = MentorApplication.objects.get(email="djurdja@primer.example")

    sweep.delay()
    wait_until(lambda: smtp_sink.to(row.email), seconds=60, what="the letter")
    (letter,) = smtp_sink.to(row.email)
    page.goto(re.search(r"/mentor-applications/\S+", letter.text)[0])
    looks_right(page)
    page.get_by_role("button", name="Yes, I would be a mentor").click()
    page.get_by_role("heading", name="Your application is in").wait_for()

    desk = visit("coordinator", size=LAPTOP)
    desk.goto(reverse("mentoring:candidate_list", args=[programme.code]))
    assert heading(desk) == "2 people offer themselves as mentors"  # one of the demo waits as well
    looks_right(desk)
    desk.get_by_role("link", name="Đurđa Đorđević").click()
    looks_right(desk)
    desk.get_by_role("button", name="Take her as a mentor").click()
    desk.get_by_text("is on the list").wait_for()
    assert heading(desk) == "Đurđa Đorđević"
    looks_right(desk)
    mentor = Mentor.objects.get(person__email=row.email)
    assert list(mentor.person.affiliations.values_list("role", flat=True)) == ["director"]
    assert mentor in Mentor.objects.active_in(programme)


def test_the_pages_of_mentors_and_needs_at_two_sizes(demo, visit):
    programme = demo.running
    mentor = Mentor.objects.get(person__user=demo.user["mentor"])
    enrolment = programme.enrolments.taking_part().filter(needs__isnull=False).first()
    offer = mentor.offers.get(programme=programme)
    pages = [
        reverse(f"mentoring:{name}", args=[key])
        for name, key in (
            ("mentor_list", programme.code),
            ("mentor_create", programme.code),
            ("mentor_detail", mentor.pk),
            ("mentor_edit", mentor.pk),
            ("offer_edit", offer.pk),
            ("need_list", programme.code),
            ("need_state", enrolment.pk),
        )  # fmt: skip
    ]
    for size, language in ((PHONE, "sr"), (LAPTOP, "en")):
        page = visit("coordinator", size=size, language=language)
        for address in pages:
            page.goto(address)
            looks_right(page)


def test_without_a_script_and_in_both_scripts(demo, visit):
    for language in ("sr-latn", "sr"):
        page = visit(size=PHONE, language=language, java_script_enabled=False)
        programme = demo.running
        page.goto(reverse("mentoring:mentor_apply", args=[programme.tenant.slug, programme.code]))
        assert overflow(page) == 0
        assert page.locator("form.apply").count() == 1
