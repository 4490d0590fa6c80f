"""Photographs, keying and packs in a real browser: readable, in both sizes, in English and in Serbian."""

from uuid import uuid4

import pytest
from django.urls import reverse
from django.utils import timezone

from accounts.models import User
from jobs.services import run
from tests.factories import NOW, make_funding, make_module
from tests.fixtures.browser import LAPTOP, PHONE, WAYS, axe, overflow
from tests.training.pictures import drawn
from training import services
from training.models import Mark, Photo

pytestmark = pytest.mark.journey
SHOTS = ""


@pytest.fixture
def session(transactional_db, world, enrol, running, mark):
    people = [enrol(f"Đurđa Đorđević {n:02}") for n in range(9)]
    module = make_module(world.programme, name="Business model", name_sr="Poslovni model")
    make_funding(world.programme)
    one = running(trainers=[world.trainer.person], module=module)
    mark(one, people[0], now=timezone.now())
    for words in ("one", "two"):
        services.keep_photo(
            by=world.trainer, session=one, operation=uuid4(), file=drawn(words, size=(800, 600)), now=NOW,
            caption="What a jar costs", caption_sr="Koliko košta tegla",
        )  # fmt: skip
    named, free = Photo.objects.order_by("pk")
    services.name_people(by=world.trainer, photo=named, people=[people[0].person])
    services.name_people(by=world.trainer, photo=free, nobody=True)
    services.keep_sheet(by=world.trainer, session=one, file=drawn("signed", size=(600, 850)), now=NOW)
    run(services.request_pack(by=world.coordinator, programme=world.programme, module=module).pk)
    one.people, one.photo = people, named
    return one


def addresses(session) -> dict[str, str]:
    code = session.programme.code
    return {
        "gallery": reverse("training:photo_create", args=[session.pk]),
        "people": reverse("training:photo_people", args=[session.photo.pk]),
        "shown": reverse("training:photo_shown", args=[code]),
        "keying": reverse("training:keying", args=[session.pk]),
        "packs": reverse("training:pack_list", args=[code]),
    }


@WAYS
def test_every_page_can_be_read_by_everybody(open_page, world, session, size, language):
    User.objects.filter(pk=world.coordinator.pk).update(language=language)
    page = open_page(size=size, language=language, user=world.coordinator)
    for name, address in addresses(session).items():
        page.goto(address)
        page.locator("img").evaluate_all(
            "all => Promise.all(all.map(one => (one.loading = 'eager', one.decode())))"
        )
        if SHOTS:
            page.screenshot(path=f"{SHOTS}/{name}-{language}-{size[0]}.png", full_page=True)
        assert (name, axe(page), overflow(page)) == (name, [], 0)


@pytest.mark.parametrize("size", [PHONE, LAPTOP])
def test_a_sheet_is_keyed_in_with_the_keyboard_alone(open_page, world, session, size):
    a, b, c = (one.row_code for one in session.people[:3])
    page = open_page(size=size, user=world.trainer)
    page.goto(addresses(session)["keying"])
    page.locator("#id_present").focus()
    page.keyboard.type(f"{b.lower()} {c}")
    page.locator("#preview", has_text="2 marks are new").wait_for()
    assert page.locator("#preview", has_text="Đurđa Đorđević 02").count() == 1
    page.locator("#id_absent").focus()
    page.keyboard.type(a)
    page.locator("#preview", has_text="1 mark would change").wait_for()
    assert (axe(page), overflow(page)) == ([], 0)
    if SHOTS:
        page.screenshot(path=f"{SHOTS}/preview-{size[0]}.png", full_page=True)
    page.get_by_role("button", name="Keep these marks").focus()
    page.keyboard.press("Enter")
    page.wait_for_url("**/register/")
    found = {mark.enrolment.row_code: (mark.status, mark.source) for mark in Mark.objects.order_by("pk")}
    assert found == {a: ("absent", "paper"), b: ("present", "paper"), c: ("present", "paper")}
    first = Mark.objects.order_by("pk").first()
    assert Mark.objects.get(status="absent").seen == str(first.operation)
