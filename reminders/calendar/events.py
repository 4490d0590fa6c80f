"""What stands in a person's calendar, read from the records: sessions, booked office hours, the last day of a
round that she judges in, the days on which her goals are due."""

from collections.abc import Iterator
from datetime import datetime, timedelta

from django.db.models import OuterRef, Q, QuerySet, Subquery
from django.utils.translation import gettext as _

from ideas.models import Seat
from lib import clock, ics
from lib.plain import unlinked
from mentoring.models import Assignment, Goal, Slot
from mentoring.slots import shown
from people.models import Person
from reminders.kinds.due import link
from reminders.kinds.sessions import place
from training.models import Enrolment, RosterEntry, Session, SessionChange, SessionTrainer

KEPT = timedelta(days=60)  # what is over stays for so long
CANCELLED_KEPT = timedelta(days=14)  # it is shown as cancelled, then it goes
MOST = 500  # of each, the nearest


def events_of(person: Person, now: datetime, since: datetime) -> list[ics.Event]:
    """All of hers, in the active language. `since` stands for the moment of what says none itself, so that
    the same records are the same text."""
    return [
        *_sessions(person, now, since),
        *_slots(person, now, since),
        *_rounds(person, now, since),
        *_goals(person, now),
    ]


def session_event(
    session: Session, stamp: datetime, was: SessionChange | None = None, *, is_off: bool = False
) -> ics.Event | None:
    """The session (with programme and venue); a day without hours is a whole day. What has no day any more is
    taken out from where it was (`was`). None: it never had one."""
    is_off = is_off or session.cancelled_at is not None
    start, end, zone = session.starts_at, session.ends_at, session.zone
    if start is None and session.day:
        start, end = session.day, session.day + timedelta(days=1)
    elif start is None and was and was.was_starts_at:
        start = end = was.was_starts_at
        is_off, zone = True, was.was_zone
    if start is None:
        return None
    return ics.Event(
        uid=ics.uid_of("session", session.pk),
        sequence=session.revision,
        stamp=stamp,
        starts_at=start,
        ends_at=end,
        title=unlinked(session.heading),
        text=unlinked(session.programme.title),
        place=place(session.venue),
        url=link("desk:today"),
        zone=zone,
        is_cancelled=is_off,
    )


def _recent(rows: QuerySet, now: datetime) -> QuerySet:
    rows = rows.filter(day__gte=(now - KEPT).date())
    return rows.filter(Q(cancelled_at=None) | Q(cancelled_at__gt=now - CANCELLED_KEPT))


def expected(rows: QuerySet, person: Person) -> QuerySet:
    """The sessions that she is on the roster of, or leads."""
    roster = RosterEntry.objects.filter(
        enrolment__person=person, enrolment__state__in=Enrolment.TAKING_PART
    ).order_by()
    leads = SessionTrainer.objects.filter(person=person)
    return rows.filter(Q(pk__in=roster.values("session")) | Q(pk__in=leads.values("session")))


def _sessions(person: Person, now: datetime, since: datetime) -> Iterator[ics.Event]:
    newest = SessionChange.objects.filter(session=OuterRef("pk")).order_by("-revision").values("at")[:1]
    rows = _recent(expected(Session.objects.all(), person), now).annotate(changed_at=Subquery(newest))
    for row in rows.select_related("programme", "venue").order_by("day", "pk")[:MOST]:
        yield session_event(row, row.changed_at or row.cancelled_at or since)


def _slots(person: Person, now: datetime, since: datetime) -> Iterator[ics.Event]:
    rows = Slot.objects.filter(Q(mentor__person=person) | Q(booked_by__person=person))
    rows = _recent(rows.exclude(booked_by=None), now).select_related(
        "programme", "mentor__person", "booked_by__person"
    )
    rows, pairs = list(rows.order_by("day", "pk")[:MOST]), {}
    for pair in Assignment.objects.alive().filter(Q(mentor__person=person) | Q(enrolment__person=person)):
        pairs[pair.mentor_id, pair.enrolment_id] = pair
    for row in rows:
        pair = pairs.get((row.mentor_id, row.booked_by_id))
        yield shown.event(row, person, stamp=row.cancelled_at or row.booked_at or since, pair=pair)


def _rounds(person: Person, now: datetime, since: datetime) -> Iterator[ics.Event]:
    rows = Seat.objects.filter(reviewer=person, left_at=None, round__closes_at__gt=now - KEPT)
    for seat in rows.select_related("round__programme").order_by("round__closes_at", "pk")[:MOST]:
        round = seat.round
        day = clock.local(round.last_moment, round.programme.zone).date()
        what = {"programme": unlinked(round.programme.title), "n": round.number}
        yield ics.Event(
            uid=ics.uid_of("round", round.pk),
            sequence=round.revision,
            stamp=since,
            starts_at=day,
            ends_at=day + timedelta(days=1),
            title=_("Last day for your reviews: %(programme)s, round %(n)s") % what,
            url=link("ideas:review_next", round.pk),
        )


def _goals(person: Person, now: datetime) -> Iterator[ics.Event]:
    pairs = Assignment.objects.alive().order_by().values("pk")
    rows = Goal.objects.filter(state=Goal.State.OPEN, due__gte=(now - KEPT).date(), assignment__in=pairs)
    hers = Q(assignment__mentor__person=person) | Q(assignment__enrolment__person=person)
    for goal in rows.filter(hers).order_by("due", "pk")[:MOST]:
        yield ics.Event(
            uid=ics.uid_of("goal", goal.pk),
            sequence=goal.revision,
            stamp=goal.state_at,
            starts_at=goal.due,
            ends_at=goal.due + timedelta(days=1),
            title=_("Goal due: %(goal)s") % {"goal": unlinked(goal.text)},
            url=link("mentoring:assignment_detail", goal.assignment_id),
        )
