"""Step 2: a trainer with a phone marks 31 people, adds somebody at the door, writes a note."""

from uuid import uuid4

from django.urls import reverse

from tests.fixtures.browser import PHONE
from tests.journeys.conftest import tap
from tests.services import wait_until
from training.hours import progress
from training.models import Attendance, Enrolment, Mark


def counts(page) -> dict[str, int]:
    """What the page says: {"present": 30, ...}."""
    said = [span.inner_text().split(maxsplit=1) for span in page.locator("#tally span:not([hidden])").all()]
    return {word: int(number) for number, word in said}


def kept(session) -> dict[str, int]:
    found = Attendance.objects.filter(entry__session=session).values_list("status", flat=True)
    return {status: list(found).count(status) for status in set(found)}


def settle(page, **wanted: int) -> None:
    for word, number in wanted.items():
        page.locator("#tally", has_text=f"{number} {word}").wait_for()
    page.locator("#unsent").wait_for(state="hidden")


def another_mark(page, enrolment, status: str) -> None:
    tap(page, page.locator(f"#more-{enrolment.pk}"))
    tap(page, page.locator(f"#row-{enrolment.pk} button[value={status}]"))


def test_a_morning_at_the_door(demo, visit):
    page = visit("trainer", size=PHONE)
    page.goto("/")
    tap(page, page.get_by_role("link", name="Open the register"))
    tap(page, page.get_by_role("button", name="All present"))
    settle(page, present=31)
    assert page.taps <= 3
    late, absent = demo.session.roster.order_by("enrolment__row_code")[2:4]
    page.locator(f"#row-{late.enrolment_id}").scroll_into_view_if_needed()
    another_mark(page, late.enrolment, "'late:15'")
    settle(page, present=30, late=1)
    another_mark(page, absent.enrolment, "absent")
    settle(page, present=29, late=1, absent=1)
    assert page.taps <= 2 + 2 * 2  # an exception is two: which person, which mark
    assert kept(demo.session) == {"present": 29, "late": 1, "absent": 1}
    said = page.locator(f"#row-{absent.enrolment_id} .roster-note").inner_text()
    assert said == "absent · can still reach 80 %"

    tap(page, page.get_by_role("link", name="At the door"))
    page.get_by_label("Name", exact=False).and_(page.locator("#door_name")).fill("Живковић Рада")
    page.locator("#door_phone").fill("+381 60 555 0123")
    tap(page, page.get_by_role("button", name="Add, present"))
    settle(page, present=30)
    assert counts(page) == {"present": 30, "late": 1, "absent": 1, "to mark": 0}
    came = Enrolment.objects.get(person__name="Живковић Рада")
    assert (came.programme_id, came.person.phone) == (demo.running.pk, "+381 60 555 0123")
    assert progress(demo.running)[came.pk].attended == demo.session.minutes

    tap(page, page.get_by_role("link", name="Note"))
    page.locator("#note ~ form textarea, section[aria-labelledby=note] textarea").first.fill(
        "Price on half a page went well."
    )
    tap(page, page.get_by_role("button", name="Keep the note"))
    settle(page, present=30)
    wait_until(demo.session.log.exists, seconds=10, what="the note")
    [entry] = demo.session.log.all()
    assert (entry.text, entry.by) == ("Price on half a page went well.", demo.user["trainer"])
    assert kept(demo.session) == {"present": 30, "late": 1, "absent": 1}


def test_a_finger_that_bounces_marks_once_and_two_taps_take_it_back(demo, visit):
    page = visit("trainer", size=PHONE)
    page.goto(reverse("training:register", args=[demo.session.pk]))
    one = demo.session.roster.order_by("enrolment__row_code").first().enrolment
    tick = page.locator(f"#mark-{one.pk}")
    tick.dblclick()
    settle(page, present=1)
    assert [mark.status for mark in Mark.objects.filter(session=demo.session)] == ["present"]
    page.wait_for_timeout(450)  # a finger that means it
    tick.click()
    page.locator(f"#mark-{one.pk}[aria-pressed=false]").wait_for()
    settle(page, present=0)
    assert [mark.status for mark in Mark.objects.filter(session=demo.session)] == ["present", "cleared"]
    assert kept(demo.session) == {}


def test_the_same_operation_posted_twice_counts_once(demo, visit):
    page = visit("trainer", size=PHONE)
    page.goto(reverse("training:register", args=[demo.session.pk]))
    one = demo.session.roster.first().enrolment
    page.locator("#register.is-started").wait_for()
    token = page.locator(f"#row-{one.pk} [name=csrfmiddlewaretoken]").input_value()
    said = {"operation": str(uuid4()), "enrolment": str(one.pk), "status": "present"}
    for _again in range(2):
        answer = page.request.post(
            reverse("training:mark_create", args=[demo.session.pk]),
            form=said | {"csrfmiddlewaretoken": token},
            headers={"Referer": page.url},
        )
        assert answer.status == 200
    assert Mark.objects.filter(session=demo.session).count() == 1
    page.reload()
    assert counts(page) == {"present": 1, "late": 0, "absent": 0, "to mark": 30}
