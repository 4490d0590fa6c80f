"""Half-open spans of days: the first day is in, the last one is the day before `end`."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta

from django.utils.formats import date_format


@dataclass(frozen=True, order=True)
class Period:
    """`[start, end)`; with `start == end` it holds no day. Raises ValueError when it ends before it starts.

    >>> date(2017, 3, 18) in Period(date(2017, 3, 6), date(2017, 3, 18))
    False
    """

    start: date
    end: date

    def __post_init__(self):
        if self.end < self.start:
            raise ValueError(f"a period from {self.start} cannot end on {self.end}")

    @classmethod
    def through(cls, first: date, last: date) -> "Period":
        """The period from one day to another, both of them in it, as people say it."""
        return cls(first, last + timedelta(days=1))

    def __contains__(self, day: date) -> bool:
        return self.start <= day < self.end

    def __iter__(self) -> Iterator[date]:
        return (self.start + timedelta(days=n) for n in range(self.days))

    def overlaps(self, other: "Period") -> bool:
        """Is any day in both?"""
        return max(self.start, other.start) < min(self.end, other.end)

    @property
    def last(self) -> date:
        """The last day that is in."""
        return self.end - timedelta(days=1)

    @property
    def days(self) -> int:
        return (self.end - self.start).days

    def __str__(self) -> str:
        """In the reader's language, with the last day as people say it: 6 March 2017 – 17 March 2017."""
        if self.days <= 1:
            return date_format(self.start)
        return f"{date_format(self.start)} – {date_format(self.last)}"
