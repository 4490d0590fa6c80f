"""The ten kinds of bad input, each through its real doors: refused in the reader's language, nothing written.

Doors: the command `load`, the form of a page, the API. What a reader must see is taken from the catalogue
that she reads with, after it was checked that this catalogue really says it in her language and script.
"""

import io
import json
import re
from datetime import timedelta
from html import unescape
from uuid import uuid4

import openpyxl
import pytest
from django.conf import settings
from django.core.management import call_command
from django.test import Client
from django.utils import timezone, translation
from django.utils.formats import date_format

from lib.filekinds import kind_words
from tests.factories import (
    going_on,
    make_assignment,
    make_coordinator,
    make_enrolment,
    make_entry,
    make_idea,
    make_mentor,
    make_module,
    make_person,
    make_programme,
    make_round,
    make_seat,
    make_session,
    make_task,
    make_trainer,
    today_there,
)
from tests.records import records

pytestmark = pytest.mark.django_db
LANGUAGES = ["en", "sr-latn", "sr"]
CYRILLIC = re.compile("[Ѐ-ӿ]")


@pytest.fixture(params=LANGUAGES)
def language(request):
    return request.param


@pytest.fixture
def words(language):
    """`words("An %(x)s message.", x=1)`: as this reader must see it."""

    def in_her_language(source: str, **said) -> str:
        with translation.override(language):
            told = translation.gettext(source)
            filled = {name: value() if callable(value) else value for name, value in said.items()}
        if language == "en":
            assert told == source
        else:
            assert told != source, f"not translated: {source}"
            assert bool(CYRILLIC.search(re.sub(r"%\(\w+\)s|\{\w+\}", "", told))) == (language == "sr")
        return told % filled if "%(" in told else told.format(**filled)

    return in_her_language


@pytest.fixture
def programme(db):
    return make_programme(code="p1")


@pytest.fixture
def refused(programme, tmp_path, language):
    """`refused(kind, content)`: what the command `load` says to a file that it does not take."""

    def by_load(kind: str, content, name: str = "file.csv") -> list[dict]:
        (tmp_path / name).write_bytes(content if isinstance(content, bytes) else content.encode())
        before, said = records(), io.StringIO()
        asked = [kind, str(tmp_path / name), "--programme", "p1", "--language", language]
        with pytest.raises(SystemExit) as end:
            call_command("load", *asked, "--json", stdout=said, stderr=io.StringIO())
        assert (end.value.code, records()) == (1, before)
        plain = io.StringIO()
        with pytest.raises(SystemExit):
            call_command("load", *asked, stdout=plain)
        found = json.loads(said.getvalue())["refused"]
        assert [one["rule"] in plain.getvalue() for one in found] == [True] * len(found)
        return found

    return by_load


@pytest.fixture
def enter(language):
    """Somebody's browser; she reads in `language`."""

    def signed_in(user) -> Client:
        type(user).objects.filter(pk=user.pk).update(language=language)
        client = Client()
        client.force_login(user, backend="allauth.account.auth_backends.AuthenticationBackend")
        return client

    return signed_in


def told(response) -> str:
    """The text of a page, without its tags."""
    return " ".join(unescape(re.sub(r"<[^>]+>", " ", response.content.decode())).split())


def post_json(client: Client, path: str, data: dict):
    return client.post(path, data, content_type="application/json")


def xlsx(*rows) -> bytes:
    book, out = openpyxl.Workbook(), io.BytesIO()
    for row in rows:
        book.active.append(row)
    book.save(out)
    return out.getvalue()


# --- 1 to 3: the file itself


@pytest.mark.parametrize(
    ("name", "content", "kind"),
    [
        ("people.xlsx", b"id,name\n1,Ana\n", "text"),
        ("people.csv", xlsx(["id", "name"], [1, "Ana"]), "xlsx"),
        ("people.csv", b"%PDF-1.7 x", "pdf"),
    ],
)
def test_a_file_that_is_not_what_its_name_says(refused, words, name, content, kind):
    [found] = refused("persons", content, name)
    rule = "The file is not what its name says: %(name)s holds %(kind)s."
    assert found["rule"] == words(rule, name=name, kind=lambda: kind_words(kind))


