"""Figures as they are now, for who runs a programme: of all of it, or of what one funding pays for."""

from dataclasses import dataclass
from datetime import datetime

from accounts.models import User
from outcomes import document, payload, profile
from outcomes.counting import Behind, behind, measured
from outcomes.counting.spec import in_words
from outcomes.definitions import Definition, Unit, unit_name
from outcomes.disaggregating import Table, tables
from outcomes.library.indicators import CORE
from outcomes.models import LogframeLine, Report, Target
from outcomes.profile import Counted
from outcomes.registry import definition, definitions
from outcomes.row_kinds import KINDS, seen
from outcomes.scope import Scope
from outcomes.values import Value
from outcomes.wording import CLAIMS, REASONS
from people.models import Funding, Programme

SIDES = ("numerator", "denominator")


@dataclass(frozen=True)
class Figure:
    """One figure now: what it is, its value in one of five states, and what was planned."""

    key: str
    definition: Definition
    value: Value
    target: Target | None = None
    code: str = ""  # the funder's own, where a line of the logframe shows it
    wording: str = ""
    is_cumulative: bool = False

    @property
    def as_frozen(self) -> dict:
        """As a document would hold it, for the words of outcomes/document.py."""
        claim = {"claim_said": str(CLAIMS[self.value.claim])} if self.value.claim else {}
        return {"unit": str(self.definition.unit)} | self.value.as_dict() | claim

    @property
    def unit(self) -> str:
        return unit_name(self.definition.unit)

    @property
    def said(self) -> str:
        return document.said(self.as_frozen)

    @property
    def told(self) -> float | int | None:
        """The number, where one is told: below 60 % of answers there is no percentage and no mean."""
        is_count = self.value.denominator is None and self.definition.unit == Unit.PERSONS
        return None if self.value.counts_only and not is_count else self.value.value

    @property
    def against(self) -> dict:
        """Target, baseline, deviation, progress as numbers, as far as they are known."""
        if self.target is None:
            return {}
        return payload.against_target(str(self.definition.unit), self.value, self.target)

    @property
    def why(self) -> str:
        """Why there is no number."""
        return str(REASONS[self.value.reason]) if self.value.reason else ""

    @property
    def counted(self) -> str:
        """A share as numerator of denominator, else of how many it is told."""
        found = self.as_frozen
        value = self.value  # a cost per something has what it is told of, and no numerator
        if None not in (value.numerator, value.denominator) and not value.counts_only:
            return document.counts(found)
        return document.counted(found)

    @property
    def answered(self) -> list[str]:
        return document.answered(self.as_frozen)

    @property
    def plan(self) -> dict:
        """Target, baseline, deviation, progress in words, as far as they are known."""
        return document.against(str(self.definition.unit), self.against)

    @property
    def how(self) -> list[str]:
        return in_words(self.definition.how)


@dataclass(frozen=True)
class Side:
    """The rows on one side of a figure. Those that the reader may not see are only a number."""

    kind: str
    rows: list
    hidden: int

    @property
    def columns(self) -> tuple[str, ...]:
        return KINDS[self.kind].columns

    @property
    def total(self) -> int:
        return len(self.rows) + self.hidden


def figures(programme: Programme, funding: Funding | None, now: datetime) -> list[Figure]:
    """The core set; of a funding also what its logframe shows, a figure for each of its lines with the
    target of that line. Each is counted once."""
    counted, lines, by_code, by_line = _wanted(programme, funding, now)
    rows: dict[str, list] = {}
    for line in lines:
        if line.key:
            rows.setdefault(line.key, []).append(line.row)
    found = []
    for key, one in counted.items():
        value = measured(one.definition, one.scope)
        for row in rows.get(key, [None]):
            found.append(_figure(one, value, row, by_line.get(row.pk) if row else None, by_code))
    return found


def uncounted(programme: Programme, funding: Funding | None, now: datetime) -> list[LogframeLine]:
    """Lines of the logframe for which nothing is counted: no data, which is not zero."""
    return [line.row for line in _wanted(programme, funding, now)[1] if line.key is None]


def figure(programme: Programme, funding: Funding | None, key: str, now: datetime) -> tuple[Figure, Scope]:
    """One by its key, or any other definition by its code. Raises KeyError where there is no such."""
    counted, lines, by_code, by_line = _wanted(programme, funding, now)
    scope = scope_of(programme, funding, now)
    one = counted.get(key) or Counted(key, definition(programme.tenant, key), scope)
    row = next((line.row for line in lines if line.key == key), None)
    value = measured(one.definition, one.scope)
    return _figure(one, value, row, by_line.get(row.pk) if row else None, by_code), one.scope


def scope_of(programme: Programme, funding: Funding | None, now: datetime) -> Scope:
    """All of the programme until today, or the whole time of the funding."""
    return Scope.over(funding, funding.start, funding.end, now) if funding else Scope.whole(programme, now)


def sides(found: Figure, scope: Scope, user: User, rows: Behind | None = None) -> dict[str, Side]:
    """What it stands on: the rows counted, and of a share those that they are counted of."""
    rows = rows or behind(found.definition, scope)
    kept = {"numerator": rows.numerator, "denominator": rows.denominator}
    shown = {name: seen(rows.kind, keys, user) for name, keys in kept.items()}
    return {
        name: Side(rows.kind, shown[name], len(kept[name]) - len(shown[name]))
        for name in SIDES
        if kept[name] or name == "numerator"
    }


def apart(found: Figure, scope: Scope, shown: dict[str, Side], rows: Behind) -> list[Table]:
    """By the properties that it names; rows that the reader may not see are in a category of their own."""
    seen_by_her = {row for side in shown.values() for row in side.rows}
    return tables(found.definition, scope, value=found.value, rows=rows, shown=seen_by_her)


def _figure(one: Counted, value: Value, row, target: Target | None, by_code: dict[str, Target]) -> Figure:
    return Figure(
        key=one.key,
        definition=one.definition,
        value=value,
        target=target or by_code.get(one.definition.code),
        code=row.code if row else "",
        wording=row.wording if row else "",
        is_cumulative=one.is_cumulative,
    )


def _wanted(programme: Programme, funding: Funding | None, now: datetime) -> tuple:
    """What to count by key, the lines of the logframe, targets by code and by line."""
    scope = scope_of(programme, funding, now)
    if funding is None:
        known = definitions(programme.tenant)
        return {code: Counted(code, known[code], scope) for code in CORE}, [], {}, {}
    report = Report(funding=funding, start=funding.start, end=funding.end)
    return *profile.figures(report, scope), *profile.targets(report)
