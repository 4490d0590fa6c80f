"""The code on the wall and the pages about it in a real browser: it renews itself, a phone comes in by it."""

from datetime import time, timedelta
from uuid import uuid4

import pytest
from django.urls import reverse
from django.utils import timezone

from tests.fixtures.browser import PHONE, WAYS, axe, overflow
from training import services
from training.models import Attendance, Mark, TurnedAway
from training.register import codes

pytestmark = pytest.mark.journey


@pytest.fixture
def hall(transactional_db, world, enrol, running):
    people = [enrol(f"Ana Anić {n:02}", born=1980 + n) for n in range(5)]
    world.people, world.session = people, running(trainers=[world.trainer.person], venue=world.venue)
    return world


def here(name: str, hall) -> str:
    return reverse(f"training:{name}", args=[hall.session.pk])


def fine(page) -> bool:
    return (axe(page), overflow(page)) == ([], 0)


@WAYS
def test_the_wall_renews_itself(hall, open_page, size, language):
    page = open_page(size=size, language=language, user=hall.trainer)
    page.goto(here("session_code", hall))
    assert fine(page)
    first = page.locator(".wall-letters").inner_text()  # of this slot, or of the one that ended meanwhile
    assert codes.read(first, timezone.now()).session == hall.session
    page.evaluate("""() => {
        const box = document.querySelector("#wall-code");
        box.querySelector(".wall-letters").textContent = "OLD";
        box.setAttribute("data-hx-get", box.getAttribute("data-hx-get").replace(/slot=\\d+/, "slot=1"));
        htmx.process(box);
    }""")
    page.wait_for_function(
        "() => document.querySelector('.wall-letters').textContent !== 'OLD'", timeout=25_000
    )
    assert codes.read(page.locator(".wall-letters").inner_text(), timezone.now()).session == hall.session


def test_a_phone_comes_in_by_the_short_code(hall, open_page):
    page = open_page(size=PHONE)
    page.goto(reverse("training:check_in_start"))
    page.get_by_label("Code").fill(codes.short_code_of(hall.session).lower())
    page.get_by_role("button", name="Go on").click()
    assert fine(page)
    page.get_by_label("First name").fill("Ана")
    page.get_by_label("Year of birth").fill("1983")
    page.get_by_role("button", name="I am here").click()
    page.locator("div.here").wait_for()
    assert fine(page)
    seen = Attendance.objects.get()
    assert (seen.entry.enrolment, seen.mark.device.split(":")[0]) == (hall.people[3], "name")
    page.goto(reverse("training:check_in", args=[codes.token_of(hall.session)]))
    page.locator("div.here").wait_for()  # the same phone is in: it brings nobody else


def test_an_old_code_says_so(hall, open_page):
    page = open_page(size=PHONE)
    old = codes.token_of(hall.session, timezone.now() - timedelta(minutes=9))
    page.goto(reverse("training:check_in", args=[old]))
    page.complaints.clear()  # the console tells of every 404
    assert page.locator("h1").inner_text() == "This code is no longer on the wall"
    assert fine(page)
    assert TurnedAway.objects.get().why == "late"


@WAYS
def test_who_checked_in_the_history_and_the_differences(hall, open_page, size, language):
    now, (one, two, three, *_rest) = timezone.now(), hall.people
    for who in (one, two):
        services.check_in(
            session=hall.session,
            enrolment=who,
            operation=uuid4(),
            device="row:3f2a91c0",
            is_shared=True,
            now=now,
        )
    services.turn_away(session=hall.session, why="late", now=now)
    for device, status, arrival in (("Ana's phone", "late", time(0, 1)), ("Mira's phone", "present", None)):
        mark = {"operation": uuid4(), "enrolment": three, "status": status, "arrival": arrival}
        mark |= {"device": device, "seen": ""}
        services.record_marks(by=hall.trainer, session=hall.session, marks=[mark], now=now)
    page = open_page(size=size, language=language, user=hall.trainer)
    for name in ("check_in_list", "session_history", "register"):
        page.goto(here(name, hall))
        assert fine(page), name
    page.goto(reverse("training:enrolment_history", args=[three.pk]))
    assert fine(page)
    page.goto(here("register", hall))
    page.locator(".differences button").nth(1).click()
    page.wait_for_url(lambda url: "register" in url)
    page.locator(".differences").wait_for(state="detached")
    assert Attendance.objects.get(entry__enrolment=three).status == "late"
    page.goto(here("check_in_list", hall))
    strike = page.locator(".strike").first
    strike.locator("summary").click()
    assert fine(page)
    strike.locator("[name=reason]").fill("Niš")
    strike.locator("button").click()
    page.locator(".message").wait_for()
    assert Mark.objects.latest("pk").status == "cleared"
