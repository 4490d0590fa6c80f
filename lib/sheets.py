"""Spreadsheets in and out. What comes in is read within limits and refused in words; what goes out is inert.

`read` gives a header and rows of plain values. A row that cannot be taken is a `Refusal` in `sheet.refused`,
so that one bad row does not hide the others; a file that cannot be read at all raises `SheetError`.
"""

import csv
import io
import re
import zipfile
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from datetime import date, datetime, time
from pathlib import Path
from typing import NamedTuple

from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _

Cell = str | int | float | bool | date | datetime | time | None


class Refusal(NamedTuple):
    """What was refused and why: sheet, row as counted in the file (1 is the header), column, value, rule."""

    sheet: str
    row: int | None
    column: str
    value: str
    rule: str


class SheetError(ValidationError):
    """The whole file is refused. `.refusal` names what and why."""

    def __init__(self, refusal: Refusal):
        self.refusal = refusal
        super().__init__(refusal.rule)


class Row(NamedTuple):
    number: int  # as counted in the file
    cells: list[Cell]  # as many as the header has; what is missing or blank is None


@dataclass
class Sheet:
    name: str
    header: list[str]
    rows: list[Row]
    refused: list[Refusal] = field(default_factory=list)


class Limits(NamedTuple):
    """Checked before anything is unpacked."""

    size: int = 10_000_000
    unpacked: int = 50_000_000
    members: int = 200
    ratio: int = 100
    rows: int = 50_000
    columns: int = 500


WORKBOOKS = {".xlsx", ".ods", ".xls"}


