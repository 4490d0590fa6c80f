"""Quiet hours: when nothing may reach anybody, by the clock on her wall."""

from collections.abc import Iterator
from datetime import UTC, date, datetime, time, timedelta
from functools import lru_cache
from zoneinfo import ZoneInfo

from lib import clock

HEADROOM = timedelta(minutes=5)  # so long before they begin is the last moment: what leaves has to arrive
_DAY, _MINUTE, _SECOND = timedelta(days=1), timedelta(minutes=1), timedelta(seconds=1)


def zone_of(own: str, programmes: str) -> str:
    """Her zone if there is such a one, else the programme's."""
    return own if own and clock.is_zone(own) else programmes


def is_quiet(at: datetime, *, zone: str, starts: time, ends: time) -> bool:
    """Do the clocks of `zone` show a quiet hour? The window is half-open and may wrap midnight; equal ends
    make it empty."""
    wall = at.astimezone(ZoneInfo(zone)).time()
    if starts <= ends:
        return starts <= wall < ends
    return wall >= starts or wall < ends


@lru_cache(maxsize=4096)  # many hear of one thing at one moment
def allowed(
    at: datetime,
    *,
    zone: str,
    starts: time,
    ends: time,
    before: datetime | None = None,
    after: datetime | None = None,
) -> datetime | None:
    """The nearest moment to `at` (aware) that is not quiet: `at` itself, or the end of the quiet hours, or,
    where that is not before `before`, the last moment ahead of them. None when no such moment is left: it
    lies before `after`. Raises ZoneInfoNotFoundError or ValueError for a zone that is none."""
    hours = {"zone": zone, "starts": starts, "ends": ends}
    if not is_quiet(at, **hours):
        return at
    at = at.astimezone(UTC)
    end = min(one for one in _edges(at, zone, ends) if one > at and not is_quiet(one, **hours))
    if before is None or end < before:
        return end
    begins = [one for one in _edges(at, zone, starts) if one <= at and not is_quiet(one - _SECOND, **hours)]
    start = max(one for one in begins if is_quiet(one, **hours))
    rooms = (start - room for room in (HEADROOM, _MINUTE, _SECOND))
    last = next(one for one in rooms if not is_quiet(one, **hours))
    return None if after is not None and last < after else last


def _edges(at: datetime, zone: str, wall: time) -> Iterator[datetime]:
    """Every instant around `at` at which a window may begin or end: where the clocks show `wall`, both times
    when they show it twice, and where they jump."""
    here = ZoneInfo(zone)
    middle = at.astimezone(here).date()
    for days in (-1, 0, 1, 2):
        day = middle + timedelta(days=days)
        yield from {_instant(day, wall, here, fold) for fold in (0, 1)}
    for hours in range(-48, 48, 24):
        left, right = at + timedelta(hours=hours), at + timedelta(hours=hours + 24)
        if _offset(left, here) != _offset(right, here):
            yield _jump(left, right, here)


def _instant(day: date, wall: time, here: ZoneInfo, fold: int) -> datetime:
    return datetime.combine(day, wall, here).replace(fold=fold).astimezone(UTC)


def _offset(at: datetime, here: ZoneInfo) -> timedelta | None:
    return at.astimezone(here).utcoffset()


def _jump(left: datetime, right: datetime, here: ZoneInfo) -> datetime:
    """The first second after the clocks changed; they change on a whole one."""
    left = left.replace(microsecond=0)
    before = _offset(left, here)
    while right - left > _SECOND:
        middle = left + timedelta(seconds=(right - left) // _SECOND // 2)
        if _offset(middle, here) == before:
            left = middle
        else:
            right = middle
    return left + _SECOND
