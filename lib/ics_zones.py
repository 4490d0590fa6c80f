"""A time zone as calendars take it along (VTIMEZONE), read from the same tables as our own clocks.

As yearly rules wherever it keeps one: the commonest calendar reads no lists of dates. (The library's own
lists put each spring's change an hour late.)
"""

from collections import defaultdict
from datetime import UTC, datetime, timedelta
from functools import lru_cache
from typing import TYPE_CHECKING, NamedTuple
from zoneinfo import ZoneInfo

if TYPE_CHECKING:
    from icalendar import Timezone

AHEAD = 10  # years; a rule that holds for so long goes on
WEEKDAYS = ("MO", "TU", "WE", "TH", "FR", "SA", "SU")


class Change(NamedTuple):
    """Clocks change: `at` is the wall time that they show just before."""

    at: datetime
    before: timedelta
    after: timedelta
    name: str
    is_forward: bool

    def rule(self) -> tuple:
        """What one change has in common with those of other years that follow one rule."""
        return (self.at.month, self.at.weekday(), self.at.time(), *self[1:])


@lru_cache(maxsize=64)
def timezone(zone: str, first: int, last: int) -> "Timezone":
    """The zone for the years from `first` to `last`, both included. Not to be changed: it is shared."""
    from icalendar import Timezone

    found = Timezone()
    found.add("tzid", zone)
    changes = _changes(ZoneInfo(zone), first - 1, last + AHEAD)
    if not any(change.at.year < first for change in changes):  # else the last of those is what holds first
        found.add_component(_component(_from(ZoneInfo(zone), first)))
    ruled = [pair for rows in _by_rule(changes).values() for pair in _ruled(rows, last)]
    for change, rule in sorted(ruled, key=lambda pair: pair[0].at):
        found.add_component(_component(change, rule))
    return found


def _changes(zone: ZoneInfo, first: int, last: int) -> list[Change]:
    """All of the years from `first` to `last`, to the second."""
    found, day, end = [], datetime(first, 1, 1, tzinfo=UTC), datetime(last + 1, 1, 1, tzinfo=UTC)
    while day < end:
        after = day + timedelta(days=1)
        if _offset(zone, day) != _offset(zone, after):
            found.append(_change(zone, day, after))
        day = after
    return found


def _offset(zone: ZoneInfo, moment: datetime) -> timedelta:
    return moment.astimezone(zone).utcoffset()


def _change(zone: ZoneInfo, low: datetime, high: datetime) -> Change:
    before = _offset(zone, low)
    while high - low > timedelta(seconds=1):
        middle = low + (high - low) // 2
        middle = middle.replace(microsecond=0)
        low, high = (middle, high) if _offset(zone, middle) == before else (low, middle)
    here = high.astimezone(zone)
    wall = (high + before).replace(tzinfo=None)
    return Change(wall, before, here.utcoffset(), here.tzname(), here.utcoffset() > before)


def _from(zone: ZoneInfo, year: int) -> Change:
    """What holds when the first year begins."""
    here = datetime(year, 1, 1, tzinfo=UTC).astimezone(zone)
    offset = here.utcoffset()
    return Change(here.replace(tzinfo=None) - offset, offset, offset, here.tzname(), False)


def _by_rule(changes: list[Change]) -> dict[tuple, list[Change]]:
    found = defaultdict(list)
    for change in changes:
        found[change.rule()].append(change)
    return found


def _ruled(rows: list[Change], last: int) -> list[tuple[Change, dict | None]]:
    """The first of them with its rule, where they go on so every year; else each by itself, while needed."""
    if by_day := _by_day(rows, until=last + AHEAD):
        return [(rows[0], {"freq": "yearly", "bymonth": rows[0].at.month, "byday": by_day})]
    return [(row, None) for row in rows if row.at.year <= last + 1]


def _by_day(rows: list[Change], until: int) -> str:
    """ "-1SU" where these are the last Sunday of every year on to the end, "2SU" the second; else ""."""
    years = [row.at.year for row in rows]
    if years != list(range(years[0], until + 1)):
        return ""
    day = WEEKDAYS[rows[0].at.weekday()]
    if all((row.at + timedelta(days=7)).month != row.at.month for row in rows):
        return f"-1{day}"
    places = {(row.at.day - 1) // 7 + 1 for row in rows}
    return f"{places.pop()}{day}" if len(places) == 1 else ""


def _component(change: Change, rule: dict | None = None):
    from icalendar import TimezoneDaylight, TimezoneStandard

    found = TimezoneDaylight() if change.is_forward else TimezoneStandard()
    found.add("dtstart", change.at)
    found.add("tzname", change.name)
    found.add("tzoffsetfrom", change.before)
    found.add("tzoffsetto", change.after)
    if rule:
        found.add("rrule", rule)
    return found
