"""Marks are operations: kept once, in the server's order, refused in words."""

from datetime import date, time, timedelta
from uuid import uuid4

import pytest
from django.core.exceptions import ValidationError
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from people.models import Person
from tests.factories import NOW, TODAY, make_enrolment, make_programme
from training import services
from training.models import Attendance, Enrolment, Mark
from training.services import Outcome


def seen(session, enrolment):
    row = Attendance.objects.filter(entry__session=session, entry__enrolment=enrolment).first()
    return (row.status, row.minutes) if row else None


def test_present_then_taken_back(enrol, plan, mark):
    one, session = None, None
    one = enrol("Ana")
    session = plan()
    assert mark(session, one).outcome == Outcome.SAVED
    assert seen(session, one) == ("present", 210)
    mark(session, one, "cleared")
    assert seen(session, one) is None
    assert [m.status for m in Mark.objects.all()] == ["present", "cleared"]


def test_a_double_tap_is_one_mark_with_the_same_answer(enrol, plan, mark):
    one = enrol("Ana")
    session, operation = plan(), uuid4()
    first, second = mark(session, one, operation=operation), mark(session, one, operation=operation)
    assert (first.outcome, second.outcome) == (Outcome.SAVED, Outcome.KNOWN)
    assert Mark.objects.count() == 1


def test_the_same_operation_saying_something_else_is_refused(enrol, plan, mark):
    one, two = enrol("Ana"), enrol("Mira")
    session, other, operation = plan(), plan("Day 2"), uuid4()
    mark(session, one, operation=operation)
    assert mark(session, one, "absent", operation=operation).outcome == Outcome.CONFLICT
    assert mark(session, two, operation=operation).outcome == Outcome.CONFLICT
    assert mark(other, one, operation=operation).outcome == Outcome.CONFLICT
    assert Mark.objects.count() == 1
    assert seen(session, one) == ("present", 210)


def test_twice_in_one_sending(world, enrol, plan):
    one = enrol("Ana")
    session, operation = plan(), uuid4()
    same = {"operation": str(operation), "enrolment": one.pk, "status": "present"}
    results = services.record_marks(by=world.trainer, session=session, marks=[same, same], now=NOW)
    assert [result.outcome for result in results] == [Outcome.SAVED, Outcome.KNOWN]
    assert Mark.objects.count() == 1


def test_the_servers_order_counts_not_the_devices_clock(enrol, plan, mark):
    one = enrol("Ana")
    session = plan()
    mark(session, one, "present", at_device=NOW)
    mark(session, one, "absent", at_device=NOW - timedelta(hours=1))
    assert seen(session, one) == ("absent", 0)


@pytest.mark.parametrize(
    ("status", "fields", "words"),
    [
        ("late", {}, "needs the time of arrival"),
        ("left_early", {}, "needs the time of leaving"),
        ("late", {"arrival": time(10)}, "who came by then is present"),
        ("late", {"arrival": time(14)}, "who came then was absent"),
        ("left_early", {"leaving": time(14)}, "who stayed until then is present"),
        ("left_early", {"leaving": time(10)}, "who left by then was absent"),
        ("left_early", {"arrival": time(12), "leaving": time(12)}, "before the time of arrival"),
        ("asleep", {}, "no such mark"),
    ],
)
def test_marks_that_cannot_be(enrol, plan, mark, status, fields, words):
    one = enrol("Ana")
    session = plan()
    result = mark(session, one, status, **fields)
    assert result.outcome == Outcome.REFUSED
    assert words in result.words
    assert Mark.objects.count() == 0


@pytest.mark.parametrize(
    ("status", "fields", "expected"),
    [
        ("late", {"arrival": time(10, 1)}, ("late", 209)),
        ("late", {"arrival": time(13, 59)}, ("late", 0)),
        ("left_early", {"leaving": time(13, 59)}, ("left_early", 209)),
        ("left_early", {"arrival": time(11), "leaving": time(13)}, ("left_early", 90)),
        ("excused", {"reason": "ill"}, ("excused", 0)),
        ("absent", {}, ("absent", 0)),
    ],
)
def test_minutes_of_marks(enrol, plan, mark, status, fields, expected):
    one = enrol("Ana")
    session = plan()
    assert mark(session, one, status, **fields).outcome == Outcome.SAVED
    assert seen(session, one) == expected


def test_an_old_register_may_know_that_and_not_when(enrol, plan, mark):
    one = enrol("Ana")
    session = plan()
    assert mark(session, one, "late", source="load").outcome == Outcome.SAVED
    assert seen(session, one) == ("late", None)


def test_a_time_that_the_clocks_skip(enrol, plan, mark, world):
    one = enrol("Ana")
    session = plan(day=date(2025, 3, 30), start=time(1), end=time(6))
    result = mark(session, one, "late", arrival=time(2, 30), now=session.starts_at)
    assert result.outcome == Outcome.REFUSED
    assert "does not exist" in result.words


def test_a_mark_for_somebody_not_on_the_roster_is_kept_and_counts_for_nothing(world, enrol, plan, mark):
    session = plan()
    late_comer = make_enrolment(world.programme)
    assert mark(session, late_comer).outcome == Outcome.UNSETTLED
    assert Mark.objects.get().unsettled is True
    assert seen(session, late_comer) is None
    services.fill_roster(by=world.trainer, session=session, enrolments=[late_comer])
    assert Mark.objects.get().unsettled is False
    assert seen(session, late_comer) == ("present", 210)


