"""One event as a calendar file (RFC 5545): a stable UID, a growing sequence, taken back by METHOD:CANCEL."""

from datetime import UTC, datetime
from typing import NamedTuple

from django.conf import settings

TYPE = "text/calendar; charset=utf-8"


class Event(NamedTuple):
    """`uid` is the same for all versions of one event; a larger `sequence` replaces a smaller one. Instants
    are aware. `stamp` is when this version came to be."""

    uid: str
    sequence: int
    stamp: datetime
    starts_at: datetime
    ends_at: datetime
    title: str
    text: str = ""
    place: str = ""
    url: str = ""
    is_cancelled: bool = False


def calendar(event: Event) -> bytes:
    """The file: CRLF, UTF-8, no line longer than 75 octets."""
    method, status = ("CANCEL", "CANCELLED") if event.is_cancelled else ("PUBLISH", "CONFIRMED")
    lines = [
        "BEGIN:VCALENDAR",
        "VERSION:2.0",
        "PRODID:-//Rasadnik//EN",
        f"METHOD:{method}",
        "BEGIN:VEVENT",
        f"UID:{escaped(event.uid)}",
        f"SEQUENCE:{event.sequence}",
        f"DTSTAMP:{_instant(event.stamp)}",
        f"DTSTART:{_instant(event.starts_at)}",
        f"DTEND:{_instant(event.ends_at)}",
        f"ORGANIZER;CN=Rasadnik:mailto:{_organizer()}",
        f"SUMMARY:{escaped(event.title)}",
        *([f"DESCRIPTION:{escaped(event.text)}"] if event.text else []),
        *([f"LOCATION:{escaped(event.place)}"] if event.place else []),
        *([f"URL:{event.url}"] if event.url else []),
        f"STATUS:{status}",
        "END:VEVENT",
        "END:VCALENDAR",
    ]
    return b"".join(_folded(line) for line in lines)


def escaped(text: str) -> str:
    """A typed text as a value: it can add no line and no property."""
    text = text.replace("\\", "\\\\").replace(";", "\\;").replace(",", "\\,")
    text = text.replace("\r\n", "\n").replace("\r", "\n").replace("\n", "\\n")
    return "".join(sign for sign in text if sign >= " " and sign != "\x7f")


def _instant(moment: datetime) -> str:
    return moment.astimezone(UTC).strftime("%Y%m%dT%H%M%SZ")


def _organizer() -> str:
    return settings.DEFAULT_FROM_EMAIL.rpartition("<")[2].rstrip("> ")


def _folded(line: str) -> bytes:
    """At most 75 octets a line, a letter never cut in two; what follows begins with a space."""
    pieces, piece = [], b""
    for sign in line:
        letter = sign.encode()
        if len(piece) + len(letter) > (75 if not pieces else 74):
            pieces.append(piece)
            piece = b""
        piece += letter
    return b"\r\n ".join([*pieces, piece]) + b"\r\n"
