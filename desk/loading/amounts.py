"""Figures and money in cells: what may mean two things is refused or left unread, never guessed."""

import re
from decimal import Decimal

from django.utils.translation import gettext as _

from desk.loading.values import number, text
from lib.money import Amount, read_money
from lib.money import currency as meant

_SPACE = "[ \u00a0\u2009\u202f]"
_THOUSANDS = re.compile(r"-?[1-9]\d{0,2}(?:([.,])\d{3})(?:\1\d{3})+|-?[1-9]\d{0,2}(?:([.,])\d{3})+[.,]\d+")
_UNCLEAR = re.compile(r"-?[1-9]\d{0,2}[.,]\d{3}")


def figure(cell) -> Decimal:
    """4, 3.5, 3,5, 1 200, 1.234.567, 1.234,5: 1.234 may be a thousand or thousandths: refused."""
    if isinstance(cell, int | float | Decimal):
        return number(cell)
    said = re.sub(rf"(?<=\d){_SPACE}(?=\d{{3}}(?:\D|$))", "", text(cell))
    if _UNCLEAR.fullmatch(said):
        plain = re.sub(r"[.,]", "", said)
        words = _("This may be %(one)s or %(other)s: write it without the sign, or with other decimals.")
        raise ValueError(words % {"one": plain, "other": said.replace(",", ".")})
    if _THOUSANDS.fullmatch(said):
        whole, sign, rest = _taken_apart(said)
        said = re.sub(r"[.,]", "", whole) + (f".{rest}" if sign else "")
    found = number(said)
    if abs(found) >= Decimal(10) ** 14:
        raise ValueError(_("This number is too large."))
    return found


def _taken_apart(said: str) -> tuple[str, str, str]:
    """Before the decimal sign, that sign (none where all signs part thousands), what is behind."""
    signs = re.findall(r"[.,]", said)
    if len(set(signs)) == 1:
        return said, "", ""
    return said.rpartition(signs[-1])


def money(cell) -> str | Decimal:
    """Read later, beside its currency. A number of a workbook stays one: 12.345 is not twelve thousand."""
    if isinstance(cell, bool):
        raise ValueError(_("This is no amount."))
    return Decimal(str(cell)) if isinstance(cell, int | float | Decimal) else text(cell)


def currency(cell) -> str:
    """The three letters of ISO 4217, however they are written, or the word or sign for one."""
    code = meant(text(cell))
    if code is None:
        words = _("“%(code)s” is no currency: write the three letters of ISO 4217, as EUR.")
        raise ValueError(words % {"code": text(cell)})
    return code


def amounts(said: str | Decimal, default: str) -> list[Amount] | None:
    """None where it cannot be read. Raises ValueError for an amount below zero."""
    found = read_money(said, default, signed=True)
    if found and any(amount < 0 for amount, _code in found):
        raise ValueError(_("An amount is not below zero."))
    return found
