"""A table as it comes from a file: a header, rows that are read anew each time, and what was refused."""

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta
from itertools import islice
from typing import NamedTuple

from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _

Cell = str | int | float | bool | date | datetime | time | timedelta | None


class Refusal(NamedTuple):
    """What was refused and why: sheet, row as counted in the file (1 is the first), column, value, rule."""

    sheet: str
    row: int | None
    column: str
    value: str
    rule: str


class SheetError(ValidationError):
    """The whole file is refused. `.refusal` names what and why."""

    def __init__(self, refusal: Refusal):
        self.refusal = refusal
        super().__init__(refusal.rule, code="sheet")


def whole(name: str, rule: str, value: str = "", row: int | None = None) -> SheetError:
    """The error that refuses all of a file."""
    return SheetError(Refusal(name, row, "", value[:200], rule))


class Limits(NamedTuple):
    """Bytes of the file, bytes and members of a packed one, growth in unpacking, rows, columns; of a workbook
    the cells of one sheet and the bytes that its reader may ask for."""

    size: int = 10_000_000
    unpacked: int = 50_000_000
    members: int = 200
    ratio: int = 100
    rows: int = 50_000
    columns: int = 500
    cells: int = 1_000_000
    memory: int = 190 * 1024 * 1024


class Row(NamedTuple):
    number: int  # as counted in the file
    cells: list[Cell]  # as many as the header has; what is missing or blank is None


class Rows(Sequence):
    """Rows that stand in no list: each pass reads them from their source again, so that memory stays flat."""

    def __init__(self, lines: Callable[[], Iterator[list]], header_at: int, width: int, *, is_text: bool):
        self._lines, self._header_at, self._width, self._is_text = lines, header_at, width, is_text
        self._left_out: set[int] = set()
        self._count = 0

    def __iter__(self) -> Iterator[Row]:
        width, left_out, is_text = self._width, self._left_out, self._is_text
        make, short = tuple.__new__, [None] * self._width
        for number, cells in islice(enumerate(self._lines(), 1), self._header_at, None):
            if left_out and number in left_out:
                continue
            if is_text:
                known = [cell if cell and not cell.isspace() else None for cell in cells]
            else:
                known = [_known(cell) for cell in cells]
            if len(known) != width:
                known = known[:width] + short[len(known) :]
            if known != short:
                yield make(Row, (number, known))

    def __len__(self) -> int:
        return self._count

    def __getitem__(self, place):
        if isinstance(place, int) and place >= 0:
            for row in islice(self, place, None):
                return row
            raise IndexError(place)
        return list(self)[place]

    def __eq__(self, other) -> bool:
        return list(self) == list(other) if isinstance(other, Sequence) else NotImplemented

    __hash__ = None

    def __repr__(self) -> str:
        return f"<{self._count} rows>"


@dataclass
class Sheet:
    name: str
    header: list[str]  # told apart: a second "Other" is "Other (2)"; a column without a heading is ""
    rows: Sequence[Row]  # without the blank ones
    refused: list[Refusal] = field(default_factory=list)


def too_many(limits: Limits) -> str:
    what = {"rows": limits.rows, "columns": limits.columns}
    return _("A sheet may have %(rows)s rows and %(columns)s columns at the most.") % what


def shape(
    title: str,
    lines: Callable[[], Iterator[list[Cell]]],
    limits: Limits,
    *,
    header_row: int | None = None,
    unknown: Iterable[tuple[int, int, str]] = (),
    is_text: bool = False,
) -> Sheet:
    """Header and rows; short rows are filled with unknowns, long ones refused by name.

    `lines` gives all lines of the table, blank ones too, each time it is called. `unknown` are cells (row
    from 1, column from 0, formula) whose value the file does not hold; `is_text`: all cells are, and without
    the sign of code 0.
    """
    numbered = enumerate(lines(), 1)
    above = islice(numbered, header_row - 1, None) if header_row else numbered
    at, first = next(((n, cells) for n, cells in above if not _is_blank(cells)), (0, None))
    if first is None:
        raise whole(title, _("The sheet is empty."))
    header = ["" if _known(cell) is None else str(cell).strip() for cell in _trimmed(first)]
    if len(header) > limits.columns:
        raise whole(title, too_many(limits))
    rows = Rows(lines, at, len(header), is_text=is_text)
    sheet = Sheet(title, _told_apart(header), rows)
    formulas = _by_row(unknown)
    if at in formulas:
        raise whole(title, _no_result(), formulas[at][1], row=at)
    count, width = 0, len(header)
    slow = not is_text or bool(formulas)
    for number, cells in numbered:
        is_plain = not slow and 0 < len(cells) <= width and cells[0] and not cells[0].isspace()
        if not is_plain and _is_blank(cells) and number not in formulas:
            if number > 2 * limits.rows + 1000:  # a text of blank lines only
                raise whole(title, too_many(limits))
            continue
        count += 1
        if count > limits.rows:
            raise whole(title, too_many(limits))
        if is_plain:
            continue
        if refusal := _wrong(sheet, number, cells, formulas):
            sheet.refused.append(refusal)
            rows._left_out.add(number)
    rows._count = count - len(rows._left_out)
    return sheet


def _wrong(sheet: Sheet, number: int, cells: list[Cell], formulas: dict) -> Refusal | None:
    width = len(sheet.header)
    if extra := _trimmed(cells)[width:]:
        place, value = next((n, cell) for n, cell in enumerate(extra, width) if _known(cell) is not None)
        rule = _("The row has more cells than there are headings.")
        return Refusal(sheet.name, number, letters(place), str(value)[:200], rule)
    if number in formulas and formulas[number][0] < width:
        place, formula = formulas[number]
        return Refusal(sheet.name, number, sheet.header[place] or letters(place), formula, _no_result())
    for place, cell in enumerate(cells[:width]):
        if isinstance(cell, str) and "\0" in cell:  # PostgreSQL keeps none
            rule = _("The cell holds a sign that cannot be kept (code 0).")
            value = cell.replace("\0", "␀")[:200]
            return Refusal(sheet.name, number, sheet.header[place] or letters(place), value, rule)
    return None


def _by_row(unknown: Iterable[tuple[int, int, str]]) -> dict[int, tuple[int, str]]:
    found: dict[int, tuple[int, str]] = {}
    for number, place, formula in unknown:
        found.setdefault(number, (place, formula))
    return found


def _no_result() -> str:
    return _(
        "This cell holds a formula whose result the file does not know: open it in a spreadsheet program, "
        "save it, and bring it again."
    )


def _known(cell: Cell) -> Cell:
    return None if isinstance(cell, str) and not cell.strip() else cell


def _is_blank(cells: list[Cell]) -> bool:
    return all(_known(cell) is None for cell in cells)


def _trimmed(cells: list[Cell]) -> list[Cell]:
    width = len(cells)
    while width and _known(cells[width - 1]) is None:
        width -= 1
    return cells[:width]


def letters(place: int) -> str:
    """0 is A, 25 is Z, 26 is AA: how a spreadsheet names a column without a heading."""
    place, letter = divmod(place, 26)
    return (letters(place - 1) if place else "") + chr(65 + letter)


def _told_apart(header: Iterable[str]) -> list[str]:
    """Forms export the same question twice: the second heading is "Other (2)"."""
    told: list[str] = []
    for name in header:
        n, own = 1, name
        while own and own in told:
            n += 1
            own = f"{name} ({n})"
        told.append(own)
    return told
