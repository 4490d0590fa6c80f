"""The register in a real browser: taps in order, nothing said to be kept that the server has not answered."""

import pytest
from django.urls import reverse

from tests.fixtures.browser import LAPTOP, PHONE, axe, overflow
from training.models import Attendance, Mark

pytestmark = pytest.mark.journey


@pytest.fixture
def door(transactional_db, world, enrol, running, open_page):
    people = [enrol(f"Ana Anić {n:02}", municipality="Boljevac") for n in range(31)]
    session = running(trainers=[world.trainer.person], venue=world.venue)

    def go(size=PHONE, **options):
        page = open_page(size=size, user=world.trainer, **options)
        page.goto(reverse("training:register", args=[session.pk]))
        return page

    go.people, go.session = people, session
    return go


def count(page, words: str) -> int:
    return int(page.locator("#tally span", has_text=words).locator("b").inner_text())


def wait_sent(page) -> None:
    page.locator("#unsent").wait_for(state="hidden")


def test_thirty_one_people_in_two_taps_and_one_for_the_exception(door):
    page = door()
    page.get_by_role("button", name="All present").click()
    page.locator("#tally", has_text="31 present").wait_for()
    one = door.people[4]
    page.locator(f"#more-{one.pk}").click()
    page.locator(f"#row-{one.pk} button[value=absent]").click()
    page.locator("#tally", has_text="1 absent").wait_for()
    assert [count(page, words) for words in ("present", "absent", "to mark")] == [30, 1, 0]
    assert Attendance.objects.filter(status="present").count() == 30
    assert (axe(page), overflow(page)) == ([], 0)


def test_a_tap_a_second_tap_and_a_double_tap(door):
    page, one = door(), door.people[0]
    tick = page.locator(f"#mark-{one.pk}")
    for expected in ("true", "false"):
        page.wait_for_timeout(450)  # a finger that means it
        tick.click()
        page.locator(f"#mark-{one.pk}[aria-pressed={expected}]").wait_for()
    assert page.evaluate("document.activeElement.id") == f"mark-{one.pk}"
    page.wait_for_timeout(450)
    tick.dblclick()
    page.locator(f"#mark-{one.pk}[aria-pressed=true]").wait_for()
    wait_sent(page)
    assert [mark.status for mark in Mark.objects.all()] == ["present", "cleared", "present"]


def test_without_a_network_it_says_how_many_are_not_sent_and_sends_them_in_order(door):
    page = door()
    one, two = door.people[:2]
    page.context.set_offline(True)
    page.locator(f"#mark-{one.pk}").click()
    page.locator("#unsent", has_text="1 not yet sent").wait_for()
    page.locator(f"#mark-{two.pk}").click()
    page.locator("#unsent", has_text="2 not yet sent").wait_for()
    page.locator(f"#more-{two.pk}").click()
    page.locator(f"#row-{two.pk} button[value=absent]").click()
    page.locator("#unsent", has_text="3 not yet sent").wait_for()
    assert (count(page, "present"), Mark.objects.count()) == (0, 0)
    page.context.set_offline(False)
    wait_sent(page)
    assert [(m.enrolment, m.status) for m in Mark.objects.all()] == [
        (one, "present"),
        (two, "present"),
        (two, "absent"),
    ]
    page.complaints.clear()  # the browser writes down each request that found no network


def test_an_answer_that_was_lost_is_asked_for_again_and_is_one_mark(door):
    page, one = door(), door.people[0]
    lost = []

    def lose_the_first(route):
        answer = route.fetch()
        if lost:
            return route.fulfill(response=answer)
        lost.append(1)
        return route.abort()

    page.route("**/marks/", lose_the_first)
    page.locator(f"#mark-{one.pk}").click()
    page.locator("#unsent", has_text="1 not yet sent").wait_for()
    page.wait_for_timeout(1500)
    assert (len(lost), Mark.objects.count(), count(page, "present")) == (1, 1, 0)  # kept, and not yet said so
    page.evaluate("dispatchEvent(new Event('online'))")
    page.locator(f"#mark-{one.pk}[aria-pressed=true]").wait_for()
    wait_sent(page)
    assert Mark.objects.count() == 1
    page.complaints.clear()


def test_a_refusal_is_shown_and_does_not_block_the_rest(door):
    page = door(size=LAPTOP)
    one, two = door.people[:2]
    page.locator(f"#more-{one.pk}").click()
    page.locator(f"#row-{one.pk} input[name=leaving]").fill("00:00")
    page.locator(f"#row-{one.pk} button[value=left_early]").click()
    page.locator("#messages", has_text="who left by then was absent").wait_for()
    page.locator(f"#mark-{two.pk}").click()
    page.locator(f"#mark-{two.pk}[aria-pressed=true]").wait_for()
    assert [m.enrolment for m in Mark.objects.all()] == [two]
    page.complaints.clear()  # the 422 of the refusal


def test_signed_out_meanwhile_nothing_is_lost(door):
    page, one = door(), door.people[0]
    page.context.clear_cookies(name="sessionid")
    page.locator(f"#mark-{one.pk}").click()
    page.locator("#unsent", has_text="You are signed out").wait_for()
    assert Mark.objects.count() == 0


def test_finding_as_one_types(door):
    page = door()
    page.locator("#find").fill("АНИЋ 07")
    page.locator("#roster > li:not([hidden])").nth(1).wait_for(state="detached")
    assert page.locator("#roster > li:not([hidden])").count() == 1
    page.locator("#find").fill("nobody")
    page.locator("#roster-none").wait_for()
