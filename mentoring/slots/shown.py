"""Office hours as people read them: in the clock of the place, and in the reader's own where that differs."""

from datetime import datetime
from urllib.parse import urlsplit

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
    it out again. Only the mentor's has the link that logs the meeting: it speaks for her."""
    is_mentor, site = slot.mentor.person.user_id == reader.pk, settings.SITE_URL.rstrip("/")
    is_off = bool(slot.cancelled_at) or slot.booked_by_id is None
    lines = [slot.about, slot.cancelled_reason]
    if is_mentor and not is_off and (link := _log_link(slot)):
        lines.append(_("Log the meeting: %(link)s") % {"link": site + link})
    return ics.calendar(
        ics.Event(
            uid=f"slot-{slot.pk}@{urlsplit(site).hostname or 'rasadnik'}",
            sequence=slot.revision,
            stamp=slot.cancelled_at or slot.booked_at or now,
            starts_at=slot.starts_at,
            ends_at=slot.ends_at,
            title=_("Mentoring: %(names)s") % {"names": _others(slot, reader)},
            text="\n".join(line for line in lines if line),
            place=slot.where,
            url=site + _page(slot, is_mentor),
            is_cancelled=is_off,
        )
    )


def _others(slot: Slot, reader: User) -> str:
    """Whom the reader meets; of somebody else's slot, both."""
    both = [slot.mentor.person] + ([slot.booked_by.person] if slot.booked_by else [])
    others = [person for person in both if person.user_id != reader.pk]
    return " – ".join(str(person) for person in others or both)


def _page(slot: Slot, is_mentor: bool) -> str:
    if is_mentor or slot.booked_by_id is None:
        return reverse("mentoring:slot_list", args=[slot.programme.code])
    return reverse("mentoring:slot_book", args=[slot.booked_by_id])


def _log_link(slot: Slot) -> str:
    pair = Assignment.objects.alive().filter(mentor=slot.mentor_id, enrolment=slot.booked_by_id).last()
    return links.log_address(pair) if pair else ""
