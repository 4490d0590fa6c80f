"""What a kind of file may say: its fields, and where in the file each one stands."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any

from django.utils.translation import gettext as _

from desk.loading import amounts, signs, values
from desk.loading.headings import Words, words_of

READERS: dict[str, Callable] = {
    "text": values.text,
    "whole number": values.integer,
    "number": values.number,
    "day and time": values.moment,
    "year": values.year,
    "e-mail": values.email,
    "yes or no": values.yes_no,
    "language": values.language,
    "time zone": values.zone,
    "day": values.day,
    "time of day": values.clock_time,
    "minutes": values.minutes,
    "hours of a week": values.week,
    "mark": signs.read,
    "figure": amounts.figure,
    "money": amounts.money,
    "currency": amounts.currency,
}


class Refused(Exception):
    """One cell, row or file is not taken. `field` is our name of the field, if it is one field's fault."""

    def __init__(self, rule: str, field: str = "", value: Any = None, *, column: str = ""):
        super().__init__(rule)
        self.rule, self.field, self.value = rule, field, value
        self.column = column  # the heading, where the field comes from several columns


@dataclass(frozen=True)
class Field:
    """One of our fields. `words` are headings that it is guessed by, in any script, separated by commas;
    those behind a `;` are for want of better. `look` is what its cells look like without a heading. `also`
    are words that mean one of the choices: "z=female,m=male". One that `is_wide` comes from several columns,
    each of its own: its value is a tuple of (what the column is called, what stands in it)."""

    name: str
    meaning: Any  # lazily translated
    type: str = "text"
    required: bool = False
    words: str = ""
    choices: Any = None  # a TextChoices class
    is_list: bool = False
    is_wide: bool = False
    look: str = ""
    also: str = ""

    def describe(self) -> dict:
        kind = f"one of {', '.join(filter(None, self.choices.values))}" if self.choices else self.type
        return {
            "name": self.name,
            "meaning": str(self.meaning),
            "type": f"list of {kind}" if self.is_list else f"columns of {kind}" if self.is_wide else kind,
            "required": self.required,
        }

    @property
    def is_typed(self) -> bool:
        return self.type != "text" or self.choices is not None

    @cached_property
    def phrases(self) -> list[tuple[int, Words]]:
        """What it is called by, each with how good it is: 0, or less."""
        tiers = f"{self.name},{self.words}".split(";")
        return [(-n, words_of(one)) for n, tier in enumerate(tiers) for one in tier.split(",") if one.strip()]

    def reader(self) -> Callable:
        return values.choice(self.choices, self.also) if self.choices else READERS[self.type]


@dataclass(frozen=True)
class Origin:
    """Where a field's value comes from: columns (joined), a constant, split, replaced, in a given format.
    `called` says what the columns of a wide field are, by heading; one that is called "" is none of it.
    `questions` says of what is asked how it is answered; `make` that what is not known is made."""

    field: Field
    headers: tuple[str, ...] = ()
    columns: tuple[int, ...] = ()
    join: str = "-"
    split: str = ""
    values: Mapping[str, str] = field(default_factory=dict)
    format: str = ""
    constant: Any = None
    called: Mapping[str, str] = field(default_factory=dict)
    questions: Mapping[str, dict] = field(default_factory=dict)
    make: bool = False

    @property
    def header(self) -> str:
        return " + ".join(self.headers)

    def raw(self, cells: Sequence) -> Any:
        """What stands in the row: None where it is blank, or the row too short."""
        if self.constant is not None:
            return self.constant
        found = [cells[place] if place < len(cells) else None for place in self.columns]
        if len(found) == 1:
            return found[0]
        said = [values.text(cell) for cell in found if not _blank(cell)]
        is_whole = len(said) == len(found) or (said and not self.join.strip())  # half a name is a name
        return self.join.join(said) if is_whole else None

    def each(self) -> list[tuple[str, str, int]]:
        """Of a wide field: heading, what it is called, place; without those that are none of it."""
        named = zip(self.headers, self.columns, strict=True)
        return [(head, called, at) for head, at in named if (called := self.called.get(head, head))]

    def value(self, cells: Sequence) -> Any:
        """The value in our terms; None is unknown. Raises Refused."""
        if self.field.is_wide:
            return self._wide(cells)
        raw = self.raw(cells)
        parts = values.text(raw).split(self.split) if self.split and not _blank(raw) else [raw]
        said = [self.values.get("" if _blank(part) else values.text(part), part) for part in parts]
        said = [part for part in said if not _blank(part)]
        try:
            read = [self.read(part) for part in said]
        except ValueError as error:
            raise Refused(str(error), self.field.name, raw) from None
        if self.field.is_list:
            return tuple(read) or None
        if len(read) > 1:
            raise Refused(_("Only one value can stand here."), self.field.name, raw)
        return read[0] if read else None

    def _wide(self, cells: Sequence) -> tuple | None:
        found = []
        for header, called, place in self.each():
            cell = cells[place] if place < len(cells) else None
            cell = None if _blank(cell) else self.values.get(values.text(cell), cell)
            if not _blank(cell):
                try:
                    found.append((called, self.read(cell)))
                except ValueError as error:
                    raise Refused(str(error), self.field.name, cell, column=header) from None
        return tuple(found) or None

    @cached_property
    def read(self) -> Callable[[Any], Any]:
        """From what stands in a cell, not blank, to its value. Raises ValueError with the rule it breaks."""
        if self.format and self.field.type == "day":
            return lambda cell: values.day(cell, self.format)
        return self.field.reader()


ENTRY = {"from", "join", "split", "values", "format", "value", "called", "questions", "make"}


def _blank(cell: Any) -> bool:
    return cell is None or (isinstance(cell, str) and not cell.strip())


def mapped(fields: Iterable[Field], mapping: Mapping, headers: Sequence[str]) -> list[Origin]:
    """Origins as a MAP.json says. Raises Refused for a field or a header that does not exist."""
    known = {f.name: f for f in fields}
    found = []
    for name, entry in mapping.items():
        if name not in known:
            raise Refused(_("The map names %(field)s, which is no field of ours.") % {"field": name})
        found.append(_origin(known[name], entry, headers))
    return found


def _origin(ours: Field, entry: Any, headers: Sequence[str]) -> Origin:
    entry = {"from": entry} if isinstance(entry, str | list) else entry
    if not isinstance(entry, dict) or entry.keys() - ENTRY:
        words = _("The entry of %(field)s must be a header or an object with from, split and values.")
        raise Refused(words % {"field": ours.name})
    if "value" in entry:
        return Origin(ours, constant=entry["value"])
    names = entry.get("from")
    names = tuple(names) if isinstance(names, list) else (names,)
    for name in names:
        if name not in headers:
            words = _("The map takes %(field)s from %(header)s, a column that the file does not have.")
            raise Refused(words % {"field": ours.name, "header": name}, value=name)
    return Origin(
        ours,
        headers=names,
        columns=tuple(headers.index(name) for name in names),
        join=entry.get("join", "-"),
        split=entry.get("split", ";" if ours.is_list else ""),
        values=entry.get("values", {}),
        format=entry.get("format", ""),
        called=entry.get("called", {}),
        questions=entry.get("questions", {}),
        make=bool(entry.get("make")),
    )


def known(fields: Iterable[Field], headers: Iterable[str]) -> int:
    """How many of these headings are called as one of our fields is."""
    phrases = [words for ours in fields for _tier, words in ours.phrases]
    return sum(any(words_of(header).match(words) for words in phrases) for header in headers if header)
