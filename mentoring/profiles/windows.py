"""When somebody has time: windows of a week, as values and as text ("Mon 17-20; Wed 9-12").

A window is {"weekday": 0 to 6 from Monday, "start": "17:00", "end": "20:00"}, wall time in the programme's
zone, half-open. No window at all: nobody asked, which is no answer.
"""

import re
from collections.abc import Iterable

from django.core.exceptions import ValidationError
from django.utils.dates import WEEKDAYS, WEEKDAYS_ABBR
from django.utils.translation import gettext as _

from lib.folding import fold

Window = dict
MOST = 21  # three a day
DAYS = {
    name: number
    for number, names in enumerate(
        [
            "mon monday pon ponedeljak po",
            "tue tues tuesday uto utorak ut",
            "wed wednesday sre sreda sr",
            "thu thur thurs thursday cet cetvrtak ce",
            "fri friday pet petak pe",
            "sat saturday sub subota su",
            "sun sunday ned nedelja ne",
        ]
    )
    for name in names.split()
}
_HOURS = re.compile(r"(\d{1,2})(?:[:.](\d{2}))?\s*h?\s*[-–—]\s*(\d{1,2})(?:[:.](\d{2}))?\s*h?")


def read(text: str) -> list[Window]:
    """From text, days in English or Serbian in either script. Raises ValidationError with the rule."""
    found = []
    for part in filter(None, (part.strip() for part in re.split(r"[;\n]", text))):
        word, _gap, rest = part.partition(" ")
        day = DAYS.get(fold(word.strip(".:,")))
        if day is None or not rest.strip():
            words = _("“%(text)s” is no time of a week: write a day and hours, as in “Mon 17-20; Wed 9-12”.")
            raise ValidationError(words % {"text": part})
        found += of_day(day, rest)
    return checked(found)


def of_day(weekday: int, text: str) -> list[Window]:
    """The windows of one day: "9-12, 17:30-20". Raises ValidationError with the rule."""
    return [_window(weekday, hours) for part in text.split(",") if (hours := part.strip())]


def _window(weekday: int, said: str) -> Window:
    found = _HOURS.fullmatch(said)
    if not found:
        raise ValidationError(_("“%(text)s” are no hours: write them as in “17-20”.") % {"text": said})
    first, minutes, last, more = found.groups()
    start, end = (int(first), int(minutes or 0)), (int(last), int(more or 0))
    if max(start[0], end[0] - (end == (24, 0))) > 23 or max(start[1], end[1]) > 59:
        raise ValidationError(_("“%(text)s”: a day has 24 hours.") % {"text": said})
    if end <= start:
        raise ValidationError(_("“%(text)s”: it ends after it begins.") % {"text": said})
    end = min(end, (23, 59))  # midnight belongs to the next day
    return {"weekday": weekday, "start": f"{start[0]:02}:{start[1]:02}", "end": f"{end[0]:02}:{end[1]:02}"}


def checked(windows: Iterable) -> list[Window]:
    """In the order of the week, those of a day that touch joined. Raises ValidationError where something is
    no window."""
    rows = [(w["weekday"], w["start"], w["end"]) for w in windows if _is_one(w)]
    joined: list[Window] = []
    for weekday, start, end in sorted(rows):
        last = joined[-1] if joined else None
        if last and last["weekday"] == weekday and start <= last["end"]:
            last["end"] = max(last["end"], end)
        else:
            joined.append({"weekday": weekday, "start": start, "end": end})
    if len(joined) > MOST:
        raise ValidationError(_("Three windows a day are the most."))
    return joined


_TIME = re.compile(r"([01]\d|2[0-3]):[0-5]\d")


def _is_one(said) -> bool:
    """Raises ValidationError for anything else."""
    is_one = isinstance(said, dict) and said.keys() == {"weekday", "start", "end"}
    is_one = is_one and type(said["weekday"]) is int and 0 <= said["weekday"] <= 6
    times = [said["start"], said["end"]] if is_one else []
    is_one = is_one and all(isinstance(one, str) and _TIME.fullmatch(one) for one in times)
    if not is_one or times[0] >= times[1]:
        raise ValidationError(_("A window has a weekday (0 to 6 from Monday), a start and a later end."))
    return True


def hours_of(windows: Iterable[Window], weekday: int) -> str:
    """What was said of one day, as `of_day` reads it."""
    return ", ".join(_hours(one) for one in windows if one["weekday"] == weekday)


def told(windows: Iterable[Window]) -> str:
    """All of them in the reader's words: "Mon 17–20; Wed 9–12"."""
    days = sorted({one["weekday"] for one in windows})
    return "; ".join(f"{WEEKDAYS_ABBR[day]} {hours_of(windows, day)}" for day in days)


def days() -> list[tuple[int, str]]:
    return list(WEEKDAYS.items())


def _hours(one: Window) -> str:
    return f"{_clock(one['start'])}–{_clock(one['end'])}"


def _clock(text: str) -> str:
    hour, minutes = text.split(":")
    return f"{int(hour)}" if minutes == "00" else f"{int(hour)}:{minutes}"
