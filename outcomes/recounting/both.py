"""What the two counts say of one figure, side by side."""

from collections.abc import Iterable, Iterator
from datetime import datetime
from typing import NamedTuple

from outcomes.counting import measured, rows
from outcomes.definitions import Definition
from outcomes.models import Cost, Report
from outcomes.recounting import from_answers, from_records
from outcomes.registry import definitions
from outcomes.scope import Scope
from outcomes.values import Value
from people.models import Programme


class Both(NamedTuple):
    code: str
    counted: object
    recounted: object
    rows: int  # how many rows the first count opens to
    differ: int  # rows that only one of the two has

    @property
    def agrees(self) -> bool:
        return self.counted == self.recounted and not self.differ


def every(programme: Programme, now: datetime, more: Iterable[Definition] = ()) -> Iterator[tuple[str, Both]]:
    """Each figure of a programme (and `more`), with the name of the period that it is counted over."""
    figures = [*definitions_of(programme), *more]
    for name, scope in scopes_of(programme, now):
        said = from_answers.said_by(scope)
        for definition in figures:
            yield name, compared(definition, scope, said)


def compared(definition: Definition, scope: Scope, said: from_answers.ByPerson | None = None) -> Both:
    """A figure that is not measured has no number to compare; its rows are compared all the same, unless it
    may not be counted yet. `said`: what `said_by` the scope was read already."""
    value = measured(definition, scope)
    _kind, found = rows(definition, scope)
    again, keys = _again(definition, scope, said)
    if not value.is_measured:
        again = None
    return Both(definition.code, _plain(value), again, len(found), len(set(found) ^ keys))


def _plain(value: Value) -> object:
    if value.amounts and len(value.amounts) > 1:
        return {one.currency: one.amount for one in value.amounts}
    return value.value


def _again(
    definition: Definition, scope: Scope, said: from_answers.ByPerson | None = None
) -> tuple[object, set]:
    how = definition.how
    if how["count"] == "answers":
        return from_answers.recounted(definition, scope, said)
    if how["count"] == "results":
        return from_records.results(how, scope)
    if how["count"] == "cost_per":
        return _cost_per(definition, scope)
    return from_records.RECOUNTED[how["measure"]](scope)


def _cost_per(definition: Definition, scope: Scope) -> tuple[object, set]:
    whole = scope.since_the_beginning()
    of = definitions(scope.programmes[0].tenant)[definition.how["of"]]
    value, keys = _again(of, whole)
    by = value if definition.how.get("part") == "value" else len(keys)
    spent: dict[str, float] = {}
    paid = set()
    for row in Cost.objects.all():
        mine = row.funding_id == scope.funding.pk if scope.funding else row.programme in scope.programmes
        on_time = row.day is None or row.day < scope.end
        if mine and on_time and row.kind == "spent" and row.is_eligible and row.amount is not None:
            spent[row.currency] = spent.get(row.currency, 0) + float(row.amount)
            paid.add(row.pk)
    if not by or by < 0 or not spent:
        return None, paid
    amounts = {money: round(total / by, 2) for money, total in spent.items()}
    return (amounts if len(amounts) > 1 else next(iter(amounts.values()))), paid


def definitions_of(programme: Programme) -> list[Definition]:
    return list(definitions(programme.tenant).values())


def scopes_of(programme: Programme, now: datetime) -> Iterator[tuple[str, Scope]]:
    """All of the programme, and every period that its funders are owed a report of."""
    yield "", Scope.whole(programme, now)
    reports = Report.objects.filter(funding__scopes__programme=programme).select_related("funding")
    for report in reports.distinct().order_by("pk"):
        yield f"{report.funding.code} {report.start}", Scope.of(report, now)
