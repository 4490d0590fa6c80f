"""Office hours and introductions over the API: the same services, the same refusals."""

from datetime import timedelta

import pytest
from django.utils import timezone

from mentoring.models import Introduction, Slot
from tests.factories import (
    make_assignment,
    make_coordinator,
    make_enrolment,
    make_introduction,
    make_mentor,
    make_person,
    make_programme,
    make_slot,
    make_user,
    today_there,
)

pytestmark = pytest.mark.django_db
API, JSON = "/api/v1/", "application/json"


@pytest.fixture
def pair():
    programme = make_programme(code="start-up")
    person = make_person(programme.tenant, user=make_user(programme.tenant), name="Mila Nova")
    return make_assignment(make_mentor(programme), make_enrolment(programme, person=person))


def sign_in(client, user):
    client.force_login(user)
    return client


def send(client, path: str, said: dict | None = None, method: str = "post"):
    answer = getattr(client, method)(f"{API}{path}", said or {}, JSON)
    return answer.status_code, answer.json()


def day(n: int = 1) -> str:
    return str(today_there() + timedelta(days=n))


def hour(pair, **said) -> dict:
    plain = {
        "mentor": pair.mentor.pk,
        "programme": "start-up",
        "day": day(),
        "start": "17:00",
        "end": "18:00",
    }
    return plain | said


def test_opened_booked_moved_given_back_cancelled(client, pair):
    sign_in(client, make_coordinator(pair.programme))
    status, one = send(client, "slots/", hour(pair))
    assert (status, one["zone"], one["booked_by"], one["revision"]) == (201, "Europe/Belgrade", None, 1)
    _status, two = send(client, "slots/", hour(pair, start="18:00", end="19:00"))
    status, row = send(client, f"slots/{one['id']}/bookings/", {"enrolment": pair.enrolment_id})
    assert (status, row["booked_by"]) == (200, pair.enrolment_id)
    moved = {"enrolment": pair.enrolment_id, "instead": one["id"], "about": "Prices"}
    status, row = send(client, f"slots/{two['id']}/bookings/", moved)
    assert (status, row["about"], Slot.objects.get(pk=one["id"]).booked_by) == (200, "Prices", None)
    assert send(client, f"slots/{two['id']}/cancellation/")[0] == 400  # booked: it needs a reason
    status, row = send(client, f"slots/{two['id']}/release/")
    assert (status, row["booked_by"]) == (200, None)
    status, row = send(client, f"slots/{two['id']}/cancellation/", {"reason": "ill"})
    assert (status, row["cancelled_reason"]) == (200, "ill")


def test_a_taken_slot_is_refused_and_overlaps_too(client, pair):
    other = make_assignment(pair.mentor, make_enrolment(pair.programme)).enrolment
    slot = make_slot(pair.mentor, day=today_there() + timedelta(days=1), booked_by=other)
    sign_in(client, make_coordinator(pair.programme))
    status, said = send(client, f"slots/{slot.pk}/bookings/", {"enrolment": pair.enrolment_id})
    assert (status, "Somebody else was quicker" in str(said)) == (400, True)
    status, said = send(client, "slots/", hour(pair, start="17:15"))
    assert (status, "another slot at that time" in str(said)) == (400, True)


def test_a_mentor_opens_her_own_and_nobody_elses(client, pair):
    other = make_mentor(pair.programme)
    sign_in(client, pair.mentor.person.user)
    assert send(client, "slots/", hour(pair))[0] == 201
    assert send(client, "slots/", hour(pair, mentor=other.pk))[0] in (400, 403)
    assert Slot.objects.count() == 1


def test_an_entrepreneur_books_for_herself_only(client, pair):
    slot = make_slot(pair.mentor, day=today_there() + timedelta(days=1))
    other = make_assignment(pair.mentor, make_enrolment(pair.programme)).enrolment
    sign_in(client, pair.enrolment.person.user)
    assert [row["id"] for row in client.get(f"{API}slots/").json()["results"]] == [slot.pk]
    assert send(client, f"slots/{slot.pk}/bookings/", {"enrolment": other.pk})[0] == 400  # not hers to name
    assert send(client, f"slots/{slot.pk}/bookings/", {"enrolment": pair.enrolment_id})[0] == 200
    assert send(client, f"slots/{slot.pk}/cancellation/", {"reason": "x"})[0] == 403


def test_filters(client, pair):
    ahead = today_there() + timedelta(days=1)
    booked = make_slot(pair.mentor, day=ahead, booked_by=pair.enrolment)
    free = make_slot(make_mentor(pair.programme), day=ahead)
    off = make_slot(make_mentor(pair.programme), day=ahead, cancelled_at=timezone.now())
    sign_in(client, make_coordinator(pair.programme))

    def found(asked: str) -> list[int]:
        return [row["id"] for row in client.get(f"{API}slots/?{asked}").json()["results"]]

    assert found("state=free") == [free.pk]
    assert found("state=booked") == found(f"booked_by={pair.enrolment_id}") == [booked.pk]
    assert found("state=cancelled") == [off.pk]
    assert found("programme=other") == []
    assert found("q=mila") == [booked.pk]


def test_a_stranger_finds_nothing(client, pair):
    slot, row = make_slot(pair.mentor), make_introduction(pair)
    sign_in(client, make_coordinator(make_programme()))
    for path in (f"slots/{slot.pk}/", f"introductions/{row.pk}/"):
        assert client.get(f"{API}{path}").status_code == 404
    assert send(client, f"slots/{slot.pk}/bookings/", {"enrolment": pair.enrolment_id})[0] == 404
    assert send(client, f"introductions/{row.pk}/", {"came": "agreed"}, "patch")[0] == 404


def test_introductions(client, pair):
    sign_in(client, pair.mentor.person.user)
    said = {"assignment": pair.pk, "kind": "buyer", "name": "A grocer"}
    status, made = send(client, "introductions/", said | {"day": day(0)})
    assert (status, made["came"], made["person_name"]) == (201, "unknown", "Mila Nova")
    status, row = send(client, f"introductions/{made['id']}/", {"came": "agreed", "remark": "x"}, "patch")
    assert (status, row["came"]) == (200, "agreed")
    assert send(client, f"introductions/{made['id']}/", {"name": "Other"}, "patch")[0] == 403
    assert Introduction.objects.get().name == "A grocer"
    assert send(client, "introductions/", {"kind": "buyer", "name": "A grocer", "day": day(0)})[0] == 400


def test_an_introduction_without_a_pair_is_the_coordinators(client, pair):
    said = {"enrolment": pair.enrolment_id, "kind": "cluster", "name": "Klaster", "day": day(0)}
    sign_in(client, make_coordinator(pair.programme))
    assert send(client, "introductions/", said)[0] == 201
    assert send(client, "introductions/", said | {"day": day(9)})[0] == 400
