"""The public door: on her own phone, no account, never a list of names."""

from uuid import uuid4

import pytest
from django.core.cache import cache
from django.urls import reverse

from tests.factories import make_session
from training.models import Mark
from training.register import checkin, codes


@pytest.fixture
def door(running):
    session = running()
    session.address = reverse("training:check_in", args=[codes.token_of(session)])
    return session


def answer(client, door, **said):
    return client.post(door.address, {"operation": uuid4(), **said})


def test_by_row_code(client, enrol, door):
    one = enrol("Jovanović Milica")
    page = client.get(door.address)
    assert (page.status_code, b"Milica" in page.content) == (200, False)
    assert answer(client, door, row_code="a1").headers["Location"] == door.address
    assert client.session["checked_in"] == {str(door.pk): one.pk}
    here = client.get(door.address).content.decode()
    assert "A1, you are here" in here
    assert "Milica" not in here  # a row code can be guessed: it gives no name away
    assert reverse("ideas:nominate", args=[codes.token_of(door)]) in here


def test_by_first_name_and_year_in_any_script(client, enrol, door):
    one = enrol("Jovanović Milica", born=1984)
    answer(client, door, first_name="Милица", born="1984")
    assert [(m.enrolment, m.source, m.by) for m in Mark.objects.all()] == [(one, "code", None)]


def test_more_than_one_asks_for_the_row_code(client, enrol, door):
    enrol("Milica Ilić", born=1984)
    enrol("Milica Savić", born=1984)
    page = answer(client, door, first_name="Milica", born="1984").content.decode()
    assert "More than one person fits" in page
    assert ("Ilić" in page, "Savić" in page, Mark.objects.count()) == (False, False, 0)


@pytest.mark.parametrize(
    ("said", "words"),
    [
        ({}, "Write your row code, or your first name"),
        ({"first_name": "Ana"}, "year of birth as well"),
        ({"first_name": "Ana", "born": "84"}, "Four digits"),
        ({"first_name": "Ana", "born": "x"}, "Four digits"),
        ({"first_name": "Ana", "born": "1984"}, "Nobody on the roster of this session has this first name"),
        ({"row_code": "Z9"}, "Nobody on the roster of this session has this row code"),
    ],
)
def test_what_does_not_fit_is_said_and_nothing_typed_is_lost(client, door, said, words):
    page = answer(client, door, **said).content.decode()
    assert words in page
    for typed in said.values():
        assert f'value="{typed}"' in page
    assert "checked_in" not in client.session


def test_a_double_tap_is_one_mark(client, enrol, door):
    enrol("Ana")
    said = {"operation": uuid4(), "row_code": "A1"}
    assert [client.post(door.address, said).status_code for _n in range(2)] == [302, 302]
    assert Mark.objects.count() == 1


def test_twenty_wrong_answers_and_then_ten_minutes(client, enrol, door):
    enrol("Ana")
    for _n in range(checkin.TRIES):
        assert answer(client, door, row_code="Z9").status_code == 200
    page = answer(client, door, row_code="A1")
    assert (page.status_code, page.headers["Retry-After"]) == (429, "600")
    assert "Too many tries" in page.content.decode()
    assert Mark.objects.count() == 0
    cache.clear()
    assert answer(client, door, row_code="A1").status_code == 302


def test_right_answers_are_not_counted(client, enrol, door):
    enrol("Ana")
    for _n in range(checkin.TRIES + 1):
        assert answer(client, door, row_code="A1").status_code == 302


def test_wrong_codes_are_counted_too(client, door):
    for _n in range(checkin.TRIES):
        assert client.get("/in/ABCDE/").status_code == 404
    assert client.get(f"/in/{codes.short_code_of(door)}/").status_code == 429
    assert client.get(door.address).status_code == 200  # nobody guesses the camera's one


def test_a_wrong_or_old_code_says_so(client, db):
    old = make_session()
    for code in ("ABCDE", codes.token_of(old), "not-a-code"):
        page = client.get(reverse("training:check_in", args=[code]))
        assert (page.status_code, b"This code opens nothing now" in page.content) == (404, True)


def test_somebody_else_takes_the_phone(client, enrol, door):
    enrol("Ana")
    answer(client, door, row_code="A1")
    assert client.post(door.address, {"forget": "1"}).status_code == 302
    assert "Who are you?" in client.get(door.address).content.decode()


def test_typing_the_code_leads_to_it(client, door):
    assert client.get("/in/").status_code == 200
    code = codes.short_code_of(door)
    assert client.get("/in/", {"code": code}).headers["Location"] == f"/in/{code}/"


def test_the_page_is_not_kept_by_caches(client, door):
    assert "no-store" in client.get(door.address).headers["Cache-Control"]
