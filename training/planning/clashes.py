"""What is on at the same time: in the same place, led by the same person, expecting the same people.

A place (unless it holds several sessions at once) and a trainer are refused, here in words and by the
database; people who are expected twice are shown, and whoever plans it says that it is meant.
"""

from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Self

from django.core.exceptions import ValidationError
from django.db.models import Q
from django.utils import formats
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from accounts.models import User
from lib import clock
from people.models import Programme
from training.models import Enrolment, RosterEntry, Session, SessionTrainer, Venue

VENUE, TRAINER, ROSTER = "venue", "trainer", "roster"


@dataclass(frozen=True)
class Wanted:
    """A session as it shall be. `pk` is its own row where it has one, `people` are persons' keys."""

    programme: Programme
    title: str
    starts_at: datetime | None
    ends_at: datetime | None
    zone: str
    venue: Venue | None = None
    trainers: dict[int, str] = field(default_factory=dict)  # persons' keys and names
    people: frozenset[int] = frozenset()
    pk: int | None = None

    @classmethod
    def of(cls, session: Session, *, trainers: dict[int, str], people: Iterable[int]) -> Self:
        return cls(
            programme=session.programme,
            title=session.heading,
            starts_at=None if session.cancelled_at else session.starts_at,
            ends_at=session.ends_at,
            zone=session.zone,
            venue=session.venue,
            trainers=trainers,
            people=frozenset(people),
            pk=session.pk,
        )

    @property
    def holds(self) -> int | None:
        return self.venue.pk if self.venue and not self.venue.is_shared else None


@dataclass(frozen=True)
class Clash:
    kind: str  # venue, trainer, roster
    session: Session | Wanted  # the other one
    words: str

    @property
    def is_refused(self) -> bool:
        return self.kind != ROSTER


def wanted(session: Session, trainers=None) -> Wanted:
    """A session, saved or not yet, with whoever leads it and is or would be on its roster."""
    led_by = trainers if trainers is not None else session.trainers.all() if session.pk else ()
    if session.pk:
        people = session.roster.values_list("enrolment__person", flat=True)
    else:
        people = () if session.by_invitation else expected(session.programme)
    return Wanted.of(session, trainers={person.pk: str(person) for person in led_by}, people=people)


def expected(programme: Programme) -> frozenset[int]:
    """Who stands on the roster of a new session."""
    return frozenset(programme.enrolments.taking_part().values_list("person", flat=True))


def find(session: Session | Wanted, *, by: User | None = None, apart: Collection[int] = ()) -> list[Clash]:
    """What clashes with this one. `by` is told the titles of what she sees, of others only when it is."""
    one = session if isinstance(session, Wanted) else wanted(session)
    return find_all([one], by=by, apart=apart)[0]


def find_all(
    sessions: Sequence[Wanted], *, by: User | None = None, apart: Collection[int] = ()
) -> list[list[Clash]]:
    """The same for many that are planned together, which may clash among themselves. Four queries.

    `apart` are rows that are about to move themselves: where they are now does not matter.
    """
    timed = [one for one in sessions if one.starts_at]
    if not timed:
        return [[] for _one in sessions]
    begin, end = min(one.starts_at for one in timed), max(one.ends_at for one in timed)
    others = _others(timed, begin, end, {*apart, *(one.pk for one in sessions if one.pk)})
    seen = _seen(by, others)
    return [
        [
            clash
            for other in [*others, *(mate for mate in timed if mate is not one)]
            if one.starts_at and one.starts_at < other.ends_at and other.starts_at < one.ends_at
            for clash in _between(one, other, seen)
        ]
        for one in sessions
    ]


def refusal(found: Iterable[Clash]) -> ValidationError | None:
    """The refusal of what the database would not hold, under the field that it is about."""
    words: dict[str, list] = {}
    for clash in found:
        if clash.is_refused:
            name = "venue" if clash.kind == VENUE else "trainers"
            words.setdefault(name, []).append(ValidationError(clash.words, code="clash"))
    return ValidationError(words) if words else None


def _others(timed: list[Wanted], begin: datetime, end: datetime, apart: set[int]) -> list[Wanted]:
    """The sessions of that time that hold one of the places, are led by or expect one of the people."""
    venues = {one.holds for one in timed} - {None}
    leaders = {pk for one in timed for pk in one.trainers}
    people = frozenset().union(*(one.people for one in timed))
    at_the_time = {"starts_at__lt": end, "ends_at__gt": begin}
    of_session = {f"session__{name}": value for name, value in at_the_time.items()}
    led = SessionTrainer.objects.filter(person__in=leaders, session__cancelled_at=None, **of_session)
    on_roster = RosterEntry.objects.filter(
        enrolment__person__in=people, session__cancelled_at=None, **of_session
    ).filter(enrolment__state__in=Enrolment.TAKING_PART)
    leads: dict[int, dict[int, str]] = {}
    for session, person, name in led.values_list("session", "person", "person__name"):
        leads.setdefault(session, {})[person] = name
    rosters: dict[int, set[int]] = {}
    for session, person in on_roster.order_by().values_list("session", "enrolment__person"):
        rosters.setdefault(session, set()).add(person)
    rows = Session.objects.scheduled().filter(**at_the_time).exclude(pk__in=apart)
    ours = Q(pk__in={*leads, *rosters}) | Q(venue__in=venues)
    rows = rows.filter(ours).select_related("programme", "venue")
    return [
        Wanted(
            row.programme, row.heading, row.starts_at, row.ends_at, row.zone, row.venue,
            leads.get(row.pk, {}), frozenset(rosters.get(row.pk, ())), row.pk,
        )
        for row in rows
    ]  # fmt: skip


def _seen(by: User | None, others: list[Wanted]) -> set[int] | None:
    """The programmes whose sessions she may read of; none: everything."""
    if by is None or not others:
        return None
    programmes = Programme.objects.visible_to(by).filter(pk__in={one.programme.pk for one in others})
    return set(programmes.values_list("pk", flat=True))


def _between(one: Wanted, other: Wanted, seen: set[int] | None) -> Iterable[Clash]:
    what = {"title": _name(other, seen), "when": _when(other)}
    if one.holds and one.holds == other.holds:
        words = _("%(venue)s is taken: %(title)s, %(when)s.") % (what | {"venue": one.venue.name})
        yield Clash(VENUE, other, words)
    for pk in one.trainers.keys() & other.trainers.keys():
        said = what | {"name": one.trainers[pk]}
        if other.venue:
            said["venue"] = other.venue.name
            words = _("%(name)s leads %(title)s then, %(when)s, %(venue)s.") % said
        else:
            words = _("%(name)s leads %(title)s then, %(when)s.") % said
        yield Clash(TRAINER, other, words)
    if n := len(one.people & other.people):
        words = ngettext(
            "%(n)s person is expected at %(title)s too, %(when)s.",
            "%(n)s people are expected at %(title)s too, %(when)s.",
            n,
        )
        yield Clash(ROSTER, other, words % (what | {"n": n}))


def _name(other: Wanted, seen: set[int] | None) -> str:
    if seen is not None and other.pk and other.programme.pk not in seen:
        return _("a session of another programme")
    return _("“%(title)s”") % {"title": other.title}


def _when(other: Wanted) -> str:
    """Day and times as the clocks there show them."""
    start, end = clock.local(other.starts_at, other.zone), clock.local(other.ends_at, other.zone)
    said = {"day": formats.date_format(start.date()), "start": f"{start:%H:%M}", "end": f"{end:%H:%M}"}
    return _("%(day)s %(start)s–%(end)s") % said
