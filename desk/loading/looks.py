"""What a cell looks like by itself, without a heading. Each says yes, or no by False or ValueError."""

import re
from collections.abc import Callable
from datetime import date
from typing import Any

from desk.loading import values
from ideas.sectors import SECTORS
from lib.folding import fold

_PHONE = re.compile(r"(?:\+|00|0)[\d\s/().-]{6,22}")
_NAME = re.compile(r"[^\W\d_][^\W\d_.'’-]+(?:[ -][^\W\d_][^\W\d_.'’-]*){1,3}")
_WORD = re.compile(r"[^\W\d_][\w .'’-]*")
SEXES = {
    "z",
    "m",
    "f",
    "zensko",
    "musko",
    "zenski",
    "muski",
    "female",
    "male",
    "woman",
    "man",
    "zena",
    "muskarac",
}


def _mail(cell: Any) -> bool:
    return isinstance(cell, str) and "@" in cell and bool(values.email(cell))


def _phone(cell: Any) -> bool:
    said = str(cell).strip()
    return bool(_PHONE.fullmatch(said)) and 7 <= sum(c.isdigit() for c in said) <= 15


def _day(cell: Any) -> bool:
    return isinstance(cell, date) or (not isinstance(cell, int | float) and bool(values.day(cell)))


def _name(cell: Any) -> bool:
    said = str(cell).strip()
    return bool(_NAME.fullmatch(said)) and all(part[0].isupper() for part in re.split(r"[ -]", said) if part)


LOOKS: dict[str, Callable[[Any], bool]] = {
    "e-mail": _mail,
    "phone": _phone,
    "day": _day,
    "year of birth": lambda cell: 1920 <= values.integer(cell) <= 2015,
    "name": _name,
    "word": lambda cell: bool(_WORD.fullmatch(str(cell).strip())),
    "sex": lambda cell: fold(str(cell)) in SEXES,
    "sector": lambda cell: isinstance(cell, str) and cell.strip() in SECTORS,
}
