"""How mentoring in a programme is alive: who is silent, too busy, late, unanswered, objected to, alone.

Values only; the page puts them into words. The number of queries does not grow with the pairs."""

from collections import Counter
from collections.abc import Iterable
from datetime import date, timedelta
from typing import NamedTuple

from django.db.models import Q, QuerySet, Sum

from mentoring.models import Assignment, Goal, Meeting, Mentor, Offer
from mentoring.pairs import progress, steps
from people.models import Programme
from training.models import Enrolment


class Busy(NamedTuple):
    """A mentor who guides more people, or gave more hours, than she offered. `offered` hours in `per`."""

    mentor: Mentor
    guided: int
    capacity: int | None
    hours: float
    offered: int | None
    per: str

    @property
    def is_over_capacity(self) -> bool:
        return self.capacity is not None and self.guided > self.capacity

    @property
    def is_over_hours(self) -> bool:
        return self.offered is not None and self.hours > self.offered


class Hours(NamedTuple):
    """Of the pairs that an agreement was made with: hours met, hours agreed; and of all, on the premises."""

    met: float
    agreed: int
    pairs: int  # those with agreed hours
    all_met: float
    on_premises: float


def read(rows: Iterable[Assignment], today: date) -> list[Assignment]:
    """The pairs with what the list shows: `progress`, `since` when they are silent (a day), `is_silent`."""
    rows = list(rows)
    known = progress.of_many(rows)
    for row in rows:
        row.progress = known[row.pk]
        row.since = row.last_met or row.start
        row.is_silent = is_silent(row, today)
    return rows


def is_silent(row: Assignment, today: date) -> bool:
    """Alive, not paused, and not met for three weeks (nor begun within them)."""
    if row.state not in (Assignment.State.ACCEPTED, Assignment.State.ACTIVE):
        return False
    since = row.last_met or row.start
    return since is not None and (today - since).days > Assignment.SILENT_DAYS


def hours(rows: list[Assignment]) -> Hours:
    counted = [row for row in rows if row.state in Assignment.COUNTED]
    agreed = [row for row in counted if row.progress.agreed is not None]
    return Hours(
        met=sum(row.progress.hours for row in agreed),
        agreed=sum(row.progress.agreed for row in agreed),
        pairs=len(agreed),
        all_met=sum(row.progress.hours for row in counted),
        on_premises=sum(row.progress.on_premises for row in counted),
    )


def unanswered(rows: list[Assignment]) -> list[Assignment]:
    """Offers that wait for the mentor's word; the one that ends first comes first."""
    waiting = [row for row in rows if row.state == Assignment.State.OFFERED]
    return sorted(
        waiting, key=lambda row: (row.offered_until is None, row.offered_until or row.state_at, row.pk)
    )


def proposed(rows: list[Assignment]) -> list[Assignment]:
    """Nobody is asked yet: what was published stands still until somebody offers it."""
    return [row for row in rows if row.state == Assignment.State.PROPOSED]


def overloaded(programme: Programme, rows: list[Assignment], today: date) -> list[Busy]:
    """Over her capacity, or over the hours she offered: in the programme, this month, this week."""
    guided = Counter(row.mentor_id for row in rows if row.state in Assignment.ALIVE)
    met = _minutes(programme, today)
    offers = Offer.objects.filter(programme=programme).filter(
        Q(capacity__isnull=False) | Q(hours__isnull=False)
    )
    found = [
        Busy(
            mentor=offer.mentor,
            guided=guided[offer.mentor_id],
            capacity=offer.capacity,
            hours=(met.get(offer.mentor_id, {}).get(offer.per) or 0) / 60,
            offered=offer.hours,
            per=offer.per,
        )
        for offer in offers.select_related("mentor__person").order_by("mentor__person__name_key", "pk")
    ]
    return [one for one in found if one.is_over_capacity or one.is_over_hours]


def _minutes(programme: Programme, today: date) -> dict[int, dict]:
    """By mentor: minutes met in the programme, since the first of this month, since this Monday."""
    monday = today - timedelta(days=today.weekday())
    met = Meeting.objects.counting().filter(assignment__programme=programme)
    met = (
        met.order_by()
        .values("assignment__mentor")
        .annotate(
            programme=Sum("minutes"),
            month=Sum("minutes", filter=Q(day__gte=today.replace(day=1))),
            week=Sum("minutes", filter=Q(day__gte=monday)),
        )
    )
    return {one.pop("assignment__mentor"): one for one in met}


def late_goals(rows: list[Assignment], today: date) -> list[Goal]:
    """Open, and past their day, of pairs that still work together."""
    alive = [row for row in rows if row.state in Assignment.ALIVE]
    return _of(alive, Goal.objects.filter(state=Goal.State.OPEN, due__lt=today))


def objected(rows: list[Assignment]) -> list[Meeting]:
    """The other side says that it was not so, and nobody cleared it up yet."""
    found = Meeting.objects.filter(cancelled_at=None).exclude(objected_at=None)
    return _of(rows, found.order_by("objected_at", "pk"))


def _of(rows: list[Assignment], found: QuerySet) -> list:
    """Those of the pairs at hand, each with its pair: who may see a pair was asked already."""
    pairs = {row.pk: row for row in rows}
    found = list(found.filter(assignment__in=pairs))
    for one in found:
        one.assignment = pairs[one.assignment_id]
    return found


def without_mentor(programme: Programme) -> QuerySet[Enrolment]:
    """Who takes part, whom nobody guides or guided, and for whom no mentor is proposed or asked."""
    rows = Enrolment.objects.filter(programme=programme).taking_part().select_related("person", "enterprise")
    return rows.exclude(assignments__state__in=(*steps.ASKED, *Assignment.COUNTED))
