"""The currency of a column whose heading says it: "Amount (EUR)", "Iznos u dinarima"."""

import re
from collections.abc import Iterable, Mapping
from typing import Any

from django.utils.translation import gettext as _

from lib.money import currency

_SAID = {"dinarima": "RSD", "evrima": "EUR", "€": "EUR"}


def with_currency(mapping: Mapping[str, Any], names: Iterable[str]) -> tuple[dict, list[str]]:
    """The map with the one currency that the headings of these fields name, where no column says it; and
    that guess in words."""
    found = {code for name in names for heading in _headings(mapping.get(name)) for code in _codes(heading)}
    if "currency" in mapping or len(found) != 1:
        return dict(mapping), []
    code = found.pop()
    words = _("Amounts without a currency are in %(code)s, as the heading says, guessed.") % {"code": code}
    return dict(mapping) | {"currency": {"value": code}}, [words]


def _headings(entry: Any) -> list[str]:
    entry = entry.get("from", []) if isinstance(entry, dict) else entry or []
    return [entry] if isinstance(entry, str) else list(entry)


def _codes(heading: str) -> set[str]:
    words = re.findall(r"[^\W\d_]+|[€£]", heading)
    found = {_SAID.get(word.lower()) or (currency(word) if _is_code(word) else None) for word in words}
    return found - {None}


def _is_code(word: str) -> bool:
    """Capital letters, or a word that is nothing but a currency: EUR, RSD, din."""
    return (len(word) == 3 and word.isupper()) or word.lower() in (
        "din",
        "dinara",
        "evra",
        "eur",
        "rsd",
        "€",
        "£",
    )
