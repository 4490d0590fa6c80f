"""Spreadsheets in: read within limits, refused in words. (Out: `lib.sheets_out`, whose writers are here too.)

`read` gives a header and rows of plain values. A row that cannot be taken is a `Refusal` in `sheet.refused`,
so that one bad row does not hide the others; a file that cannot be read at all raises `SheetError`.
"""

import json
import logging
import subprocess
import sys
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta
from pathlib import Path
from typing import BinaryIO, NamedTuple

from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _

from lib import filekinds, separated, workbook_reader
from lib.encodings import encoding_of
from lib.sheets_out import inert, write_csv, write_xlsx

__all__ = ["Limits", "Refusal", "Row", "Sheet", "SheetError", "inert", "read", "write_csv", "write_xlsx"]

log = logging.getLogger(__name__)

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


class Row(NamedTuple):
    number: int  # as counted in the file
    cells: list[Cell]  # as many as the header has; what is missing or blank is None


@dataclass
class Sheet:
    name: str
    header: list[str]  # told apart: a second "Other" is "Other (2)"; a column without a heading is ""
    rows: list[Row]  # without the blank ones
    refused: list[Refusal] = field(default_factory=list)


class Limits(NamedTuple):
    """Bytes of the file, bytes and members of a packed one, growth in unpacking, rows, columns."""

    size: int = 10_000_000
    unpacked: int = 50_000_000
    members: int = 200
    ratio: int = 100
    rows: int = 50_000
    columns: int = 500


LIMITS = Limits()


def read(
    source: str | Path | bytes | BinaryIO,
    *,
    filename: str = "",
    sheet: str | None = None,
    limits: Limits = LIMITS,
) -> Sheet:
    """One sheet of a CSV, XLSX, ODS or XLS file. `sheet` names one of a workbook; without it the first shown
    one that holds something. `filename` is the name it came with; a path has its own.

    Cells of a CSV are text; a workbook's are what it says, whole numbers as int. Raises SheetError when the
    file is not what its name says, too large, unreadable, empty, or a quotation mark in it never closes.
    """
    data, name = _content(source, filename, limits)
    kind, expected = filekinds.kind_of(data), filekinds.EXPECTED.get(Path(name).suffix.lower())
    if not data.strip():
        raise _whole(name, _("The file is empty."))
    if expected is None:
        raise _whole(name, _("Files of this kind are not read: save the table as CSV, XLSX or ODS."))
    if kind != expected:
        words = _("The file is not what its name says: %(name)s holds %(kind)s.")
        raise _whole(name, words % {"name": name, "kind": filekinds.kind_words(kind)})
    title, table = (
        (name, _csv(data, name, limits)) if kind == "text" else _workbook(data, name, sheet, limits)
    )
    return _shape(title, table, limits)


