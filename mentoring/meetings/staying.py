"""Are the pairs still meeting, month after month? Of those of whom it is known: unknown is never a no."""

from collections.abc import Iterable, Mapping, Sequence
from datetime import date
from typing import NamedTuple

from mentoring.models import Assignment, Meeting
from people.models import Programme
from training.models import Attendance, Session

Grid = Iterable[Mapping[int, bool | None]]  # a row a pair: by wave, whether the two met; None is unknown


class Share(NamedTuple):
    """Of `known` pairs `met` did in this wave (a month of the assignment, from 1, or a session's key)."""

    wave: int
    met: int
    known: int

    @property
    def share(self) -> float | None:
        return self.met / self.known if self.known else None


def shares(grid: Grid, waves: Sequence[int]) -> list[Share]:
    rows = list(grid)
    found = []
    for wave in waves:
        said = [row[wave] for row in rows if row.get(wave) is not None]
        found.append(Share(wave, sum(said), len(said)))
    return found


def of_meetings(programme: Programme, today: date, months: int = 12) -> list[Share]:
    """By month since each assignment began, from the log. Two met in a month with a meeting. They did not
    where the assignment had ended before, or a later meeting shows that the log was kept; a month that is not
    over, or after which nothing was logged, is unknown."""
    rows = Assignment.objects.filter(programme=programme, state__in=Assignment.COUNTED).exclude(start=None)
    days: dict[int, list[date]] = {pk: [] for pk in rows.order_by().values_list("pk", flat=True)}
    met = Meeting.objects.counting().filter(assignment__in=days).order_by()
    for pk, day in met.values_list("assignment", "day"):
        days[pk].append(day)
    grid = [
        {n: _met(days[row.pk], _after(row.start, n - 1), _after(row.start, n), row.end, today) for n in waves}
        for row in rows
        for waves in [range(1, months + 1)]
    ]
    return [share for share in shares(grid, range(1, months + 1)) if share.known]


def _met(days: Sequence[date], begins: date, ends: date, over: date | None, today: date) -> bool | None:
    if any(begins <= day < ends for day in days):
        return True
    if ends > today:
        return None
    if (over and over < begins) or any(day >= ends for day in days):
        return False
    return None


def _after(day: date, months: int) -> date:
    """So many months later, on the same day or the last one of that month."""
    year, month = divmod(day.month - 1 + months, 12)
    for back in range(4):
        try:
            return date(day.year + year, month + 1, day.day - back)
        except ValueError:
            continue
    raise ValueError(f"no month {months} after {day}")


def of_register(sessions: Iterable[Session]) -> list[Share]:
    """Where people were asked in waves and the answers brought in as a register: present is a yes, absent a
    no, an empty square unknown. By the key of each session, in their order."""
    waves = [session.pk for session in sessions]
    marked = Attendance.objects.filter(entry__session__in=waves).values_list(
        "entry__enrolment", "entry__session", "status"
    )
    grid: dict[int, dict[int, bool]] = {}
    for enrolment, session, status in marked:
        grid.setdefault(enrolment, {})[session] = status in Attendance.THERE
    return shares(grid.values(), waves)
