"""A day and a time in one cell, as programs write it: 2017-09-24T22:00:00+10:00. The day is the local one; an
offset says which clocks it was read from."""

import re
from datetime import date, datetime, time, timedelta
from functools import lru_cache
from zoneinfo import ZoneInfo

from django.utils.translation import gettext as _

MOMENT = re.compile(
    r"\d{4}-\d{1,2}-\d{1,2}[T ](?P<time>\d{1,2}:\d{2})(?::\d{2}(?:[.,]\d+)?)?\s*"
    r"(?P<offset>Z|UTC|[+-]\d{2}:?\d{2})?",
    re.I,
)
# whose clocks are not a whole number of hours from UTC
ODD = (
    "Asia/Kolkata", "Asia/Tehran", "Asia/Kabul", "Asia/Kathmandu", "Asia/Yangon", "Asia/Colombo",
    "Australia/Darwin",
    "Australia/Adelaide", "Australia/Lord_Howe", "Australia/Eucla", "America/St_Johns", "America/Caracas",
    "Asia/Pyongyang", "Pacific/Chatham", "Pacific/Marquesas",
)  # fmt: skip


def offset_in(text: str) -> str:
    """The offset that a moment is written with; empty where there is none, or this is no moment."""
    found = MOMENT.fullmatch(text.strip())
    return (found["offset"] or "") if found else ""


def offset_like(zone: str) -> bool:
    """Is this an offset rather than the name of a zone?"""
    return zone.upper() in ("Z", "UTC") or zone[:1] in ("+", "-")


def time_in(text: str) -> time | None:
    found = MOMENT.fullmatch(text.strip())
    if not found:
        return None
    hour, minute = found["time"].split(":")
    return time(int(hour), int(minute))


def length_of(offset: str) -> timedelta:
    if offset.upper() in ("Z", "UTC"):
        return timedelta(0)
    digits = offset[1:].replace(":", "")
    length = timedelta(hours=int(digits[:2]), minutes=int(digits[2:]))
    return -length if offset[0] == "-" else length


@lru_cache(maxsize=4096)
def zone_of(offset: str, day: date, at: time, *preferred: str) -> str:
    """A time zone whose clocks had this offset then: one of `preferred`, else one that keeps it for good.
    Raises ValueError where the offset is none of this world's."""
    length = length_of(offset)
    hours, rest = divmod(int(length.total_seconds()) // 60, 60)
    whole = [] if rest else ["UTC" if not hours else f"Etc/GMT{-hours:+d}"]
    for name in (*filter(None, preferred), *whole, *ODD):
        try:
            here = datetime.combine(day, at, ZoneInfo(name))
        except (KeyError, ValueError, OSError):
            continue
        if here.replace(fold=0).utcoffset() == here.replace(fold=1).utcoffset() == length:
            return name
    raise ValueError(_("No clocks anywhere are that far from UTC."))
