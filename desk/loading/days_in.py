"""Days in a heading or cell, as people write them: 12.3.2026., 12. mart, 12/3, Mar 12, 2026-03-12.

A text may be read in several ways (3/4, a day without a year): all of them are given, and whoever knows which
days there are chooses.
"""

import re
from typing import NamedTuple

from desk.loading.values import MONTHS
from lib.folding import fold


class Said(NamedTuple):
    """One reading: a day, perhaps without a year, and the words beside it."""

    year: int | None
    month: int
    day: int
    rest: str

    def is_day(self, day) -> bool:
        return (
            day is not None
            and (day.month, day.day) == (self.month, self.day)
            and self.year in (None, day.year)
        )


_CLOCK = r"(?:[t ]\s*\d{1,2}:\d{2}(?::\d{2}(?:\.\d+)?)?\s*(?:z|utc|[+-]\d{2}:?\d{2})?)?"
_MONTH = "|".join(sorted(MONTHS, key=len, reverse=True))
_ISO = re.compile(rf"(?<!\d)(?P<y>\d{{4}})[-/.](?P<m>\d{{1,2}})[-/.](?P<d>\d{{1,2}})(?!\d)(?P<c>{_CLOCK})")
_DOTS = re.compile(
    r"(?<!\d)(?P<d>\d{1,2})\.\s*(?P<m>\d{1,2})\.(?:\s*(?P<y>\d{4}|\d{2})(?!\d|[:.]\d)\.?)?(?P<c>)"
)
_NAMED = re.compile(
    rf"(?<![\da-z])(?P<d>\d{{1,2}})(?:st|nd|rd|th|\.)?[\s-]*(?P<w>{_MONTH})\b\.?(?:[\s,-]*(?P<y>\d{{4}})\.?)?(?P<c>)"
)
_NAMED_FIRST = re.compile(
    rf"\b(?P<w>{_MONTH})\.?[\s-]*(?P<d>\d{{1,2}})(?:st|nd|rd|th)?(?!\d)(?:,?\s*(?P<y>\d{{4}}))?(?P<c>)"
)
_SLASHED = re.compile(r"(?<!\d)(?P<d>\d{1,2})[/-](?P<m>\d{1,2})(?:[/-](?P<y>\d{4}|\d{2}))?(?!\d)(?P<c>)")
_SHORT = re.compile(r"(?<![\d.])(?P<d>\d{1,2})\.(?P<m>\d{2})(?![\d.])(?P<c>)")  # 12.03


def days_in(text: str) -> list[Said]:
    """All readings of the first day that stands in the text; none where none does."""
    said = fold(text)
    for pattern in (_ISO, _DOTS, _NAMED, _NAMED_FIRST, _SLASHED, _SHORT):
        if found := pattern.search(said):
            rest = f"{said[: found.start()]} {said[found.end() :]}"
            rest = " ".join(re.sub(r"[()\[\],;|]|(?<!\w)[-–—/](?!\w)", " ", rest).split()).strip(" .-–")
            return _readings(pattern, found, rest)
    return []


def _readings(pattern: re.Pattern, found: re.Match, rest: str) -> list[Said]:
    parts = found.groupdict()
    year = int(parts["y"]) if parts.get("y") else None
    year = year + 2000 if year is not None and year < 100 else year
    if parts.get("w"):
        return _possible([(year, MONTHS[parts["w"]], int(parts["d"]))], rest)
    one, other = int(parts["d"]), int(parts["m"])
    if pattern is _SLASHED and one != other:
        return _possible([(year, other, one), (year, one, other)], rest)
    return _possible([(year, other, one)], rest)


def _possible(days: list[tuple], rest: str) -> list[Said]:
    return [Said(y, m, d, rest) for y, m, d in days if 1 <= m <= 12 and 1 <= d <= 31]
