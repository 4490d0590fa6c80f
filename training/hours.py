"""Hours of people in a programme, and the one rule of completing it. The register, the people list and its
alerts, the certificate and the summary ask here; nothing else compares hours with a share.
"""

from collections.abc import Iterable
from typing import NamedTuple

from django.db.models import F, OuterRef, Q, QuerySet, Subquery, Sum
from django.db.models.functions import Coalesce
from django.db.models.lookups import GreaterThanOrEqual, LessThan

from people.models import Programme
from training.models import Enrolment, RosterEntry

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
    wanted: int  # the share that completes it, in per cent
    needed: int  # the fewest minutes that complete it
    takes_part: bool  # enrolled or completed; who is not, completes nothing and is in no danger either

    @property
    def missed(self) -> int:
        return self.past - self.attended

    @property
    def open(self) -> int:
        """Still to come, or not known yet."""
        return self.planned - self.past

    @property
    def lacking(self) -> int:
        """What she still has to attend."""
        return max(0, self.needed - self.attended)

    @property
    def is_lost(self) -> bool:
        """She takes part, and whatever she attends from now on is not enough."""
        return self.takes_part and not self.can_reach


def sides(minutes, planned, share) -> tuple:
    """The rule: `share` per cent of what is planned. It is met where the first of these two is not less than
    the second. In whole numbers, or in expressions over columns: the database compares what Python does."""
    return 100 * minutes, share * planned


def _meets(minutes: int, planned: int, share: int) -> bool:
    met, wanted = sides(minutes, planned, share)
    return met >= wanted


def hours(sittings: Iterable[Sitting], completion_share: int, takes_part: bool = True) -> Hours:
    """Fold one person's sessions. `completion_share` is in per cent of what is planned."""
    planned = past = attended = 0
    for length, is_marked, minutes in sittings:
        if length is None:
            continue
        planned += length
        if is_marked and minutes is not None:
            past += length
            attended += minutes
    return summed(planned, past, attended, completion_share, takes_part)


def summed(planned: int, past: int, attended: int, completion_share: int, takes_part: bool = True) -> Hours:
    """What the three sums over one person's sessions amount to.

    Withdrawing takes her off the rosters to come, so that little stays planned: who takes no part therefore
    completes nothing, however large her share of that is.
    """
    completes = takes_part and bool(planned) and _meets(attended, planned, completion_share)
    return Hours(
        attended=attended,
        planned=planned,
        past=past,
        share=100 * attended // planned if planned else None,
        can_reach=takes_part and _meets(attended + planned - past, planned, completion_share),
        completes=completes,
        so_far=100 * attended // past if past else None,
        is_under=takes_part and not _meets(attended, past, completion_share),
        wanted=completion_share,
        needed=-(-completion_share * planned // 100),
        takes_part=takes_part,
    )


def progress(programme: Programme, enrolments: Iterable[int] | None = None) -> dict[int, Hours]:
    """Hours by enrolment, for everybody on a roster or for the primary keys given. One query.

    Who stands on no roster is not in it: `progress(...).get(pk, NONE)`.
    """
    entries = RosterEntry.objects.filter(session__programme=programme, session__cancelled_at=None)
    if enrolments is not None:
        entries = entries.filter(enrolment__in=list(enrolments))
    sittings: dict[int, list[Sitting]] = {}
    taking_part: dict[int, bool] = {}
    for pk, state, planned, mark, minutes in entries.order_by().values_list(
        "enrolment_id", "enrolment__state", "planned_minutes", "attendance__mark_id", "attendance__minutes"
    ):
        sittings.setdefault(pk, []).append((planned, mark is not None, minutes))
        taking_part[pk] = state in Enrolment.TAKING_PART
    share = programme.completion_share
    return {pk: hours(found, share, taking_part[pk]) for pk, found in sittings.items()}


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


SHARE = F("programme__completion_share")


def completing(people: QuerySet) -> QuerySet:
    """Enrolments that meet the rule: `Hours.completes`, asked of the database."""
    met = GreaterThanOrEqual(*sides(F("attended"), F("planned"), SHARE))
    return with_sums(people.taking_part()).filter(met, planned__gt=0)


def lost(people: QuerySet) -> QuerySet:
    """Enrolments that can no longer meet it: `Hours.is_lost`."""
    at_most = F("attended") + F("planned") - F("past")
    return with_sums(people.taking_part()).filter(LessThan(*sides(at_most, F("planned"), SHARE)))


def under(people: QuerySet) -> QuerySet:
    """Enrolments below the share so far: `Hours.is_under`."""
    return with_sums(people.taking_part()).filter(LessThan(*sides(F("attended"), F("past"), SHARE)))


NONE = hours([], 100)