def test_wrong_encoding(refused, words):
    [found] = refused("persons", b"\xff\xfei\x00d\x00\n")  # it begins as UTF-16 and breaks off
    rule = "The letters of this file cannot be read: byte %(n)s is not %(encoding)s."
    assert found["rule"] == words(rule, n=6, encoding="utf-16")
    [found] = refused("persons", b"id,name\n1,\x81\x8d\x8f\x90\xff\x98\n")  # words in no code page
    assert found["rule"] == words("The letters of this file cannot be read: save it as UTF-8.")


@pytest.mark.parametrize(
    ("name", "content", "rule"),
    [
        ("people.csv", b"", "The file is empty."),
        ("people.csv", b"  \n \n", "The file is empty."),
        ("people.csv", b",,\n,,\n", "The sheet is empty."),
        ("people.xlsx", xlsx(), "The sheet is empty."),
    ],
)
def test_an_empty_sheet(refused, words, name, content, rule):
    [found] = refused("persons", content, name)
    assert found["rule"] == words(rule)


# --- 4: 29 February in a common year


def test_29_february_in_a_file(refused, words):
    found = refused("sessions", "title,day\nGood,2024-02-29\nFirst,29.2.2023.\n")
    rule = words("This day does not exist in the calendar.")
    assert found == [
        {"sheet": "file.csv", "row": 3, "column": "day", "value": "29.2.2023.", "rule": rule},
    ]


def test_29_february_in_a_form_and_by_api(programme, enter, words):
    client = enter(make_coordinator(programme))
    before = records()
    form = {"title": "First", "day": "2023-02-29", "start": "10:00", "end": "12:00"}
    page = client.post("/programmes/p1/sessions/new/", form)
    assert words("Enter a valid date.") in told(page)
    assert 'value="2023-02-29"' in page.content.decode()  # what she typed stays
    answer = post_json(client, "/api/v1/sessions/", form | {"programme": "p1"})
    rule = "Date has wrong format. Use one of these formats instead: {format}."
    assert (answer.status_code, answer.json()) == (400, {"day": [words(rule, format="YYYY-MM-DD")]})
    assert records() == before


# --- 5 and 6: persons


def test_a_person_twice(refused, words):
    said = words("Row %(row)s says something else of the same one.", row=2)
    [found] = refused("persons", "id,name,born\n1,Ana,1980\n2,Mila,1990\n1,Ana,1981\n")
    assert (found["row"], found["column"], found["value"], found["rule"]) == (4, "born", "1981", said)
    [found] = refused("persons", "name,email\nAna Anić,ana@example.org\nАна Анић,ana@example.org\n")
    assert (found["row"], found["rule"]) == (3, said)
    [found] = refused("persons", "name,email\nAna Anić,ana@example.org\nAna Anić,ana@example.org\n")
    rule = "Row %(row)s is the same, and nothing tells the two apart."
    assert (found["row"], found["rule"]) == (3, words(rule, row=2))


@pytest.mark.parametrize("said", ["ana", "ana@", "a b@example.org", "ana@example..org"])
def test_an_e_mail_that_is_none(refused, words, said):
    [found] = refused("persons", f'id,name,email\n1,Mila,mila@example.org\n2,Ana,"{said}"\n')
    assert (found["row"], found["column"], found["value"]) == (3, "email", said)
    assert found["rule"] == words("This is no e-mail address.")


def test_an_e_mail_that_is_none_at_the_sign_in(db, language, words):
    client = Client()
    client.cookies[settings.LANGUAGE_COOKIE_NAME] = language
    before = records()
    page = client.post("/accounts/login/code/", {"email": "ana@"})
    assert words("Enter a valid email address.") in told(page)
    assert records() == before


# --- 7: the clocks change

CLOCKS = [
    ("2025-03-30", "%(time)s does not exist on %(day)s in %(zone)s: the clocks change."),
    ("2025-10-26", "%(time)s happens twice on %(day)s in %(zone)s: say which."),
]


