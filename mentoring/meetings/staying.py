"""Are the pairs still meeting, month after month? Of those of whom it is known: unknown is never a no."""

from collections.abc import Iterable, Mapping, Sequence
from datetime import date
from typing import NamedTuple

from mentoring.models import Assignment, Meeting
from training.models import Attendance, Session

# a row a pair: by wave, whether the two met; None is unknown; without the wave: nothing was to be asked
Grid = Iterable[Mapping[int, bool | None]]


class Share(NamedTuple):
    """Of `known` pairs `met` did in this wave (a month of the assignment, from 1, or a session's key)."""

    wave: int
    met: int
    known: int
    unknown: int

    @property
    def share(self) -> float | None:
        return self.met / self.known if self.known else None


def shares(grid: Grid, waves: Sequence[int]) -> list[Share]:
    rows = list(grid)
    found = []
    for wave in waves:
        said = [row[wave] for row in rows if wave in row]
        known = [met for met in said if met is not None]
        found.append(Share(wave, sum(known), len(known), len(said) - len(known)))
    return found


def counted(rows: Iterable[Assignment]) -> list[Assignment]:
    """The pairs whose months can be counted: accepted ones, whose first day is known."""
    return [row for row in rows if row.state in Assignment.COUNTED and row.start]


def of_meetings(rows: Iterable[Assignment], today: date, months: int = 12) -> list[Share]:
    """By month since each of these assignments began, from the log, in one query, up to the last month of
    which anything is known and that some pair has. Two met in a month with a meeting. They did not where the
    assignment had ended before its time, or a later meeting shows that the log was kept; a month that is not
    over, or after which nothing was logged, is unknown. A pair that completed its work has no months after
    that."""
    rows = counted(rows)
    days: dict[int, list[date]] = {row.pk: [] for row in rows}
    met = Meeting.objects.counting().filter(assignment__in=days).order_by()
    for pk, day in met.values_list("assignment", "day"):
        days[pk].append(day)
    waves = range(1, months + 1)
    found = shares([_months(row, days[row.pk], waves, today) for row in rows], waves)
    while found and not (found[-1].known and _is_going_on(rows, found[-1].wave, today)):
        found.pop()
    return found


def _is_going_on(rows: Iterable[Assignment], month: int, today: date) -> bool:
    return any(_after(row.start, month - 1) < (row.end or today) for row in rows)


def _months(row: Assignment, days: Sequence[date], waves: range, today: date) -> dict[int, bool | None]:
    """Whether the two met in each month that the pair had."""
    starts = {n: _after(row.start, n - 1) for n in range(waves.start, waves.stop + 1)}
    is_complete = row.state == Assignment.State.COMPLETED and row.end
    asked = [n for n in waves if not (is_complete and row.end <= starts[n])]
    return {n: _met(days, starts[n], starts[n + 1], row.end, today) for n in asked}


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
