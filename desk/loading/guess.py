"""Which kind of file this is, and which column is which of our fields: by headings and by what stands below.

Two columns that are equally likely are not guessed: whoever brings the file says which it is.
"""

import re
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from itertools import islice
from typing import Any, Literal, NamedTuple

from desk.loading.fields import Field
from desk.loading.headings import Words, is_generic, words_of
from desk.loading.kinds import Kind
from desk.loading.looks import LOOKS
from lib.sheets import Sheet

LOOKED_AT = 200  # rows
ENOUGH = 0.9  # of the cells that say something must look like it
FIRST, LAST = "first name,given name,ime,licno ime", "last name,surname,family name,prezime"


class Guess(NamedTuple):
    """`header` is the column's heading; a list of them where several columns are joined by a blank."""

    header: str | list[str]
    how: Literal["name", "content", "remembered"]
    share: float  # of the cells looked at that can be read so, 0 to 1

    @property
    def entry(self) -> str | dict:
        """As an entry of a map for `load`."""
        return {"from": self.header, "join": " "} if isinstance(self.header, list) else self.header


@dataclass
class _Column:
    header: str
    cells: list[Any]  # those that say something
    words: Words = field(init=False)

    def __post_init__(self):
        self.words = words_of(self.header)

    def share(self, read: Callable[[Any], Any]) -> float:
        """Of the cells, how many can be read so; 1 for a column that says nothing."""
        if not self.cells:
            return 1.0
        return sum(map(_fits(read), self.cells)) / len(self.cells)

    @cached_property
    def looks(self) -> set[str]:
        """What nearly all of its cells look like: e-mail, phone, day, …"""
        if len(self.cells) < 1:
            return set()
        return {name for name, like in LOOKS.items() if self.share(like) >= ENOUGH}


def guess_kind(table: Sheet) -> list[tuple[str, float]]:
    """Kinds of files by name, the likeliest first, with a share of 0 to 1: of the columns it explains."""
    from desk.loading.door import KINDS  # the kinds use the engine's parts, which use this

    columns = _columns(table)
    told = max(sum(bool(column.header or column.cells) for column in columns), 1)
    found = []
    for name, kind in KINDS.items():
        guesses = guess_columns(kind, table)
        taken = sum(len(g.header) if isinstance(g.header, list) else 1 for g in guesses.values())
        missing = sum(ours.required and ours.name not in guesses for ours in kind.fields)
        missing += kind.lacking({name: guess.header for name, guess in guesses.items()})
        hint = bool(words_of(table.name).stems & words_of(kind.words).stems)
        share = taken / told / (1 + 2 * missing)
        found.append((name, round(min(1.0, share * (1.5 if hint else 1)), 3)))
    return sorted(found, key=lambda one: -one[1])


def guess_columns(
    kind: type[Kind], table: Sheet, remembered: Mapping[str, str] | None = None
) -> dict[str, Guess]:
    """Our fields and the columns they come from. `remembered`: headings by our field, as chosen before."""
    columns = _columns(table)
    found: dict[str, Guess] = {}
    for name, header in (remembered or {}).items():
        if (column := _one(columns, header)) and name in {ours.name for ours in kind.fields}:
            found[name] = Guess(header, "remembered", column.share(_reader(_field(kind, name))))
    taken = {guess.header for guess in found.values()}
    free = [column for column in columns if column.header and column.header not in taken]
    _by_heading(kind, free, found)
    taken = {h for g in found.values() for h in (g.header if isinstance(g.header, list) else [g.header])}
    _by_content(kind, [column for column in free if column.header not in taken], found)
    _of_their_own(kind, columns, found)
    return {ours.name: found[ours.name] for ours in kind.fields if ours.name in found}


def _by_heading(kind: type[Kind], columns: list[_Column], found: dict[str, Guess]) -> None:
    """The best pairs of field and column first. Of pairs that are equally good, those that are the only ones
    for their field and their column; who has a rival is not guessed at all."""
    pairs = [
        (score, ours, column)
        for ours in kind.fields
        if ours.name not in found
        for column in columns
        if (score := _score(ours, column, kind.is_hers))
    ]
    done, used = set(found), set()
    _split_names(kind, columns, pairs, found)
    for name in found.keys() - done:
        done.add(name)
        used.update(found[name].header)
    for best in sorted({score for score, _ours, _column in pairs}, reverse=True):
        level = [
            (ours, column)
            for score, ours, column in pairs
            if score == best and ours.name not in done and column.header not in used
        ]
        for ours, column in level:
            if sum(one is ours or other is column for one, other in level) == 1:
                found[ours.name] = Guess(column.header, "name", column.share(_reader(ours)))
                used.add(column.header)
        done |= {ours.name for ours, _column in level}


