"""What marks amount to: a pure function of them. Nothing here reads or writes."""

from collections.abc import Iterable
from datetime import datetime, time
from typing import NamedTuple

from django.core.exceptions import ValidationError
from django.utils import formats
from django.utils.translation import gettext as _

from lib import clock
from training.models import Attendance, Mark, Session, Status


class State(NamedTuple):
    """One person in one session; `mark` is the mark that decided."""

    mark: object
    status: str
    arrival: time | None
    leaving: time | None


def fold(marks: Iterable) -> State | None:
    """The state after these marks, in whatever order they are given; None: not marked.

    An operation that arrives twice is one mark. The server's order (pk) counts, not the device's clock: the
    last mark decides, and one that takes back leaves nothing.
    """
    once = {}
    for mark in sorted(marks, key=lambda mark: mark.pk):
        once.setdefault(mark.operation, mark)
    if not once:
        return None
    last = list(once.values())[-1]
    return None if last.status == Status.CLEARED else State(last, last.status, last.arrival, last.leaving)


class Sitting(NamedTuple):
    """What minutes are computed from: the session's instants (half-open), its breaks, what was planned."""

    starts_at: datetime | None
    ends_at: datetime | None
    break_minutes: int
    planned: int | None  # breaks out; None: the session has no length


def minutes(sitting: Sitting, status: str, arrival: datetime | None, leaving: datetime | None) -> int | None:
    """Minutes attended, breaks out, between 0 and what was planned; None where it cannot be known.

    A minute late is a minute less, whether it fell into a break or not: nobody notes when the break was.
    """
    if sitting.planned is None:
        return None
    if status not in Attendance.THERE:
        return 0
    if status == Status.PRESENT:
        return sitting.planned
    came, went = status == Status.LATE, status == Status.LEFT_EARLY
    if sitting.starts_at is None or (came and arrival is None) or (went and leaving is None):
        return None
    begin = max(arrival or sitting.starts_at, sitting.starts_at)
    end = min(leaving or sitting.ends_at, sitting.ends_at)
    there = int((end - begin).total_seconds() // 60) - sitting.break_minutes
    return max(0, min(there, sitting.planned))


def refusal(mark: Mark, session: Session) -> str:
    """Why this mark cannot be, in words; empty when it can. The session is half-open: [start, end)."""
    if mark.status not in Status.values:
        return _("There is no such mark: %(status)s.") % {"status": mark.status}
    is_loaded = mark.source == Mark.Source.LOAD  # an old register may know that, not when
    if mark.status == Status.LATE and mark.arrival is None and not is_loaded:
        return _("Late needs the time of arrival.")
    if mark.status == Status.LEFT_EARLY and mark.leaving is None and not is_loaded:
        return _("Left early needs the time of leaving.")
    if mark.arrival and mark.leaving and mark.leaving <= mark.arrival:
        return _("The time of leaving lies before the time of arrival.")
    return _outside(mark, session) or _in_a_gap(mark, session)


def _outside(mark: Mark, session: Session) -> str:
    """Times that contradict the session's own."""
    if session.start is None:
        return ""
    said = {"start": formats.time_format(session.start), "end": formats.time_format(session.end)}
    if mark.status == Status.LATE and mark.arrival and mark.arrival <= session.start:
        return _("The session starts at %(start)s: who came by then is present, not late.") % said
    if mark.arrival and mark.arrival >= session.end:
        return _("The session ends at %(end)s: who came then was absent.") % said
    if mark.leaving and mark.leaving <= session.start:
        return _("The session starts at %(start)s: who left by then was absent.") % said
    if mark.status == Status.LEFT_EARLY and mark.leaving and mark.leaving >= session.end:
        return _("The session ends at %(end)s: who stayed until then is present.") % said
    return ""


def _in_a_gap(mark: Mark, session: Session) -> str:
    """A time that does not exist, or happens twice, on a night when clocks change."""
    for at in filter(None, (mark.arrival, mark.leaving)):
        if session.day is None:
            continue
        try:
            clock.instant(session.day, at, session.zone)
        except ValidationError as error:
            return " ".join(error.messages)
    return ""
