"""The letters about a place in a programme, and about missing so much of it that it is in danger."""

from datetime import UTC, datetime, timedelta

import pytest

from reminders.models import Reminder, Rule
from tests.factories import (
    NOW,
    TODAY,
    make_attendance,
    make_coordinator,
    make_enrolment,
    make_entry,
    make_person,
    make_programme,
    make_session,
)
from tests.reminders.letters import Letters
from training import services
from training.models import Status

pytestmark = pytest.mark.django_db
Kind = Rule.Kind
AHEAD = TODAY + timedelta(days=10)
KINDS = (Kind.ENROLLED, Kind.WAITLISTED, Kind.PLACE_FREE)


@pytest.fixture
def world():
    """A programme that begins in ten days, with one seat, and somebody who enrols people."""
    programme = make_programme(name="Start-up", start=AHEAD, end=AHEAD + timedelta(days=60), capacity=1)
    programme.by = make_coordinator(programme)
    return programme


def enrol(programme, name="Mila Nova", now=NOW, **said):
    person = make_person(programme.tenant, name=name, language="en")
    return services.enrol(by=programme.by, programme=programme, person=person, now=now, **said)


def set_state(row, state, now=NOW, reason="so it is"):
    row.refresh_from_db()
    services.set_enrolment_state(by=None, enrolment=row, state=state, reason=reason, now=now)


def all_due(programme, now=NOW) -> dict[str, list[int]]:
    return {kind: Letters(programme, kind).people(now) for kind in KINDS}


def test_enrolled_waitlisted_and_a_place_that_became_free(world):
    first, second = enrol(world), enrol(world, "Vera Vesić")
    letters = {kind: Letters(world, kind) for kind in KINDS}
    assert [one.people() for one in letters.values()] == [[first.person_id], [second.person_id], []]
    waiting = letters[Kind.WAITLISTED].planned()
    enrolled = letters[Kind.ENROLLED].planned()
    set_state(first, "withdrawn")  # the seat goes to the other one, in the same transaction
    assert [one.people() for one in letters.values()] == [[], [], [second.person_id]]
    settled = "Her place in the programme was settled otherwise since."
    assert letters[Kind.WAITLISTED].untrue(waiting) == settled
    assert letters[Kind.ENROLLED].untrue(enrolled) == settled
    free = letters[Kind.PLACE_FREE].planned()
    assert letters[Kind.PLACE_FREE].untrue(free) == ""
    assert letters[Kind.PLACE_FREE].says(free).subject == "A place became free in Start-up"
    assert letters[Kind.PLACE_FREE].kind.is_essential is True


def test_what_she_reads(world):
    session = make_session(world, title="First day", day=AHEAD)
    row = enrol(world)
    letters = Letters(world, Kind.ENROLLED)
    words = letters.says(letters.planned())
    assert words.subject == "You have a place in Start-up"
    assert words.lines == [
        f"You have a place in Start-up of {world.tenant.name}.",
        "The next session: First day, 22 March 2025, 10:00–14:00.",
    ]
    assert words.why == "You receive this because you applied for Start-up."
    services.cancel_session(by=world.by, session=session, now=NOW)
    assert letters.says(Reminder.objects.get()).lines[1] == "It begins on 22 March 2025."
    enrol(world, "Vera Vesić")
    waiting = Letters(world, Kind.WAITLISTED)
    assert waiting.says(waiting.planned()).lines[0] == (
        "All places in Start-up are taken; you are on the waiting list."
    )
    assert row.person_id == Reminder.objects.first().person_id


def test_what_was_brought_in_from_old_sheets_is_news_to_nobody(world):
    world.start, world.capacity = TODAY - timedelta(days=30), None
    world.save()
    person = make_person(world.tenant)
    rows = [{"person": person.pk, "enterprise": None, "state": "enrolled", "reason": "", "applied_on": None}]
    services.enrol_all(by=world.by, programme=world, rows=rows, now=NOW)
    assert all_due(world) == {Kind.ENROLLED: [], Kind.WAITLISTED: [], Kind.PLACE_FREE: []}
    late = make_enrolment(world, state="applied")  # while it goes on: what follows another step is news
    late.changes.create(state="applied", at=NOW - timedelta(days=2))
    late.programme = world
    set_state(late, "enrolled")
    world.rules.all().delete()
    assert all_due(world)[Kind.ENROLLED] == [late.person_id]


def test_a_programme_without_dates_begins_with_its_sessions(world):
    world.start = world.end = None
    world.save()
    row = enrol(world)
    letters = Letters(world, Kind.ENROLLED)
    assert letters.people() == [row.person_id]
    make_session(world, day=TODAY)
    assert letters.people() == []


def test_neither_old_ones_nor_of_a_programme_that_is_over_nor_who_came_unannounced(world):
    row = enrol(world)
    letters = Letters(world, Kind.ENROLLED)
    assert letters.people(NOW + timedelta(days=3)) == []
    row.walk_in = True
    row.save()
    assert letters.people() == []
    row.walk_in = False
    row.save()
    letters.rule.programme.end = TODAY
    assert letters.people() == []


