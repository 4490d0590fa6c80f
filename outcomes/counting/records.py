"""Definitions counted from results and from costs."""

from collections.abc import Callable

from django.db.models import Count, QuerySet, Sum

from outcomes.definitions import Definition
from outcomes.models import Cost, Result
from outcomes.scope import Scope
from outcomes.values import Amount, Reason, State, Value


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
    if not definition.how.get("sum"):
        return Value.count(rows.count(), unknown=undated.count())
    found = rows.aggregate(all=Count("pk"), known=Count("number"), total=Sum("number"))
    if found["all"] and not found["known"]:
        return Value.without(State.MISSING, Reason.NO_NUMBERS)
    unknown = found["all"] - found["known"] + undated.count()
    return Value.count(round(float(found["total"] or 0), 4), unknown=unknown)


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
    return Value.money(
        amounts, denominator=part, sides=of.sides, is_guarded=of.is_guarded or definition.is_guarded,
        asked=of.asked, answered=of.answered,
    )  # fmt: skip
