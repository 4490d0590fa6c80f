"""Countries by their ISO 3166-1 code, named in the reader's language (Unicode CLDR, through Babel)."""

from functools import cache

from babel import Locale
from django.utils.translation import get_language

from lib.folding import fold

LOCALES = {"en": "en_GB", "sr-latn": "sr_Latn", "sr": "sr"}
# CLDR names more than the standard assigns: parts of countries, unions, codes for tests
_UNASSIGNED = frozenset(
    ["AC", "CP", "CQ", "DG", "EA", "EU", "EZ", "IC", "QO", "TA", "UN", "XA", "XB", "XK", "ZZ"]
)


@cache
def _names(language: str) -> dict[str, str]:
    found = Locale.parse(LOCALES.get(language, "en_GB")).territories
    return {code: name for code, name in found.items() if len(code) == 2 and code not in _UNASSIGNED}


@cache
def codes() -> frozenset[str]:
    return frozenset(_names("en"))


def country_name(code: str) -> str:
    """ "Francuska" for FR; an unknown code is said as it is, none as nothing."""
    return _names(get_language() or "en").get(code, code)


def choices() -> list[tuple[str, str]]:
    """Code and name, by name."""
    return sorted(_names(get_language() or "en").items(), key=lambda one: one[1].casefold())


@cache
def _known() -> dict[str, str]:
    """By folded name in any of our languages, and by code."""
    found = {fold(name): code for language in LOCALES for code, name in _names(language).items()}
    return found | {code.lower(): code for code in codes()}


def code_of(said: str) -> str | None:
    """The code that a code or a name means; None where it means no country."""
    return _known().get(fold(said))
