"""Any figure taken apart by a property, for who runs the programme: exact, small groups and all.

    apart(definition, scope, by) -> Table        one property
    tables(definition, scope, …) -> [Table]      all that the definition names

The rows are those that the figure counts, each in exactly one category, "not known" among them: what stands
in the categories makes the figure. A share is numerator by denominator within its category and never a mean
of shares. Which category a row is in: outcomes/categories.py. No funder sees any of this.
"""

from collections import defaultdict
from collections.abc import Collection, Iterable
from dataclasses import dataclass
from statistics import mean, median

from outcomes.categories import HIDDEN, UNKNOWN, Known, Row, in_order
from outcomes.counted_rows import TELLS, rows_of
from outcomes.counting import Behind, behind, measured
from outcomes.definitions import DISAGGREGATIONS, STANDARD, Definition
from outcomes.indicators import INDICATORS, hours_of
from outcomes.scope import Scope
from outcomes.values import Amount, Value

PLACES = 4
HOURS = ("OP-05", "OP-08")  # minutes, told in hours
MEDIAN = ("DQ-03.2",)


@dataclass(frozen=True)
class Line:
    """One category, or all of them together. What is None is not told; `n` are rows with a number."""

    key: str
    name: str
    numerator: float | int | None = None
    denominator: float | int | None = None
    share: float | None = None
    value: float | int | None = None
    n: int | None = None
    amounts: tuple[Amount, ...] = ()


@dataclass(frozen=True)
class Table:
    """A figure by one property. `shape` is share, count, number or money. There are no lines where the figure
    has no number, or where the property cannot be told of its rows (`can_tell`)."""

    by: str
    shape: str
    unit: str
    lines: tuple[Line, ...] = ()
    total: Line | None = None
    can_tell: bool = True
    counts_only: bool = False  # too few answered for shares and means

    @property
    def name(self) -> str:
        return str(DISAGGREGATIONS[self.by])


def apart(definition: Definition, scope: Scope, by: str) -> Table:
    """The figure by one property (a code of DISAGGREGATIONS)."""
    return tables(definition, scope, [by])[0]


def tables(
    definition: Definition,
    scope: Scope,
    codes: Iterable[str] | None = None,
    *,
    value: Value | None = None,
    rows: Behind | None = None,
    shown: Collection | None = None,
) -> list[Table]:
    """By each property; without `codes` by those that it names. What is known already need not be counted
    again: its `value`, the `rows` behind it. Rows that are not `shown` to the reader are a category."""
    value = value or measured(definition, scope)
    kind, shape = _shape(definition, value)
    tells = {by: _tells(kind, shape, by) for by in (named(definition) if codes is None else codes)}
    if codes is None and not definition.disaggregations:
        tells = {by: can_tell for by, can_tell in tells.items() if can_tell}
    if shape == "money" and kind == "cost" or not value.is_measured or not any(tells.values()):
        return [_bare(definition, shape, by, can_tell, value) for by, can_tell in tells.items()]
    counted, known = rows_of(definition, scope, rows or behind(definition, scope)), Known(scope)
    return [
        _table(definition, shape, by, _grouped(by, counted, known, shown), value)
        if can_tell
        else Table(by, shape, str(definition.unit), can_tell=False)
        for by, can_tell in tells.items()
    ]


def named(definition: Definition) -> tuple[str, ...]:
    """The properties that it is taken apart by: its own, else the usual ones."""
    return tuple(by for by in definition.disaggregations if by in DISAGGREGATIONS) or STANDARD


def _shape(definition: Definition, value: Value) -> tuple[str, str]:
    """The kind of its rows; how a category's number is made."""
    how = definition.how
    if how["count"] == "cost_per":
        return "cost", "money"
    if how["count"] == "answers":
        kind = how["aggregation"]
        if kind in ("share", "distinct"):
            return "respondent", {"share": "share", "distinct": "count"}[kind]
        if kind == "ratio":
            return "respondent", "share"
        return "respondent", "money" if value.amounts is not None else "number"
    if how["count"] == "results":
        return "result", "number" if how.get("sum") else "count"
    kind = INDICATORS[how["measure"]].kind
    if how["measure"] in (*HOURS, *MEDIAN):
        return kind, "number"
    return kind, "share" if INDICATORS[how["measure"]].whole else "count"


def _tells(kind: str, shape: str, by: str) -> bool:
    return shape == "money" if by == "currency" else by in TELLS[kind]


def _bare(definition: Definition, shape: str, by: str, can_tell: bool, value: Value) -> Table:
    """Of a figure without a number, or of costs, that have only their currencies."""
    table = Table(by, shape, str(definition.unit), can_tell=can_tell)
    if not can_tell or not value.amounts:
        return table
    lines = tuple(Line(one.currency, one.currency, n=one.n, amounts=(one,)) for one in value.amounts)
    return Table(
        by, shape, table.unit, lines, Line("", "", n=sum(one.n or 0 for one in lines), amounts=value.amounts)
    )


def _grouped(by: str, rows: list[Row], known: Known, shown: Collection | None) -> dict[str, list[Row]]:
    found: dict[str, list[Row]] = defaultdict(list)
    for row in rows:
        if shown is not None and row.key not in shown:
            found[HIDDEN].append(row)
        else:
            found[row.currency if by == "currency" else known.category(row, by)].append(row)
    return found


def _table(definition: Definition, shape: str, by: str, found: dict[str, list[Row]], value: Value) -> Table:
    make = _Maker(definition, shape, value)
    lines = tuple(make.line(key, name, found[key]) for key, name in in_order(by, found).items())
    total = make.line(UNKNOWN, "", [row for rows in found.values() for row in rows])
    return Table(by, shape, str(definition.unit), lines, total, counts_only=value.counts_only)


class _Maker:
    """Numbers of a category, in the way in which the figure itself is made."""

    def __init__(self, definition: Definition, shape: str, value: Value):
        self.how, self.shape, self.value = definition.how, shape, value
        self.measure = self.how.get("measure", "")
        kind = "median" if self.measure in MEDIAN else self.how.get("aggregation", "sum")
        self.make = {"sum": sum, "mean": mean, "median": median}.get(kind, sum)

    def line(self, key: str, name: str, rows: list[Row]) -> Line:
        return getattr(self, f"_{self.shape}")(key, name, rows)

    def _count(self, key: str, name: str, rows: list[Row]) -> Line:
        return Line(key, name, numerator=len(rows), n=len(rows))

    def _share(self, key: str, name: str, rows: list[Row]) -> Line:
        part = sum(row.v or 0 for row in rows if row.counts)
        whole = sum(row.w or 0 for row in rows)
        part, whole = (round(one, PLACES) if isinstance(one, float) else one for one in (part, whole))
        told = whole and not self.value.counts_only
        return Line(key, name, part, whole, round(100 * part / whole, 1) if told else None, n=len(rows))

    def _number(self, key: str, name: str, rows: list[Row]) -> Line:
        numbers = [row.v for row in rows if row.v is not None]
        told = (numbers or self.make is sum) and not self.value.counts_only
        return Line(key, name, value=self._made(numbers) if told else None, n=len(numbers))

    def _made(self, numbers: list[float]) -> float:
        found = self.make(numbers)
        return hours_of(found) if self.measure in HOURS else round(found, PLACES)

    def _money(self, key: str, name: str, rows: list[Row]) -> Line:
        paid: dict[str, list[float]] = defaultdict(list)
        for row in rows:
            paid[row.currency].append(row.v)
        amounts = tuple(Amount(one, self._made(v), len(v)) for one, v in sorted(paid.items()))
        return Line(key, name, n=len(rows), amounts=amounts)
