"""From the cells of one question to what is kept of them: read for sure, or kept as they were written."""

import re
from collections.abc import Iterable
from datetime import date
from decimal import Decimal
from typing import NamedTuple

from django.utils.translation import gettext as _

from desk.loading import values
from desk.loading.answers_plan import OTHER, Planned, key
from lib.folding import fold
from lib.money import read_money
from outcomes.models import Question

Kind = Question.Kind
YES = {*values.YES, "✓", "✔", "☑", "✅", "+", "tacno", "checked", "selected"}
NO = {*values.NO, "netacno", "unchecked", "☐", "✗", "-"}
MOST = Decimal(10) ** 14
_PLACES = Decimal("0.0001")


class Value(NamedTuple):
    """What a row of `Answer` holds beside its choice."""

    number: Decimal | None = None
    currency: str = ""
    day: date | None = None
    text: str = ""
    is_unread: bool = False


Said = dict[str, Value]  # by choice; "" where there is none


class Unread(NamedTuple):
    """A cell that could not be read: which option's column it is, what stands there, why."""

    option: str
    said: str
    rule: str


def read(planned: Planned, cells: Iterable[tuple[str, str]]) -> tuple[Said, list[Unread]]:
    """`cells`: what each column of the question says, with the option that it is for ("" for the question's
    own). No key in what comes back: nothing is known."""
    cells = list(cells)
    if planned.kind in (Kind.ONE, Kind.MANY):
        return _chosen(planned, cells)
    if not cells:
        return {}, []
    option, said = cells[0]
    try:
        choice, value = _single(planned, planned.values.get(key(said), said))
    except ValueError as error:
        return {"": Value(text=said, is_unread=True)}, [Unread(option, said, str(error))]
    return {choice: value}, []


def _single(planned: Planned, said: str) -> tuple[str, Value]:
    """Raises ValueError with the rule."""
    if planned.kind == Kind.TEXT:
        return "", Value(text=said)
    if planned.kind == Kind.DAY:
        return "", Value(day=values.day(said))
    if planned.kind == Kind.YES_NO:
        if (word := fold(said)) in YES or word in NO:
            return ("yes" if word in YES else "no"), Value()
        raise ValueError(_("Say yes or no."))
    if planned.kind == Kind.MONEY:
        number, currency = _money(said, planned.currency)
    else:
        number, currency = _number(said), ""
    _in_range(planned, number)
    return "", Value(number=number, currency=currency)


def _number(said: str) -> Decimal:
    if re.fullmatch(r"\s*-?\d{1,3}(,\d{3})+\s*", said):
        raise ValueError(_("The comma may part thousands or decimals here: write it without."))
    found = values.number(said)
    if abs(found) >= MOST:
        raise ValueError(_("This number is too large."))
    return found.quantize(_PLACES)


def _money(said: str, default: str) -> tuple[Decimal, str]:
    found = read_money(said, default, signed=True)
    if found is None:
        raise ValueError(_("This is no amount of money that can be read for sure."))
    if len(found) > 1:
        raise ValueError(_("Several currencies stand here."))
    number, currency = found[0]
    if abs(number) >= MOST:
        raise ValueError(_("This number is too large."))
    return number.quantize(_PLACES), currency


def _in_range(planned: Planned, number: Decimal) -> None:
    low, high = planned.lowest, planned.highest
    if low is not None and number < low:
        raise ValueError(_("It is at least %(lowest)s.") % {"lowest": low})
    if high is not None and number > high:
        raise ValueError(_("It is at most %(highest)s.") % {"highest": high})


def _chosen(planned: Planned, cells: list[tuple[str, str]]) -> tuple[Said, list[Unread]]:
    found: Said = {}
    wrong: list[Unread] = []
    beside = [said for option, said in cells if option == OTHER and planned.choice(OTHER) == OTHER]
    has_no = False
    for option, said in cells:
        if option == OTHER and beside:
            continue
        if option and fold(said) in NO:
            has_no = True
        elif option and fold(said) in YES:
            _tick(planned, option, said, found, wrong, option)
        else:
            parts = planned.parts(said) if planned.kind == Kind.MANY else [said]
            for part in parts:
                _tick(planned, part, said, found, wrong, option)
    text = "; ".join(one for one in beside if fold(one) not in NO)
    if text and not (planned.kind == Kind.ONE and set(found) - {OTHER, ""}):
        found[OTHER] = Value(text="" if fold(text) in YES else text)
    if has_no and not found and planned.choice("none") == "none":
        found["none"] = Value()
    return _one(planned, found, wrong) if planned.kind == Kind.ONE else (found, wrong)


def _tick(planned: Planned, word: str, said: str, found: Said, wrong: list[Unread], option: str) -> None:
    code = planned.choice(word)
    if code:
        found.setdefault(code, Value())
    elif planned.choice(OTHER) == OTHER:
        before = found.get(OTHER, Value()).text
        found[OTHER] = Value(text=f"{before}; {word}" if before else word)
    else:
        before = found.get("", Value()).text
        found[""] = Value(text=f"{before}; {word}" if before else word, is_unread=True)
        wrong.append(Unread(option, said, _("This is none of the answers.")))


def _one(planned: Planned, found: Said, wrong: list[Unread]) -> tuple[Said, list[Unread]]:
    """Two answers to a question that takes one are none that can be counted."""
    if len(found) <= 1:
        return found, wrong
    said = "; ".join(value.text or code for code, value in found.items())
    rule = _("Only one answer can stand here.")
    return {"": Value(text=said, is_unread=True)}, [*wrong, Unread("", said, rule)]