@pytest.mark.parametrize(("day", "rule"), CLOCKS)
def test_half_past_two_when_the_clocks_change(programme, refused, enter, words, day, rule):
    shown = lambda: date_format(timezone.datetime.fromisoformat(day).date())  # noqa: E731
    expected = words(rule, time="02:30", day=shown, zone="Europe/Belgrade")
    [found] = refused("sessions", f"title,day,start,end\nNight,{day},02:30,04:00\n")
    assert (found["row"], found["rule"]) == (2, expected)
    client = enter(make_coordinator(programme))
    before = records()
    form = {"title": "Night", "day": day, "start": "02:30", "end": "04:00"}
    asked = (
        words("Say which of the two you mean.") if "twice" in rule else expected
    )  # the page has a field for it
    assert asked in told(client.post("/programmes/p1/sessions/new/", form))
    answer = post_json(client, "/api/v1/sessions/", form | {"programme": "p1"})
    assert (answer.status_code, expected in json.dumps(answer.json(), ensure_ascii=False)) == (400, True)
    assert records() == before


# --- 8: a score out of range


@pytest.fixture
def task(programme):
    now = timezone.now()
    turn = make_round(programme, opens_at=now - timedelta(days=1), closes_at=now + timedelta(days=1))
    seat = make_seat(turn, make_mentor(programme).person)
    return make_task(seat, make_idea(programme, state="in_review"))


@pytest.mark.parametrize("value", [0, 6, 10**8])
def test_a_score_out_of_range(task, enter, words, value):
    client = enter(task.seat.reviewer.user)
    first, *others = [one.pk for one in task.seat.round.criteria.all()]
    rule = "%(name)s: %(value)s is outside %(lowest)s to %(highest)s."
    expected = words(rule, name="Criterion 1", value=value, lowest=1, highest=5)
    scores = {first: value} | dict.fromkeys(others, 4)
    before = records()
    page = client.post(f"/reviews/{task.pk}/", {f"criterion-{pk}": n for pk, n in scores.items()})
    assert expected in told(page)
    answer = post_json(client, f"/api/v1/reviews/{task.pk}/hand-in/", {"scores": scores})
    assert (answer.status_code, answer.json()) == (400, {f"criterion-{first}": [expected]})
    assert records() == before


# --- 9: an id of another programme


def test_an_id_of_another_programme_in_a_file(programme, refused, words):
    stranger = make_person(programme.tenant, source="load", source_id="X1")
    make_enrolment(make_programme(programme.tenant), person=stranger)
    [found] = refused("ideas", "title,person\nBread,X1\n")
    assert (found["column"], found["value"]) == ("person", "X1")
    assert found["rule"] == words("This person does not take part in this programme.")


def test_an_id_of_another_programme_in_forms(programme, enter, words):
    """A mentor for somebody of another programme; a session in another programme's module: not on offer."""
    other = make_programme(programme.tenant)
    stranger, module = make_enrolment(other), make_module(other)
    client = enter(make_coordinator(programme))
    form = {"enrolment": stranger.pk, "mentor": make_mentor(programme).pk}
    before = records()
    page = client.post("/programmes/p1/mentoring/new/", form)
    expected = words("Select a valid choice. That choice is not one of the available choices.")
    assert (page.status_code, expected in told(page)) == (400, True)
    page = client.post("/programmes/p1/sessions/new/", {"title": "First", "module": module.pk})
    assert expected in told(page)
    assert records() == before


def test_an_id_of_another_programme_by_api(programme, enter, words):
    other = make_programme(programme.tenant)
    stranger, client = make_enrolment(other), enter(make_trainer(programme))
    session = make_session(programme, day=today_there() - timedelta(days=1))
    before = records()
    idea = {"enrolment": stranger.pk, "title": "Bread"}
    answer = post_json(client, "/api/v1/ideas/", idea)
    rule = words('Invalid pk "{pk_value}" - object does not exist.', pk_value=stranger.pk)
    assert (answer.status_code, answer.json()) == (400, {"enrolment": [rule]})
    mark = {"operation": str(uuid4()), "enrolment": stranger.pk, "status": "present"}
    answer = post_json(client, "/api/v1/marks/", {"session": session.pk, "operations": [mark]})
    [result] = answer.json()["results"]
    expected = words("This person does not take part in this programme.")
    assert (result["outcome"], result["words"]) == ("refused", expected)
    assert records() == before


