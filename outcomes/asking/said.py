"""What a form or a script gives for a question, read as its kind asks: for sure, or refused with words."""

import re
from collections.abc import Iterable, Mapping
from datetime import date
from decimal import Decimal, InvalidOperation
from typing import NamedTuple

from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _

from lib.money import read_money
from outcomes.models import Question, Wording

Kind = Question.Kind
NONE, OTHER = "none", "other"
MOST = Decimal(10) ** 14
LONGEST = 5_000  # characters of an answer in words
CURRENCIES = ("RSD", "EUR", "USD", "BAM", "MKD", "ALL", "CHF", "GBP")
_PLACES = Decimal("0.0001")
_NUMBER = re.compile(r"-?[0-9]+(?:[.,][0-9]+)?")
_MANY_THOUSANDS = re.compile(r"-?[0-9]{1,3}(?:[.,][0-9]{3})+")
_DAY = re.compile(r"([0-9]{1,2})[./-]\s*([0-9]{1,2})[./-]\s*([0-9]{4})\.?")


class Value(NamedTuple):
    """What a row of `Answer` holds beside its choice."""

    number: Decimal | None = None
    currency: str = ""
    day: date | None = None
    text: str = ""


Said = dict[str, Value]  # by choice; "" where there is none; empty: nothing is said


def read(wording: Wording, said) -> Said:
    """`said`: a code; several of them in a list; {"codes": […], "other": "…"}; a number; {"amount",
    "currency"} or an amount with its currency in one text; a day or {"day", "month", "year"}; words. Blank
    is no answer.

    Raises ValidationError with words for whoever typed it.
    """
    kind = wording.question.kind
    if kind in Question.CHOSEN:
        return _chosen(wording, said)
    if kind == Kind.MONEY:
        return _money(wording, said)
    if kind == Kind.DAY:
        return _day(said)
    text = "" if said is None else str(said).strip()
    if not text:
        return {}
    if kind == Kind.TEXT:
        if len(text) > LONGEST:
            raise ValidationError(_("Say it in fewer words: %(n)d characters at most.") % {"n": LONGEST})
        return {"": Value(text=text)}
    return {"": Value(number=_in_range(wording, _number(text), is_whole=kind == Kind.SCALE))}


def _chosen(wording: Wording, said) -> Said:
    beside = str(said.get("other") or "").strip() if isinstance(said, Mapping) else ""
    if isinstance(said, Mapping):
        said = said.get("codes")
    asked = [said] if isinstance(said, str) else [*said] if isinstance(said, Iterable) else []
    codes = [code for code in dict.fromkeys(str(one) for one in asked) if code]
    known = wording.codes
    if any(code not in known for code in codes):
        raise ValidationError(_("This is none of the answers."))
    if wording.question.kind != Kind.MANY and len(codes) > 1:
        raise ValidationError(_("Only one answer can stand here."))
    if beside and OTHER in known and OTHER not in codes and wording.question.kind == Kind.MANY:
        codes.append(OTHER)
    if NONE in codes and len(codes) > 1:
        raise ValidationError(_("“None of these” cannot stand beside another answer."))
    return {code: Value(text=beside[:LONGEST] if code == OTHER else "") for code in codes}


def _number(text: str) -> Decimal:
    """4, 3.5 or 3,5; a sign that may part thousands or decimals is not guessed at."""
    text = re.sub(r"[\s’']", "", text)
    if not _NUMBER.fullmatch(text):
        if _MANY_THOUSANDS.fullmatch(text):
            text = re.sub(r"[.,]", "", text)
        else:
            raise ValidationError(_("Write a number, with digits only: 12 or 3,5."))
    elif _MANY_THOUSANDS.fullmatch(text) and not text.lstrip("-").startswith("0"):
        raise ValidationError(_("The sign may part thousands or decimals here: write it without."))
    return Decimal(text.replace(",", "."))


def _in_range(wording: Wording, number: Decimal, *, is_whole: bool = False) -> Decimal:
    low, high = wording.lowest, wording.highest
    if abs(number) >= MOST:
        raise ValidationError(_("This number is too large."))
    if is_whole and number != number.to_integral_value():
        raise ValidationError(_("Choose one of the steps."))
    if low is not None and number < low:
        raise ValidationError(_("It is at least %(lowest)s.") % {"lowest": plain(low)})
    if high is not None and number > high:
        raise ValidationError(_("It is at most %(highest)s.") % {"highest": plain(high)})
    try:
        return number.quantize(_PLACES).normalize() + 0
    except InvalidOperation:
        raise ValidationError(_("This number is too large.")) from None


def plain(number: Decimal) -> str:
    """Without zeros at its end."""
    return f"{number.normalize():f}"


def _money(wording: Wording, said) -> Said:
    default = wording.currency
    if isinstance(said, Mapping):
        default = str(said.get("currency") or "").strip().upper() or default
        said = said.get("amount")
    text = "" if said is None else str(said).strip()
    if not text:
        return {}
    found = read_money(text, default, signed=True)
    if found is None:
        raise ValidationError(_("Write one amount, with digits only: 1200 or 1.200,50."))
    if len(found) > 1:
        raise ValidationError(_("Two currencies stand here: write one amount in one of them."))
    (number, currency) = found[0]
    return {"": Value(number=_in_range(wording, number), currency=currency)}


def _day(said) -> Said:
    if isinstance(said, date):
        return {"": Value(day=said)}
    if isinstance(said, Mapping):
        parts = [str(said.get(name) or "").strip() for name in ("day", "month", "year")]
        if not any(parts):
            return {}
        said = ".".join(parts)
    text = "" if said is None else str(said).strip()
    if not text:
        return {}
    try:
        if found := _DAY.fullmatch(text):
            day, month, year = (int(part) for part in found.groups())
            value = date(year, month, day)
        else:
            value = date.fromisoformat(text)
    except ValueError:
        raise ValidationError(_("Write a day that exists: day, month and year, as 24 3 2026.")) from None
    if not 1900 <= value.year <= 2100:
        raise ValidationError(_("The year must lie between 1900 and 2100."))
    return {"": Value(day=value)}
