"""The invitation that goes along with a letter: it puts the event into her calendar, moves it there, or takes
it out. Its UID and SEQUENCE are those of the feed and of the file for one office hour: nothing doubles."""

from datetime import datetime

from django.core.exceptions import ValidationError
from django.utils import timezone

from lib import ics
from lib.mail import Attachment, one_address
from lib.plain import unlinked
from mentoring.models import Assignment, Slot, SlotChange
from mentoring.slots import shown
from people.models import Person
from reminders.calendar.events import expected, session_event
from reminders.models import Rule
from training.models import Enrolment, Session, StateChange

SESSION = (Rule.Kind.SESSION_TOMORROW, Rule.Kind.SESSION_TODAY, Rule.Kind.SESSION_CHANGED)
PLACE = (Rule.Kind.ENROLLED, Rule.Kind.PLACE_FREE)
SLOT = (Rule.Kind.MEETING_UPCOMING, Rule.Kind.BOOKING_OVER, Rule.Kind.BOOKING_OVER_MENTOR)
MOST = 200  # sessions in one file


def parts_of(kind: str, subject, person: Person | None) -> list[Attachment]:
    """For `lib.mail.build`, in the active language: none, one, or, where an office hour was moved, the new
    one and then the old one, taken back."""
    if person is None or kind not in (*SESSION, *PLACE, *SLOT):
        return []
    try:
        guest = ics.Guest(unlinked(person), one_address(person.email), has_accepted=kind in SLOT)
    except ValidationError:  # she is told in another way
        return []
    now = timezone.now()
    if kind in PLACE:
        return _timetable(subject, now)
    found = _session(kind, subject, person, now) if kind in SESSION else _slots(subject, person, now)
    return [_attached(event, guest) for event in found]


def _attached(event: ics.Event, guest: ics.Guest) -> Attachment:
    method, name = (ics.CANCEL, "cancelled.ics") if event.is_cancelled else (ics.REQUEST, "invite.ics")
    return name, ics.invitation(event, guest), f"text/calendar; method={method}; charset=utf-8"


def _session(kind: str, session: Session, person: Person, now: datetime) -> list[ics.Event]:
    """Only the letter about a change asks whether she is still expected: of the others it was just asked."""
    is_changed = kind == Rule.Kind.SESSION_CHANGED
    is_off = is_changed and not expected(Session.objects.filter(pk=session.pk), person).exists()
    lately = getattr(session, "lately", None) or [None]
    event = session_event(session, now, lately[0], is_off=is_off)
    return [event] if event else []


def _timetable(subject: StateChange | Enrolment, now: datetime) -> list[Attachment]:
    """All sessions to come of somebody who has a place now: a file of many, which is no invitation."""
    enrolment = subject.enrolment if isinstance(subject, StateChange) else subject
    rows = Session.objects.scheduled().filter(roster__enrolment=enrolment, starts_at__gt=now)
    rows = rows.select_related("programme", "venue").order_by("starts_at", "pk")[:MOST]
    events = [session_event(row, now) for row in rows]
    return [("sessions.ics", ics.published(events), "text/calendar; charset=utf-8")] if events else []


def _slots(subject: Slot | SlotChange, person: Person, now: datetime) -> list[ics.Event]:
    if isinstance(subject, Slot):
        return [_slot(subject, person, now)]
    new = subject.moved_to
    is_hers = new is not None and shown.is_hers(new, person)
    return [_slot(one, person, now) for one in ([new] if is_hers else []) + [subject.slot]]


def _slot(slot: Slot, person: Person, now: datetime) -> ics.Event:
    pair = Assignment.objects.alive().filter(mentor=slot.mentor_id, enrolment=slot.booked_by_id).last()
    return shown.event(slot, person, stamp=now, pair=pair)
