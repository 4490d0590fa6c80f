"""A session in time and place: what it must be, what it holds, and what is said when that is taken."""

from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from datetime import datetime

from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _

from accounts.models import User
from lib import clock
from people.models import Person
from training.models import Session, SessionTrainer
from training.planning import breaks as pauses
from training.planning import clashes, guards


def check(session: Session) -> None:
    """What a session must be, in words; the database holds the same as constraints."""
    if not session.title.strip():
        raise ValidationError({"title": _("A session needs a title.")})
    if not clock.is_zone(session.zone):
        raise ValidationError({"zone": _("“%(zone)s” is no time zone.") % {"zone": session.zone}})
    if session.day and not 1990 <= session.day.year <= 2100:
        raise ValidationError({"day": _("The day must lie between 1990 and 2100.")})
    if (session.start is None) != (session.end is None):
        raise ValidationError({"end": _("Give both the start and the end, or neither.")})
    if session.start and session.day is None:
        raise ValidationError({"day": _("A session with a time needs a day.")})
    if session.start and session.end <= session.start:
        raise ValidationError({"end": _("A session ends after it starts.")})
    _check_times(session)
    if session.module and session.module.programme_id != session.programme_id:
        raise ValidationError({"module": _("This module belongs to another programme.")})
    if session.venue and session.venue.tenant_id != session.programme.tenant_id:
        raise ValidationError({"venue": _("This venue belongs to another organisation.")})


def _check_times(session: Session) -> None:
    """Breaks that are times say how long they are; which of two, only where a time happens twice."""
    if session.breaks and session.start is None:
        raise ValidationError({"breaks": _("Breaks need the start and the end of the session.")})
    if session.breaks:
        session.breaks = pauses.plain(pauses.times(session.breaks))
        if words := pauses.refusal(session.breaks, session.start, session.end):
            raise ValidationError({"breaks": words})
        session.break_minutes = pauses.minutes(session.breaks)
    if session.start:
        length = (session.end.hour - session.start.hour) * 60 + session.end.minute - session.start.minute
        if session.break_minutes >= length:
            raise ValidationError({"break_minutes": _("The breaks are as long as the session.")})
        at = (session.start, session.end)
        if not any(clock.happens_twice(session.day, one, session.zone) for one in at):
            session.fold = None


def set_trainers(session: Session, trainers: Iterable[Person]) -> None:
    """These lead it, for as long as it lasts: the database refuses whoever leads another one then."""
    session.trainers.set(trainers, through_defaults=meanwhile(session))


def release(sessions: Iterable[Session]) -> None:
    """Let go of places and trainers: these sessions are about to be put somewhere else, one by one."""
    keys = [session.pk for session in sessions]
    Session.objects.filter(pk__in=keys).update(holds_venue=False)
    SessionTrainer.objects.filter(session__in=keys).update(starts_at=None, ends_at=None)


def meanwhile(session: Session) -> dict[str, datetime | None]:
    is_on = session.cancelled_at is None
    return {
        "starts_at": session.starts_at if is_on else None,
        "ends_at": session.ends_at if is_on else None,
    }


def hold_venue(session: Session) -> None:
    session.holds_venue = not (session.venue and session.venue.is_shared)


@contextmanager
def refused_in_words(by: User | None, session: Session, trainers: list[Person] | None) -> Iterator[None]:
    """Place and trainer are the database's to refuse, so that no race gets by; what it is, is said here."""
    try:
        with transaction.atomic():
            yield
    except IntegrityError as error:
        if not guards.refused(error):
            raise
        found = clashes.find(clashes.wanted(session, trainers), by=by)
        words = _("Another session takes this place or this trainer at that time.")
        raise (clashes.refusal(found) or ValidationError(words, code="clash")) from error


def confirm(by: User | None, session: Session, trainers: list[Person] | None) -> None:
    """Raises ValidationError (code `roster`) where people of its roster are expected elsewhere meanwhile."""
    session.derive()
    found = clashes.find(clashes.wanted(session, trainers), by=by)
    if words := [clash.words for clash in found if not clash.is_refused]:
        raise ValidationError([ValidationError(one, code="roster") for one in words])
