"""A programme's own words: a fixed list of placeholders in braces, and nothing that looks into anything."""

import re
from collections.abc import Iterable, Mapping

from django.core.exceptions import ValidationError
from django.utils.translation import get_language, gettext_lazy
from django.utils.translation import gettext as _

from lib.plain import unlinked
from lib.scripts import to_cyrillic
from reminders.models import RuleText

LATIN, CYRILLIC = "sr-latn", "sr"
# {{ and }} are braces; {name} is a placeholder; every other brace is a mistake
_BRACES = re.compile(r"(?P<literal>\{\{|\}\})|\{(?P<name>[a-z_]+)\}|(?P<wrong>\{[^{}\n]{0,40}\}?|\})")

STAND_FOR = {
    "person": gettext_lazy("who reads it"),
    "programme": gettext_lazy("the name of the programme"),
    "session": gettext_lazy("the name of the session"),
    "day": gettext_lazy("the day, written out"),
    "start": gettext_lazy("when it begins"),
    "end": gettext_lazy("when it ends"),
    "time": gettext_lazy("the hour"),
    "place": gettext_lazy("where it is"),
    "was": gettext_lazy("when it was to be before"),
    "idea": gettext_lazy("the title of the idea"),
    "ideas": gettext_lazy("the titles of the ideas"),
    "round": gettext_lazy("the review round"),
    "count": gettext_lazy("how many there are"),
    "decision": gettext_lazy("what was decided"),
    "reason": gettext_lazy("the reason that was given"),
    "mentor": gettext_lazy("the name of the mentor"),
}


def check(text: str, placeholders: Iterable[str]) -> None:
    """Raise ValidationError, code `placeholder`, for braces that name none of the placeholders."""
    known = list(placeholders)
    for found in _BRACES.finditer(text):
        if found["wrong"] or (found["name"] and found["name"] not in known):
            raise _unknown(found.group(), known)


def filled(text: str, values: Mapping[str, str]) -> str:
    """The text with its values, of which none can become a link or bring braces of its own. Raises
    ValidationError for a placeholder that has no value."""

    def value(found: re.Match) -> str:
        if found["literal"]:
            return found["literal"][0]
        if found["name"] is None or found["name"] not in values:
            raise _unknown(found.group(), values)
        return unlinked(str(values[found["name"]]))

    return _BRACES.sub(value, text)


def paragraphs(text: str) -> list[str]:
    """What stands between empty lines."""
    return [part.strip() for part in re.split(r"\n\s*\n", text.replace("\r\n", "\n")) if part.strip()]


def own(texts: Iterable[RuleText], language: str = "") -> tuple[str, str] | None:
    """A programme's own subject and text in one language (none said: the active one), not filled yet. Serbian
    Cyrillic derives from Latin where it is not given; a language that lacks has none: ours are used."""
    given = {one.language: (one.subject, one.text) for one in texts}
    language = language or get_language() or ""
    if language == CYRILLIC and CYRILLIC not in given and LATIN in given:
        subject, text = given[LATIN]
        return to_cyrillic(subject), to_cyrillic(text)
    return given.get(language)


def _unknown(what: str, known: Iterable[str]) -> ValidationError:
    names = ", ".join(f"{{{name}}}" for name in known)
    if names:
        words = _("“%(what)s” is no placeholder here. These are: %(known)s. A plain brace is written twice.")
    else:
        words = _("“%(what)s” is no placeholder here: this text has none. A plain brace is written twice.")
    return ValidationError(words % {"what": what, "known": names}, code="placeholder")
