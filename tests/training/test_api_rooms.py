"""Venues, modules, sessions' nouns, enrolments, rosters and attendance over the API."""

from uuid import uuid4

import pytest

from accounts.models import AuditEntry
from people.models import Person
from tests.factories import (
    make_attendance,
    make_coordinator,
    make_enrolment,
    make_entry,
    make_funding,
    make_mark,
    make_person,
    make_programme,
    make_session,
    make_trainer,
    make_venue,
)
from training.models import Attendance, Enrolment, Module, Session, Venue

pytestmark = pytest.mark.django_db
API, JSON = "/api/v1/", "application/json"


@pytest.fixture
def programme():
    return make_programme(code="start-up")


@pytest.fixture
def coordinator(client, programme):
    client.force_login(make_coordinator(programme))
    return client


@pytest.fixture
def trainer(client, programme):
    client.force_login(make_trainer(programme))
    return client


def send(client, path: str, said: dict, method: str = "post"):
    answer = getattr(client, method)(f"{API}{path}", said, JSON)
    return answer.status_code, answer.json()


def test_a_venue_is_added_and_changed(coordinator, programme):
    status, made = send(coordinator, "venues/", {"name": " Library ", "municipality": "Arilje"})
    venue = Venue.objects.get()
    assert (status, made["name"], venue.tenant) == (201, "Library", programme.tenant)
    assert send(coordinator, "venues/", {"name": "X", "zone": "Mars"}) == (
        400, {"zone": ["“Mars” is no time zone."]},
    )  # fmt: skip
    assert send(coordinator, f"venues/{venue.pk}/", {"zone": "Europe/Athens"}, "patch")[0] == 200
    assert [entry.fields for entry in AuditEntry.objects.filter(object_type="training.venue")] == [
        ["municipality", "name"], ["zone"],
    ]  # fmt: skip


def test_a_trainer_reads_venues_and_adds_none(trainer, programme):
    make_venue(programme.tenant)
    make_venue()
    assert len(trainer.get(f"{API}venues/").json()["results"]) == 1
    assert send(trainer, "venues/", {"name": "Library"})[0] == 403


def test_a_module_names_fundings_of_its_project(coordinator, programme):
    mine, other = make_funding(programme), make_funding(make_programme(programme.tenant))
    said = {"programme": "start-up", "number": 1, "name": "Money", "fundings": [mine.pk]}
    status, made = send(coordinator, "modules/", said)
    assert (status, made["fundings"], list(Module.objects.get().fundings.all())) == (201, [mine.pk], [mine])
    status, words = send(coordinator, f"modules/{made['id']}/", {"fundings": [other.pk]}, "patch")
    assert (status, list(words)) == (400, ["fundings"])
    status, words = send(coordinator, "modules/", said)
    assert (status, list(words)) == (400, ["non_field_errors"])  # its number is taken


def test_somebody_new_is_enrolled_in_one_step(coordinator, programme):
    status, made = send(
        coordinator, "enrolments/", {"programme": "start-up", "new_person": {"name": "Đurđa"}}
    )
    row = Enrolment.objects.get()
    assert (status, made["name"], row.person.tenant, row.state) == (
        201,
        "Đurđa",
        programme.tenant,
        "enrolled",
    )


@pytest.mark.parametrize(
    "said",
    [{}, {"person": 1, "new_person": {"name": "Ana"}}, {"new_person": {}}, {"new_person": {"born": 1}}],
)
def test_an_enrolment_is_of_one_person(coordinator, programme, said):
    if "person" in said:
        said = said | {"person": make_enrolment(programme).person.pk}
    before = Person.objects.count()
    assert send(coordinator, "enrolments/", {"programme": "start-up"} | said)[0] == 400
    assert Person.objects.count() == before


def test_nobody_is_enrolled_whom_she_does_not_meet(coordinator, programme):
    elsewhere = make_enrolment(make_programme(programme.tenant)).person
    status, words = send(coordinator, "enrolments/", {"programme": "start-up", "person": elsewhere.pk})
    assert (status, list(words)) == (400, ["person"])


