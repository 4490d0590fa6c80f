"""Office hours as people read them: in the clock of the place, and in the reader's own where that differs."""

from datetime import datetime

from django.conf import settings
from django.urls import reverse
from django.utils.formats import date_format
from django.utils.translation import gettext as _

from accounts.models import User
from lib import clock, ics
from mentoring.meetings import links
from mentoring.models import Assignment, Slot
from people.models import Person, Programme


def zone_of(user: User, programme: Programme) -> str:
    """The reader's own zone where she said one, else the programme's."""
    own = Person.objects.filter(user=user).values_list("zone", flat=True).first()
    return own if own and clock.is_zone(own) else programme.zone


def span(slot: Slot, zone: str) -> str:
    """ "17:00–17:30"; with its zone, and the time in the reader's, where her clock shows another one."""
    agreed = f"{slot.start:%H:%M}–{slot.end:%H:%M}"
    start, end = clock.local(slot.starts_at, zone), clock.local(slot.ends_at, zone)
    if start.utcoffset() == clock.local(slot.starts_at, slot.zone).utcoffset():
        return agreed
    here = f"{start:%H:%M}–{end:%H:%M}"
    if start.date() != slot.day:
        here = f"{date_format(start.date(), 'SHORT_DATE_FORMAT')} {here}"
    said = {"time": agreed, "zone": slot.zone, "here": here, "own": zone}
    return _("%(time)s (%(zone)s); for you %(here)s (%(own)s)") % said


def with_spans(slots: list[Slot], zone: str) -> list[Slot]:
    for slot in slots:
        slot.span = span(slot, zone)
    return slots


def calendar(slot: Slot, reader: User, now: datetime) -> bytes:
    """The slot for the reader's calendar. Who gave it back, or finds it cancelled, gets the file that takes
    it out again. Only here stands what she wants to talk about: nothing else leaves with it."""
    both = [slot.mentor.person] + ([slot.booked_by.person] if slot.booked_by else [])
    person = next((one for one in both if one.user_id == reader.pk), None)
    pair = Assignment.objects.alive().filter(mentor=slot.mentor_id, enrolment=slot.booked_by_id).last()
    found = event(slot, person, stamp=slot.cancelled_at or slot.booked_at or now, pair=pair)
    lines = [slot.about, found.text]
    return ics.calendar(found._replace(text="\n".join(line for line in lines if line)))


def uid_of(slot: Slot) -> str:
    return ics.uid_of("slot", slot.pk)


def event(slot: Slot, person: Person | None, *, stamp: datetime, pair: Assignment | None) -> ics.Event:
    """The slot (with mentor, who booked it and programme) in the calendar of this person, or of somebody who
    runs the programme; cancelled where it is not hers any more. Only the mentor's has the link that logs the
    meeting: it speaks for her. `pair`: the two of them, where the mentor guides her."""
    is_mentor, is_off = is_mentor_of(slot, person), not is_hers(slot, person)
    site, text = settings.SITE_URL.rstrip("/"), slot.cancelled_reason
    if is_mentor and not is_off and pair:
        text = _("Log the meeting: %(link)s") % {"link": site + links.log_address(pair)}
    return ics.Event(
        uid=uid_of(slot),
        sequence=slot.revision,
        stamp=stamp,
        starts_at=slot.starts_at,
        ends_at=slot.ends_at,
        title=_("Mentoring: %(names)s") % {"names": _others(slot, person)},
        text=text,
        place=slot.where,
        url=site + _page(slot, person, pair),
        zone=slot.zone,
        is_cancelled=is_off,
    )


def is_mentor_of(slot: Slot, person: Person | None) -> bool:
    return person is not None and slot.mentor.person_id == person.pk


def is_hers(slot: Slot, person: Person | None) -> bool:
    """It takes place, and she is one of the two. Nobody in particular: she runs the programme."""
    if slot.cancelled_at or slot.booked_by is None:
        return False
    return person is None or person.pk in (slot.mentor.person_id, slot.booked_by.person_id)


def _others(slot: Slot, person: Person | None) -> str:
    """Whom she meets; for somebody else, both. Of a slot that is not hers any more, whoever held it open."""
    mentor, booked = slot.mentor.person, slot.booked_by.person if slot.booked_by else None
    if person is not None and booked not in (None, person) and not is_mentor_of(slot, person):
        booked = None
    both = [one for one in (mentor, booked) if one]
    return " – ".join(str(one) for one in [one for one in both if one != person] or both)


def _page(slot: Slot, person: Person | None, pair: Assignment | None) -> str:
    """Where she reads of it; by a link that needs no account, where she has none and somebody guides her."""
    booked = slot.booked_by
    if is_mentor_of(slot, person) or booked is None or (person and booked.person_id != person.pk):
        return reverse("mentoring:slot_list", args=[slot.programme.code])
    if person and person.user_id is None and pair:
        return links.times_address(pair)
    return reverse("mentoring:slot_book", args=[booked.pk])
