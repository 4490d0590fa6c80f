"""A pasted list of ideas, read forgivingly: one idea a line, as people type it up from a flip chart.

    A3, B1: title – sentence        nominators by row code or name, then the idea
    title – sentence (Ana Ilić)     the same, behind it
    A3:                             a heading: the lines below are hers, until an empty line
    - title [C]                     bullets and numbers are dropped; [C] is the NACE section
    A3: #12                         she stands with idea 12, which is there already
Cells of a sheet (tabs) are read as who, title, sentence. A line set further in goes on with the one above.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from uuid import NAMESPACE_URL, UUID, uuid5

from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from ideas.cleaning import clean_words
from ideas.here import ROW_CODE, Here
from ideas.sectors import SECTORS
from lib.folding import fold
from people.models import Programme
from training.models import Enrolment

MOST = 500  # lines at once
_BULLET = re.compile(r"^(?:[-–—*•·▪◦‣]\s+|\(?\d{1,3}[.)]\s+)")
_DASH = re.compile(r"\s+(?:[–—-]|--)\s+|\t+")
_BRACKET = re.compile(r"\s*\(([^()]{1,300})\)\s*$")
_SECTOR = re.compile(r"\s*\[([A-Za-z])\]\s*$")
_NUMBER = re.compile(r"#\s?(\d{1,6})$")


@dataclass
class Line:
    """One idea of the list as it was understood. `errors` say in words what was not."""

    n: int
    text: str
    indent: int = 0
    under: str = ""  # the row codes of the heading that it stands under
    who: list[Enrolment] = field(default_factory=list)
    title: str = ""
    summary: str = ""
    sector: str = ""
    number: int | None = None  # of an idea that is there already, with which she stands
    errors: list[str] = field(default_factory=list)

    def operation(self, programme: Programme, enrolment: Enrolment) -> UUID:
        """The same words of the same person are the same nomination, in whatever list they come."""
        said = f"#{self.number}" if self.number else f"{fold(self.title)}\n{fold(self.summary)}"
        return uuid5(NAMESPACE_URL, f"paste/{programme.pk}/{enrolment.pk}/{said}")


def understood(text: str, here: Here, default: Enrolment | None = None) -> list[Line]:
    """The ideas of a list. `default` nominates what names nobody. Raises ValidationError by field where there
    is none, or too many."""
    lines = list(_gathered(text, here))
    ideas = [line for line, heading in lines if line is not heading]
    if not ideas:
        raise ValidationError({"text": _("Nothing stands here: write one idea a line.")})
    if len(ideas) > MOST:
        words = ngettext(
            "This is %(n)s line; at most %(most)s are taken at once. Send a part of it, or bring in a sheet.",
            "These are %(n)s lines; at most %(most)s are taken at once. Send a part of them, or bring in a"
            " sheet.",
            len(ideas),
        )
        raise ValidationError({"text": words % {"n": len(ideas), "most": MOST}})
    for line, heading in lines:
        if line is not heading:
            line.under = ", ".join(row.row_code for row in heading.who) if heading else ""
            _read(line, here, heading.who if heading else [default] if default else [])
    return ideas


def _gathered(text: str, here: Here) -> Iterator[tuple[Line, Line | None]]:
    """Each line with the heading it stands under; a heading with itself."""
    found, heading = [], None
    is_open = False  # an idea stands under the heading already: an empty line ends it
    for n, raw in enumerate(text.replace("\r\n", "\n").replace("\r", "\n").split("\n"), 1):
        body, indent = raw.strip(), len(raw) - len(raw.lstrip())
        if not body:
            heading = None if is_open else heading
            found.append(None)
        elif found and found[-1] and indent > found[-1][0].indent and not _BULLET.match(body):
            found[-1][0].text += " " + body
        else:
            line = Line(n, _BULLET.sub("", body, count=1) if _BULLET.match(body) else body, indent)
            if line.text.endswith(":") and (named := here.all_of(line.text[:-1])).who and not named.wrong:
                line.who, heading, is_open = named.who, line, False
            else:
                is_open = True
            found.append((line, heading))
    return iter([one for one in found if one])


def _read(line: Line, here: Here, otherwise: list[Enrolment]) -> None:
    rest = _behind(line, _BULLET.sub("", _in_front(line, line.text, here), count=1), here)
    title, *more = _DASH.split(rest, maxsplit=1)
    line.title, line.summary = _behind(line, title, here), " ".join(more).replace("\t", " ").strip()
    if found := _NUMBER.match(line.title):
        line.number = int(found[1])
    line.who = list({row.pk: row for row in line.who}.values()) or otherwise
    if not line.who and not line.errors:
        line.errors.append(_("Whose idea is it? Write a row code or a name and a colon before it."))
    try:
        clean_words(title=line.title, summary=line.summary)
    except ValidationError as error:
        line.errors += error.messages


def _in_front(line: Line, text: str, here: Here) -> str:
    """Takes the names before a colon, or in the first cell; returns what is left."""
    for mark in ("\t", ": ", ":"):
        named, is_there, rest = text.partition(mark)
        if not is_there or (mark == ":" and rest.strip()):
            continue
        found = here.all_of(named)
        if found.is_meant or found.wrong and _looks_like_codes(named, here):
            line.who += found.who
            line.errors += found.wrong
            return rest.strip()
        if mark == ":":
            line.errors.append(_("This ends with a colon, and nobody here has this row code or name."))
    return text


def _behind(line: Line, text: str, here: Here) -> str:
    """Takes the sector in square brackets and the names in round ones from the end."""
    if (found := _SECTOR.search(text)) and found[1].upper() in SECTORS:
        line.sector, text = found[1].upper(), text[: found.start()]
    if found := _BRACKET.search(text):
        named = here.all_of(found[1])
        if named.is_meant or named.wrong and _looks_like_names(found[1], here):
            line.who += named.who
            line.errors += named.wrong
            text = text[: found.start()]
    return text.strip()


def _looks_like_codes(named: str, here: Here) -> bool:
    return all(ROW_CODE.match(part) for part in here.parts(named))


def _looks_like_names(named: str, here: Here) -> bool:
    """Row codes, or two or three words that each begin with a capital: somebody is meant."""
    for part in here.parts(named):
        words = part.split()
        if ROW_CODE.match(part) or (2 <= len(words) <= 3 and all(w.istitle() for w in words)):
            return True
    return False
