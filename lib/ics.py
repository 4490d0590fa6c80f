"""Events as calendars read them (RFC 5545, 5546): one UID for all versions of an event, a growing sequence,
taken back by CANCEL. Times are those of the clock that was agreed on, with the rules of its zone."""

import re
from collections.abc import Iterable
from datetime import UTC, date, datetime, timedelta
from email.utils import parseaddr
from typing import TYPE_CHECKING, NamedTuple
from urllib.parse import urlsplit

from django.conf import settings

from lib import clock, ics_zones

if (
    TYPE_CHECKING
):  # the library takes a fifth of a second to load: only whoever writes a calendar waits for it
    import icalendar

TYPE = "text/calendar; charset=utf-8"
PUBLISH, REQUEST, CANCEL = "PUBLISH", "REQUEST", "CANCEL"

_BREAKS = re.compile(r"\r\n|[\r\v\f\x1c-\x1e\x85\u2028\u2029]")
_NOT_SHOWN = re.compile(r"[\x00-\x09\x0b-\x1f\x7f-\x9f\ud800-\udfff]")


class Event(NamedTuple):
    """`uid` is the same for all versions of one event; a larger `sequence` replaces a smaller one. Instants
    are aware, and told by the clocks of `zone` (empty: UTC); days are whole days, the end not among them.
    `stamp` is when this version came to be."""

    uid: str
    sequence: int
    stamp: datetime
    starts_at: datetime | date
    ends_at: datetime | date
    title: str
    text: str = ""
    place: str = ""
    url: str = ""
    zone: str = ""
    is_cancelled: bool = False


class Guest(NamedTuple):
    """To whom an invitation goes. `email` is one valid address."""

    name: str
    email: str
    has_accepted: bool = False  # she booked it herself


def uid_of(noun: str, pk: int) -> str:
    """The same in every mail, feed and file of this house, and in no other house."""
    return f"{noun}-{pk}@{urlsplit(settings.SITE_URL).hostname or 'rasadnik'}"


def calendar(event: Event) -> bytes:
    """A file to keep it in a calendar, or, cancelled, to take it out again."""
    return _written([event], CANCEL if event.is_cancelled else PUBLISH)


def published(events: Iterable[Event]) -> bytes:
    """A file of many."""
    return _written(list(events), PUBLISH)


def invitation(event: Event, guest: Guest) -> bytes:
    """What goes along with a mail: puts it into her calendar, changes it there, or takes it out."""
    return _written([event], CANCEL if event.is_cancelled else REQUEST, guest)


def feed(events: Iterable[Event], *, name: str, every: timedelta) -> bytes:
    """A calendar that others read again and again, how often is asked of them by `every`."""
    return _written(list(events), PUBLISH, name=clean(name), every=every)


def clean(text: str) -> str:
    """A typed text as a value: whatever breaks lines is one and the same break; what nobody sees is gone."""
    return _NOT_SHOWN.sub("", _BREAKS.sub("\n", str(text)).replace("\t", " "))


def _written(
    events: list[Event],
    method: str,
    guest: Guest | None = None,
    name: str = "",
    every: timedelta | None = None,
) -> bytes:
    from icalendar import Calendar, vDuration, vText

    found = Calendar()
    found.add("prodid", "-//Rasadnik//EN")
    found.add("version", "2.0")
    found.add("method", method)
    if every:
        found.add("x-wr-calname", vText(name))
        found.add("refresh-interval", vDuration(every), parameters={"VALUE": "DURATION"})
        found.add("x-published-ttl", vDuration(every))
    for zone, years in sorted(_zones(events).items()):
        found.add_component(ics_zones.timezone(zone, min(years), max(years)))
    for event in events:
        found.add_component(_component(event, guest))
    return found.to_ical(sorted=False)


def _zones(events: list[Event]) -> dict[str, set[int]]:
    """The years that each zone is needed for."""
    found = {}
    for event in events:
        for at in _times(event):
            if isinstance(at, datetime) and at.tzinfo is not UTC:
                found.setdefault(event.zone, set()).add(at.year)
    return found


def _times(event: Event) -> list[datetime | date]:
    """Both in the clock that was agreed; in UTC where it shows this time twice and means the second, which no
    calendar could tell from the first."""
    both = [event.starts_at, event.ends_at]
    if not isinstance(event.starts_at, datetime):
        return both
    if event.zone in ("", "UTC"):
        return [at.astimezone(UTC) for at in both]
    here = [clock.local(at, event.zone) for at in both]
    return [at.astimezone(UTC) for at in both] if any(at.fold for at in here) else here


def _component(event: Event, guest: Guest | None) -> "icalendar.Event":
    from icalendar import Event as Component

    found = Component()
    start, end = _times(event)
    found.add("uid", clean(event.uid))
    found.add("sequence", event.sequence)
    found.add("dtstamp", event.stamp.astimezone(UTC).replace(microsecond=0))
    found.add("dtstart", start)
    found.add("dtend", end)
    found.add("organizer", *_organizer())
    if guest:
        found.add("attendee", f"mailto:{guest.email}", parameters=_words_of(guest))
    found.add("summary", clean(event.title))
    for word, value in (("description", event.text), ("location", event.place)):
        if value:
            found.add(word, clean(value))
    if event.url:
        found.add("url", event.url)
    found.add("status", "CANCELLED" if event.is_cancelled else "CONFIRMED")
    if not isinstance(start, datetime):
        found.add("transp", "TRANSPARENT")  # a day that something ends on: she is not away on it
    return found


def _organizer() -> tuple[str, dict[str, str]]:
    name, address = parseaddr(settings.DEFAULT_FROM_EMAIL)
    return f"mailto:{address}", {"CN": _named(name or "Rasadnik")}


def _words_of(guest: Guest) -> dict[str, str]:
    said = "ACCEPTED" if guest.has_accepted else "NEEDS-ACTION"
    words = {"CN": _named(guest.name), "ROLE": "REQ-PARTICIPANT", "PARTSTAT": said, "RSVP": "FALSE"}
    return {name: value for name, value in words.items() if value}


def _named(name: str) -> str:
    """A name as a parameter: it cannot leave its quotes."""
    return " ".join(clean(name).replace('"', "'").replace("^", "").split())
