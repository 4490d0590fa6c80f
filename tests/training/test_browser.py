"""The register in a real browser: taps in order, nothing said to be sent that the server has not answered.

Without a network: tests/journeys/test_10_offline_register.py.
"""

import pytest
from django.urls import reverse

from tests.fixtures.browser import PHONE, axe, overflow
from training.models import Attendance, Mark

pytestmark = pytest.mark.journey


@pytest.fixture
def door(transactional_db, world, enrol, running, open_page):
    people = [enrol(f"Ana Anić {n:02}", municipality="Boljevac") for n in range(31)]
    session = running(trainers=[world.trainer.person], venue=world.venue)

    def go(size=PHONE, **options):
        page = open_page(size=size, user=world.trainer, **options)
        page.goto(reverse("training:register", args=[session.pk]))
        page.locator("#register.is-started").wait_for()
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
    wait_sent(page)
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


def test_an_answer_that_was_lost_is_asked_for_again_and_is_one_mark(door):
    page, one = door(), door.people[0]
    lost = []

    def lose_the_first(route):
        answer = route.fetch()
        if lost:
            return route.fulfill(response=answer)
        lost.append(1)
        return route.abort()

    page.route("**/operations/", lose_the_first)
    page.locator(f"#mark-{one.pk}").click()
    page.locator("#unsent", has_text="1 not yet sent").wait_for()
    page.wait_for_timeout(1500)
    assert (len(lost), Mark.objects.count()) == (1, 1)  # kept there, and not yet known here
    assert page.locator(f"#row-{one.pk}.is-unsent").count() == 1
    page.evaluate("dispatchEvent(new Event('online'))")
    wait_sent(page)
    assert page.locator(f"#row-{one.pk}:not(.is-unsent) #mark-{one.pk}[aria-pressed=true]").count() == 1
    assert Mark.objects.count() == 1
    page.complaints.clear()


def test_a_server_that_stumbles_over_one_act_gets_the_others(door):
    """An item that breaks the server stays on the phone, alone."""
    page = door()
    one, two, three = door.people[:3]

    def stumble(route):
        if f'"enrolment":{two.pk},' in route.request.post_data:
            return route.fulfill(status=500, body="")
        return route.continue_()

    page.context.set_offline(True)
    for person in (one, two, three):
        page.locator(f"#mark-{person.pk}").click()
        page.locator(f"#mark-{person.pk}[aria-pressed=true]").wait_for()
    page.route("**/operations/", stumble)
    page.context.set_offline(False)
    page.evaluate("dispatchEvent(new Event('online'))")
    page.locator("#unsent[data-count='1']").wait_for()
    assert sorted(mark.enrolment_id for mark in Mark.objects.all()) == [one.pk, three.pk]
    assert page.locator(f"#row-{two.pk}.is-unsent").count() == 1
    page.complaints.clear()


def test_finding_as_one_types(door):
    page = door()
    page.locator("#find").fill("АНИЋ 07")
    page.locator("#roster > li:not([hidden])").nth(1).wait_for(state="detached")
    assert page.locator("#roster > li:not([hidden])").count() == 1
    page.locator("#find").fill("nobody")
    page.locator("#roster-none").wait_for()