def _score(ours: Field, column: _Column, hers: bool) -> tuple | None:
    """How well heading and content fit the field; None where they do not. Greater is better: the cells can be
    read so, the better word for it, the exacter heading, a column that says something."""
    found = [(tier, exact) for tier, words in ours.phrases if (exact := column.words.match(words, hers=hers))]
    if not found:
        return None
    reads = not ours.is_typed or column.share(_reader(ours)) >= 0.5
    return reads, *max(found), bool(column.cells)


def _split_names(kind: type[Kind], columns: list[_Column], pairs: list, found: dict[str, Guess]) -> None:
    """First and last name in two columns are one name, unless a better column is there."""
    ours = next((one for one in kind.fields if one.name in ("name", "person") and not one.is_list), None)
    if not kind.is_hers or ours is None or ours.name in found:
        return
    first, last = _only(columns, FIRST), _only(columns, LAST)
    if first is None or last is None or first is last:
        return
    worst = min(tier for tier, _words in ours.phrases)
    others = [score for score, one, column in pairs if one is ours and column not in (first, last)]
    if not any(reads and tier > worst and (says or not first.cells) for reads, tier, _exact, says in others):
        share = min(first.share(LOOKS["word"]), last.share(LOOKS["word"]))
        found[ours.name] = Guess([first.header, last.header], "name", share)


def _only(columns: Sequence[_Column], words: str) -> _Column | None:
    """The one column that is called so."""
    phrases = [words_of(one) for one in words.split(",")]
    found = [c for c in columns if any(c.words.match(phrase, hers=True) for phrase in phrases)]
    return found[0] if len(found) == 1 else None


def _by_content(kind: type[Kind], columns: list[_Column], found: dict[str, Guess]) -> None:
    """What no heading told: a field that only one column looks like, and which looks like no other."""
    columns = [column for column in columns if not column.words.is_of_another]
    claims: dict[str, list[Field]] = {}
    for ours in kind.fields:
        if ours.look and ours.name not in found:
            able = [c for c in columns if ours.look in PLAIN_TO_SEE or is_generic(c.header)]
            able = [column for column in able if ours.look in column.looks]
            if len(able) == 1:
                claims.setdefault(able[0].header, []).append(ours)
    for header, fields in claims.items():
        if len(fields) == 1:
            [column] = [one for one in columns if one.header == header]
            found[fields[0].name] = Guess(header, "content", column.share(LOOKS[fields[0].look]))


def _of_their_own(kind: type[Kind], columns: list[_Column], found: dict[str, Guess]) -> None:
    """The columns that only together are one of our fields: a session each, a count each."""
    taken = {h for g in found.values() for h in (g.header if isinstance(g.header, list) else [g.header])}
    for ours in kind.fields:
        if not ours.is_wide or ours.name in found:
            continue
        able = [c for c in columns if c.header and c.cells and c.header not in taken]
        shares = {column.header: column.share(_reader(ours)) for column in able}
        cells = {column.header: column.cells for column in able if shares[column.header] >= 0.5}
        if chosen := kind.of_their_own(cells, {header for header in cells if shares[header] >= ENOUGH}):
            share = min(shares[header] for header in chosen)
            found[ours.name] = Guess(chosen, "content", share)


PLAIN_TO_SEE = ("e-mail", "phone")  # whatever the heading says; the others only under one that says nothing


def _columns(table: Sheet) -> list[_Column]:
    rows = list(islice(table.rows, LOOKED_AT))
    return [
        _Column(header, [cell for row in rows if (cell := row.cells[place]) is not None and cell != ""])
        for place, header in enumerate(table.header)
    ]


def _one(columns: Iterable[_Column], header: str) -> _Column | None:
    return next((column for column in columns if column.header == header), None)


def _field(kind: type[Kind], name: str) -> Field:
    return next(ours for ours in kind.fields if ours.name == name)


def _reader(ours: Field) -> Callable[[Any], Any]:
    """The field's own reader; of a list, of each part."""
    read = ours.reader()
    if not ours.is_list:
        return read
    return lambda cell: [read(part) for part in re.split(r"[;,]", str(cell)) if part.strip()]


def _fits(read: Callable[[Any], Any]) -> Callable[[Any], bool]:
    def fits(cell: Any) -> bool:
        try:
            return read(cell) is not False
        except ValueError:
            return False

    return fits
