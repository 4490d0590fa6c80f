from datetime import timedelta

import pytest
from django.core.exceptions import ValidationError

from accounts.models import AuditEntry
from tests.factories import NOW, TODAY, make_enterprise, make_person
from training import services
from training.models import Enrolment
from training.services.enrolments import row_code, row_number

State = Enrolment.State


def test_row_codes_go_from_a1_on_and_back():
    assert [row_code(n) for n in (0, 8, 9, 30, 179, 180)] == ["A1", "A9", "B1", "D4", "Z9", "AA1"]
    assert [row_number(row_code(n)) for n in range(5000)] == list(range(5000))
    assert [row_number(code) for code in ("", "A0", "I1", "0001", "A")] == [-1] * 5


def test_enrolling_gives_a_row_code_and_the_rosters_of_what_has_not_begun(world, plan, enrol):
    plan("Yesterday", day=TODAY - timedelta(days=1))
    begins_now = plan("Now")  # at 10:00, which is NOW: half-open, it has begun
    tomorrow, unscheduled = (
        plan("Tomorrow", day=TODAY + timedelta(days=1)),
        plan("Some day", day=None, start=None, end=None),
    )
    assert begins_now.has_begun(NOW)
    one, two = enrol("Ana"), enrol("Mira")
    assert [one.row_code, two.row_code] == ["A1", "A2"]
    assert set(one.roster.values_list("session", flat=True)) == {tomorrow.pk, unscheduled.pk}


def test_a_person_twice_is_refused(world, enrol):
    one = enrol("Ana")
    with pytest.raises(ValidationError, match="enrolled in this programme already"):
        services.enrol(by=world.coordinator, programme=world.programme, person=one.person, now=NOW)
    assert Enrolment.objects.count() == 1


def test_people_and_enterprises_of_another_tenant_are_refused(world):
    def go(**who):
        services.enrol(by=world.coordinator, programme=world.programme, now=NOW, **who)

    with pytest.raises(ValidationError, match="person belongs to another organisation"):
        go(person=make_person())
    with pytest.raises(ValidationError, match="enterprise belongs to another organisation"):
        go(person=make_person(world.programme.tenant), enterprise=make_enterprise())


def test_an_applicant_stands_on_no_roster_until_she_is_enrolled(world, plan):
    session = plan(day=TODAY + timedelta(days=1))
    person = make_person(world.programme.tenant)
    one = services.enrol(
        by=world.coordinator, programme=world.programme, person=person, state=State.APPLIED, now=NOW
    )
    assert list(one.roster.all()) == []
    services.set_enrolment_state(by=world.coordinator, enrolment=one, state=State.ENROLLED, now=NOW)
    assert [entry.session for entry in one.roster.all()] == [session]


def test_withdrawing_needs_a_reason_and_keeps_what_was(world, enrol, plan, mark):
    one = enrol("Ana")
    past, to_come = plan(), plan("Tomorrow", day=TODAY + timedelta(days=1))
    mark(past, one)
    with pytest.raises(ValidationError) as caught:
        services.set_enrolment_state(
            by=world.coordinator, enrolment=one, state=State.WITHDRAWN, reason=" ", now=NOW
        )
    assert list(caught.value.message_dict) == ["reason"]
    one = services.set_enrolment_state(
        by=world.coordinator, enrolment=one, state=State.WITHDRAWN, reason="a new job", now=NOW
    )
    assert (one.state, one.reason, one.state_by, one.state_at) == (
        "withdrawn",
        "a new job",
        world.coordinator,
        NOW,
    )
    assert [entry.session for entry in one.roster.all()] == [past]
    assert past.roster.get().attendance.status == "present"
    assert to_come.roster.count() == 0
    services.set_enrolment_state(by=world.coordinator, enrolment=one, state=State.ENROLLED, now=NOW)
    assert to_come.roster.count() == 1


def test_states_that_cannot_be(world, enrol):
    one = enrol("Ana")
    with pytest.raises(ValidationError, match="no such state"):
        services.set_enrolment_state(by=world.coordinator, enrolment=one, state="gone", now=NOW)
    services.set_enrolment_state(
        by=world.coordinator, enrolment=one, state=State.WITHDRAWN, reason="x", now=NOW
    )
    with pytest.raises(ValidationError, match="Only somebody who is enrolled"):
        services.set_enrolment_state(by=world.coordinator, enrolment=one, state=State.COMPLETED, now=NOW)


def test_every_change_is_in_the_trail_without_values(world, enrol):
    one = enrol("Ana")
    services.set_enrolment_state(
        by=world.coordinator, enrolment=one, state=State.WITHDRAWN, reason="ill", now=NOW
    )
    services.set_enrolment_state(
        by=world.coordinator, enrolment=one, state=State.WITHDRAWN, reason="ill", now=NOW
    )
    trail = AuditEntry.objects.filter(object_type="training.enrolment").values_list("verb", "by", "fields")
    assert list(trail) == [
        ("enrol", world.coordinator.pk, ["enterprise", "person", "state"]),
        ("set withdrawn", world.coordinator.pk, ["reason", "state"]),
    ]
