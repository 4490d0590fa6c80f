"""Marks are operations: kept once, in the server's order, refused in words."""

from datetime import date, time, timedelta
from uuid import UUID, uuid4

import pytest
from django.core.exceptions import ValidationError
from django.db import connection
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from people.models import Person
from tests.factories import NOW, TODAY, make_enrolment, make_programme
from training import services
from training.models import Attendance, Enrolment, Mark
from training.register.reckoning import fold
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


@settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    st.lists(st.tuples(st.integers(0, 6), st.sampled_from(["present", "absent", "cleared"])), max_size=10),
    st.randoms(use_true_random=False),
    st.integers(1, 4),
)
def test_nothing_is_lost_in_whatever_order_and_however_often_it_is_sent(
    world, enrol, plan, taps, chance, size
):
    """Every operation is there once; attendance is the fold of all of them, in any order they are read."""
    one = Enrolment.objects.first() or enrol("Ana")
    session, salt = plan(), uuid4().int >> 8
    sent = {UUID(int=salt + n): status for n, status in taps}
    marks = [{"operation": op, "enrolment": one.pk, "status": status} for op, status in sent.items()] * 2
    chance.shuffle(marks)
    for n in range(0, len(marks), size):
        services.record_marks(by=world.trainer, session=session, marks=marks[n : n + size], now=NOW)
    kept = list(session.marks.order_by("pk"))
    assert {mark.operation: mark.status for mark in kept} == sent
    assert len(kept) == len(sent)
    chance.shuffle(kept)
    state = fold(kept)
    assert seen(session, one) == (
        None if state is None else (state.status, 210 * (state.status == "present"))
    )


BATCHES = {
    "postgresql": 0,
    "sqlite": 13,
}  # SQLite takes 999 values at a time: 10 more for marks, 3 for attendance


@pytest.mark.parametrize(("n", "more"), [(1, False), (30, False), (500, True)])
def test_what_marks_cost_does_not_grow(world, enrol, plan, django_assert_num_queries, n, more):
    session = plan()
    persons = Person.objects.bulk_create(
        Person(tenant=world.programme.tenant, name=f"Ana {n}") for n in range(n)
    )
    people = Enrolment.objects.bulk_create(
        Enrolment(programme=world.programme, person=one, state="enrolled", row_code=f"N{k}")
        for k, one in enumerate(persons)
    )
    services.fill_roster(by=world.trainer, session=session, enrolments=people)
    marks = [{"operation": uuid4(), "enrolment": who.pk, "status": "present"} for who in people]
    with django_assert_num_queries(13 + (BATCHES[connection.vendor] if more else 0)):
        results = services.record_marks(by=world.trainer, session=session, marks=marks, now=NOW)
    assert {result.outcome for result in results} == {Outcome.SAVED}
    session.refresh_from_db()
    assert (session.chain_length, Attendance.objects.count()) == (n, n)


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


# --- after the session is closed


def test_a_closed_register_says_why_it_was_corrected(world, enrol, plan, mark):
    one = enrol("Ana")
    session = plan()
    mark(session, one)
    services.close_session(by=world.trainer, session=session, now=NOW)
    for status, fields in (("absent", {}), ("cleared", {}), ("late", {"arrival": time(11)})):
        result = mark(session, one, status, **fields)
        assert (result.outcome, "needs a reason" in result.words) == (Outcome.REFUSED, True)
    assert mark(session, one).outcome == Outcome.SAVED  # what stands already
    assert seen(session, one) == ("present", 210)
    assert mark(session, one, "absent", reason="she told me").outcome == Outcome.SAVED
    assert seen(session, one) == ("absent", 0)


def test_after_closing_the_unmarked_and_the_stranger_need_a_reason_too(world, enrol, plan, mark):
    one = enrol("Ana")
    session = plan()
    stranger = make_enrolment(world.programme)
    services.close_session(by=world.trainer, session=session, now=NOW)
    assert [mark(session, who).outcome for who in (one, stranger)] == [Outcome.REFUSED] * 2
    assert [mark(session, who, reason="paper").outcome for who in (one, stranger)] == ["saved", "unsettled"]


def test_at_the_door_of_a_closed_session(world, plan):
    session = plan()
    services.close_session(by=world.trainer, session=session, now=NOW)
    one = services.add_walk_in(
        by=world.trainer, session=session, operation=uuid4(), name="Ana", phone="1", now=NOW
    )
    assert seen(session, one) == ("present", 210)
    assert Mark.objects.get().reason == "came to a session"


# --- of somebody who is brought by another operation, and minutes that a source knows


def test_a_mark_for_somebody_at_the_door_finds_her_by_the_operation_that_brought_her(world, plan):
    session, door = plan(), uuid4()
    late = {"operation": uuid4(), "walk_in": str(door), "status": "late", "arrival": time(11)}

    def send(**more):
        [result] = services.record_marks(by=world.trainer, session=session, marks=[late | more], now=NOW)
        return result

    first = send()
    assert (first.outcome, first.enrolment) == (Outcome.REFUSED, None)
    one = services.add_walk_in(
        by=world.trainer, session=session, operation=door, name="Nova", phone="1", now=NOW
    )
    assert send() == (late["operation"], one.pk, Outcome.SAVED, "")
    assert send().outcome == Outcome.KNOWN
    assert seen(session, one) == ("late", 150)
    other = plan("Day 2")
    [result] = services.record_marks(
        by=world.trainer, session=other, marks=[late | {"operation": uuid4()}], now=NOW
    )
    assert result.outcome == Outcome.REFUSED  # that door was of another session


@pytest.mark.parametrize(
    ("status", "fields", "expected"),
    [
        ("present", {"minutes": 120, "source": "load"}, ("present", 120)),
        ("present", {"minutes": 0, "source": "load"}, ("present", 0)),
        ("half_day", {}, ("half_day", 105)),
        ("half_day", {"minutes": 90, "source": "load"}, ("half_day", 90)),
        ("present", {"minutes": 211, "source": "load"}, "lasts 210 minutes"),
        ("present", {"minutes": 120}, "computed from times"),
        ("absent", {"minutes": 10, "source": "load"}, "has no minutes"),
    ],
)
def test_minutes_that_the_source_knows(enrol, plan, mark, status, fields, expected):
    one = enrol("Ana")
    session = plan()
    result = mark(session, one, status, **fields)
    if isinstance(expected, str):
        assert (result.outcome, expected in result.words) == (Outcome.REFUSED, True)
    else:
        assert (result.outcome, seen(session, one)) == (Outcome.SAVED, expected)


def test_nobody_reads_two_things_under_one_operation_in_minutes_either(enrol, plan, mark):
    one = enrol("Ana")
    session, operation = plan(), uuid4()
    mark(session, one, minutes=90, source="load", operation=operation)
    assert mark(session, one, minutes=91, source="load", operation=operation).outcome == Outcome.CONFLICT


def test_where_it_came_from_is_kept(world, enrol, plan, mark):
    one = enrol("Ana")
    session, eyes = plan(), uuid4()
    mark(session, one, device=" Ana's phone ", seen=eyes)
    mark(session, one, "absent", device="x" * 99, seen="no operation")
    assert [(m.device, m.seen) for m in Mark.objects.all()] == [("Ana's phone", str(eyes)), ("x" * 60, None)]
