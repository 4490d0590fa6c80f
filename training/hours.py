"""Hours of people in a programme: one rule, asked by the register, the people list and the summary."""

from collections.abc import Iterable
from typing import NamedTuple

from django.db.models import OuterRef, Q, QuerySet, Subquery, Sum
from django.db.models.functions import Coalesce

from people.models import Programme
from training.models import RosterEntry

Sitting = tuple[int | None, bool, int | None]  # planned minutes, is she marked, minutes attended


class Hours(NamedTuple):
    """All in minutes, over sessions with a length that are not cancelled.

    planned: of all sessions whose roster she stands on. past: of those where it is known how long she was
    there. attended: how long. An unknown session counts in `planned` only: it is neither missed nor attended.
    """

    attended: int
    planned: int
    past: int
    share: int | None  # attended of planned, in whole per cent, rounded down: 79.9 never reads 80
    can_reach: bool  # attending all that is still open completes it
    completes: bool  # attended enough already
    so_far: int | None  # attended of past, in whole per cent, rounded down
    is_under: bool  # so far below the share that completes

    @property
    def missed(self) -> int:
        return self.past - self.attended


def hours(sittings: Iterable[Sitting], completion_share: int) -> Hours:
    """Fold one person's sessions. `completion_share` is in per cent of what is planned."""
    planned = past = attended = 0
    for length, is_marked, minutes in sittings:
        if length is None:
            continue
        planned += length
        if is_marked and minutes is not None:
            past += length
            attended += minutes
    return summed(planned, past, attended, completion_share)


def summed(planned: int, past: int, attended: int, completion_share: int) -> Hours:
    """What the three sums over one person's sessions amount to."""
    open_minutes = planned - past
    return Hours(
        attended=attended,
        planned=planned,
        past=past,
        share=100 * attended // planned if planned else None,
        can_reach=100 * (attended + open_minutes) >= completion_share * planned,
        completes=bool(planned) and 100 * attended >= completion_share * planned,
        so_far=100 * attended // past if past else None,
        is_under=100 * attended < completion_share * past,
    )


def progress(programme: Programme, enrolments: Iterable[int] | None = None) -> dict[int, Hours]:
    """Hours by enrolment, for everybody on a roster or for the primary keys given. One query.

    Who stands on no roster is not in it: `progress(...).get(pk, NONE)`.
    """
    entries = RosterEntry.objects.filter(session__programme=programme, session__cancelled_at=None)
    if enrolments is not None:
        entries = entries.filter(enrolment__in=list(enrolments))
    sittings: dict[int, list[Sitting]] = {}
    for pk, planned, mark, minutes in entries.order_by().values_list(
        "enrolment_id", "planned_minutes", "attendance__mark_id", "attendance__minutes"
    ):
        sittings.setdefault(pk, []).append((planned, mark is not None, minutes))
    return {pk: hours(found, programme.completion_share) for pk, found in sittings.items()}


def with_sums(people: QuerySet) -> QuerySet:
    """The sums of `progress` beside each enrolment (`planned`, `past`, `attended`), made by the database: for
    lists that are read row by row."""
    entries = RosterEntry.objects.filter(enrolment=OuterRef("pk"), session__cancelled_at=None)
    entries = entries.exclude(planned_minutes=None).order_by().values("enrolment")
    known = Q(attendance__minutes__isnull=False)

    def total(field: str, only: Q | None = None) -> Coalesce:
        return Coalesce(Subquery(entries.annotate(n=Sum(field, filter=only)).values("n")), 0)

    return people.annotate(
        planned=total("planned_minutes"),
        past=total("planned_minutes", known),
        attended=total("attendance__minutes", known),
    )


NONE = hours([], 100)
