"""Amounts of money as people write them: read for sure, or not at all.

Nothing is guessed: `$45` may be dollars of many countries, `about 50 EUR` is no amount, and a shopping list
with prices in it is none either. What cannot be read is kept by whoever asks, as it was written.
"""

import re
from datetime import date
from decimal import Decimal
from functools import cache

from babel.core import get_global
from babel.numbers import get_currency_precision, get_territory_currencies

from lib.folding import fold

Amount = tuple[Decimal, str]  # an amount with two decimals at the most, and its ISO 4217 code

MOST = Decimal(10) ** 16
SIGNS = {"€": "EUR", "£": "GBP", "₦": "NGN", "₹": "INR", "US$": "USD", "KM": "BAM", "КМ": "BAM"}
# of many countries: only a default that is one of them says which
SHARED = {
    "$": frozenset(("USD", "CAD", "AUD", "NZD", "SGD", "HKD", "ARS", "CLP", "COP", "MXN")),
    "¥": frozenset(("JPY", "CNY")),
}
WORDS = {
    "RSD": "din dinar dinara dinari rsd",
    "EUR": "evro evra evri eura euro euri euros eur",
    "MKD": "denar denara denari",
}
# codes that are words too: only in capital letters are they a currency
PLAIN_WORDS = frozenset(["all", "top", "try", "cup", "mop", "bob", "pen", "gel", "lak", "sos", "bam"])

_CURRENCY = r"US\$|[€£$¥₦₹]|[^\W\d_]{2,10}\.?"
_NUMBER = r"[0-9]+(?:[ \u00a0\u2009\u202f'’.,][0-9]+)*(?:[.,][-–—])?"
_PART = re.compile(
    rf"(?P<minus>[-−–])?\s*(?P<before>{_CURRENCY})?\s*(?P<inner>[-−])?(?P<number>{_NUMBER})"
    rf"\s*(?P<after>{_CURRENCY})?"
)
_AND = re.compile(r"\s*[+&]\s*|\s+(?:and|i|и|plus|плус)\s+", re.I)
_PLAIN = re.compile(r"([0-9]+)(?:[.,]([0-9]{1,2}))?")
_GROUPED = re.compile(
    r"([1-9][0-9]{0,2})((?:([ \u00a0\u2009\u202f'’.,])[0-9]{3})(?:\3[0-9]{3})*)(?:([.,])([0-9]{1,2}))?"
)


def read_money(
    said: str | float | Decimal, default: str = "", *, signed: bool = False
) -> list[Amount] | None:
    """The amounts that a cell says, one a currency in the order in which they stand there; None where it
    cannot be read for sure. `122 gbp + 83.41 EUR` is two, and in `67.40 + 349.94 GBP` the currency of the
    last is that of the sum.

    `default` is the currency of an amount that says none, and settles a sign of many countries when it is
    one of theirs. A number of a workbook is an amount of it. Below zero is read only when `signed`.
    """
    if isinstance(said, bool):
        return None
    if isinstance(said, int | float | Decimal):
        return _of_a_workbook(said, default, signed)
    found = [_part(part, default, signed) for part in _AND.split(said.strip())]
    if None in found:
        return None
    return _added(found, default)


def _of_a_workbook(number: float | Decimal, default: str, signed: bool) -> list[Amount] | None:
    value = Decimal(str(number))
    if not value.is_finite() or abs(value) >= MOST or (value < 0 and not signed) or not is_currency(default):
        return None
    return [(value, default)] if value == round(value, 2) else None


def _part(said: str, default: str, signed: bool) -> tuple[Decimal, str, bool] | None:
    """An amount, its currency (none is ""), and whether that stands behind it."""
    found = _PART.fullmatch(said)
    if not found or (found["minus"] and found["inner"]):
        return None
    below = bool(found["minus"] or found["inner"])
    words = [word for word in (found["before"], found["after"]) if word]
    codes = _codes(words, default)
    if None in codes or len(codes) > 1 or (below and not signed):
        return None
    code = next(iter(codes), "")
    value = number(found["number"], code or default)
    if value is None:
        return None
    return (-value if below else value), code, bool(found["after"])


def _codes(words: list[str], default: str) -> set[str | None]:
    """What the words around a number mean together; `$33 USD` is one currency."""
    plain = [word for word in words if word not in SHARED]
    codes = {currency(word) for word in plain}
    for word in words:
        if word in SHARED:
            settled = next(iter(codes), None) or default
            codes.add(settled if settled in SHARED[word] else None)
    return codes


def _added(parts: list[tuple[Decimal, str, bool]], default: str) -> list[Amount] | None:
    """One amount a currency. Those that name none have that of the last, if all that name one name that."""
    named = {code for _value, code, _behind in parts if code}
    if not named:
        rest = default if is_currency(default) else ""
    else:
        rest = parts[-1][1] if len(named) == 1 and parts[-1][2] else ""
    totals: dict[str, Decimal] = {}
    for value, code, _behind in parts:
        if not (code or rest):
            return None
        totals[code or rest] = totals.get(code or rest, Decimal(0)) + value
    if any(abs(value) >= MOST for value in totals.values()):
        return None
    return [(value, code) for code, value in totals.items()]


def number(said: str, code: str = "") -> Decimal | None:
    """`1200`, `1.200`, `1,200.50`, `1.200,50`, `1 200`, `1'200.00`, `50,-`: an amount has two decimals at the
    most, so three digits behind a sign are thousands (but where a currency has thousandths, nobody knows)."""
    said = re.sub(r"[.,][-–—]$", "", said)
    if found := _PLAIN.fullmatch(said):
        return _below_most(found[1], found[2])
    found = _GROUPED.fullmatch(said)
    if not found or found[3] == found[4]:
        return None
    if said.count(found[3]) == 1 and found[3] in ".," and not found[4] and _has_thousandths(code):
        return None
    return _below_most(found[1] + re.sub(r"\D", "", found[2]), found[5])


def _below_most(whole: str, rest: str | None) -> Decimal | None:
    value = Decimal(f"{whole}.{rest}" if rest else whole) if len(whole) < 40 else MOST
    return value if value < MOST else None


def _has_thousandths(code: str) -> bool:
    return is_currency(code) and get_currency_precision(code) > 2


@cache
def currency(word: str) -> str | None:
    """The ISO 4217 code that a sign, a code or a Serbian word means."""
    if word in SIGNS:
        return SIGNS[word]
    plain = fold(word).rstrip(".")
    for code, words in WORDS.items():
        if plain in words.split():
            return code
    if is_currency(plain.upper()) and (word.isupper() or plain not in PLAIN_WORDS):
        return plain.upper()
    return None


def is_currency(code: str) -> bool:
    return code in _in_use()


@cache
def _in_use() -> frozenset[str]:
    """All that were money somewhere since the year 2000 (Unicode CLDR, through Babel)."""
    since, until = date(2000, 1, 1), date(2100, 1, 1)
    return frozenset(
        code
        for territory in get_global("territory_currencies")
        for code in get_territory_currencies(territory, start_date=since, end_date=until)
        if len(code) == 3
    )
