"""What a report counts: the figures every page stands on, and the lines of the funding's own logframe."""

from collections.abc import Iterable
from dataclasses import dataclass, replace

from outcomes.definitions import Definition
from outcomes.library.indicators import CORE
from outcomes.models import LogframeLine, Report, Target
from outcomes.registry import definitions, versions
from outcomes.scope import Scope


@dataclass(frozen=True)
class Counted:
    """One figure to count. Its key is the code; with the version where another one is counted too, and with
    `~` where it is counted from the first day of the funding on."""

    key: str
    definition: Definition
    scope: Scope
    is_cumulative: bool = False


@dataclass(frozen=True)
class Line:
    """A line of the logframe; without a key nothing is counted for it."""

    row: LogframeLine
    key: str | None


def figures(report: Report, scope: Scope) -> tuple[dict[str, Counted], list[Line]]:
    """Everything to count, by key, and the lines that show some of it."""
    tenant = report.funding.project.tenant
    known = definitions(tenant)
    found = {code: Counted(code, known[code], scope) for code in CORE}
    lines = []
    for row in report.funding.lines.all():
        one = _of_line(row, known, tenant, scope)
        lines.append(Line(row, one.key if one else None))
        if one:
            found.setdefault(one.key, one)
    return found, lines


def _of_line(row: LogframeLine, known: dict[str, Definition], tenant, scope: Scope) -> Counted | None:
    if row.indicator not in known:
        return None
    definition = known[row.indicator]
    key = row.indicator
    if row.version not in (None, definition.version):
        pinned = {one.version: one for one in versions(tenant, row.indicator)}
        definition = pinned.get(row.version)
        key += f"@{row.version}"
    if definition is None:
        return None
    if row.is_cumulative and scope.since < scope.start:
        return Counted(key + "~", definition, replace(scope, start=scope.since), True)
    return Counted(key, definition, scope)


def targets(report: Report) -> tuple[dict[str, Target], dict[int, Target]]:
    """By code of the indicator and by key of the line: the one for this very period, else the one for the
    whole of the funding. A period's without a baseline has that of the whole."""
    by_code: dict[str, Target] = {}
    by_line: dict[int, Target] = {}
    for target in _nearest_last(Target.objects.filter(funding=report.funding), report):
        found, key = (by_line, target.line_id) if target.line_id else (by_code, target.indicator)
        if target.baseline is None and key in found:
            target.baseline, target.baseline_on = found[key].baseline, found[key].baseline_on
        found[key] = target
    return by_code, by_line


def _nearest_last(rows: Iterable[Target], report: Report) -> list[Target]:
    exact = (report.start, report.end)
    fitting = [row for row in rows if row.start is None or (row.start, row.end) == exact]
    return sorted(fitting, key=lambda row: (row.start is not None, row.pk))


def progress(value: float | None, target: float | None, baseline: float | None) -> float | None:
    """How much of the way from the baseline (if there is one) to the target, in per cent, one decimal. Not
    defined where the target is 0, where it is the baseline, and where one of them is not known."""
    if value is None or target is None or not target or target == baseline:
        return None
    start = baseline or 0
    return round(100 * (value - start) / (target - start), 1)
