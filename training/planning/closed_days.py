"""Days on which nothing is planned: a country's holidays, and the days and terms that somebody typed."""

import re
from collections.abc import Iterable, Iterator
from datetime import date, timedelta

import holidays
from django.core.exceptions import ValidationError
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from lib.scripts import to_latin

LONGEST = 400  # days that one line may close
_DAY = r"(\d{4}-\d{1,2}-\d{1,2}|\d{1,2}\.\s?\d{1,2}\.\s?\d{4}\.?)"
_LINE = re.compile(rf"^{_DAY}(?:\s*(?:-|–|—|to|do|/)\s*{_DAY})?\s*(?:[:,]?\s+(.*))?$")


def of_country(country: str, years: Iterable[int]) -> dict[date, str]:
    """The public holidays, named in the reader's language where the calendar knows it. A country whose
    calendar is not known has none."""
    language = get_language() or "en"
    wanted = "sr" if language.startswith("sr") else "en_US"
    try:
        known = holidays.country_holidays(country, years=sorted(set(years)))
        languages = known.supported_languages
        if wanted in languages:
            known = holidays.country_holidays(country, years=sorted(set(years)), language=wanted)
    except NotImplementedError:
        return {}
    is_latin = language == "sr-latn" and wanted in languages
    return {day: to_latin(name) if is_latin else name for day, name in known.items()}


def is_known(country: str) -> bool:
    return country in holidays.list_supported_countries(include_aliases=False)


def read(text: str) -> dict[date, str]:
    """Own closed days, one a line: a day or "from – until", then why. Raises ValidationError, naming it."""
    found = {}
    for first, last, why in _spans(text):
        found |= dict.fromkeys(days(first, last), why or _("closed"))
    return found


def days(first: date, last: date) -> list[date]:
    return [first + timedelta(days=away) for away in range((last - first).days + 1)]


def read_terms(text: str) -> list[tuple[date, date]]:
    """Terms, one a line: "first day – last day"."""
    return sorted((first, last) for first, last, _why in _spans(text))


def _spans(text: str) -> Iterator[tuple[date, date, str]]:
    for number, line in enumerate(text.splitlines(), 1):
        if not line.strip():
            continue
        said = {"line": number, "text": line.strip()[:60]}
        found = _LINE.match(line.strip())
        first = found and _day(found[1])
        last = found and (_day(found[2]) if found[2] else first)
        if not first or not last:
            words = _("Line %(line)s, “%(text)s”: write a day as 2027-09-01, or two with a dash between.")
            raise ValidationError(words % said)
        if not 0 <= (last - first).days <= LONGEST:
            words = _("Line %(line)s, “%(text)s”: the last day lies before the first, or too far away.")
            raise ValidationError(words % said)
        yield first, last, (found[3] or "").strip()[:100]


def _day(text: str) -> date | None:
    numbers = [int(part) for part in re.findall(r"\d+", text)]
    try:
        return date(*numbers) if len(str(numbers[0])) == 4 else date(*reversed(numbers))
    except ValueError:
        return None
