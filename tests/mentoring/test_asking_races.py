"""Answers, offers and sweeps at the same moment: real threads, connections and locks."""

from datetime import timedelta
from uuid import uuid4

import pytest
from django.core.exceptions import ValidationError
from django.test import Client
from django.utils import timezone

from mentoring import services
from mentoring.models import Assignment, AssignmentChange, Goal, Offer
from tests.factories import make_assignment, make_coordinator, make_enrolment, make_mentor, make_programme
from tests.house.test_races import at_once

pytestmark = [pytest.mark.postgres, pytest.mark.django_db(transaction=True)]
TAPS = 10


def offered(programme, mentor=None, **fields) -> Assignment:
    row = make_assignment(
        mentor or make_mentor(programme), make_enrolment(programme), state="proposed", start=None
    )
    now = timezone.now()
    until = {"until": now + timedelta(days=7)} | fields
    return services.offer(by=make_coordinator(programme), assignment=row, now=now, **until)


def tried(call, **said) -> str:
    try:
        return call(**said).state
    except ValidationError as error:
        return " ".join(error.messages)


def yes(row: Assignment) -> str:
    fresh = Assignment.objects.get(pk=row.pk)
    by = fresh.mentor.person.user
    return tried(services.answer_offer, by=by, assignment=fresh, accept=True, now=timezone.now())


def test_the_last_place_is_taken_once():
    programme = make_programme()
    mentor = make_mentor(programme)
    Offer.objects.update(capacity=1)
    rows = [offered(programme, mentor) for _n in range(5)]
    found = at_once(*[lambda row=row: yes(row) for row in rows])
    assert sorted(found) == ["She guides 1 already and offered no more."] * 4 + ["accepted"]
    assert Assignment.objects.alive().count() == 1


def test_ten_yeses_are_one():
    row = offered(make_programme())
    assert at_once(*[lambda: yes(row)] * TAPS) == ["accepted"] * TAPS
    assert list(row.changes.values_list("state", flat=True)) == ["offered", "accepted"]


def test_a_yes_and_the_sweep_do_not_both_win():
    programme, late = make_programme(), timezone.now() + timedelta(days=8)
    for _turn in range(5):
        row = offered(programme)
        answer, swept = at_once(lambda row=row: yes(row), lambda: services.expire_offers(late))
        row.refresh_from_db()
        won = {"accepted": ("accepted", 0), "expired": ("The time to answer is over.", 1)}
        assert (answer, swept) == won[row.state]
        assert row.changes.count() == 2


def test_ten_sweeps_expire_once():
    row, late = offered(make_programme()), timezone.now() + timedelta(days=8)
    assert sorted(at_once(*[lambda: services.expire_offers(late)] * TAPS)) == [0] * (TAPS - 1) + [1]
    assert AssignmentChange.objects.filter(assignment=row, state="expired").count() == 1


def test_two_coordinators_offer_on_to_two_mentors_and_one_wins():
    programme = make_programme()
    row = offered(programme)
    services.expire_offers(timezone.now() + timedelta(days=8))
    by, mentors = make_coordinator(programme), [make_mentor(programme) for _n in "ab"]
    now = timezone.now()

    def on(mentor):
        said = {"by": by, "mentor": mentor, "until": now + timedelta(days=3), "now": now}
        return tried(services.offer_on, assignment=Assignment.objects.get(pk=row.pk), **said)

    found = at_once(*[lambda mentor=mentor: on(mentor) for mentor in mentors])
    assert sorted(one == "offered" for one in found) == [False, True]
    assert Assignment.objects.filter(state="offered").count() == 1


def test_the_page_and_the_api_never_wait_for_each_other():
    """The API locks the row, the services the programme: both take the programme first."""
    programme = make_programme()
    row, by = offered(programme), make_coordinator(programme)
    signed = []
    for _n in range(6):
        client = Client()
        client.force_login(by, backend="allauth.account.auth_backends.AuthenticationBackend")
        signed.append(client)

    def api(client):
        path = f"/api/v1/assignments/{row.pk}/answer-to-offer/"
        return client.post(path, {"accept": True}, "application/json").status_code

    def page(client):
        return client.post(f"/assignments/{row.pk}/answer/", {"answer": "yes"}).status_code

    acts = [lambda c=c: api(c) for c in signed[:3]] + [lambda c=c: page(c) for c in signed[3:]]
    assert at_once(*acts) == [200] * 3 + [302] * 3
    assert row.changes.count() == 2


def test_ten_taps_are_one_goal():
    row, operation = make_assignment(), uuid4()
    by = make_coordinator(row.programme)

    def tap():
        return services.add_goal(
            by=by, assignment=row, operation=operation, text="Ten shops", now=timezone.now()
        ).pk

    assert len(set(at_once(*[tap] * TAPS))) == 1
    assert Goal.objects.count() == 1
