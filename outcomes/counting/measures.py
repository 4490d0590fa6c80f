"""One way in for every definition, however it is counted."""

from typing import NamedTuple

from outcomes import registry
from outcomes.counting import answers, records
from outcomes.definitions import Definition
from outcomes.indicators import INDICATORS
from outcomes.scope import Scope
from outcomes.values import Reason, State, Value

DEEPEST = 3  # a cost per a cost per …


class Behind(NamedTuple):
    """The rows that a figure stands on: primary keys (pairs for a place)."""

    kind: str
    numerator: list
    denominator: list  # empty where the figure is a plain count


def measured(definition: Definition, scope: Scope, depth: int = 0) -> Value:
    """The figure within the scope, in one of five states."""
    how = definition.how
    if how["count"] == "answers":
        return answers.measured(definition, scope)
    if how["count"] == "results":
        return records.of_results(definition, scope)
    if how["count"] == "cost_per":
        of = counted_of(definition, scope)
        if of is None or depth >= DEEPEST:
            return Value.without(State.NOT_APPLICABLE, Reason.NO_SUCH)
        return records.cost_per(definition, scope, lambda whole: measured(of, whole, depth + 1))
    return INDICATORS[how["measure"]].measure(scope)


def rows(definition: Definition, scope: Scope) -> tuple[str, list]:
    """Kind and keys of the rows of the numerator, as the figure opens."""
    found = behind(definition, scope, of=False)
    return found.kind, found.numerator


def behind(definition: Definition, scope: Scope, of: bool = True) -> Behind:
    """The rows of numerator and (unless `of` is False) denominator, by the filters that count them."""
    how = definition.how
    if how["count"] == "answers":
        counted = answers.Counted(definition, scope)
        whole = counted.units("denominator") if of and counted.kind == "share" else []
        return Behind(answers.KIND, counted.units(), whole)
    if how["count"] == "results":
        return Behind("result", list(records.results(definition, scope).values_list("pk", flat=True)), [])
    if how["count"] == "cost_per":
        return Behind("cost", list(records.costs(scope).values_list("pk", flat=True)), [])
    one = INDICATORS[how["measure"]]
    return Behind(one.kind, list(one.rows(scope)), list(one.whole(scope)) if of and one.whole else [])


def counted_of(definition: Definition, scope: Scope) -> Definition | None:
    if not scope.programmes:
        return None
    try:
        return registry.definition(scope.programmes[0].tenant, definition.how["of"])
    except KeyError:
        return None
