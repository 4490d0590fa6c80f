"""Mentors, offers, needs, assignments and meetings over the API."""

import pytest

from mentoring.models import Mentor, Need, Offer
from people.models import Membership
from tests.factories import (
    TODAY,
    make_assignment,
    make_coordinator,
    make_enrolment,
    make_mentor,
    make_need,
    make_person,
    make_programme,
)

pytestmark = pytest.mark.django_db
API, JSON = "/api/v1/", "application/json"


@pytest.fixture
def programme():
    return make_programme(code="start-up")


@pytest.fixture
def coordinator(client, programme):
    client.force_login(make_coordinator(programme))
    return client


def send(client, path: str, said: dict, method: str = "post"):
    answer = getattr(client, method)(f"{API}{path}", said, JSON)
    return answer.status_code, answer.json()


def test_a_mentor_comes_with_role_and_offer(coordinator, programme):
    said = {"programme": "start-up", "new_person": {"name": "Vesna"}, "functions": ["export"], "capacity": 2}
    status, made = send(coordinator, "mentors/", said)
    mentor, offer, role = Mentor.objects.get(), Offer.objects.get(), Membership.objects.get(role="mentor")
    assert (status, made["name"], mentor.functions, offer.capacity, role.person) == (
        201, "Vesna", ["export"], 2, mentor.person,
    )  # fmt: skip
    twice = send(coordinator, "mentors/", {"programme": "start-up", "person": mentor.person_id})
    assert twice == (400, {"person": ["She is a mentor of this programme already."]})
    status, words = send(coordinator, "mentors/", said | {"functions": ["magic"]})
    assert (status, list(words), Mentor.objects.count()) == (400, ["functions"], 1)


def test_a_mentor_is_changed_and_her_offer_apart(coordinator, programme):
    mentor = make_mentor(programme)
    assert send(coordinator, f"mentors/{mentor.pk}/", {"bio": "Twenty years"}, "patch")[0] == 200
    status, words = send(coordinator, f"mentors/{mentor.pk}/", {"capacity": 9}, "patch")
    assert (status, list(words)) == (400, ["capacity"])
    offer = mentor.offers.get()
    status, shown = send(coordinator, f"offers/{offer.pk}/", {"capacity": 9}, "patch")
    assert (status, shown["capacity"]) == (200, 9)


def test_mentors_of_another_programme_are_not_hers(client, programme):
    mine, other = make_mentor(programme), make_mentor(make_programme(programme.tenant))
    client.force_login(make_coordinator(programme))
    assert [row["id"] for row in client.get(f"{API}mentors/").json()["results"]] == [mine.pk]
    assert send(client, f"mentors/{other.pk}/", {"bio": "x"}, "patch")[0] == 404
    client.force_login(mine.person.user)
    assert [row["id"] for row in client.get(f"{API}mentors/").json()["results"]] == [mine.pk]
    assert send(client, f"mentors/{mine.pk}/", {"bio": "x"}, "patch")[0] == 200  # she keeps her own profile
    assert send(client, f"mentors/{mine.pk}/", {"state": "left"}, "patch")[0] == 400  # that has a reason
    said = {"state": "paused", "reason": "On leave", "away_until": "2025-06-01"}
    status, shown = send(client, f"mentors/{mine.pk}/state/", said)
    assert (status, shown["state"], shown["state_reason"]) == (200, "paused", "On leave")
    assert client.delete(f"{API}mentors/{mine.pk}/").status_code == 403


def test_a_mentor_with_assignments_is_not_taken_away(coordinator, programme):
    pair, lone = make_assignment(make_mentor(programme), make_enrolment(programme)), make_mentor(programme)
    answer = coordinator.delete(f"{API}mentors/{pair.mentor_id}/")
    assert (answer.status_code, "Let her leave instead" in answer.text) == (400, True)
    assert coordinator.delete(f"{API}mentors/{lone.pk}/").status_code == 204
    assert list(Mentor.objects.all()) == [pair.mentor]


def test_what_she_offers_has_windows(coordinator, programme):
    offer = make_mentor(programme).offers.get()
    said = {"windows": [{"weekday": 0, "start": "17:00", "end": "20:00"}], "per": "week", "wishes": "Food"}
    status, shown = send(coordinator, f"offers/{offer.pk}/", said, "patch")
    assert (status, {name: shown[name] for name in said}) == (200, said)
    wrong = {"windows": [{"weekday": 0, "start": "20:00", "end": "17:00"}]}
    assert send(coordinator, f"offers/{offer.pk}/", wrong, "patch")[0] == 400


def test_a_need_says_something(coordinator, programme):
    row = make_enrolment(programme)
    assert send(coordinator, "needs/", {"enrolment": row.pk})[0] == 400
    status, made = send(coordinator, "needs/", {"enrolment": row.pk, "functions": ["pricing"]})
    assert (status, made["place"], Need.objects.get().functions) == (201, "either", ["pricing"])
    status, words = send(coordinator, "needs/", {"enrolment": make_enrolment().pk, "text": "x"})
    assert (status, list(words)) == (400, ["enrolment"])


def test_an_assignment_is_as_on_the_page(coordinator, programme):
    mentor, row = make_mentor(programme), make_enrolment(programme)
    said = {"programme": "start-up", "mentor": mentor.pk, "enrolment": row.pk, "agreed_hours": 12}
    gone = make_enrolment(programme, state="withdrawn")
    words = {"enrolment": ["She does not take part in this programme."]}
    assert send(coordinator, "assignments/", said | {"enrolment": gone.pk}) == (400, words)
    theirs = make_need(gone)
    assert send(coordinator, "assignments/", said | {"need": theirs.pk}) == (
        400, {"need": ["This need is somebody else's."]},
    )  # fmt: skip
    status, made = send(coordinator, "assignments/", said)
    assert (status, made["state"], made["agreed_hours"]) == (201, "active", 12)
    path = f"assignments/{made['id']}/ending/"
    assert send(coordinator, path, {"state": "ended"}) == (400, {"reason": ["Say why it ends."]})
    status, shown = send(coordinator, path, {"state": "completed", "end": "2025-05-01"})
    assert (status, shown["state"], shown["end"]) == (200, "completed", "2025-05-01")
    again = send(coordinator, path, {"state": "completed"})
    assert again == (400, {"non_field_errors": ["This assignment has ended already."]})


def test_a_mentor_logs_her_own_meetings(client, programme):
    pair = make_assignment(make_mentor(programme), make_enrolment(programme))
    others = make_assignment(make_mentor(programme), make_enrolment(programme))
    client.force_login(pair.mentor.person.user)
    said = {"assignment": pair.pk, "day": TODAY.isoformat(), "minutes": 60, "topic": "Price"}
    status, made = send(client, "meetings/", said)
    assert (status, made["place"], pair.meetings.count()) == (201, "premises", 1)
    status, words = send(client, "meetings/", said | {"assignment": others.pk})
    assert (status, list(words)) == (400, ["assignment"])


def test_somebody_of_another_tenant_becomes_no_mentor_here(coordinator, programme):
    status, words = send(coordinator, "mentors/", {"programme": "start-up", "person": make_person().pk})
    assert (status, list(words)) == (400, ["person"])
