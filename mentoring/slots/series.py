"""Office hours as wall time: what a mentor writes once becomes single slots. Values in, values out."""

from datetime import date, datetime, time, timedelta
from typing import NamedTuple

from django.core.exceptions import ValidationError
from django.utils.formats import date_format
from django.utils.translation import gettext as _

from lib import clock

MOST = 200  # slots at once
SHORTEST = 5  # minutes


class Time(NamedTuple):
    """One slot: the wall time that people agree on, and the instants that follow from it."""

    day: date
    start: time
    end: time
    fold: int
    starts_at: datetime
    ends_at: datetime


def times(
    *, day: date, start: time, end: time, zone: str, fold: int | None, until: date | None, each: int | None
) -> list[Time]:
    """From `start` to `end` on `day`, and on the same weekday of each week up to `until` (itself included);
    cut into slots of `each` minutes where that is given. The hour stays the same over a change of clocks.

    Raises ValidationError by field; code `gap` where clocks leave a time out, `twice` where they show one
    twice and `fold` does not say which.
    """
    _check(day, start, end, until, each)
    days = [day]
    while until and days[-1] + timedelta(weeks=1) <= until:
        days.append(days[-1] + timedelta(weeks=1))
    pieces = _pieces(start, end, each)
    if len(days) * len(pieces) > MOST:
        words = _("These are %(n)s slots; at most %(most)s can be opened at once.")
        raise ValidationError({"until": words % {"n": len(days) * len(pieces), "most": MOST}})
    return [_time(one, *piece, zone, fold) for one in days for piece in pieces]


def asks_fold(day: date, start: time, end: time, zone: str, until: date | None) -> bool:
    """Is there a day among them on which the clocks show one of these times twice?"""
    days = range(0, ((until or day) - day).days + 1, 7)
    return any(
        clock.happens_twice(day + timedelta(days=n), at, zone)
        for n in list(days)[:MOST]
        for at in (start, end)
    )


def _check(day: date, start: time, end: time, until: date | None, each: int | None) -> None:
    if not 1990 <= day.year <= 2100:
        raise ValidationError({"day": _("The day must lie between 1990 and 2100.")})
    if end <= start:
        raise ValidationError({"end": _("The slot must end after it starts, on the same day.")})
    if until and until < day:
        raise ValidationError({"until": _("The last day comes before the first.")})
    if until and (until - day).days > 366:
        raise ValidationError({"until": _("A series goes on for a year at most.")})
    if each is not None and not SHORTEST <= each <= _minutes(end) - _minutes(start):
        raise ValidationError({"each": _("No slot of this length fits in between.")})


def _pieces(start: time, end: time, each: int | None) -> list[tuple[time, time]]:
    """Whole slots only: what is left at the end stays free."""
    if each is None:
        return [(start, end)]
    first, last = _minutes(start), _minutes(end)
    return [(_clock(at), _clock(at + each)) for at in range(first, last - each + 1, each)]


def _minutes(at: time) -> int:
    return at.hour * 60 + at.minute


def _clock(minutes: int) -> time:
    return time(minutes // 60, minutes % 60)


def _time(day: date, start: time, end: time, zone: str, fold: int | None) -> Time:
    is_twice = any(clock.happens_twice(day, at, zone) for at in (start, end))
    moments = []
    for name, at in (("start", start), ("end", end)):
        try:
            moments.append(clock.instant(day, at, zone, fold=fold))
        except ValidationError as error:
            raise ValidationError({"fold" if error.code == "twice" else name: error}) from None
    if moments[1] <= moments[0]:
        words = _("The clocks change on %(day)s: the slot would end before it starts.")
        raise ValidationError({"end": words % {"day": date_format(day)}})
    return Time(day, start, end, (fold or 0) if is_twice else 0, *moments)