@pytest.mark.parametrize(("kind", "count"), [(Kind.ENROLLED, 1), (Kind.WAITLISTED, 1), (Kind.PLACE_FREE, 1)])
def test_as_many_questions_for_three_as_for_one(world, kind, count, django_assert_num_queries):
    letters = Letters(world, kind)
    if kind == Kind.WAITLISTED:
        enrol(world, "Who has the seat")
    for number in (1, 2):
        for n in range(number):
            row = enrol(world, f"Ana {number} {n}")
            if kind == Kind.ENROLLED:
                world.capacity += 1
                world.save()
            if kind == Kind.PLACE_FREE:
                waits = row if row.state == "waitlisted" else enrol(world, f"Vera {number} {n}")
                world.capacity += 1
                world.save()
                services.fill_seats(programme=world, now=NOW)
                assert waits.state == "waitlisted"
        with django_assert_num_queries(count):
            found = letters.due()
        assert len(found) == (1 if number == 1 else 3)


# --- attendance in danger


@pytest.fixture
def course():
    """Ten days of four hours, of which two are over; 80 per cent complete it. She was there on the first."""
    programme = make_programme(name="Start-up", completion_share=80)
    days = [TODAY + timedelta(days=n) for n in range(-2, 8)]
    her = make_enrolment(programme, person=make_person(programme.tenant, name="Mila Nova", language="en"))
    programme.her = her
    programme.entries = [make_entry(make_session(programme, day=day), her) for day in days]
    make_attendance(programme.entries[0])
    return programme


def miss(entry):
    make_attendance(entry, status=Status.ABSENT)


def test_below_the_rule_while_it_can_still_be_reached(course):
    letters = Letters(course, Kind.ATTENDANCE_LOW)
    assert letters.due() == []
    miss(course.entries[1])
    [one] = letters.due()
    assert one.due_at == datetime(2025, 3, 12, 8, tzinfo=UTC)  # 09:00, the morning after
    assert (one.person_id, one.subject_id, one.revision) == (course.her.person_id, course.her.pk, 241)
    assert one.send_before == course.entries[9].session.ends_at
    words = letters.says(letters.written(one))
    assert words.subject == "You can still complete Start-up"
    assert words.lines[:3] == [
        "You were there for 4 h of 8 h so far: 50 %.",
        "Who attends 80 % of Start-up completes it.",
        "You still can: 28 h more are needed, and 32 h are to come.",
    ]


def test_not_while_unknown_nor_once_lost_nor_when_nothing_is_to_come(course):
    letters = Letters(course, Kind.ATTENDANCE_LOW)
    miss(course.entries[1])
    reminder = letters.planned()
    assert letters.due(course.entries[9].session.starts_at) == []
    assert letters.untrue(reminder, course.entries[9].session.starts_at) == (
        "She takes no part any more, or no session is to come."
    )
    miss(course.entries[2])
    assert letters.untrue(reminder) == "What she missed is another number by now."
    miss(course.entries[3])
    assert (letters.due(), letters.untrue(reminder)) == ([], "It cannot be reached any more.")


def test_who_caught_up_is_left_in_peace(course):
    letters = Letters(course, Kind.ATTENDANCE_LOW)
    miss(course.entries[1])
    reminder = letters.planned()
    for entry in course.entries[2:5]:
        make_attendance(entry)
    assert (letters.due(), letters.untrue(reminder)) == ([], "She has attended enough so far.")
    course.enrolments.update(state="withdrawn")
    assert letters.untrue(reminder) == "She takes no part any more, or no session is to come."


def test_told_again_only_when_it_got_worse_and_never_within_a_week(course):
    letters = Letters(course, Kind.ATTENDANCE_LOW)
    miss(course.entries[1])
    sent = letters.planned()
    assert letters.people() == [course.her.person_id]  # planned already: the same one
    Reminder.objects.filter(pk=sent.pk).update(state="sent", sent_at=NOW)
    assert letters.due() == []
    miss(course.entries[2])
    [one] = letters.due()
    assert (one.revision, one.due_at) == (481, NOW + timedelta(days=7))
    Reminder.objects.filter(pk=sent.pk).update(state="dropped", sent_at=None)
    assert [one.due_at for one in letters.due()] == [datetime(2025, 3, 13, 8, tzinfo=UTC)]


def test_as_many_questions_for_three_in_danger_as_for_one(course, django_assert_num_queries):
    letters = Letters(course, Kind.ATTENDANCE_LOW)
    miss(course.entries[1])
    for people in (1, 3):
        with django_assert_num_queries(2):
            found = letters.due()
        assert len(found) == people
        for _more in range(2):
            other = make_enrolment(course)
            for entry in course.entries[1:]:
                mine = make_entry(entry.session, other)
                if entry == course.entries[1]:
                    miss(mine)
