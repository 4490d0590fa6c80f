"""Hours against what was agreed: how long a pair met, and how much of it on the premises."""

from collections.abc import Iterable
from typing import NamedTuple

from django.db.models import Q, Sum

from mentoring.models import Assignment, Meeting


class Progress(NamedTuple):
    """`hours` met and `on_premises` of them; `agreed` hours and `wanted_share` in per cent are None where
    nothing was agreed; `share` is the per cent on the premises, None before the first meeting."""

    hours: float
    agreed: int | None
    on_premises: float
    share: int | None
    wanted_share: int | None

    @property
    def is_reached(self) -> bool:
        return self.agreed is not None and self.hours >= self.agreed

    @property
    def is_short_of_share(self) -> bool:
        return None not in (self.share, self.wanted_share) and self.share < self.wanted_share

    @property
    def left(self) -> float | None:
        return None if self.agreed is None else max(self.agreed - self.hours, 0)


def of_many(assignments: Iterable[Assignment]) -> dict[int, Progress]:
    """By key of the assignment, in one query however many they are."""
    rows = {row.pk: row for row in assignments}
    there = Q(place=Meeting.Place.PREMISES)
    met = Meeting.objects.counting().filter(assignment__in=rows).order_by().values("assignment")
    met = met.annotate(all=Sum("minutes"), there=Sum("minutes", filter=there))
    said = {one["assignment"]: (one["all"], one["there"] or 0) for one in met}
    return {pk: _progress(row, *said.get(pk, (0, 0))) for pk, row in rows.items()}


def of(assignment: Assignment) -> Progress:
    return of_many([assignment])[assignment.pk]


def _progress(row: Assignment, minutes: int, there: int) -> Progress:
    share = there * 100 // minutes if minutes else None  # down: 74.9 is not the 75 that was agreed
    return Progress(minutes / 60, row.agreed_hours, there / 60, share, row.share_on_premises)
