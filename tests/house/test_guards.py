"""What must never be, refused by the database itself and by name, past every service and form; on both."""

from datetime import time

import pytest
from django.db import IntegrityError, connection, transaction

from ideas.models import Review, ReviewTask, Score, Seat
from mentoring.models import Meeting
from tests.factories import (
    make_attendance,
    make_entry,
    make_mark,
    make_meeting,
    make_review,
    make_session,
)
from training.models import Attendance, Session

pytestmark = pytest.mark.django_db


def refused(name: str, act, *columns: str) -> None:
    """The database refuses `act` and says why. PostgreSQL names the constraint, SQLite names a check; of a
    unique one it names the columns; the name stands in the table's own definition."""
    with pytest.raises(IntegrityError) as caught, transaction.atomic():
        act()
        connection.check_constraints()  # foreign keys are looked at when a transaction ends
    said = str(caught.value)
    if connection.vendor == "sqlite" and columns:
        assert [column for column in columns if column not in said] == []
        with connection.cursor() as cursor:
            written = "SELECT count(*) FROM sqlite_master WHERE sql LIKE %s"
            assert cursor.execute(written, [f'%CONSTRAINT "{name}" UNIQUE%']).fetchone() == (1,)
    else:
        assert name in said


def test_no_attendance_without_a_place_on_the_roster():
    mark = make_mark()
    seen = {"mark": mark, "status": "present"}
    with pytest.raises(IntegrityError, match="entry_id"), transaction.atomic():
        Attendance.objects.create(entry=None, **seen)
    with pytest.raises(IntegrityError, match="entry_id"), transaction.atomic():
        Attendance.objects.create(entry_id=9_000_000, **seen)
        connection.check_constraints()
    entry = make_attendance().entry
    with pytest.raises(IntegrityError, match="entry_id"), transaction.atomic():  # one attendance a place
        Attendance.objects.create(entry=entry, **seen)
    with transaction.atomic(), connection.cursor() as cursor:  # past Django: its place is taken away
        cursor.execute("DELETE FROM training_attendance")
    make_attendance(entry)
    with pytest.raises(IntegrityError, match="entry_id"), transaction.atomic():
        with connection.cursor() as cursor:
            cursor.execute("DELETE FROM training_rosterentry WHERE id = %s", [entry.pk])
        connection.check_constraints()


def test_one_mentor_reviews_an_idea_once_in_a_round():
    review = make_review()
    task = review.task
    seat = task.seat
    again = {"seat": seat, "idea": task.idea, "place": 99}
    columns = ("ideas_reviewtask.seat_id", "ideas_reviewtask.idea_id")
    refused("review_once", lambda: ReviewTask.objects.create(**again), *columns)
    columns = ("ideas_seat.round_id", "ideas_seat.reviewer_id")
    refused("seat_once", lambda: Seat.objects.create(round=seat.round, reviewer=seat.reviewer), *columns)
    with pytest.raises(IntegrityError, match="task_id"), transaction.atomic():
        Review.objects.create(task=task)
    given = review.scores.first()
    columns = ("ideas_score.review_id", "ideas_score.criterion_id")
    twice = {"review": review, "criterion": given.criterion, "value": 5}
    refused("score_once", lambda: Score.objects.create(**twice), *columns)
    refused("score_bounds", lambda: Score.objects.filter(pk=given.pk).update(value=101))


@pytest.mark.parametrize("end", [time(9, 59), time(10)])
def test_a_session_ends_after_it_starts(end):
    row = make_session(start=time(10), end=time(14))
    mine = Session.objects.filter(pk=row.pk)
    refused("session_ends_after_start", lambda: mine.update(end=end))
    refused("session_ends_after_start", lambda: mine.update(day=None))
    row.refresh_from_db()
    swapped = {"starts_at": row.ends_at, "ends_at": row.starts_at}
    refused("session_instants_in_order", lambda: mine.update(**swapped))
    refused("session_instants_in_order", lambda: mine.update(ends_at=row.starts_at))


def test_nobody_attends_longer_than_the_session():
    seen = make_attendance(make_entry(planned_minutes=210))
    mine = Attendance.objects.filter(pk=seen.pk)
    assert mine.update(minutes=210) == 1  # to the minute
    refused("attendance_within_session", lambda: mine.update(minutes=211))
    refused("attendance_within_session", lambda: mine.update(planned_minutes=209))
    refused("attendance_within_session", lambda: mine.update(planned_minutes=None))


@pytest.mark.parametrize("minutes", [0, 721])
def test_a_meeting_has_a_length_that_can_be(minutes):
    meeting = make_meeting()
    refused("meeting_minutes", lambda: Meeting.objects.filter(pk=meeting.pk).update(minutes=minutes))
