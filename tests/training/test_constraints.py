"""What must never be, refused by the database itself, past every service and form."""

from datetime import time
from uuid import uuid4

import pytest
from django.db import IntegrityError, connection, transaction

from tests.factories import make_attendance, make_enrolment, make_entry, make_mark, make_session
from training.models import Attendance, Enrolment, Mark, RosterEntry, Session

pytestmark = pytest.mark.django_db


def refused(name: str, act) -> None:
    """`act` breaks the constraint of this name, whatever the database calls its error."""
    with pytest.raises(IntegrityError) as caught, transaction.atomic():
        act()
    if connection.vendor == "postgresql" or "CHECK" in str(caught.value):
        assert name in str(caught.value)


def test_attendance_needs_a_roster_entry():
    mark = make_mark()
    with pytest.raises(IntegrityError), transaction.atomic():
        Attendance.objects.create(entry=None, mark=mark, status="present")


def test_attendance_goes_with_its_roster_entry():
    entry = make_attendance().entry
    entry.delete()
    assert Attendance.objects.count() == 0
    assert Mark.objects.count() == 1  # the mark stays


@pytest.mark.parametrize(
    "times",
    [
        {"start": time(14), "end": time(10)},
        {"start": time(10), "end": time(10)},
        {"start": time(10), "end": None},
        {"start": None, "end": time(10)},
        {"day": None},
    ],
)
def test_a_session_ends_after_it_starts(times):
    session = make_session()
    refused("session_ends_after_start", lambda: Session.objects.filter(pk=session.pk).update(**times))


def test_the_instants_are_in_order():
    session = make_session()
    swapped = {"starts_at": session.ends_at, "ends_at": session.starts_at}
    refused("session_instants_in_order", lambda: Session.objects.filter(pk=session.pk).update(**swapped))


def test_nobody_attends_longer_than_the_session():
    seen = make_attendance()
    rows = Attendance.objects.filter(pk=seen.pk)
    rows.update(minutes=seen.planned_minutes)
    refused("attendance_within_session", lambda: rows.update(minutes=seen.planned_minutes + 1))
    refused("attendance_within_session", lambda: rows.update(planned_minutes=None))


def test_cleared_is_no_attendance():
    seen = make_attendance()
    refused("attendance_status", lambda: Attendance.objects.filter(pk=seen.pk).update(status="cleared"))


def test_once_on_a_roster_once_in_a_programme_once_an_operation():
    entry = make_entry()
    refused(
        "roster_once", lambda: RosterEntry.objects.create(session=entry.session, enrolment=entry.enrolment)
    )
    mark = make_mark(entry, operation=uuid4())
    refused("operation", lambda: make_mark(entry, operation=mark.operation))
    her = entry.enrolment
    again = {"programme": her.programme, "person": her.person, "row_code": "Z9"}
    refused("enrolment_once", lambda: Enrolment.objects.create(**again))
    refused("enrolment_row_code_once", lambda: make_enrolment(her.programme, row_code=her.row_code))
