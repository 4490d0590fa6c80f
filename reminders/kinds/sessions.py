"""The letters about sessions to come, to everybody on the roster and to who leads them."""

from collections.abc import Callable, Collection, Iterable, Iterator
from datetime import date, datetime, timedelta

from django.db.models import QuerySet
from django.utils.formats import date_format, time_format
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from people.models import Person
from reminders.kinds.due import AHEAD, Due, Kind, Words, evening, link
from reminders.models import Reminder, Rule
from training.models import Enrolment, RosterEntry, Session, SessionTrainer, Venue

LAST_CALL = timedelta(minutes=30)  # before a session begins, a reminder of it is no use any more
PARTICIPANTS, TRAINERS = "participants", "trainers"
PART = 500  # reminders looked at together


class OfSession(Kind):
    """What all letters about a session share: whom they go to, what they are about, what a text may name."""

    subject_type = "training.session"
    takes_module = True
    audiences = {
        PARTICIPANTS: gettext_lazy("who takes part"),
        TRAINERS: gettext_lazy("who leads the session"),
    }
    placeholders = ("person", "session", "programme", "day", "start", "end", "place")

    def untrue(self, reminder: Reminder, now: datetime) -> str:
        return self.untrue_of([reminder], now).get(reminder.pk, "")

    def untrue_of(self, reminders: Iterable[Reminder], now: datetime) -> dict[int, str]:
        found, every = {}, list(reminders)
        for start in range(0, len(every), PART):
            rows = every[start : start + PART]
            known = self.standing([row.subject_id for row in rows])
            expected = _expected(rows)
            for row in rows:
                words = self.over(known.get(row.subject_id), row.subject_revision, now)
                if not words and not expected(row):
                    words = _("This person is no longer expected there.")
                if words:
                    found[row.pk] = words
        return found

    def standing(self, ids: list[int]) -> dict:
        """By session, what `over` looks at."""
        return Session.objects.in_bulk(ids)

    def over(self, row, revision: int, now: datetime) -> str:
        """Why it is not true any more, whomever it goes to."""
        raise NotImplementedError

    def subjects(self, ids: Iterable[int]) -> dict[int, Session]:
        return Session.objects.select_related("venue", "programme", "module").in_bulk(list(ids))

    def about(self, session: Session) -> str:
        return session.heading

    def values(self, session: Session, person: Person | None = None) -> dict[str, str]:
        unknown = _("not known yet")
        return {
            "person": str(person or ""),
            "session": session.heading,
            "programme": session.programme.title,
            "day": date_format(session.day, "DATE_FORMAT") if session.day else unknown,
            "start": time_format(session.start, "H:i") if session.start else unknown,
            "end": time_format(session.end, "H:i") if session.end else unknown,
            "place": place(session.venue) or unknown,
        }

    def words(self, session: Session, person: Person | None = None) -> Words:
        what = self.values(session, person)
        lines = [
            _("%(day)s, from %(start)s to %(end)s: %(session)s.") % what,
            _("It belongs to the programme %(programme)s.") % what,
        ]
        if session.venue:
            lines.append(_("Place: %(place)s.") % what)
        subject = _("%(session)s on %(day)s at %(start)s") % what
        return Words(subject, lines, _("Open the programme"), link("desk:today"))


class SessionAhead(OfSession):
    """A reminder of a session that stands. A subclass says when."""

    def at(self, session: Session, hour: int) -> datetime:
        raise NotImplementedError

    def due(self, rule: Rule, now: datetime) -> Iterator[Due]:
        """Everybody on the roster, and who leads it; a missed hour is caught up while it is any use."""
        sessions = of_rule(Session.objects.scheduled(), rule)
        sessions = sessions.filter(starts_at__gt=now + LAST_CALL, starts_at__lte=now + AHEAD)
        known = {
            session.pk: (session.revision, self.at(session, rule.at_hour), session.starts_at - LAST_CALL)
            for session in sessions
        }
        for session_id, person_id in told(sessions, rule.audience):
            if session_id in known:  # not planned between the two questions
                yield Due(person_id, session_id, *known[session_id])

    def over(self, session: Session | None, revision: int, now: datetime) -> str:
        if session is None or session.cancelled_at:
            return _("The session was cancelled.")
        if session.revision != revision:
            return _("The session was moved.")
        return _("The session has begun.") if session.has_begun(now) else ""


class SessionTomorrow(SessionAhead):
    hour, days, takes_hour = 18, 1, True

    def at(self, session: Session, hour: int) -> datetime:
        """The evening before."""
        return evening(session.day - timedelta(days=1), hour, session.zone)


class SessionToday(SessionAhead):
    hour, takes_hour = 7, True
    starts_on = False  # two letters about each session are one too many unless somebody wants them

    def at(self, session: Session, hour: int) -> datetime:
        """That morning; earlier where it begins so early."""
        return min(evening(session.day, hour, session.zone), session.starts_at - timedelta(hours=1))


def of_rule(sessions: QuerySet, rule: Rule) -> QuerySet:
    sessions = sessions.filter(programme=rule.programme)
    return sessions.filter(module=rule.module_id) if rule.module_id else sessions


def told(
    sessions: QuerySet | Collection[int], audience: str, people: Collection[int] | None = None
) -> set[tuple[int, int]]:
    """(session, person) of everybody who is expected and takes part, and of who leads it; of these people."""
    found: set[tuple[int, int]] = set()
    of = sessions.order_by().values("pk") if isinstance(sessions, QuerySet) else sessions
    if audience != TRAINERS:
        rows = RosterEntry.objects.filter(session__in=of)
        rows = rows.filter(enrolment__state__in=Enrolment.TAKING_PART, enrolment__person__joined_to=None)
        rows = rows if people is None else rows.filter(enrolment__person__in=people)
        found.update(rows.order_by().values_list("session", "enrolment__person"))
    if audience != PARTICIPANTS:
        led = SessionTrainer.objects.filter(session__in=of)
        led = led if people is None else led.filter(person__in=people)
        found.update(led.values_list("session", "person"))
    return found


def _expected(reminders: Iterable[Reminder]) -> Callable[[Reminder], bool]:
    """Is this one's person expected, or does she lead it, by the rule's audience? As the records are now. Who
    leads is asked only where somebody is not among those who take part: all this happens for each letter."""
    rows = list(reminders)
    sessions, people = {row.subject_id for row in rows}, {row.person_id for row in rows}
    by_audience: dict[str, set[tuple[int, int]]] = {}
    for name in {row.rule.audience for row in rows}:
        pairs = {(row.subject_id, row.person_id) for row in rows if row.rule.audience == name}
        found = told(sessions, PARTICIPANTS, people) if name != TRAINERS else set()
        if name != PARTICIPANTS and not pairs <= found:
            found |= told(sessions, TRAINERS, people)
        by_audience[name] = found
    return lambda row: (row.subject_id, row.person_id) in by_audience[row.rule.audience]


def place(venue: Venue | None) -> str:
    parts = (venue.name, venue.address, venue.municipality) if venue else ()
    return ", ".join(dict.fromkeys(part for part in parts if part))


def span(day: date | None, start, end) -> str:
    """ "12 March 2025, 10:00–14:00", as far as it is known."""
    if day is None:
        return ""
    said = date_format(day, "DATE_FORMAT")
    return f"{said}, {time_format(start, 'H:i')}–{time_format(end, 'H:i')}" if start else said