def read(source: str | Path | bytes, *, filename: str = "", sheet: str | None = None, limits: Limits = Limits()) -> Sheet:  # noqa: B008
    """One sheet of a CSV, XLSX or ODS file. `sheet` names one of a workbook; without it the first with content.

    Raises SheetError when the file is not what its name says, too large, empty, or without a header.
    """
    filename = filename or str(source)
    data = source if isinstance(source, bytes) else _bytes(Path(source), limits)
    name = Path(filename).name
    if len(data) > limits.size:
        raise _whole(name, _("The file is larger than %(n)s MB.") % {"n": limits.size // 1_000_000})
    if not data.strip():
        raise _whole(name, _("The file is empty."))
    suffix, kind = Path(filename).suffix.lower(), _kind(data)
    if (suffix in WORKBOOKS) != (kind == "workbook") or kind == "other":
        raise _whole(name, _("The file is not what its name says: %(name)s holds %(kind)s.") % {"name": name, "kind": _kind_words(data, kind)})
    title, table = _workbook(data, name, sheet, limits) if kind == "workbook" else (name, _csv(data, name))
    return _shape(title, table, limits)


def _bytes(path: Path, limits: Limits) -> bytes:
    if path.stat().st_size > limits.size:
        raise _whole(path.name, _("The file is larger than %(n)s MB.") % {"n": limits.size // 1_000_000})
    return path.read_bytes()


def _whole(name: str, rule: str, value: str = "") -> SheetError:
    return SheetError(Refusal(name, None, "", value, rule))


def _kind(data: bytes) -> str:
    """By content: workbook (a zip, or an old Excel file), text, or something else."""
    if data.startswith((b"PK\x03\x04", b"\xd0\xcf\x11\xe0")):
        return "workbook"
    head = data[:4096]
    if head.startswith((b"%PDF", b"\x89PNG", b"\xff\xd8\xff", b"GIF8", b"\x7fELF", b"\x1f\x8b")):
        return "other"
    if re.match(rb"\s*(<!doctype html|<html|<\?xml)", head, re.IGNORECASE):
        return "other"
    if b"\x00" in head and not head.startswith((b"\xff\xfe", b"\xfe\xff")):
        return "other"
    return "text"


def _kind_words(data: bytes, kind: str) -> str:
    if kind == "workbook":
        return _("a packed file, such as a workbook")
    if re.match(rb"\s*(<!doctype html|<html|<\?xml)", data[:4096], re.IGNORECASE):
        return _("a web page")
    return _("plain text") if kind == "text" else _("something that is no table")


def _csv(data: bytes, name: str) -> list[list[Cell]]:
    text = _decoded(data, name)
    try:
        rows = list(csv.reader(io.StringIO(text, newline=""), delimiter=_separator(text), strict=False))
    except csv.Error as error:
        raise _whole(name, _("The file cannot be read as a table: %(error)s.") % {"error": error}) from None
    return [[cell if cell.strip() else None for cell in row] for row in rows]


def _decoded(data: bytes, name: str) -> str:
    for mark, encoding in ((b"\xef\xbb\xbf", "utf-8-sig"), (b"\xff\xfe", "utf-16"), (b"\xfe\xff", "utf-16")):
        if data.startswith(mark):
            return _or_refuse(data, encoding, name)
    try:
        return data.decode("utf-8")
    except UnicodeDecodeError:
        pass
    from charset_normalizer import from_bytes

    best = from_bytes(data, cp_isolation=["cp1250", "cp1251", "cp1252", "iso8859_2", "iso8859_5"]).best()
    if best is None:
        raise _whole(name, _("The letters of this file cannot be read: save it as UTF-8."))
    return str(best)


def _or_refuse(data: bytes, encoding: str, name: str) -> str:
    try:
        return data.decode(encoding)
    except UnicodeDecodeError as error:
        words = _("The letters of this file cannot be read: byte %(n)s is not %(encoding)s.")
        raise _whole(name, words % {"n": error.start, "encoding": encoding}) from None


def _separator(text: str) -> str:
    """The sign that cuts the heading into several columns and most rows into as many."""

    def score(sign: str) -> tuple:
        reader = csv.reader(io.StringIO(text[:200_000], newline=""), delimiter=sign)
        widths = [len(row) for row, _n in zip(reader, range(50), strict=False) if row]
        even = sum(width == widths[0] for width in widths) if widths else 0
        return (widths[:1] > [1], even, max(widths, default=0))

    return max(",;\t|", key=score)


def _workbook(data: bytes, name: str, sheet: str | None, limits: Limits) -> tuple[str, list[list[Cell]]]:
    _check_package(data, name, limits)
    from python_calamine import CalamineError, CalamineWorkbook

    try:
        book = CalamineWorkbook.from_filelike(io.BytesIO(data))
        if sheet is not None and sheet not in book.sheet_names:
            known = ", ".join(book.sheet_names)
            raise _whole(name, _("There is no sheet “%(sheet)s”; there is: %(known)s.") % {"sheet": sheet, "known": known}, sheet)
        for title in [sheet] if sheet is not None else book.sheet_names:
            page = book.get_sheet_by_name(title)
            if page.total_height > limits.rows + 1 or page.total_width > limits.columns:
                raise _whole(title, _too_many(limits))
            table = page.to_python(skip_empty_area=False)
            if table or sheet is not None:
                return title, [[None if cell == "" else cell for cell in row] for row in table]
    except CalamineError as error:
        raise _whole(name, _("The workbook is damaged: %(error)s.") % {"error": error}) from None
    return name, []


def _check_package(data: bytes, name: str, limits: Limits) -> None:
    """What a packed file says it unpacks to, before it is unpacked."""
    if not data.startswith(b"PK"):
        return
    try:
        members = zipfile.ZipFile(io.BytesIO(data)).infolist()
    except zipfile.BadZipFile:
        raise _whole(name, _("The workbook is damaged: it cannot be unpacked.")) from None
    unpacked = sum(member.file_size for member in members)
    if len(members) > limits.members or unpacked > limits.unpacked or unpacked > limits.ratio * max(len(data), 10_000):
        raise _whole(name, _("The workbook unpacks to more than is allowed (%(n)s MB).") % {"n": limits.unpacked // 1_000_000})


def _too_many(limits: Limits) -> str:
    what = {"rows": limits.rows, "columns": limits.columns}
    return _("A sheet may have %(rows)s rows and %(columns)s columns at the most.") % what


def _shape(title: str, table: list[list[Cell]], limits: Limits) -> Sheet:
    """Header and rows; short rows are filled with unknowns, long ones refused by name."""
    start = next((n for n, row in enumerate(table) if any(_known(cell) for cell in row)), None)
    if start is None:
        raise _whole(title, _("The sheet is empty."))
    if len(table) - start - 1 > limits.rows or len(table[start]) > limits.columns:
        raise _whole(title, _too_many(limits))
    header = [str(cell).strip() if _known(cell) else "" for cell in table[start]]
    while header and not header[-1]:
        header.pop()
    sheet = Sheet(title, _told_apart(header), [])
    for number, cells in enumerate(table[start + 1 :], start + 2):
        if not any(_known(cell) for cell in cells):
            continue
        extra = [cell for cell in cells[len(header) :] if _known(cell)]
        if extra:
            rule = _("The row has more cells than there are headings.")
            sheet.refused.append(Refusal(title, number, "", str(extra[0])[:200], rule))
            continue
        filled = [cell if _known(cell) else None for cell in cells[: len(header)]]
        sheet.rows.append(Row(number, filled + [None] * (len(header) - len(filled))))
    return sheet


def _told_apart(header: list[str]) -> list[str]:
    """Forms export the same question twice: the second heading is "Other (2)"."""
    seen: dict[str, int] = {}
    told = []
    for name in header:
        seen[name] = seen.get(name, 0) + 1
        told.append(f"{name} ({seen[name]})" if name and seen[name] > 1 else name)
    return told


def _known(cell: Cell) -> bool:
    return cell is not None and not (isinstance(cell, str) and not cell.strip())


# --- out -------------------------------------------------------------------------------------------

_FORMULA = re.compile(r"^[\s]*[=+\-@\t\r＝＋－＠]")
_HARMLESS = re.compile(r"^[+-]?[\d\s().,/%-]+$")


def inert(cell: Cell) -> Cell:
    """A text that a spreadsheet would run gets a leading apostrophe; numbers and telephone numbers do not."""
    if isinstance(cell, str) and _FORMULA.match(cell) and not _HARMLESS.match(cell):
        return "'" + cell
    return cell


def write_csv(header: list[str], rows: Iterable[list[Cell]], *, separator: str = ",") -> Iterator[bytes]:
    """UTF-8 with a mark that Excel understands, piece by piece."""
    yield b"\xef\xbb\xbf"
    buffer = io.StringIO()
    writer = csv.writer(buffer, delimiter=separator)
    writer.writerow([inert(cell) for cell in header])
    for row in rows:
        writer.writerow(["" if cell is None else inert(cell) for cell in row])
        if buffer.tell() > 16_384:
            yield buffer.getvalue().encode()
            buffer.seek(0)
            buffer.truncate()
    yield buffer.getvalue().encode()


def write_xlsx(target, sheets: list[tuple[str, list[str], Iterable[list[Cell]]]], *, title: str = "") -> None:
    """A workbook of (name, header, rows): text stays text, nothing is a formula, the same rows give the same
    bytes. `target` is a path or a binary file."""
    import xlsxwriter

    options = {"strings_to_formulas": False, "strings_to_urls": False, "strings_to_numbers": False, "in_memory": True}
    book = xlsxwriter.Workbook(target, {**options, "default_date_format": "yyyy-mm-dd"})
    book.set_properties({"title": title, "created": datetime(2000, 1, 1)})
    bold, wrap = book.add_format({"bold": True, "text_wrap": True, "valign": "top"}), book.add_format({"text_wrap": True, "valign": "top"})
    for name, header, rows in sheets:
        page = book.add_worksheet(name[:31])
        widths = [len(text) for text in header]
        page.write_row(0, 0, header, bold)
        page.freeze_panes(1, 0)
        for number, row in enumerate(rows, 1):
            for column, cell in enumerate(row):
                if cell is not None:
                    page.write(number, column, cell, wrap)
                    if column < len(widths):
                        widths[column] = max(widths[column], len(str(cell)))
        for column, width in enumerate(widths):
            page.set_column(column, column, min(60, max(8, width + 2)))
    book.close()
