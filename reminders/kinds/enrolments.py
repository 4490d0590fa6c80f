"""The letters to somebody whose place in a programme was settled: she has it, waits for one, or got one."""

from collections.abc import Iterable, Iterator
from datetime import date, datetime, timedelta

from django.db.models import CharField, Exists, OuterRef, QuerySet, Subquery, Value
from django.db.models.functions import Coalesce
from django.utils.formats import date_format
from django.utils.translation import gettext as _

from lib import clock
from people.models import Person, Programme
from reminders.kinds.due import Due, Kind, Words, link
from reminders.kinds.sessions import place, span
from reminders.models import Reminder, Rule
from training.models import Enrolment, RosterEntry, StateChange

FRESH = timedelta(days=3)  # older ones are news to nobody
State = Enrolment.State


class Settled(Kind):
    """What the three letters share: the newest step of an enrolment. Once a programme has begun, only a step
    that follows another one is news: who is first known as enrolled then was brought in from somewhere."""

    subject_type = "training.statechange"
    placeholders = ("person", "programme", "organisation")
    is_essential = True
    state: str

    def steps(self, rows: QuerySet) -> QuerySet:
        """Of the newest steps, with the state `before`, those that this letter is about."""
        return rows.filter(state=self.state)

    def due(self, rule: Rule, now: datetime) -> Iterator[Due]:
        """At once, while it is news and the programme is not over."""
        programme = rule.programme
        if programme.end and programme.end <= clock.local(now, programme.zone).date():
            return
        rows = self.steps(newest_steps()).filter(enrolment__programme=programme, at__gt=now - FRESH)
        rows = rows.filter(enrolment__state=self.state, enrolment__walk_in=False)
        rows = rows.filter(enrolment__person__joined_to=None)
        found = list(rows.values_list("pk", "enrolment__person", "at", "before"))
        begins = _first_day(programme) if found else None
        for pk, person, at, before in found:
            if before or begins is None or clock.local(at, programme.zone).date() < begins:
                yield Due(person, pk, 1, at, None)

    def untrue(self, reminder: Reminder, now: datetime) -> str:
        row = newest_steps().filter(pk=reminder.subject_id).select_related("enrolment").first()
        is_so = row is not None and row.enrolment.state == row.state
        return "" if is_so else _("Her place in the programme was settled otherwise since.")

    def subjects(self, ids: Iterable[int]) -> dict[int, StateChange]:
        """Each with the next place on a roster of hers at hand, as `next`."""
        rows = StateChange.objects.select_related("enrolment__programme__tenant", "enrolment__person")
        found = rows.in_bulk(list(ids))
        entries = RosterEntry.objects.filter(
            enrolment__in={row.enrolment_id for row in found.values()}, session__cancelled_at=None
        ).exclude(session__starts_at=None)
        entries = entries.select_related("session__venue").order_by("-session__starts_at")
        by_enrolment: dict[int, list] = {}
        for entry in entries:
            by_enrolment.setdefault(entry.enrolment_id, []).append(entry.session)
        for row in found.values():
            ahead = [one for one in by_enrolment.get(row.enrolment_id, ()) if one.starts_at > row.at]
            row.next = ahead[-1] if ahead else None
        return found

    def about(self, row: StateChange) -> str:
        return str(row.enrolment.programme)

    def values(self, row: StateChange, person: Person | None = None) -> dict[str, str]:
        programme = row.enrolment.programme
        return {
            "person": str(person or row.enrolment.person),
            "programme": programme.title,
            "organisation": programme.tenant.name,
        }

    def words(self, row: StateChange, person: Person | None = None) -> Words:
        what = self.values(row, person)
        subject, lines = self.said(row, what)
        why = _("You receive this because you applied for %(programme)s.") % what
        return Words(subject, lines, _("Open the programme"), link("desk:today"), why)

    def said(self, row: StateChange, what: dict) -> tuple[str, list[str]]:
        raise NotImplementedError


class Enrolled(Settled):
    state = State.ENROLLED

    def steps(self, rows: QuerySet) -> QuerySet:
        """Not who came from the waiting list: she reads that a place became free."""
        return super().steps(rows).exclude(before=State.WAITLISTED)

    def said(self, row: StateChange, what: dict) -> tuple[str, list[str]]:
        first = _("You have a place in %(programme)s of %(organisation)s.") % what
        return _("You have a place in %(programme)s") % what, [first, *_when_it_begins(row)]


class PlaceFree(Settled):
    state = State.ENROLLED

    def steps(self, rows: QuerySet) -> QuerySet:
        return super().steps(rows).filter(before=State.WAITLISTED)

    def said(self, row: StateChange, what: dict) -> tuple[str, list[str]]:
        first = _("A place in %(programme)s became free, and it is yours.") % what
        last = _("You cannot come any more? Please tell us, so that somebody else can have it.")
        subject = _("A place became free in %(programme)s") % what
        return subject, [first, *_when_it_begins(row), last]


class Waitlisted(Settled):
    state = State.WAITLISTED

    def said(self, row: StateChange, what: dict) -> tuple[str, list[str]]:
        lines = [
            _("All places in %(programme)s are taken; you are on the waiting list.") % what,
            _("If one becomes free and it is your turn, we write to you. You need not do anything."),
        ]
        return _("You are on the waiting list of %(programme)s") % what, lines


def newest_steps() -> QuerySet:
    """The newest step of each enrolment; `before` is the state before it, empty: there was none."""
    hers = StateChange.objects.filter(enrolment=OuterRef("enrolment")).order_by("-pk")
    earlier = hers.filter(pk__lt=OuterRef("pk")).values("state")[:1]
    rows = StateChange.objects.filter(~Exists(hers.filter(pk__gt=OuterRef("pk"))))
    return rows.annotate(before=Coalesce(Subquery(earlier), Value(""), output_field=CharField()))


def _first_day(programme: Programme) -> date | None:
    """Of the programme; where it has none, of its sessions."""
    days = programme.sessions.exclude(day=None).order_by("day").values_list("day", flat=True)
    return programme.start or days.first()


def _when_it_begins(row: StateChange) -> list[str]:
    if session := row.next:
        what = {"session": session.heading, "when": span(session.day, session.start, session.end)}
        lines = [_("The next session: %(session)s, %(when)s.") % what]
        if session.venue:
            lines.append(_("Place: %(place)s.") % {"place": place(session.venue)})
        return lines
    start = row.enrolment.programme.start
    if start and start > clock.local(row.at, row.enrolment.programme.zone).date():
        return [_("It begins on %(day)s.") % {"day": date_format(start, "DATE_FORMAT")}]
    return []