# --- 10: a double tap: the same once more changes nothing, something else under the same id is refused


@pytest.fixture
def held(programme):
    """A session of today with somebody on its roster."""
    session = make_session(programme, **going_on())
    entry = make_entry(session, make_enrolment(programme))
    return entry


def test_a_double_tap_in_the_register(held, enter, words):
    client, operation = enter(make_trainer(held.session.programme)), str(uuid4())
    tap = {"operation": operation, "enrolment": held.enrolment_id, "status": "present"}
    path = f"/sessions/{held.session_id}/marks/"
    assert client.post(path, tap, follow=True).status_code == 200
    once = records()
    assert client.post(path, tap, follow=True).status_code == 200
    assert records() == once
    expected = words("Something else was sent under this operation already.")
    assert expected in told(client.post(path, tap | {"status": "absent"}, follow=True))
    acts = [{"kind": "mark", **tap}, {"kind": "mark", **tap, "status": "absent"}]
    sent = {"device": "", "operations": acts}
    phone = post_json(client, f"/sessions/{held.session_id}/operations/", sent).json()["results"]
    assert [(r["outcome"], r["words"]) for r in phone] == [("known", ""), ("conflict", expected)]
    sent = {"session": held.session_id, "operations": [tap, tap | {"status": "absent"}]}
    results = post_json(client, "/api/v1/marks/", sent).json()["results"]
    assert [(r["outcome"], r["words"]) for r in results] == [("known", ""), ("conflict", expected)]
    assert records() == once


def test_a_double_tap_on_an_idea(held, enter, words):
    programme = held.session.programme
    client, operation = enter(make_trainer(programme)), str(uuid4())
    other = make_enrolment(programme)
    idea = {"operation": operation, "enrolment": held.enrolment_id, "title": "Bread"}
    first = post_json(client, "/api/v1/ideas/", idea)
    assert first.status_code == 201
    once = records()
    assert post_json(client, "/api/v1/ideas/", idea).json() == first.json()
    form = {"operation": operation, "who": other.row_code, "title": "Bread"}
    page = client.post(f"/sessions/{held.session_id}/ideas/new/", form)
    assert words("This form was sent already for somebody else. Open it again.") in told(page)
    assert records() == once


def test_a_double_tap_on_a_meeting(programme, enter, words):
    mentor = make_mentor(programme)
    mine, other = (make_assignment(mentor, make_enrolment(programme)) for _ in range(2))
    client = enter(mentor.person.user)
    meeting = {
        "operation": str(uuid4()), "day": str(today_there()), "minutes": 60, "place": "online",
        "topic": "Prices",
    }  # fmt: skip
    assert client.post(f"/assignments/{mine.pk}/meetings/new/", meeting).status_code == 302
    once = records()
    assert client.post(f"/assignments/{mine.pk}/meetings/new/", meeting).status_code == 302
    assert records() == once
    page = client.post(f"/assignments/{other.pk}/meetings/new/", meeting)
    expected = words("This entry was sent for another assignment already.")
    assert (page.status_code, expected in told(page)) == (400, True)
    answer = post_json(client, "/api/v1/meetings/", meeting | {"assignment": other.pk})
    assert (answer.status_code, answer.json()) == (400, {"non_field_errors": [expected]})
    assert records() == once


def test_a_double_tap_on_a_review(task, enter):
    client = enter(task.seat.reviewer.user)
    scores = {f"criterion-{one.pk}": 4 for one in task.seat.round.criteria.all()}
    assert client.post(f"/reviews/{task.pk}/", scores).status_code == 302
    once = records()
    assert client.post(f"/reviews/{task.pk}/", dict.fromkeys(scores, 1)).status_code == 302
    assert records() == once
