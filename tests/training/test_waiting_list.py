"""Seats: who comes on the waiting list, who moves up, and what the history tells."""

from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta

import pytest
from django.core.exceptions import ValidationError
from django.db import connection, connections

from people.services import save_programme
from tests.factories import (
    NOW,
    TODAY,
    make_coordinator,
    make_eligibility,
    make_enrolment,
    make_person,
    make_programme,
)
from training import services
from training.models import Enrolment, StateChange
from training.services.enrolments import enrol_all, set_enrolment_states

State = Enrolment.State


@pytest.fixture
def full(world, enrol):
    """Two seats, taken; two more people wait, the first since earlier."""
    world.programme.capacity = 2
    world.programme.save()
    people = [
        enrol(name, now=NOW + timedelta(minutes=n)) for n, name in enumerate(["Ana", "Bisa", "Cica", "Dara"])
    ]
    return people


def states(programme) -> list[str]:
    return list(programme.enrolments.order_by("pk").values_list("state", flat=True))


def leave(world, one, now=NOW):
    return services.set_enrolment_state(
        by=world.coordinator, enrolment=one, state=State.WITHDRAWN, reason="a new job", now=now
    )


def test_who_comes_when_all_seats_are_taken_waits(full, world):
    assert states(world.programme) == ["enrolled", "enrolled", "waitlisted", "waitlisted"]
    assert (full[2].reason, full[2].roster.count()) == ("All seats are taken.", 0)
    with pytest.raises(ValidationError, match="keeps her place on the waiting list"):
        services.set_enrolment_state(by=world.coordinator, enrolment=full[2], state=State.ENROLLED, now=NOW)


def test_a_withdrawal_moves_up_the_first_who_waits_by_nobody_and_says_so(full, world, plan):
    session = plan(day=TODAY + timedelta(days=1))
    leave(world, full[0], now=NOW + timedelta(hours=1))
    assert states(world.programme) == ["withdrawn", "enrolled", "enrolled", "waitlisted"]
    up = full[2].changes.last()
    assert (up.state, up.by, up.at) == ("enrolled", None, NOW + timedelta(hours=1))
    assert up.reason == "A seat became free: the first of the waiting list moved up."
    assert session.roster.filter(enrolment=full[2]).exists()


def test_who_does_not_fit_the_rules_is_passed_over_until_an_exception(full, world):
    third, fourth = full[2].person, full[3].person
    third.sex, fourth.sex = None, "female"
    third.save(), fourth.save()
    make_eligibility(world.programme)
    leave(world, full[0])
    assert states(world.programme) == ["withdrawn", "enrolled", "waitlisted", "enrolled"]
    leave(world, full[1])
    assert states(world.programme) == ["withdrawn", "withdrawn", "waitlisted", "enrolled"]
    services.make_exception(
        by=world.coordinator, finding=full[2].findings.get(), reason="she said so", now=NOW
    )
    assert states(world.programme) == ["withdrawn", "withdrawn", "enrolled", "enrolled"]


def test_more_seats_move_people_up_within_a_sweep(full, world):
    save_programme(by=world.coordinator, programme=world.programme, tenant=world.programme.tenant, capacity=3)
    assert services.fill_all_seats(now=NOW) == 1
    assert states(world.programme) == ["enrolled", "enrolled", "enrolled", "waitlisted"]
    assert services.fill_all_seats(now=NOW) == 0


def test_fewer_seats_send_nobody_away(full, world):
    world.programme.capacity = 1
    world.programme.save()
    leave(world, full[0])
    assert states(world.programme) == ["withdrawn", "enrolled", "waitlisted", "waitlisted"]


def test_without_a_number_of_seats_nobody_moves_by_itself(world, enrol):
    one = enrol("Ana")
    make_enrolment(world.programme, state=State.WAITLISTED)
    leave(world, one)
    assert states(world.programme) == ["withdrawn", "waitlisted"]


def test_somebody_at_the_door_is_in_and_her_eligibility_is_pending(full, world, running):
    from uuid import uuid4

    from django.utils import timezone

    make_eligibility(world.programme)
    session = running()
    one = services.add_walk_in(
        by=world.trainer, session=session, operation=uuid4(), name="Zora", phone="064 1", now=timezone.now()
    )
    assert (one.state, one.walk_in) == ("enrolled", True)
    assert one.findings.get().outcome == "unknown"
    assert world.programme.enrolments.with_eligibility().get(pk=one.pk).eligibility == "unknown"


def test_every_change_is_a_row_of_history(world, enrol):
    one = enrol("Ana")
    leave(world, one, now=NOW + timedelta(hours=1))
    leave(world, one, now=NOW + timedelta(hours=2))  # nothing changes
    services.set_enrolment_state(by=world.coordinator, enrolment=one, state=State.APPLIED, now=NOW)
    rows = one.changes.values_list("state", "by", "reason")
    by = world.coordinator.pk
    assert list(rows) == [("enrolled", by, ""), ("withdrawn", by, "a new job"), ("applied", by, "")]


@pytest.mark.parametrize("n", [1, 1000])
def test_many_cost_what_one_costs(world, django_assert_num_queries, n):
    make_eligibility(world.programme)
    people = [make_person(world.programme.tenant) for _ in range(min(n, 40))]
    rows = [
        {"person": one.pk, "enterprise": None, "state": "enrolled", "reason": "", "applied_on": None}
        for one in people
    ]
    is_postgres = connection.vendor == "postgresql"
    with django_assert_num_queries(16 if is_postgres else 14):
        ids = enrol_all(by=world.coordinator, programme=world.programme, rows=rows, now=NOW)
    said = dict.fromkeys(ids, ("withdrawn", "moved away"))
    with django_assert_num_queries(14 if is_postgres else 13):
        set_enrolment_states(by=world.coordinator, programme=world.programme, said=said, now=NOW)
    assert StateChange.objects.count() == 2 * len(ids)


@pytest.mark.postgres
@pytest.mark.django_db(transaction=True)
def test_two_withdrawals_at_once_move_up_two(transactional_db):
    programme = make_programme(capacity=4)
    by = make_coordinator(programme)
    inside = [make_enrolment(programme) for _ in range(4)]
    for n in range(5):
        make_enrolment(programme, state=State.WAITLISTED, state_at=NOW + timedelta(minutes=n))

    def withdraw(one):
        try:
            services.set_enrolment_state(by=by, enrolment=one, state=State.WITHDRAWN, reason="x", now=NOW)
        finally:
            connections.close_all()

    with ThreadPoolExecutor(4) as pool:
        list(pool.map(withdraw, inside[:3]))
    assert states(programme) == ["withdrawn"] * 3 + ["enrolled"] * 4 + ["waitlisted"] * 2
    assert StateChange.objects.filter(state="enrolled", by=None).count() == 3


@pytest.mark.postgres
@pytest.mark.django_db(transaction=True)
def test_the_last_seat_goes_to_one_of_two_at_once(transactional_db):
    programme = make_programme(capacity=1)
    by = make_coordinator(programme)
    people = [make_person(programme.tenant) for _ in range(4)]

    def come(person):
        try:
            services.enrol(by=by, programme=programme, person=person, now=NOW)
        finally:
            connections.close_all()

    with ThreadPoolExecutor(4) as pool:
        list(pool.map(come, people))
    assert sorted(states(programme)) == ["enrolled", "waitlisted", "waitlisted", "waitlisted"]
