"""What stands in the way of a meeting: its length, its day, another meeting at the same time."""

from datetime import datetime, timedelta

from django.core.exceptions import ValidationError
from django.db.models import Q
from django.utils.formats import date_format, time_format
from django.utils.translation import gettext as _

from lib import clock
from mentoring.models import Assignment, Meeting


def check(row: Meeting, now: datetime) -> None:
    """May this meeting stand in the log? Raises ValidationError by field."""
    if row.assignment.state not in Assignment.COUNTED:
        raise ValidationError(_("No meeting can be logged: the assignment was not accepted."))
    slot, whose = row.slot, (row.assignment.mentor_id, row.assignment.enrolment_id)
    if slot and (slot.mentor_id, slot.booked_by_id) != whose:
        raise ValidationError({"slot": _("This office hour is not theirs.")})
    if row.minutes > Meeting.LONGEST:
        words = _("A meeting lasts 12 hours at most: %(minutes)s minutes cannot be.")
        raise ValidationError({"minutes": words % {"minutes": row.minutes}})
    if row.minutes < 1:
        raise ValidationError({"minutes": _("A meeting lasts between 1 and 720 minutes.")})
    _check_day(row, now)
    if row.start is not None:
        _check_time(row, now)


def _check_day(row: Meeting, now: datetime) -> None:
    assignment = row.assignment
    if row.day > clock.local(now, assignment.programme.zone).date():
        raise ValidationError({"day": _("This day has not come yet: log a meeting after it took place.")})
    if assignment.start and row.day < assignment.start:
        words = _("The assignment began on %(day)s only.")
        raise ValidationError({"day": words % {"day": date_format(assignment.start)}})
    if assignment.end and row.day > assignment.end:
        words = _("The assignment lasted until %(day)s only.")
        raise ValidationError({"day": words % {"day": date_format(assignment.end)}})


def _check_time(row: Meeting, now: datetime) -> None:
    """It has begun, and neither of the two was in another meeting then."""
    try:
        begins, ends = span(row)
    except ValidationError as error:
        raise ValidationError({"start": error.messages}) from None
    if begins > now:
        raise ValidationError({"start": _("This hour has not come yet: log a meeting after it took place.")})
    for other in _around(row):
        its_begin, its_end = span(other)
        if its_begin < ends and begins < its_end:
            raise ValidationError({"start": _clash(row, other)}, code="overlap")


def span(row: Meeting) -> tuple[datetime, datetime]:
    """The instants from which and until which it lasted. Raises ValidationError for an hour that the clocks
    leave out; of one that they show twice the first is taken."""
    begins = clock.instant(row.day, row.start, row.assignment.programme.zone, fold=0)
    return begins, begins + timedelta(minutes=row.minutes)


def _around(row: Meeting) -> list[Meeting]:
    """The other meetings of the mentor and of the entrepreneur, in any programme, whose hour is known."""
    days = (row.day - timedelta(days=2), row.day + timedelta(days=2))
    same_mentor = Q(assignment__mentor=row.assignment.mentor_id)
    same_person = Q(assignment__enrolment__person=row.assignment.enrolment.person_id)
    rows = Meeting.objects.counting().filter(same_mentor | same_person, day__range=days)
    rows = rows.exclude(start=None).exclude(pk=row.pk)
    return list(rows.select_related("assignment__programme").order_by("day", "start", "pk"))


def _clash(row: Meeting, other: Meeting) -> str:
    """Whose, and when; not with whom: that may be another programme's."""
    what = {
        "day": date_format(other.day),
        "start": time_format(other.start, "H:i"),
        "minutes": other.minutes,
    }
    if other.assignment_id == row.assignment_id:
        return _("The two met on %(day)s from %(start)s for %(minutes)s minutes already.") % what
    if other.assignment.mentor_id == row.assignment.mentor_id:
        return (
            _("The mentor has another meeting then: on %(day)s from %(start)s, %(minutes)s minutes.") % what
        )
    return (
        _("The entrepreneur has another meeting then: on %(day)s from %(start)s, %(minutes)s minutes.") % what
    )
