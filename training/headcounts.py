"""Headcounts in words. They stand beside the figures over persons and are never added to them."""

from collections.abc import Iterable

from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from lib.countries import country_name
from training.models import Headcount


def said(row: Headcount) -> str:
    """ "150 guests", "guests: number not known", "12 companies (France)"."""
    what = {"n": _grouped(row.number), "what": row.of_what, "country": country_name(row.country)}
    if row.number is None:
        words = _("%(what)s: number not known") % what
    else:
        words = pgettext("a headcount: 150 guests", "%(n)s %(what)s") % what
    return f"{words} ({what['country']})" if row.country else words


def _grouped(number: int | None) -> str:
    """In groups of three, with a space that does not break; none is a blank."""
    return "" if number is None else f"{number:,}".replace(",", "\N{NO-BREAK SPACE}")


def with_words(rows: Iterable[Headcount]) -> list[Headcount]:
    found = list(rows)
    for row in found:
        row.said = said(row)
    return found