def test_a_state_needs_its_reason(coordinator, programme):
    row = make_enrolment(programme)
    path = f"enrolments/{row.pk}/state/"
    assert send(coordinator, path, {"state": "withdrawn"}) == (
        400, {"reason": ["Say why: this state needs a reason."]},
    )  # fmt: skip
    status, shown = send(coordinator, path, {"state": "withdrawn", "reason": "a job"})
    assert (status, shown["state"], shown["reason"]) == (200, "withdrawn", "a job")


def test_the_nouns_of_a_session(trainer, programme):
    session, row = make_session(programme), make_enrolment(programme)
    path = f"sessions/{session.pk}/"
    assert send(trainer, f"{path}roster/", {}) == (200, {"added": 1})
    assert send(trainer, f"{path}roster/", {"enrolments": [row.pk]}) == (200, {"added": 0})
    note = {"operation": str(uuid4()), "text": "Eleven jars"}
    first, again = send(trainer, f"{path}notes/", note), send(trainer, f"{path}notes/", note)
    assert (first, first[0], session.log.count()) == (again, 201, 1)
    status, results = send(trainer, f"{path}rest-present/", {})
    assert (status, [one["outcome"] for one in results["results"]]) == (200, ["saved"])
    came = {"operation": str(uuid4()), "name": "Mila"}
    status, made = send(trainer, f"{path}walk-ins/", came)
    assert (status, made["name"], made["walk_in"], Attendance.objects.count()) == (201, "Mila", True, 2)
    status, shown = send(trainer, f"{path}closure/", {})
    assert (status, shown["closed_at"] is None) == (200, False)
    assert send(trainer, f"{path}cancellation/", {})[0] == 403
    trainer.force_login(make_coordinator(programme))
    words = ["This session took place and is closed: it cannot be cancelled."]
    assert send(trainer, f"{path}cancellation/", {}) == (400, {"non_field_errors": words})


def test_no_marks_and_no_roster_of_others(coordinator, programme):
    stranger = make_enrolment()
    session = make_session(programme)
    status, words = send(coordinator, f"sessions/{session.pk}/roster/", {"enrolments": [stranger.pk]})
    assert (status, list(words), session.roster.count()) == (400, ["enrolments"], 0)


def test_roster_and_attendance_are_read(trainer, programme):
    entry = make_entry(make_session(programme), make_enrolment(programme))
    not_marked = make_entry(entry.session, make_enrolment(programme))
    seen = make_attendance(entry)
    make_attendance()  # of another tenant
    roster = trainer.get(f"{API}roster/?session={entry.session_id}").json()["results"]
    assert [row["id"] for row in roster] == [not_marked.pk, entry.pk]
    [row] = trainer.get(f"{API}attendance/?enrolment={entry.enrolment_id}").json()["results"]
    assert (row["id"], row["session"], row["status"], row["minutes"]) == (
        seen.pk, entry.session_id, "present", 240,
    )  # fmt: skip
    assert list(Attendance.objects.visible_to(make_coordinator(make_programme()))) == []


def test_a_number_of_others_finds_nothing(trainer, programme):
    """A filter says no more of a row that one may not see than of one that does not exist."""
    theirs = make_mark()
    answers = [trainer.get(f"{API}marks/?session={pk}").json() for pk in (theirs.session_id, 987_654_321)]
    assert [answer["results"] for answer in answers] == [[], []]


def test_what_stays_as_it_was_made(coordinator, programme):
    session = make_session(programme)
    other = make_programme(programme.tenant)
    make_person(programme.tenant)
    status, words = send(coordinator, f"sessions/{session.pk}/", {"programme": other.code}, "patch")
    assert (status, list(words)) == (400, ["programme"])
    assert send(coordinator, f"sessions/{session.pk}/", {"programme": "start-up"}, "patch")[0] == 200
    assert Session.objects.get().programme == programme
