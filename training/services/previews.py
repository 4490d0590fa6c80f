"""What would come of planned sessions before anything is written: refusals and clashes."""

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field

from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _

from accounts.models import User
from lib import clock
from people.models import Person, Programme
from training.models import Module, RosterEntry, Session, SessionTrainer
from training.planning.clashes import Clash, Wanted, expected, find_all
from training.planning.proposing import Line, Shift, shifted
from training.services.placing import check


@dataclass
class Seen:
    """A session as it would be: `refusals` in words, what it clashes with, whether a time happens twice."""

    session: Session
    refusals: list[str] = field(default_factory=list)
    clashes: list[Clash] = field(default_factory=list)
    asks_fold: bool = False

    @property
    def is_refused(self) -> bool:
        return bool(self.refusals) or any(clash.is_refused for clash in self.clashes)

    @property
    def rosters(self) -> list[Clash]:
        return [clash for clash in self.clashes if not clash.is_refused]


def session_of(programme: Programme, line: Line, module: Module | None = None) -> Session:
    """A proposed line as a session that is not saved."""
    return Session(
        programme=programme,
        module=module,
        title=line.title or line.title_sr,
        title_sr=line.title_sr,
        day=line.day,
        start=line.start,
        end=line.end,
        fold=line.fold,
        breaks=[list(one) for one in line.breaks],
        venue=line.venue,
        zone=(line.venue and line.venue.zone) or programme.zone,
        agenda=line.agenda,
        agenda_sr=line.agenda_sr,
    )


def moved(session: Session, shift: Shift, fold: int | None = None) -> Session:
    """The same session, somewhere else in time, not saved. Raises ValidationError in words."""
    try:
        session.day, session.start, session.end, session.breaks = shifted(
            session.day, session.start, session.end, session.breaks, shift
        )
    except OverflowError as error:
        raise ValidationError(_("It would end on another day: a session ends on its day.")) from error
    session.fold = fold if fold is not None else session.fold
    return session


def examine(
    sessions: Sequence[Session],
    *,
    reader: User | None,
    trainers: Iterable[Person] | None = None,
    led_by: Mapping[int, list[Person]] | None = None,
    apart: Collection[int] = (),
) -> list[Seen]:
    """The sessions as they would be, all at once. `trainers` lead the new ones, `led_by` those that are known
    by key, where it is to change."""
    seen = [Seen(session) for session in sessions]
    for one in seen:
        one.asks_fold = asks_fold(one.session)
        try:
            check(one.session)
            one.session.derive()
        except ValidationError as error:
            one.session.starts_at = one.session.ends_at = None
            one.refusals = error.messages
    wanted = _wanted(sessions, list(trainers or ()), led_by or {})
    for one, found in zip(seen, find_all(wanted, by=reader, apart=apart), strict=True):
        one.clashes = found
    return seen


def asks_fold(session: Session) -> bool:
    """Does one of its times happen twice on that day?"""
    if not (session.day and session.start and session.end and clock.is_zone(session.zone)):
        return False
    return any(clock.happens_twice(session.day, at, session.zone) for at in (session.start, session.end))


def _wanted(sessions: Sequence[Session], trainers: list[Person], led_by: Mapping) -> list[Wanted]:
    """Three queries for all of them."""
    keys = [session.pk for session in sessions if session.pk]
    leads: dict[int, dict[int, str]] = {}
    rosters: dict[int, set[int]] = {}
    if keys:
        led = SessionTrainer.objects.filter(session__in=keys)
        for session, person, name in led.values_list("session", "person", "person__name"):
            leads.setdefault(session, {})[person] = name
        on_them = RosterEntry.objects.filter(session__in=keys).order_by()
        for session, person in on_them.values_list("session", "enrolment__person"):
            rosters.setdefault(session, set()).add(person)
    new = {person.pk: str(person) for person in trainers}
    leads |= {pk: {one.pk: str(one) for one in people} for pk, people in led_by.items() if pk}
    new_in = {session.programme_id: session.programme for session in sessions if not session.pk}
    everybody = {pk: expected(programme) for pk, programme in new_in.items() if pk}
    return [
        Wanted.of(
            session,
            trainers=leads.get(session.pk, {}) if session.pk else new,
            people=_people(session, rosters, everybody),
        )
        for session in sessions
    ]


def _people(session: Session, rosters: Mapping, everybody: Mapping) -> Collection[int]:
    if session.pk:
        return rosters.get(session.pk, ())
    return () if session.by_invitation else everybody.get(session.programme_id, ())
