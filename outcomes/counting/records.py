"""Definitions counted from results and from costs."""

from collections import defaultdict
from collections.abc import Callable

from django.db.models import Count, QuerySet, Sum

from outcomes.definitions import Definition
from outcomes.models import Cost, Result
from outcomes.scope import Scope
from outcomes.values import Amount, Reason, Spread, State, Value


def results(definition: Definition, scope: Scope) -> QuerySet[Result]:
    """Those that stand, of the kinds, with a day in the period."""
    days = {"day__gte": scope.start, "day__lt": scope.end}
    found = Result.objects.counting().filter(programme__in=scope.programmes, **days)
    return found.filter(kind__in=definition.how["kinds"]).order_by()


def of_results(definition: Definition, scope: Scope) -> Value:
    """A result without a day is unknown to the period and not counted; how many are is said."""
    if scope.today < scope.start:
        return Value.without(State.NOT_YET_DUE, Reason.NOT_BEGUN)
    rows = results(definition, scope)
    undated = Result.objects.counting().filter(
        programme__in=scope.programmes, kind__in=definition.how["kinds"], day=None
    )
    more = _guarded(rows) if definition.is_guarded else {}
    if not definition.how.get("sum"):
        return Value.count(
            rows.count(), unknown=undated.count(), sides=more.get("sides"), is_guarded=bool(more)
        )
    found = rows.aggregate(all=Count("pk"), known=Count("number"), total=Sum("number"))
    if found["all"] and not found["known"]:
        return Value.without(State.MISSING, Reason.NO_NUMBERS)
    unknown = found["all"] - found["known"] + undated.count()
    return Value.count(round(float(found["total"] or 0), 4), unknown=unknown, **more)


def _guarded(rows: QuerySet[Result]) -> dict:
    """For the gate: the persons behind results of a guarded definition (enterprises, where no person is
    named), and which part of the sum the two largest make."""
    parts: dict[tuple, float] = defaultdict(float)
    for pk, person, enterprise, number in rows.values_list("pk", "enrolment__person", "enterprise", "number"):
        unit = ("person", person) if person else ("enterprise", enterprise) if enterprise else ("result", pk)
        parts[unit] += float(number or 0)
    sizes = sorted(parts.values(), reverse=True)
    two = sum(sizes[:2]) / sum(sizes) if any(sizes) else 0.0
    return {"sides": (len(parts),), "spread": Spread("sum", ((len(parts), two),)), "is_guarded": True}


def costs(scope: Scope) -> QuerySet[Cost]:
    """Spent, paid by the funder, with an amount that was read, until the end of the period: what something
    cost is counted from the funding's first day on."""
    rows = Cost.objects.filter(kind=Cost.Kind.SPENT, is_eligible=True, amount__isnull=False).order_by()
    rows = rows.exclude(day__gte=scope.end)
    if scope.funding is None:
        return rows.filter(programme__in=scope.programmes)
    return rows.filter(funding=scope.funding)


def cost_per(definition: Definition, scope: Scope, count: Callable[[Scope], Value]) -> Value:
    """Per currency: what was spent since the funding began, by how many there are since then."""
    whole = scope.since_the_beginning()
    of = count(whole)
    if not of.is_measured:
        return Value.without(of.state, of.reason)
    part = getattr(of, definition.how.get("part", "numerator"))
    spent = costs(whole).values("currency").annotate(total=Sum("amount"), n=Count("pk")).order_by("currency")
    rows = list(spent.values_list("currency", "total", "n"))
    if not rows:
        return Value.without(State.MISSING, Reason.NO_COSTS)
    if not part or part < 0:
        return Value.without(State.NOT_APPLICABLE, Reason.NOBODY)
    amounts = [Amount(currency, round(float(total) / part, 2), n) for currency, total, n in rows]
    return Value.money(  # with all that the gate withholds the count for: it is the denominator
        amounts, denominator=part, sides=of.sides, spread=of.spread, asked=of.asked, answered=of.answered,
        is_guarded=of.is_guarded or definition.is_guarded,
    )  # fmt: skip
