"""A programme's days across a page: values in, positions in per cent out (for components/timeline.html).

Days lie where their time puts them, pushed apart to a least distance so that six days of two weeks in a year
can still be told from each other; everything between two days is placed between them.
"""

from bisect import bisect_right
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from itertools import product

GROUND, FULL = 118, 78  # px: where the bars stand, and how tall one is when everybody is there
WIDTH = 2.6  # per cent of the width, at most
BELOW, ABOVE = 138, 102  # px: where words stand, under the line or over it
LETTER = 0.62  # per cent of the width that a letter of a label takes on a laptop


@dataclass(frozen=True)
class Bar:
    """One session: its day, how many were there (None: not known, or still to come) of how many expected."""

    day: date
    there: int | None
    expected: int


@dataclass(frozen=True)
class Label:
    """Words under the line at a day; `short` is said where there is no room for `words`."""

    day: date
    words: str
    short: str = ""


class Axis:
    """Where a day lies, in per cent."""

    def __init__(self, days: Iterable[date], gap: float):
        self.days = sorted(days)
        first, span = self.days[0], max(1, (self.days[-1] - self.days[0]).days)
        room = 100 - gap
        self.places = [room * (day - first).days / span for day in self.days]
        for i in range(1, len(self.places)):
            self.places[i] = max(self.places[i], self.places[i - 1] + gap)
        limit = room
        for i in reversed(range(len(self.places))):
            self.places[i] = limit = min(self.places[i], limit)
            limit -= gap

    def place(self, day: date) -> float:
        """The left edge of a day's slot; a day between two known ones lies between them."""
        i = bisect_right(self.days, day) - 1
        if i < 0:
            return 0.0
        if i == len(self.days) - 1 or self.days[i] == day:
            return self.places[i]
        share = (day - self.days[i]).days / (self.days[i + 1] - self.days[i]).days
        return self.places[i] + share * (self.places[i + 1] - self.places[i])


def draw(bars: list[Bar], spans: list[Label], dues: list[Label], today: Label | None) -> dict:
    """The drawing of `components/timeline.html`, without its words for a screen reader. Needs a bar."""
    days = [bar.day for bar in bars] + [due.day for due in dues]
    today = today if today and _is_near(days, today.day) else None
    marks = sorted({*days, *([today.day] if today else [])})
    slots = (
        len(bars) + len(marks) - len({bar.day for bar in bars})
    )  # several sessions of a day stand side by side
    gap = min(WIDTH * 1.5, 100 / max(1, slots))
    most = max((sum(bar.day == day for bar in bars) for day in {bar.day for bar in bars}), default=1)
    axis = Axis(marks, min(gap * most, 100 / len(marks)))
    width = min(WIDTH, gap * 0.7)
    full = FULL if today else FULL + 24  # today's label needs the room above
    seen: dict[date, int] = {}
    shapes, lefts = [], []
    for bar in bars:
        nth = seen[bar.day] = seen.get(bar.day, -1) + 1
        lefts.append(axis.place(bar.day) + nth * gap)
        shapes.append(_shape(bar, lefts[-1], width, full))
    taken: list[tuple[float, float]] = []
    drawn = {"bars": shapes}
    drawn["spans"] = _labels(spans, axis, taken)
    rows = {BELOW: taken, ABOVE: [(x, x + width + 1) for x in lefts]}
    drawn["dues"] = [_due(label, axis.place(label.day) + width / 2, rows) for label in dues]
    if today:
        x = axis.place(today.day) + (width / 2 if today.day in seen else 0)
        drawn["today"] = {"x": _percent(x), "label": today.words, "end": x > 78}
    return drawn


def _is_near(days: list[date], today: date) -> bool:
    """Today is drawn while the programme runs, or a little before and after: not years away from it."""
    first, last = min(days), max(days)
    margin = max(7, (last - first).days // 3)
    return (first - today).days <= margin and (today - last).days <= margin


def _shape(bar: Bar, x: float, width: float, full: int) -> dict:
    place = {"x": _percent(x), "mid": _percent(x + width / 2), "width": _percent(width)}
    if bar.there is None or not bar.expected:
        return place | {"state": "planned", "top": GROUND - full, "height": full}
    height = max(2, round(full * bar.there / bar.expected))
    shape = place | {"state": "held", "top": GROUND - height, "height": height}
    shape |= {"full_top": GROUND - full, "full_height": full}
    if width >= 2.2 and height >= 24:
        shape["count"] = bar.there
    return shape


def _labels(labels: list[Label], axis: Axis, taken: list[tuple[float, float]]) -> list[dict]:
    """Each with as many words as there is room for before the next; none where there is no room at all."""
    places = [axis.place(label.day) for label in labels]
    found = []
    for label, x, limit in zip(labels, places, [*places, 100.0][1:], strict=True):
        for words in (label.words, label.short):
            end = x + LETTER * len(words)
            if words and end <= limit:
                taken.append((x, end + 1))
                found.append({"x": _percent(x), "label": words})
                break
    return found


def _due(label: Label, x: float, rows: dict[int, list[tuple[float, float]]]) -> dict:
    """A tick with its words before or after it, under the line or over it; alone where there is no room."""
    for (y, taken), words in product(rows.items(), (label.words, label.short)):
        length = LETTER * len(words)
        for begin, at_end in ((x, False), (x - length, True)):
            if (
                words
                and begin >= 0
                and begin + length <= 100
                and all(begin + length <= a or begin >= b for a, b in taken)
            ):
                taken.append((begin, begin + length + 1))
                return {"x": _percent(x), "label": words, "end": at_end, "y": y}
    return {"x": _percent(x), "label": "", "end": False, "y": BELOW}


def _percent(value: float) -> str:
    return f"{value:.2f}".rstrip("0").rstrip(".") + "%"
