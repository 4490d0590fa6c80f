"""The API: the same services, the same words of refusal."""

from datetime import date, time
from uuid import uuid4

import pytest

from tests.factories import (
    make_coordinator,
    make_enrolment,
    make_mentor,
    make_programme,
    make_session,
    make_venue,
)
from training.models import Mark, Session

SESSIONS, MARKS, ENROLMENTS = "/api/v1/sessions/", "/api/v1/marks/", "/api/v1/enrolments/"
JSON = "application/json"


@pytest.fixture
def coordinator(client, world):
    client.force_login(world.coordinator)
    return client


@pytest.fixture
def trainer(client, world):
    client.force_login(world.trainer)
    return client


def test_planning_and_moving(coordinator, world, enrol):
    enrol("Ana")
    said = {"programme": "start-up", "title": "Costs", "day": "2025-03-12", "start": "10:00", "end": "14:00"}
    answer = coordinator.post(SESSIONS, said | {"trainers": [world.trainer.person.pk]}, JSON)
    assert answer.status_code == 201
    session = Session.objects.get()
    assert (answer.json()["id"], answer.json()["minutes"], session.roster.count()) == (session.pk, 240, 1)
    answer = coordinator.patch(f"{SESSIONS}{session.pk}/", {"start": "11:00"}, JSON)
    assert (answer.status_code, answer.json()["revision"], answer.json()["minutes"]) == (200, 2, 180)


@pytest.mark.parametrize(
    ("said", "where", "words"),
    [
        ({"end": "09:00"}, "end", "A session ends after it starts."),
        (
            {"day": "2025-03-30", "start": "02:30"},
            "non_field_errors",
            "02:30 does not exist on 30 March 2025 in Europe/Belgrade: the clocks change.",
        ),
        ({"title": " "}, "title", "This field may not be blank."),
        ({"programme": "unknown"}, "programme", "Object with code=unknown does not exist."),
    ],
)
def test_refusals(coordinator, world, said, where, words):
    plain = {"programme": "start-up", "title": "Costs", "day": "2025-03-12", "start": "10:00", "end": "14:00"}
    answer = coordinator.post(SESSIONS, plain | said, JSON)
    assert (answer.status_code, answer.json()) == (400, {where: [words]})
    assert Session.objects.count() == 0


def test_rows_of_others_cannot_be_named(coordinator, world):
    other = make_programme()
    plain = {"programme": "start-up", "title": "Costs"}
    for name, value in {
        "programme": other.code,
        "venue": make_venue(other.tenant).pk,
        "module": other.modules.create(number=1, name="M").pk,
        "trainers": [make_coordinator(other).person.pk],
    }.items():
        answer = coordinator.post(SESSIONS, plain | {name: value}, JSON)
        assert (answer.status_code, list(answer.json())) == (400, [name])
    assert Session.objects.count() == 0


def test_who_may(client, world, plan):
    session = plan()
    assert client.get(SESSIONS).status_code == 401
    client.force_login(world.trainer)
    assert client.patch(f"{SESSIONS}{session.pk}/", {"title": "x"}, JSON).status_code == 403
    assert client.post(SESSIONS, {"programme": "start-up", "title": "x"}, JSON).status_code == 403
    client.force_login(make_mentor(world.programme).person.user)
    assert [row["id"] for row in client.get(SESSIONS).json()["results"]] == [session.pk]
    assert client.get(MARKS).status_code == 403
    assert client.get(ENROLMENTS).json()["results"] == []
    client.force_login(make_coordinator(make_programme()))
    assert client.get(f"{SESSIONS}{session.pk}/").status_code == 404
    assert client.get(SESSIONS).json()["results"] == []


def test_marks_have_an_answer_each(trainer, world, enrol, plan):
    one = enrol("Ana")
    session, operation = plan(), str(uuid4())
    stranger, off_roster = make_enrolment(), make_enrolment(world.programme)
    operations = [
        {"operation": operation, "enrolment": one.pk, "status": "late", "arrival": "10:25"},
        {"operation": operation, "enrolment": one.pk, "status": "late", "arrival": "10:25:00"},
        {"operation": operation, "enrolment": one.pk, "status": "present"},
        {"operation": str(uuid4()), "enrolment": stranger.pk, "status": "present"},
        {"operation": str(uuid4()), "enrolment": off_roster.pk, "status": "present"},
        {"operation": str(uuid4()), "enrolment": one.pk, "status": "late"},
    ]
    answer = trainer.post(MARKS, {"session": session.pk, "operations": operations}, JSON)
    assert answer.status_code == 200
    outcomes = [result["outcome"] for result in answer.json()["results"]]
    assert outcomes == ["saved", "known", "conflict", "refused", "unsettled", "refused"]
    assert answer.json()["results"][5]["words"] == "Late needs the time of arrival."
    assert session.roster.get().attendance.minutes == 185
    listed = trainer.get(MARKS, {"session": session.pk, "unsettled": "false"}).json()["results"]
    assert [row["operation"] for row in listed] == [operation]


def test_marks_that_are_no_marks(trainer, plan):
    session = plan()
    for operations in ([], [{"operation": "x", "enrolment": 1, "status": "present"}], "x"):
        answer = trainer.post(MARKS, {"session": session.pk, "operations": operations}, JSON)
        assert (answer.status_code, list(answer.json())) == (400, ["operations"])
    answer = trainer.post(MARKS, {"session": make_session().pk, "operations": []}, JSON)
    assert (answer.status_code, sorted(answer.json())) == (400, ["operations", "session"])
    assert Mark.objects.count() == 0


def test_enrolments(trainer, world, enrol):
    one, two = enrol("Anđelković Jelena"), enrol("Бабић Снежана")
    make_enrolment()
    rows = trainer.get(ENROLMENTS).json()["results"]
    assert [(row["id"], row["name"], row["row_code"]) for row in rows] == [
        (two.pk, "Бабић Снежана", "A2"),
        (one.pk, "Anđelković Jelena", "A1"),
    ]
    assert [row["id"] for row in trainer.get(ENROLMENTS, {"q": "babic"}).json()["results"]] == [two.pk]
    assert trainer.get(f"{ENROLMENTS}{one.pk}/").json()["programme"] == "start-up"


@pytest.mark.parametrize("n", [1, 3])
def test_queries(trainer, world, enrol, plan, n, django_assert_num_queries):
    for i in range(n):
        enrol(f"Ana {i}")
        plan(f"Day {i}", day=date(2025, 3, 12 + i), start=time(9), trainers=[world.trainer.person])
    with django_assert_num_queries(QUERIES["sessions"]):
        trainer.get(SESSIONS)
    with django_assert_num_queries(QUERIES["enrolments"]):
        trainer.get(ENROLMENTS)


QUERIES = {"sessions": 5, "enrolments": 4}
