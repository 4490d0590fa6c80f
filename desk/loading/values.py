"""From a cell to a value: each reader takes what stands there and raises ValueError with the rule it breaks.

A cell is text, or what a workbook already knows (number, date, time, boolean). Blank cells never get here:
they are unknown.
"""

import re
from collections.abc import Callable
from datetime import date, datetime, time, timedelta, timezone
from decimal import Decimal, InvalidOperation
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from django.conf import settings
from django.core.exceptions import ValidationError
from django.core.validators import validate_email
from django.utils.translation import gettext as _
from django.utils.translation import override

from desk.loading import moments
from lib.folding import fold
from mentoring.profiles import windows

MONTHS = {
    name: number
    for number, names in enumerate(
        [
            "january jan januar januara",
            "february feb februar februara",
            "march mar mart marta",
            "april apr aprila",
            "may maj maja",
            "june jun juna",
            "july jul jula",
            "august aug avgust avgusta",
            "september sep sept septembar septembra",
            "october oct oktobar oktobra",
            "november nov novembar novembra",
            "december dec decembar decembra",
        ],
        1,
    )
    for name in names.split()
}
YES, NO = ("yes", "da", "true", "1", "y", "x"), ("no", "ne", "false", "0", "n")
LANGUAGES = {
    "en": "en english engleski",
    "sr-latn": "sr-latn sr_latn serbian srpski latin latinica sr-latn-rs",
    "sr": "sr sr-cyrl sr_cyrl cyrillic cirilica sr-cyrl-rs",
}


_DECIMAL_COMMA = re.compile(r"^(-?\d+),(\d+)$")
_YEAR = re.compile(r"\b\d{4}\b\.?")
# what Django's own rule takes, told at a glance
PLAIN_ADDRESS = re.compile(
    r"[A-Za-z0-9_+-]+(?:\.[A-Za-z0-9_+-]+)*@(?:[A-Za-z0-9](?:[A-Za-z0-9-]{0,61}[A-Za-z0-9])?\.)+[A-Za-z]{2,60}"
)


def text(cell) -> str:
    if isinstance(cell, float) and cell.is_integer():
        return str(int(cell))
    if isinstance(cell, datetime | date | time):
        return cell.isoformat()
    return str(cell).strip()


def integer(cell) -> int:
    if type(cell) is int:
        return cell
    try:
        number = Decimal(_DECIMAL_COMMA.sub(r"\1.\2", text(cell).replace(" ", "")))
        if number == number.to_integral_value():
            return int(number)
    except (InvalidOperation, ValueError):
        pass
    raise ValueError(_("This is no whole number."))


def number(cell) -> Decimal:
    """4, 3.5 or 3,5."""
    try:
        found = Decimal(_DECIMAL_COMMA.sub(r"\1.\2", text(cell).replace(" ", "")))
    except InvalidOperation:
        raise ValueError(_("This is no number.")) from None
    if not found.is_finite():
        raise ValueError(_("This is no number."))
    return found


def moment(cell) -> datetime:
    """A day and a time, or a day alone (its first minute); without an offset it has no zone yet."""
    on, said = day(cell), text(cell)
    at = datetime.combine(on, moments.time_in(said) or time())
    if offset := moments.offset_in(said):
        return at.replace(tzinfo=timezone(moments.length_of(offset)))
    return at


def year(cell) -> int:
    """1986, or the year of a day: many a form asks for the date of birth."""
    try:
        return integer(cell)
    except ValueError:
        if isinstance(cell, date) or _YEAR.search(text(cell)):
            try:
                return day(cell).year
            except ValueError as error:
                if not isinstance(cell, date) and _YEAR.fullmatch(text(cell)):
                    return int(text(cell)[:4])
                raise ValueError(str(error)) from None
        raise


def email(cell) -> str:
    if type(cell) is str and len(cell) <= 254 and PLAIN_ADDRESS.fullmatch(cell):
        return cell.lower()
    try:
        validate_email(text(cell))
    except ValidationError:
        raise ValueError(_("This is no e-mail address.")) from None
    return text(cell).lower()


def yes_no(cell) -> bool:
    word = fold(text(cell))
    if word in YES or word in NO:
        return word in YES
    raise ValueError(_("Say yes or no."))


def language(cell) -> str:
    word = fold(text(cell))
    for code, words in LANGUAGES.items():
        if word in words.split():
            return code
    raise ValueError(_("Say en, sr-latn or sr."))


def zone(cell) -> str:
    """A time zone; of a moment the offset that it is written with."""
    if offset := moments.offset_in(text(cell)):
        return offset
    try:
        ZoneInfo(text(cell))
    except (ZoneInfoNotFoundError, ValueError, OSError):
        raise ValueError(_("This time zone is not known; one is written like Europe/Belgrade.")) from None
    return text(cell)


