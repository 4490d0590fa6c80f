"""The gate between figures and every reader who is not staff. Values in, values out.

The size of a cell is the number of distinct persons behind it (or of distinct enterprises, when those are
fewer), whatever it counts: six ideas may be one woman. Programme-level counts of participation are exact.
A breakdown is collapsed, smallest categories first, until every cell is large enough; all of its cells stand
there, so that total minus rest gives nothing. What is hidden leaves no number and no name behind.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field

from outcomes.values import Reason, Value

FLOOR = 5  # in code: a setting or a funding can only raise it


@dataclass(frozen=True)
class Cell:
    """One category as counted: how many things, and who stands behind them. The empty key is "not known"."""

    key: str
    count: int
    persons: frozenset[int]
    units: frozenset[int]  # enterprises; a person without one is her own

    @property
    def size(self) -> int:
        return min(len(self.persons), len(self.units))


@dataclass(frozen=True)
class Shown:
    """One category as it may be read. A merged one says how many it holds, never which or how large."""

    key: str | None
    count: int
    merged: int = 0
    with_unknown: bool = False


@dataclass(frozen=True)
class Table:
    """A breakdown that may be read: its cells, or the reason why there are none."""

    cells: tuple[Shown, ...] = field(default=())
    dropped: Reason | None = None

    @property
    def is_collapsed(self) -> bool:
        return any(cell.merged for cell in self.cells)


def limit(wanted: int | None) -> int:
    """The threshold that holds: what a funding wants, never below the floor."""
    return max(FLOOR, wanted or 0)


def guard(value: Value, threshold: int) -> Value:
    """A share of which both sides are groups of people: withheld when one of them is small. Of a guarded one
    an empty side is small too, for it says of each person what is true of all. Others as is."""
    least = 0 if value.is_guarded else 1
    if value.sides and any(least <= side < limit(threshold) for side in value.sides):
        return value.withheld(Reason.ONE_SIDE)
    return value


def collapse(groups: Iterable[Sequence[Cell]], threshold: int) -> Table:
    """Collapse a one-way breakdown.

    `groups` are parts of it whose totals the reader knows from elsewhere (mostly there is one: the whole).
    Categories are merged inside a group only, for a known total minus the rest must not give a small cell.
    A group that cannot be made large enough takes the whole breakdown with it; so does a table of one cell,
    for that says of each person what is true of all.
    """
    shown: list[Shown] = []
    for cells in groups:
        part = _merge([cell for cell in cells if cell.count], limit(threshold))
        if part is None:
            return Table(dropped=Reason.ONE_CATEGORY)
        shown += part
    return Table(cells=tuple(shown)) if len(shown) > 1 else Table(dropped=Reason.ONE_CATEGORY)


def _merge(cells: list[Cell], least: int) -> list[Shown] | None:
    """Largest first, the merged rest last; None when even all together are too few."""
    ordered = sorted(cells, key=lambda cell: (-cell.size, -cell.count, cell.key))
    rest: list[Cell] = []
    while ordered and (ordered[-1].size < least or 0 < _union(rest).size < least):
        rest.append(ordered.pop())
    if rest and _union(rest).size < least:
        return None
    shown = [Shown(cell.key, cell.count) for cell in sorted(ordered, key=lambda c: (-c.count, c.key))]
    if rest:
        shown.append(Shown(None, _union(rest).count, len(rest), any(cell.key == "" for cell in rest)))
    return shown


def _union(cells: Sequence[Cell]) -> Cell:
    persons = frozenset().union(*(cell.persons for cell in cells))
    units = frozenset().union(*(cell.units for cell in cells))
    return Cell("", sum(cell.count for cell in cells), persons, units)
