"""The letter about a session that is elsewhere, at another time or not at all; or takes place after all."""

from collections.abc import Iterable, Iterator
from datetime import datetime, timedelta

from django.db.models import Exists, OuterRef, QuerySet
from django.utils.translation import gettext as _

from lib import clock
from people.models import Person
from reminders.kinds.due import Due, Words, link
from reminders.kinds.sessions import OfSession, of_rule, place, span, told
from reminders.models import Rule
from training.models import Session, SessionChange

FRESH = timedelta(days=3)  # older changes are news to nobody
SOON = timedelta(hours=24)
Step = SessionChange.Step


class SessionChanged(OfSession):
    """Only the newest change of a session is told: what was, what is. Its revision is that of the change."""

    placeholders = (*OfSession.placeholders, "was")
    is_essential = True

    def due(self, rule: Rule, now: datetime) -> Iterator[Due]:
        """At once, until the hour that stands (or stood, where none does now) has come."""
        sessions = of_rule(Session.objects.all(), rule)
        newest = newest_changes().filter(session__in=sessions.order_by().values("pk"), at__gt=now - FRESH)
        changes = {row.session_id: row for row in newest.select_related("session") if _until(row) > now}
        if not changes:
            return
        for session_id, person_id in told(sessions.filter(pk__in=list(changes)), rule.audience):
            row = changes[session_id]
            soon = _is_soon(row, now)
            yield Due(person_id, session_id, row.revision, row.at, _until(row), soon)

    def passes(self, subject_id: int, now: datetime) -> bool:
        """Also at night where what was, or what is, is near."""
        row = newest_changes().filter(session=subject_id).select_related("session").first()
        return row is not None and _is_soon(row, now)

    def standing(self, ids: list[int]) -> dict[int, SessionChange]:
        changes = newest_changes().filter(session__in=ids).select_related("session")
        return {row.session_id: row for row in changes}

    def over(self, row: SessionChange | None, revision: int, now: datetime) -> str:
        if row is None:
            return _("The session is gone.")
        moved_on = row.session.starts_at and row.session.revision != revision
        if row.revision != revision or moved_on:
            return _("The session was changed again since.")
        return _("Its time is over.") if _until(row) <= now else ""

    def subjects(self, ids: Iterable[int]) -> dict[int, Session]:
        """Each with its changes of the last days at hand, the newest first: who missed one reads of all."""
        found = super().subjects(ids)
        for session in found.values():
            session.lately = []
        changes = SessionChange.objects.filter(session__in=list(found)).select_related("was_venue")
        for row in changes.order_by("session", "-revision"):
            lately = found[row.session_id].lately
            if not lately or row.at > lately[0].at - FRESH:
                lately.append(row)
        return found

    def values(self, session: Session, person: Person | None = None) -> dict[str, str]:
        was = "; ".join(_times_before(session)) or _("not known yet")
        return super().values(session, person) | {"was": was}

    def words(self, session: Session, person: Person | None = None) -> Words:
        what = self.values(session, person)
        what["now"] = span(session.day, session.start, session.end) or _("not known yet")
        said = _cancelled if session.cancelled_at else _takes_place
        subject, lines = said(session, what)
        lines.append(_("It belongs to the programme %(programme)s.") % what)
        return Words(subject, lines, _("Open the programme"), link("desk:today"))


def newest_changes() -> QuerySet:
    later = SessionChange.objects.filter(session=OuterRef("session"), revision__gt=OuterRef("revision"))
    return SessionChange.objects.filter(~Exists(later))


def _until(row: SessionChange) -> datetime:
    """Where it stands now, or where it stood and stands no more."""
    session = row.session
    if session.cancelled_at is None and session.starts_at:
        return session.starts_at
    return row.was_starts_at or row.at


def _is_soon(row: SessionChange, now: datetime) -> bool:
    """Today by its own clock, or within 24 hours: the old hour or the new one."""
    session = row.session
    new = None if session.cancelled_at else session.starts_at
    for at, zone in ((row.was_starts_at, row.was_zone), (new, session.zone)):
        if at and at > now:
            is_today = clock.local(at, zone).date() == clock.local(now, zone).date()
            if is_today or at - now <= SOON:
                return True
    return False


def _times_before(session: Session) -> list[str]:
    """When it was planned for in the last days and does not take place, the newest first."""
    now = "" if session.cancelled_at else span(session.day, session.start, session.end)
    found = [span(row.was_day, row.was_start, row.was_end) for row in session.lately if row.was_starts_at]
    return [one for one in dict.fromkeys(found) if one != now]


def _cancelled(session: Session, what: dict) -> tuple[str, list[str]]:
    times = _times_before(session)
    lines = [_("%(session)s does not take place on %(when)s.") % (what | {"when": one}) for one in times] or [
        _("%(session)s does not take place.") % what
    ]
    first = times[0] if times else what["day"]
    return _("Cancelled: %(session)s, %(when)s") % (what | {"when": first}), lines


def _takes_place(session: Session, what: dict) -> tuple[str, list[str]]:
    """After all, or elsewhere, or at another time; and when and where it does not, any more."""
    newest = session.lately[0] if session.lately else None
    times = _times_before(session)
    if newest and newest.step == Step.RESTORED:
        subject = _("It takes place after all: %(session)s, %(now)s")
        lines = [_("%(session)s was cancelled, and takes place after all: %(now)s.") % what]
    elif times:
        subject = _("Moved: %(session)s, now %(now)s")
        lines = [_("%(session)s has a new time: %(now)s.") % what]
    elif newest and newest.was_starts_at:
        subject = _("Another place: %(session)s, %(now)s")
        lines = [_("%(session)s on %(now)s takes place somewhere else.") % what]
    else:
        subject = _("%(session)s: %(now)s")
        lines = [_("%(session)s has its time now: %(now)s.") % what]
    if session.venue:
        lines.append(_("Place: %(place)s.") % what)
    lines += [_("Not any more: %(when)s.") % {"when": one} for one in times]
    places = dict.fromkeys(place(row.was_venue) for row in session.lately if row.was_venue_id)
    gone = [one for one in places if one != place(session.venue)]
    return subject % what, lines + [_("Not any more at: %(place)s.") % {"place": one} for one in gone]
