"""Step 3: an entrepreneur with her phone and no account: the code on the wall, here I am, my idea."""

from django.urls import reverse
from playwright.sync_api import expect

from ideas.models import Idea, Nomination
from tests.fixtures.browser import PHONE
from training.models import Attendance, Enrolment
from training.register import codes
from training.services.check_in import ON_TIME

TITLE = "Popravka kućnih aparata za žene, kurs subotom"  # there is one like it
LIKE = "Kurs popravke kućnih aparata za žene, subotom"


def scanned(demo) -> str:
    """Where the camera leads."""
    return reverse("training:check_in", args=[codes.token_of(demo.session)])


def nominated(demo) -> int:
    return Idea.objects.filter(programme=demo.running).count()


def test_she_says_who_she_is_and_nominates_an_idea_once(demo, visit):
    before = nominated(demo)
    hers = demo.session.roster.select_related("enrolment").first().enrolment
    page = visit(size=PHONE)
    page.goto(scanned(demo))
    names = Enrolment.objects.filter(programme=demo.running).values_list("person__name", flat=True)
    assert [name for name in names if name in page.content()] == []  # never a list of names
    page.get_by_label("Row code").fill(hers.row_code.lower())
    page.get_by_role("button", name="I am here").click()
    expect(page.locator("h1")).to_have_text(f"✓ {hers.row_code}, you are here")
    seen = Attendance.objects.get(entry__session=demo.session, entry__enrolment=hers)
    in_time = seen.mark.at_server < demo.session.starts_at + ON_TIME
    assert (seen.status, seen.mark.source) == ("present" if in_time else "late", "code")

    page.get_by_role("link", name="I have an idea").click()
    title = page.locator("#id_title")
    title.press_sequentially(TITLE[:30], delay=5)
    page.locator("#alike", has_text=LIKE).wait_for()
    title.fill(TITLE)
    page.get_by_role("button", name="Nominate").dblclick()
    page.locator(".here", has_text="Thank you.").wait_for()
    idea = Idea.objects.latest("pk")
    assert (nominated(demo), idea.text.title, idea.source) == (before + 1, TITLE, "")
    [nomination] = idea.nominations.all()
    assert (nomination.enrolment, nomination.session) == (hers, demo.session)


def test_first_name_and_year_of_birth_do_and_one_may_stand_with_an_idea_that_is_there(demo, visit):
    before = nominated(demo)
    hers = Enrolment.objects.get(programme=demo.running, person__name="Đokić Marijana")
    page = visit(size=PHONE)
    page.goto(scanned(demo))
    page.get_by_label("First name").fill("маријана")  # any script
    page.get_by_label("Year of birth").fill(str(hers.person.born))
    page.get_by_role("button", name="I am here").click()
    page.get_by_role("link", name="I have an idea").click()
    page.locator("#id_title").press_sequentially(LIKE[:30], delay=5)
    row = page.locator("#alike li", has_text=LIKE)
    row.get_by_role("button").click()
    page.locator(".here", has_text="You stand with idea number").wait_for()
    joined = Nomination.objects.latest("pk")
    assert (nominated(demo), joined.enrolment, joined.idea.text.title) == (before, hers, LIKE)


def test_a_wrong_answer_is_refused_in_words_and_says_nothing_of_others(demo, visit):
    page = visit(size=PHONE)
    page.goto(scanned(demo))
    page.get_by_label("First name").fill("Marijana")
    page.get_by_label("Year of birth").fill("1950")
    page.get_by_role("button", name="I am here").click()
    page.locator(
        ".error-summary", has_text="Nobody on the roster of this session has this first name"
    ).wait_for()
    assert Attendance.objects.filter(entry__session=demo.session).count() == 0