def test_an_enrolment_of_another_programme_is_refused_and_the_others_are_kept(world, enrol, plan):
    one = enrol("Ana")
    session = plan()
    stranger = make_enrolment(make_programme(world.programme.tenant))
    marks = [{"operation": uuid4(), "enrolment": who, "status": "present"} for who in (stranger, one)]
    results = services.record_marks(by=world.trainer, session=session, marks=marks, now=NOW)
    assert [result.outcome for result in results] == [Outcome.REFUSED, Outcome.SAVED]
    assert [m.enrolment for m in Mark.objects.all()] == [one]


def test_sessions_that_take_no_marks(world, enrol, plan, mark):
    one = enrol("Ana")
    tomorrow, cancelled = plan(day=TODAY + timedelta(days=1)), plan()
    services.cancel_session(by=world.coordinator, session=cancelled, now=NOW)
    with pytest.raises(ValidationError, match="nobody can be marked yet"):
        mark(tomorrow, one)
    with pytest.raises(ValidationError, match="was cancelled"):
        mark(cancelled, one)
    midnight = tomorrow.starts_at.replace(hour=23, minute=0) - timedelta(days=1)  # 00:00 in Belgrade
    assert mark(tomorrow, one, now=midnight).outcome == Outcome.SAVED
    assert Mark.objects.count() == 1


def test_all_present_marks_only_the_unmarked(world, enrol, plan, mark):
    one, two, three = enrol("Ana"), enrol("Mira"), enrol("Zora")
    session, operation = plan(), uuid4()
    mark(session, two, "absent")

    def tap():
        return services.mark_rest_present(by=world.trainer, session=session, operation=operation, now=NOW)

    assert [result.enrolment for result in tap()] == [one.pk, three.pk]
    mark(session, one, "cleared")
    assert tap() == []  # the same operation again: what was taken back since stays so
    assert [seen(session, who) for who in (one, two, three)] == [None, ("absent", 0), ("present", 210)]


@settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.lists(st.tuples(st.integers(0, 4), st.sampled_from(["present", "absent", "cleared"])), max_size=8))
def test_sending_everything_twice_gives_the_same_attendance(world, enrol, plan, sent):
    one = enrol("Ana") if not Enrolment.objects.exists() else Enrolment.objects.get()
    session = plan()
    salt = uuid4().int >> 8
    ops = {}
    for n, status in sent:
        ops.setdefault(n, status)  # one operation says one thing
    from uuid import UUID

    marks = [
        {"operation": UUID(int=salt + n), "enrolment": one.pk, "status": status} for n, status in ops.items()
    ]
    services.record_marks(by=world.trainer, session=session, marks=marks, now=NOW)
    before = seen(session, one)
    again = services.record_marks(by=world.trainer, session=session, marks=marks[::-1], now=NOW)
    assert {result.outcome for result in again} <= {Outcome.KNOWN}
    assert seen(session, one) == before
    last = list(ops.values())[-1] if ops else "cleared"
    assert (before[0] if before else "cleared") == last


def test_thirty_marks_cost_as_many_queries_as_one(world, enrol, plan, django_assert_num_queries):
    people = [enrol(f"Ana {n}") for n in range(30)]
    session = plan()
    for some in (people[:1], people[1:]):
        marks = [{"operation": uuid4(), "enrolment": who.pk, "status": "present"} for who in some]
        with django_assert_num_queries(11):
            services.record_marks(by=world.trainer, session=session, marks=marks, now=NOW)


def test_at_the_door(world, plan):
    session, operation = plan(), uuid4()

    def come(name="Nova Žena", phone="064/123-456", op=operation):
        return services.add_walk_in(
            by=world.trainer, session=session, operation=op, name=name, phone=phone, now=NOW
        )

    one = come()
    assert (one.walk_in, one.state, one.row_code, one.person.phone) == (True, "enrolled", "A1", "064/123-456")
    assert seen(session, one) == ("present", 210)
    assert come() == one  # a double tap
    assert come("Нова Жена", "064 123 456", uuid4()) == one  # the same person, in other letters
    assert come(phone="", op=uuid4()) != one  # a name alone proves nothing
    assert Person.objects.filter(name_key="nova zena").count() == 2
    with pytest.raises(ValidationError, match="Something else was sent"):
        come(name="Druga Žena")
    with pytest.raises(ValidationError, match="Write the name"):
        come(name=" ", op=uuid4())


def test_somebody_who_withdrew_comes_again(world, enrol, plan):
    one = enrol("Ana", phone="061")
    session = plan()
    services.set_enrolment_state(
        by=world.coordinator, enrolment=one, state="withdrawn", reason="ill", now=NOW
    )
    came = services.add_walk_in(
        by=world.trainer, session=session, operation=uuid4(), name="Ana", phone="061", now=NOW
    )
    assert (came, came.state, came.reason) == (one, "enrolled", "came to a session")


def test_the_door_of_a_session_to_come_leaves_nothing_behind(world, plan):
    session = plan(day=TODAY + timedelta(days=1))
    with pytest.raises(ValidationError, match="nobody can be marked yet"):
        services.add_walk_in(
            by=world.trainer, session=session, operation=uuid4(), name="Ana", phone="1", now=NOW
        )
    assert Enrolment.objects.count() == 0
    assert not Person.objects.filter(name="Ana").exists()