def _content(source: str | Path | bytes | BinaryIO, filename: str, limits: Limits) -> tuple[bytes, str]:
    if isinstance(source, str | Path):
        with open(source, "rb") as file:
            return _content(file, filename or str(source), limits)
    data = source if isinstance(source, bytes) else source.read(limits.size + 1)
    name = Path(filename or getattr(source, "name", "")).name
    if len(data) > limits.size:
        raise _whole(name, _("The file is larger than %(n)s MB.") % {"n": limits.size // 1_000_000})
    return data, name


def _whole(name: str, rule: str, value: str = "", row: int | None = None) -> SheetError:
    return SheetError(Refusal(name, row, "", value[:200], rule))


# --- text ------------------------------------------------------------------------------------------


def _csv(data: bytes, name: str, limits: Limits) -> list[list[Cell]]:
    try:
        return separated.rows_of(_decoded(data, name), most=2 * limits.rows + 1000)  # with the blank ones
    except separated.TooMany:
        raise _whole(name, _too_many(limits)) from None
    except separated.Unclosed as error:
        words = _("A quotation mark opens here and never closes.")
        raise _whole(name, words, error.value, row=error.row) from None
    except separated.Broken as error:
        words = _("The file cannot be read as a table: %(error)s.")
        raise _whole(name, words % {"error": error.value}, row=error.row) from None


def _decoded(data: bytes, name: str) -> str:
    encoding = encoding_of(data)
    if encoding is None:
        raise _whole(name, _("The letters of this file cannot be read: save it as UTF-8."))
    try:
        text = data.decode(encoding).removeprefix("\ufeff")
    except UnicodeDecodeError as error:
        words = _("The letters of this file cannot be read: byte %(n)s is not %(encoding)s.")
        raise _whole(name, words % {"n": error.start, "encoding": encoding}) from None
    if "\x00" in text:
        raise _whole(name, _("The letters of this file cannot be read: save it as UTF-8."))
    return text


# --- workbooks -------------------------------------------------------------------------------------


def _workbook(data: bytes, name: str, sheet: str | None, limits: Limits) -> tuple[str, list[list[Cell]]]:
    if data.startswith(b"PK"):
        packed = {"members": limits.members, "unpacked": limits.unpacked, "ratio": limits.ratio}
        if filekinds.is_bomb(data, **packed):
            words = _("The workbook unpacks to more than is allowed (%(n)s MB).")
            raise _whole(name, words % {"n": limits.unpacked // 1_000_000})
        if not filekinds.is_whole(data):
            raise _whole(name, _("The workbook is damaged: it cannot be unpacked."))
    found = _in_own_process(data, name, {"sheet": sheet, "rows": limits.rows, "columns": limits.columns})
    match found.get("error"):
        case "unknown":
            words = _("There is no sheet “%(sheet)s”; there is: %(known)s.")
            raise _whole(name, words % {"sheet": sheet, "known": ", ".join(found["known"])}, sheet or "")
        case "large":
            raise _whole(found["title"], _too_many(limits))
        case "greedy":
            words = _("The workbook asks for more memory or time than is allowed: save the table as CSV.")
            raise _whole(name, words)
        case "locked":
            raise _whole(name, _("The workbook is locked with a password."))
        case "damaged":
            raise _whole(name, _("The workbook is damaged: %(error)s.") % {"error": found["said"]})
    return found["title"], [[_typed(cell) for cell in row] for row in found["rows"]]


def _in_own_process(data: bytes, name: str, options: dict) -> dict:
    command = [sys.executable, "-I", workbook_reader.__file__, json.dumps(options)]
    try:
        done = subprocess.run(command, input=data, capture_output=True, timeout=workbook_reader.SECONDS)  # noqa: S603
    except subprocess.TimeoutExpired:
        return {"error": "greedy"}
    if done.returncode == 1:  # it failed, it was not killed by its limits
        log.error(
            "the reader of workbooks failed on %s: %s", name, done.stderr.decode(errors="replace")[-2000:]
        )
        return {"error": "damaged", "said": "?"}
    return {"error": "greedy"} if done.returncode else json.loads(done.stdout)


_TIMES = {"date": date.fromisoformat, "datetime": datetime.fromisoformat, "time": time.fromisoformat}


def _typed(cell) -> Cell:
    if not isinstance(cell, list):
        return cell
    kind, said = cell
    return timedelta(seconds=said) if kind == "timedelta" else _TIMES[kind](said)


# --- both ------------------------------------------------------------------------------------------


def _too_many(limits: Limits) -> str:
    what = {"rows": limits.rows, "columns": limits.columns}
    return _("A sheet may have %(rows)s rows and %(columns)s columns at the most.") % what


def _shape(title: str, table: list[list[Cell]], limits: Limits) -> Sheet:
    """Header and rows; short rows are filled with unknowns, long ones refused by name."""
    lines = [(number, [_known(c) for c in cells]) for number, cells in enumerate(table, 1)]
    lines = [(number, cells) for number, cells in lines if any(cell is not None for cell in cells)]
    if not lines:
        raise _whole(title, _("The sheet is empty."))
    header = ["" if cell is None else str(cell).strip() for cell in _trimmed(lines[0][1])]
    if len(lines) - 1 > limits.rows or len(header) > limits.columns:
        raise _whole(title, _too_many(limits))
    sheet = Sheet(title, _told_apart(header), [])
    for number, cells in lines[1:]:
        extra = _trimmed(cells)[len(header) :]
        if extra:
            place, value = next((n, cell) for n, cell in enumerate(extra, len(header)) if cell is not None)
            rule = _("The row has more cells than there are headings.")
            sheet.refused.append(Refusal(title, number, _letters(place), str(value)[:200], rule))
            continue
        filled = cells[: len(header)]
        nul = next((n for n, cell in enumerate(filled) if isinstance(cell, str) and "\0" in cell), None)
        if nul is not None:  # PostgreSQL keeps none
            rule = _("The cell holds a sign that cannot be kept (code 0).")
            value = filled[nul].replace("\0", "␀")[:200]
            sheet.refused.append(Refusal(title, number, sheet.header[nul] or _letters(nul), value, rule))
        else:
            sheet.rows.append(Row(number, filled + [None] * (len(header) - len(filled))))
    return sheet


def _known(cell: Cell) -> Cell:
    return None if isinstance(cell, str) and not cell.strip() else cell


def _trimmed(cells: list[Cell]) -> list[Cell]:
    width = max((n for n, cell in enumerate(cells, 1) if cell is not None), default=0)
    return cells[:width]


def _letters(place: int) -> str:
    """0 is A, 25 is Z, 26 is AA: how a spreadsheet names a column without a heading."""
    place, letter = divmod(place, 26)
    return (_letters(place - 1) if place else "") + chr(65 + letter)


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
