"""The plan of reminders taken along."""

from datetime import timedelta

import pytest
from django.utils import timezone

from reminders import services
from reminders.models import Reminder
from tests.factories import (
    make_assignment,
    make_coordinator,
    make_enrolment,
    make_entry,
    make_person,
    make_programme,
    make_round,
    make_seat,
    make_session,
    make_task,
    make_trainer,
    today_there,
)
from tests.taken import KINDS, content, everywhere, rows, table, take

REMINDERS = "reminders:reminder_export"


@pytest.fixture
def programme(db):
    return make_running()


def make_running(**fields):
    today = today_there()
    return make_programme(start=today - timedelta(days=60), end=today + timedelta(days=60), **fields)


@pytest.fixture
def coordinator(client, programme):
    client.force_login(make_coordinator(programme))
    return client


def plan(programme, n: int = 1):
    """Reminders of five kinds, about `n` subjects each."""
    now = timezone.now()
    for i in range(n):
        session = make_session(programme, title=f"Cene {i}", day=today_there() + timedelta(days=2 + i))
        make_entry(session, make_enrolment(programme, person=make_person(programme.tenant, name=f"Žana {i}")))
        make_assignment(programme=programme, start=today_there() - timedelta(days=40))
    end = (now + timedelta(days=9)).replace(hour=17)  # not in the night, before the letter of the last day
    rounds = make_round(programme, opens_at=now - timedelta(days=9), closes_at=end)
    for _ in range(n):
        make_task(make_seat(rounds))
    services.plan(now)


def test_all_of_the_programme(coordinator, programme):
    plan(programme)
    plan(make_running(tenant=programme.tenant))
    found = rows(coordinator, REMINDERS, programme.code)
    judged = f"{programme} {programme.rounds.get().number}"
    assert sorted((row["kind"], row["about"]) for row in found) == [
        ("meeting_not_logged", str(programme.assignments.get().enrolment.person)),
        ("review_due", judged),
        ("review_overdue", judged),
        ("review_waiting", judged),
        ("session_tomorrow", "Cene 0"),
    ]
    due = [
        str(row.person) for row in Reminder.objects.filter(rule__programme=programme).order_by("due_at", "id")
    ]
    assert everywhere(coordinator, REMINDERS, programme.code, column="person") == due
    head, *lines = table(coordinator, REMINDERS, programme.code)
    kinds = ["meeting not logged", "review due", "review overdue", "review waiting", "session tomorrow"]
    assert sorted(line[0] for line in lines) == kinds
    assert {line[head.index("State")] for line in lines} == {"planned"}


def test_no_address_stands_in_it(coordinator, programme):
    plan(programme)
    text = b"".join(
        content(take(coordinator, REMINDERS, programme.code, kind=kind)) for kind in ("csv", "json")
    )
    assert b"@" not in text


def test_a_subject_that_lost_its_day(coordinator, programme):
    plan(programme)
    programme.sessions.update(day=None, start=None, end=None, starts_at=None, ends_at=None)
    assert "Cene 0" in [row["about"] for row in rows(coordinator, REMINDERS, programme.code)]


def test_a_stranger_gets_nothing_and_a_trainer_may_not(client, programme):
    client.force_login(make_coordinator(make_programme()))
    assert take(client, REMINDERS, programme.code).status_code == 404
    client.force_login(make_trainer(programme))
    assert take(client, REMINDERS, programme.code).status_code == 403


@pytest.mark.parametrize("n", [1, 3])
@pytest.mark.parametrize("kind", KINDS)
def test_it_costs_the_same_for_one_and_for_three(coordinator, programme, n, kind, django_assert_num_queries):
    plan(programme, n)
    assert Reminder.objects.count() == 5 * n
    with django_assert_num_queries(16):
        content(take(coordinator, REMINDERS, programme.code, kind=kind))
