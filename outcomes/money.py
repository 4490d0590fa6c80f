"""What was planned, spent and given on, added up by the database: per currency, never across.

What could not be read counts for nothing and is listed by `unread`, with what was written.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from django.db.models import Count, Q, QuerySet, Sum

from outcomes.models import Cost, Grant, GrantAmount
from people.models import Funding

PLANNED, SPENT = Cost.Kind.PLANNED, Cost.Kind.SPENT


@dataclass(frozen=True)
class Line:
    """A budget line (its name is "" in a total) in one currency. None: nobody said it; 0 is 0."""

    name: str
    currency: str
    planned: Decimal | None
    spent: Decimal | None
    not_eligible: Decimal | None  # of what was spent, what the funder does not pay

    @property
    def difference(self) -> Decimal | None:
        """What is left of the plan; below zero, what was spent beyond it."""
        return None if self.planned is None or self.spent is None else self.planned - self.spent

    @property
    def share(self) -> Decimal | None:
        """Spent of planned, in per cent. Of a plan of 0 there is no share."""
        return round(100 * self.spent / self.planned, 1) if self.planned and self.spent is not None else None


def lines(costs: QuerySet[Cost]) -> list[Line]:
    """Line by line as they are named, a row a currency."""
    rows = _read(costs).values("name", "currency").annotate(**_SUMS).order_by("name", "currency")
    return [_line(row["name"], row) for row in rows]


def totals(costs: QuerySet[Cost]) -> list[Line]:
    """One a currency."""
    rows = _read(costs).values("currency").annotate(**_SUMS).order_by("currency")
    return [_line("", row) for row in rows]


def unread_costs(costs: QuerySet[Cost]) -> QuerySet[Cost]:
    return costs.filter(amount=None)


def spent(funding: Funding, start: date | None = None, end: date | None = None) -> dict[str, Decimal]:
    """What the funder pays of what was spent from `start` to before `end`, by currency; without both, of
    everything. What has no day is in no period."""
    rows = Cost.objects.filter(funding=funding, kind=SPENT, is_eligible=True, amount__isnull=False)
    rows = rows.filter(day__gte=start) if start else rows
    rows = rows.filter(day__lt=end) if end else rows
    found = rows.order_by("currency").values_list("currency").annotate(Sum("amount"))
    return {currency: _cents(amount) for currency, amount in found}


def undated(funding: Funding) -> int:
    """Costs that were spent nobody knows when: they are in no period."""
    return Cost.objects.filter(funding=funding, kind=SPENT, is_eligible=True, day=None).count()


@dataclass(frozen=True)
class Given:
    """Grants of one state in one currency. A grant in two currencies is in both."""

    state: str
    currency: str
    grants: int
    amount: Decimal

    @property
    def state_words(self) -> str:
        return str(Grant.State(self.state).label)


def given(grants: QuerySet[Grant]) -> list[Given]:
    amounts = GrantAmount.objects.filter(grant__in=grants.order_by())
    rows = amounts.order_by("grant__state", "currency").values_list("grant__state", "currency")
    found = rows.annotate(Count("pk"), Sum("amount"))
    return [Given(state, currency, n, _cents(amount)) for state, currency, n, amount in found]


def by_currency(grants: Iterable[Given]) -> dict[str, Decimal]:
    """Of grants of any state together."""
    found: dict[str, Decimal] = {}
    for one in grants:
        found[one.currency] = found.get(one.currency, Decimal(0)) + one.amount
    return dict(sorted(found.items()))


def unread_grants(grants: QuerySet[Grant]) -> QuerySet[Grant]:
    """Those of which something was written that could not be read."""
    return grants.filter(amounts=None).exclude(as_written="")


def unsaid_grants(grants: QuerySet[Grant]) -> QuerySet[Grant]:
    """Those of which nobody said how much."""
    return grants.filter(amounts=None, as_written="")


_SUMS = {
    "planned": Sum("amount", filter=Q(kind=PLANNED)),
    "spent": Sum("amount", filter=Q(kind=SPENT)),
    "not_eligible": Sum("amount", filter=Q(kind=SPENT, is_eligible=False)),
}


def _read(costs: QuerySet[Cost]) -> QuerySet[Cost]:
    return costs.filter(amount__isnull=False).order_by()


def _line(name: str, row: dict) -> Line:
    return Line(name, row["currency"], *(_cents(row[one]) for one in _SUMS))


def _cents(amount: Decimal | None) -> Decimal | None:
    """SQLite adds in binary: the last digits of its sum are none of ours."""
    return None if amount is None else round(Decimal(amount), 2)
