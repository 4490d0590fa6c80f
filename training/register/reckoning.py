"""What marks amount to: a pure function of them. Nothing here reads or writes."""

from collections.abc import Iterable
from datetime import datetime, time, timedelta
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


def says(mark) -> tuple | None:
    """What a mark says of her, whoever made it and when. None: not marked."""
    if mark is None or mark.status == Status.CLEARED:
        return None
    return (mark.status, mark.arrival, mark.leaving, mark.minutes)


class Sitting(NamedTuple):
    """What minutes are computed from: the session's instants (half-open), its breaks, what was planned."""

    starts_at: datetime | None
    ends_at: datetime | None
    break_minutes: int
    planned: int | None  # breaks out; None: the session has no length
    breaks: tuple[tuple[datetime, datetime], ...] = ()  # where it is known when they were


def sitting_of(session: Session, planned: int | None) -> Sitting:
    """The session as minutes need it; `planned` is the roster's."""
    times = (session.starts_at, session.ends_at)
    return Sitting(*times, session.break_minutes, planned, _breaks(session))


def minutes(
    sitting: Sitting,
    status: str,
    arrival: datetime | None,
    leaving: datetime | None,
    given: int | None = None,
) -> int | None:
    """Minutes attended, breaks out, between 0 and what was planned; None where it cannot be known.

    `given` is what a source knew instead of times. Half a day is half of what was planned, rounded down. Of a
    break whose time is known, the part that she missed costs nothing. Where breaks are only known as so many
    minutes, a minute late is a minute less, whether it fell into one or not.
    """
    if sitting.planned is None:
        return None
    if status not in Attendance.THERE:
        return 0
    if given is not None:
        return min(given, sitting.planned)
    if status == Status.PRESENT:
        return sitting.planned
    if status == Status.HALF_DAY:
        return sitting.planned // 2
    came, went = status == Status.LATE, status == Status.LEFT_EARLY
    if sitting.starts_at is None or (came and arrival is None) or (went and leaving is None):
        return None
    begin = max(arrival or sitting.starts_at, sitting.starts_at)
    end = min(leaving or sitting.ends_at, sitting.ends_at)
    there = int(((end - begin) - _within(sitting, begin, end)).total_seconds() // 60)
    return max(0, min(there, sitting.planned))


def _within(sitting: Sitting, begin: datetime, end: datetime) -> timedelta:
    """How much of the breaks lies in [begin, end): each moment once, also where two breaks overlap."""
    if not sitting.breaks:
        return timedelta(minutes=sitting.break_minutes)
    total, done = timedelta(), begin
    for start, stop in sorted(sitting.breaks):
        start, stop = max(start, done), min(stop, end)
        if stop > start:
            total, done = total + (stop - start), stop
    return total


def instant(session: Session, at: time | None) -> datetime | None:
    """A local time of the session's day. One that the clocks skip on a day it was moved to is unknown."""
    if at is None or session.day is None:
        return None
    try:
        return clock.instant(session.day, at, session.zone)
    except ValidationError:
        return None


def late_by(session: Session, arrival: time | None) -> int | None:
    """Whole minutes from the start until she came; None where one of the two is not known."""
    came = instant(session, arrival)
    if came is None or session.starts_at is None:
        return None
    return int((came - session.starts_at).total_seconds() // 60)


def _breaks(session: Session) -> tuple[tuple[datetime, datetime], ...]:
    """The breaks as instants; none when they are not all known: then their minutes count as a whole."""
    found = [tuple(instant(session, time.fromisoformat(at)) for at in pair) for pair in session.breaks or ()]
    return () if any(None in pair for pair in found) else tuple(found)


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
    return _too_long(mark, session) or _outside(mark, session) or _in_a_gap(mark, session)


def _too_long(mark: Mark, session: Session) -> str:
    """Minutes that contradict the mark or the session."""
    if mark.minutes is None:
        return ""
    if mark.source != Mark.Source.LOAD:
        return _("Minutes are computed from times: only a loaded register says them itself.")
    if mark.status not in Attendance.THERE:
        return _("Who was not there has no minutes.")
    if session.minutes is not None and mark.minutes > session.minutes:
        said = {"minutes": mark.minutes, "length": session.minutes}
        return _("The session lasts %(length)s minutes: nobody attends %(minutes)s.") % said
    return ""


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
