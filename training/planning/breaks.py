"""Breaks of a session as local times: [["12:00", "12:30"], ...]. Values in, values out."""

import re
from collections.abc import Iterable
from datetime import time

from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _

Break = tuple[time, time]
_RANGE = re.compile(r"^\s*(\d{1,2})[:.](\d{2})\s*(?:-|–|—|to|do)\s*(\d{1,2})[:.](\d{2})\s*$")


def read(text: str) -> list[list[str]]:
    """What is typed, "12:00-12:30, 15:00-15:15", as it is kept. Raises ValidationError naming the part."""
    return plain(_typed(part) for part in re.split(r"[,;\n]", text) if part.strip())


def plain(breaks: Iterable[Break]) -> list[list[str]]:
    """As a session keeps them: text, in order."""
    return [[f"{start:%H:%M}", f"{end:%H:%M}"] for start, end in sorted(breaks)]


def times(kept: Iterable) -> list[Break]:
    """The inverse, of whatever was sent. Raises ValidationError for what is no pair of times."""
    try:
        return sorted((_plain(start), _plain(end)) for start, end in kept)
    except (TypeError, ValueError) as error:
        raise ValidationError(
            {"breaks": _("A break is two times, such as 12:00–12:30.")}, code="breaks"
        ) from error


def shown(kept: Iterable) -> str:
    return ", ".join(f"{start}–{end}" for start, end in kept)


def minutes(kept: Iterable) -> int:
    return sum(_minute(end) - _minute(start) for start, end in times(kept))


def shifted(kept: Iterable, by_minutes: int) -> list[list[str]]:
    """The same breaks of a session that begins so much later (or earlier), as far as they stay in the day."""
    moved = [(_minute(start) + by_minutes, _minute(end) + by_minutes) for start, end in times(kept)]
    return plain((_time(start), _time(end)) for start, end in moved if start >= 0 and end < 24 * 60)


def refusal(kept: Iterable, start: time, end: time) -> str:
    """Why these cannot be breaks of a session from `start` to `end`; empty when they can."""
    before = None
    for begin, finish in times(kept):
        said = {"break": f"{begin:%H:%M}–{finish:%H:%M}", "session": f"{start:%H:%M}–{end:%H:%M}"}
        if finish <= begin:
            return _("The break %(break)s ends before it begins.") % said
        if begin < start or finish > end:
            return _("The break %(break)s lies outside the session, %(session)s.") % said
        if before and begin < before:
            return _("The break %(break)s begins before the one before it is over.") % said
        before = finish
    return ""


def _typed(part: str) -> Break:
    if found := _RANGE.match(part):
        hour, minute, last_hour, last_minute = map(int, found.groups())
        if max(hour, last_hour) < 24 and max(minute, last_minute) < 60:
            return time(hour, minute), time(last_hour, last_minute)
    words = _("“%(text)s” is no break: write it as 12:00–12:30.") % {"text": part.strip()[:40]}
    raise ValidationError(words, code="breaks")


def _plain(text: str) -> time:
    return time.fromisoformat(text).replace(second=0, microsecond=0, tzinfo=None)


def _minute(at: time) -> int:
    return at.hour * 60 + at.minute


def _time(minute: int) -> time:
    return time(minute // 60, minute % 60)
