"""Groups compared, as they are read: every figure of a programme that can be compared, a line a group."""

from dataclasses import dataclass
from datetime import datetime

from django.utils.translation import gettext as _

from outcomes.comparing import COMPARABLE, Compared, compare
from outcomes.counting import spec as specs
from outcomes.definitions import DECIMALS, Definition, Unit, unit_name
from outcomes.models import Wave
from outcomes.registry import definitions
from outcomes.scope import Scope
from outcomes.values import HEADLINE
from outcomes.wording import number
from people.models import Programme


@dataclass(frozen=True)
class Line:
    """One group. Of a share all numbers are per cent (of a difference: points)."""

    code: str | None  # none: who is in no group
    name: str
    is_control: bool
    asked: int
    answered: int
    n: int
    mean: float
    difference: float | None
    error: float | None
    decimals: int

    @property
    def is_thin(self) -> bool:
        """Fewer of those asked answered than a percentage is told of."""
        return 100 * self.answered < HEADLINE * self.asked

    @property
    def mean_said(self) -> str:
        return number(self.mean, self.decimals)

    @property
    def difference_said(self) -> str:
        """With its sign."""
        if self.difference is None:
            return ""
        sign = "+" if self.difference > 0 else "−" if self.difference < 0 else "±"
        return sign + number(abs(self.difference), self.decimals)

    @property
    def error_said(self) -> str:
        return "" if self.error is None else number(self.error, self.decimals)


@dataclass(frozen=True)
class Table:
    definition: Definition
    lines: list[Line]

    @property
    def unit(self) -> str:
        return unit_name(self.definition.unit)

    @property
    def is_thin(self) -> bool:
        return any(line.is_thin for line in self.lines)

    @property
    def has_control(self) -> bool:
        return any(line.is_control for line in self.lines)


@dataclass(frozen=True)
class Grid:
    """All of them in one table: a row a figure, a column a group; none where nobody is known."""

    groups: list[Line]  # one of each, for its name
    rows: list[tuple[Table, list[tuple[str, Line | None]]]]  # each cell with the name of its group

    @property
    def is_thin(self) -> bool:
        return any(table.is_thin for table, _cells in self.rows)

    @property
    def control(self) -> Line | None:
        return next((line for line in self.groups if line.is_control), None)


def grid(found: list[Table]) -> Grid:
    """The control group first, who is in no group last."""
    groups = {line.code: line for table in found for line in table.lines}
    ordered = sorted(groups.values(), key=lambda one: (not one.is_control, one.code is None, one.code))
    rows = []
    for one in found:
        lines = {line.code: line for line in one.lines}
        rows.append((one, [(group.name, lines.get(group.code)) for group in ordered]))
    return Grid(ordered, rows)


def tables(programme: Programme, now: datetime) -> list[Table]:
    """Every definition that is asked in a wave which somebody answered, where two groups at least did."""
    if not programme.groups.exists():
        return []
    waves = Wave.objects.filter(programme=programme, invitations__answers__isnull=False).order_by()
    codes = set(waves.values_list("code", flat=True).distinct())
    scope = Scope.whole(programme, now)
    wanted = [one for one in definitions(programme.tenant).values() if _is_asked(one, codes)]
    found = (table(one, scope) for one in wanted)
    return [one for one in found if len(one.lines) > 1]


def table(definition: Definition, scope: Scope) -> Table:
    return Table(definition, [_line(definition, one) for one in compare(definition, scope)])


def _is_asked(definition: Definition, codes: set[str]) -> bool:
    how = definition.how
    return (
        how["count"] == "answers"
        and how["aggregation"] in COMPARABLE
        and not codes.isdisjoint(specs.waves(how))
    )


def _line(definition: Definition, one: Compared) -> Line:
    share = definition.how["aggregation"] == "share"
    times, decimals = (100, 1) if share else (1, _decimals(definition))
    return Line(
        code=one.group.code if one.group else None,
        name=one.group.title if one.group else _("in no group"),
        is_control=one.is_control,
        asked=one.asked,
        answered=one.answered,
        n=one.n,
        mean=round(times * one.mean, 4),
        difference=None if one.difference is None else round(times * one.difference, 4),
        error=None if one.error is None else round(times * one.error, 4),
        decimals=decimals,
    )


def _decimals(definition: Definition) -> int:
    return DECIMALS.get(Unit(definition.unit), 1) if definition.unit in list(Unit) else 2