def choice(choices, also: str = "") -> Callable:
    """A reader of one of a model's choices: its code, its word in any of the languages, or one of `also`
    ("word=code,word=code")."""
    known = {fold(code).replace(" ", "_"): code for code in choices.values if code}
    for language_code, _name in settings.LANGUAGES:
        with override(language_code):
            for code, label in choices.choices:
                if code:
                    known.setdefault(fold(str(label)).replace(" ", "_"), code)
    known |= dict(one.split("=") for one in also.split(",") if one)

    def read(cell) -> str:
        if code := known.get(fold(text(cell)).replace(" ", "_")):
            return code
        raise ValueError(_("Say one of: %(codes)s.") % {"codes": ", ".join(filter(None, choices.values))})

    return read


def day(cell, pattern: str = "") -> date:
    """A calendar day. Without a pattern: 2023-02-28, 28.2.2023., February 28, 2023 or 28 February 2023."""
    if isinstance(cell, datetime):
        return cell.date()
    if isinstance(cell, date):
        return cell
    said = text(cell)
    if pattern:
        try:
            return datetime.strptime(said, pattern).date()  # noqa: DTZ007 - a day has no zone
        except ValueError:
            raise ValueError(_("This is no day written as %(pattern)s.") % {"pattern": pattern}) from None
    year, month, number = _parts(said)
    try:
        return date(year, month, number)
    except ValueError:
        raise ValueError(_("This day does not exist in the calendar.")) from None


# what forms write behind a day: the day stands before it, as it was where the form was filled in
_CLOCK = r"\d{1,2}:\d{2}(?::\d{2}(?:\.\d+)?)? ?(?:Z|UTC|[+-]\d{2}:?\d{2})?"


def _parts(said: str) -> tuple[int, int, int]:
    if found := re.fullmatch(rf"(\d{{4}})-(\d{{1,2}})-(\d{{1,2}})(?:[T ]{_CLOCK})?", said):
        return int(found[1]), int(found[2]), int(found[3])
    if found := re.fullmatch(rf"(\d{{1,2}})\.\s*(\d{{1,2}})\.\s*(\d{{4}})\.?(?: {_CLOCK})?", said):
        return int(found[3]), int(found[2]), int(found[1])
    if found := re.fullmatch(r"(\d{1,2})/(\d{1,2})/(\d{4})", said):
        return _slashed(int(found[1]), int(found[2]), int(found[3]))
    words = fold(said)
    if found := re.fullmatch(r"([a-z]+)\.? (\d{1,2})(?:st|nd|rd|th)?,? (\d{4})", words):
        return int(found[3]), _month(found[1]), int(found[2])
    if found := re.fullmatch(r"(\d{1,2})\.?(?:st|nd|rd|th)? ([a-z]+)\.?,? (\d{4})\.?", words):
        return int(found[3]), _month(found[2]), int(found[1])
    raise ValueError(_("This is no day. Write it like 2023-02-28, 28.2.2023. or February 28, 2023."))


def _month(word: str) -> int:
    if word not in MONTHS:
        raise ValueError(_("This month is not known."))
    return MONTHS[word]


def _slashed(one: int, other: int, year: int) -> tuple[int, int, int]:
    """28/2/2023 and 2/28/2023 can mean one day only; 2/3/2023 means two."""
    if one <= 12 and other <= 12 and one != other:
        raise ValueError(_("Day and month cannot be told apart here: give a format with the column."))
    return (year, other, one) if one > 12 or one == other else (year, one, other)


def clock_time(cell) -> time:
    if isinstance(cell, datetime):
        return cell.time()
    if isinstance(cell, time):
        return cell
    if isinstance(cell, timedelta):
        cell = int(cell.total_seconds()) // 60
        return time(cell // 60 % 24, cell % 60)
    if (at := moments.time_in(text(cell))) is not None:
        return at
    if found := re.fullmatch(r"(\d{1,2})[:.](\d{2})(?::00)?\s*h?", text(cell)):
        try:
            return time(int(found[1]), int(found[2]))
        except ValueError:
            pass
    raise ValueError(_("This is no time of day. Write it like 09:30."))


def minutes(cell) -> int:
    """A length: 90, 90 min, 1:30, 1 h 30 min, 2 h, PT1H30M."""
    if isinstance(cell, timedelta):
        return int(cell.total_seconds() // 60)
    said = fold(text(cell)).replace(" ", "")
    if found := re.fullmatch(r"(\d+)(?:min|minuta|minutes|m)?", said):
        return int(found[1])
    if found := re.fullmatch(r"p(?:(\d+)d)?(?:t(?:(\d+)h)?(?:(\d+)m)?(?:\d+s)?)?", said):
        return int(found[1] or 0) * 1440 + int(found[2] or 0) * 60 + int(found[3] or 0)
    if found := re.fullmatch(r"(\d+)(?::|h|hours?|sat[ia]?)(?:(\d{1,2})(?:min|m)?)?", said):
        return int(found[1]) * 60 + int(found[2] or 0)
    raise ValueError(_("This is no length. Write it in minutes, like 90 min."))


def week(cell) -> tuple[tuple[int, str, str], ...]:
    """Hours of a week: "Mon 17-20; Wed 9-12"; each a weekday from Monday (0), a start and an end."""
    try:
        return tuple((one["weekday"], one["start"], one["end"]) for one in windows.read(text(cell)))
    except ValidationError as error:
        raise ValueError(" ".join(error.messages)) from None
