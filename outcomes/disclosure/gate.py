"""One table, one figure: what of it may be read.

Programme-level counts of participation are exact. A breakdown is collapsed, smallest categories first, until
every cell is large enough; all of its cells stand there, so that total minus rest gives nothing. What is
hidden leaves no number and no name behind.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field, replace

from outcomes.values import Reason, Value

FLOOR = 5  # in code: a setting or a funding can only raise it
LEAST_CONTRIBUTE = 10  # to a sum or a mean of money; to a median as many as to any cell
MOST_OF_TWO = 0.85  # of a sum or a mean: what the two largest may make of it
DIGITS = 2  # of an amount that persons told of themselves


@dataclass(frozen=True)
class Cell:
    """One category as counted: how many things, and who stands behind them. The empty key is "not known".
    `rows` are the things themselves, each with a person behind it."""

    key: str
    count: int
    persons: frozenset[int]
    units: frozenset[int]  # enterprises; a person without one is her own
    rows: frozenset[tuple[int, int]] = frozenset()

    @property
    def size(self) -> int:
        return min(len(self.persons), len(self.units))


@dataclass(frozen=True)
class Shown:
    """One category as it may be read. A merged one never says which it holds, nor how many: of two that are
    five people together each is known to be of one to four. `keys` and `rows` are for the ledger."""

    key: str | None
    count: int
    merged: int = 0
    with_unknown: bool = False
    keys: frozenset[str] = frozenset()
    rows: frozenset[tuple[int, int]] = frozenset()


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
    an empty side is small too, for it says of each person what is true of all. An amount that persons told
    of themselves needs enough of them, and none that nearly is it; it is told in two digits. Others as is."""
    least = 0 if value.is_guarded else 1
    if value.sides and any(least <= side < limit(threshold) for side in value.sides):
        return value.withheld(Reason.ONE_SIDE)
    if value.spread is None or not value.is_guarded:
        return value
    if not all(_may_be_told(value.spread.way, n, top, threshold) for n, top in value.spread.groups):
        return value.withheld(Reason.FEW_CONTRIBUTE)
    is_cost = value.denominator is not None  # what was spent, by a count: nobody told it of herself
    return _in_digits(value) if value.amounts and not is_cost else value


def _may_be_told(way: str, contributors: int, top_two: float, threshold: int) -> bool:
    if way == "median":
        return contributors >= limit(threshold)
    return contributors >= max(LEAST_CONTRIBUTE, limit(threshold)) and top_two < MOST_OF_TWO


def _in_digits(value: Value) -> Value:
    amounts = tuple(replace(one, amount=_rounded(one.amount)) for one in value.amounts)
    alone = amounts[0].amount if value.value is not None else None
    return replace(value, amounts=amounts, value=alone)


def _rounded(amount: float) -> float:
    return float(f"{amount:.{DIGITS}g}")


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
    shown = [
        Shown(cell.key, cell.count, keys=frozenset({cell.key}), rows=cell.rows)
        for cell in sorted(ordered, key=lambda c: (-c.count, c.key))
    ]
    if rest:
        all_, keys = _union(rest), frozenset(cell.key for cell in rest)
        shown.append(Shown(None, all_.count, len(rest), "" in keys, keys, all_.rows))
    return shown


def _union(cells: Sequence[Cell]) -> Cell:
    persons = frozenset().union(*(cell.persons for cell in cells))
    units = frozenset().union(*(cell.units for cell in cells))
    rows = frozenset().union(*(cell.rows for cell in cells))
    return Cell("", sum(cell.count for cell in cells), persons, units, rows)
