"""From a template and what was wished to the sessions that are proposed. Values in, values out: nothing here
reads or writes. All times are wall time of the place."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta
from typing import Any

from training.planning import breaks
from training.planning.templates import Template

FAR = 3 * 366  # days after which nothing more is looked for
MOST = 300  # sessions in one proposal
Term = tuple[date, date]  # first and last day


@dataclass(frozen=True)
class Wishes:
    """What was asked for. `starts`: the first day of each module; `venues` likewise, the last one goes on."""

    starts: Sequence[date] = ()
    start: time = time(9)
    end: time = time(16)
    breaks: Sequence[Sequence[str]] = ()
    count: int = 1
    weekdays: Sequence[int] = ()  # 0 is Monday; none: that of the first day
    venues: Sequence[Any] = ()
    closed: Mapping[date, str] = field(default_factory=dict)  # day: why
    terms: Sequence[Term] = ()
    name: str = ""
    name_sr: str = ""
    agenda: str = ""
    agenda_sr: str = ""


@dataclass(frozen=True)
class Part:
    number: int
    name: str
    name_sr: str
    venue: Any = None


@dataclass(frozen=True)
class Line:
    """One session as proposed; `part` is the number of its module, none where it belongs to no module."""

    part: int | None
    day: date
    start: time
    end: time
    breaks: Sequence[Sequence[str]] = ()
    venue: Any = None
    title: str = ""
    title_sr: str = ""
    agenda: str = ""
    agenda_sr: str = ""
    fold: int | None = None


@dataclass(frozen=True)
class Skipped:
    day: date
    why: str


@dataclass(frozen=True)
class Proposal:
    parts: Sequence[Part]
    lines: Sequence[Line]
    skipped: Sequence[Skipped] = ()

    @property
    def first(self) -> date | None:
        return min((line.day for line in self.lines), default=None)

    @property
    def last(self) -> date | None:
        return max((line.day for line in self.lines), default=None)


def propose(template: Template, wishes: Wishes, numbered_from: int = 1) -> Proposal:
    """Sessions of every module, closed days left out; one that has a count gets as many, later."""
    parts, lines, skipped = [], [], []
    spans = wishes.terms if template.has_terms else [(first, None) for first in wishes.starts]
    for index, (first, last) in enumerate(spans):
        venue = wishes.venues[min(index, len(wishes.venues) - 1)] if wishes.venues else None
        days = list(_days(first, last, wishes))
        skipped += [Skipped(day, wishes.closed[day]) for day in days if day in wishes.closed]
        part = _part(template, index, numbered_from + index, venue, wishes)
        parts += [part] if part else []
        taken = [day for day in days if day not in wishes.closed]
        lines += [_line(template, wishes, part, n, day, venue) for n, day in enumerate(taken, 1)]
    return Proposal(parts, lines[:MOST], skipped)


def _days(first: date, last: date | None, wishes: Wishes) -> Iterator[date]:
    """The days in turn, closed ones among them: up to `last`, or until as many as wished are open."""
    weekdays = wishes.weekdays or (first.weekday(),)
    is_open = 0
    for away in range(FAR):
        day = first + timedelta(days=away)
        if (day > last) if last else (is_open == wishes.count):
            return
        if day.weekday() in weekdays:
            is_open += day not in wishes.closed
            yield day


def _part(template: Template, index: int, number: int, venue: Any, wishes: Wishes) -> Part | None:
    if not template.parts[0]:
        return None
    said = {"n": number, "year": index // 2 + 1, "term": index % 2 + 1}
    return Part(number, *(words.format(**said) for words in template.parts), venue)


def _line(template: Template, wishes: Wishes, part: Part | None, n: int, day: date, venue: Any) -> Line:
    names = (wishes.name, wishes.name_sr)
    title, title_sr = (
        words.format(n=n, programme=name) for words, name in zip(template.sessions, names, strict=True)
    )
    return Line(
        part=part.number if part else None,
        day=day,
        start=wishes.start,
        end=wishes.end,
        breaks=wishes.breaks,
        venue=venue,
        title=title,
        title_sr=title_sr,
        agenda=wishes.agenda,
        agenda_sr=wishes.agenda_sr,
    )


@dataclass(frozen=True)
class Shift:
    """So many days later (or earlier); a new start, which keeps the length unless an end is given."""

    days: int = 0
    start: time | None = None
    end: time | None = None

    def __bool__(self) -> bool:
        return bool(self.days or self.start or self.end)


def shifted(
    day: date, start: time | None, end: time | None, kept: Iterable, shift: Shift
) -> tuple[date, time | None, time | None, list]:
    """Day, start, end and breaks as they shall be: wall time stays wall time. Breaks go along with the start.

    Raises OverflowError where the end would lie on the next day.
    """
    day = day + timedelta(days=shift.days)
    kept = list(kept)
    if start is None or end is None:
        return day, shift.start if shift.end else None, shift.end if shift.start else None, kept
    later = _minute(shift.start) - _minute(start) if shift.start else 0
    last = shift.end or _plus(end, later)
    return day, shift.start or start, last, breaks.shifted(kept, later) if later else kept


def _minute(at: time) -> int:
    return at.hour * 60 + at.minute


def _plus(at: time, minutes: int) -> time:
    moved = datetime.combine(date(2000, 1, 2), at) + timedelta(minutes=minutes)
    if moved.date() != date(2000, 1, 2):
        raise OverflowError("a session ends on its day")
    return moved.time()
