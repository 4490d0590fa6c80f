"""Spreadsheets in: read within limits, refused in words. (Out: `lib.sheets_out`, whose writers are here too.)

`read` gives a header and rows of plain values. A row that cannot be taken is a `Refusal` in `sheet.refused`,
so that one bad row does not hide the others; a file that cannot be read at all raises `SheetError`.
"""

from collections.abc import Callable, Iterator
from itertools import islice
from pathlib import Path
from typing import BinaryIO, NamedTuple

from django.utils.translation import gettext as _

from lib import filekinds, separated, workbooks
from lib.encodings import encoding_of
from lib.sheets_out import inert, write_csv, write_xlsx
from lib.tables import Cell, Limits, Refusal, Row, Rows, Sheet, SheetError, shape, whole

__all__ = [
    "LIMITS",
    "WIDE",
    "Limits",
    "Refusal",
    "Row",
    "Rows",
    "Sheet",
    "SheetError",
    "SheetInfo",
    "inert",
    "lines",
    "read",
    "sheets_of",
    "write_csv",
    "write_xlsx",
]

LIMITS = Limits()  # for what comes by the web
WIDE = Limits(  # for whoever runs the server
    size=200_000_000,
    unpacked=500_000_000,
    ratio=200,
    rows=500_000,
    cells=10_000_000,
    memory=512 * 1024 * 1024,
)


class SheetInfo(NamedTuple):
    """One sheet of a file, to choose from: `rows` as far as its table reaches, header and blank ones too."""

    name: str
    rows: int
    is_hidden: bool


def read(
    source: str | Path | bytes | BinaryIO,
    *,
    filename: str = "",
    sheet: str | None = None,
    header_row: int | None = None,
    limits: Limits = LIMITS,
) -> Sheet:
    """One sheet of a CSV, XLSX, ODS or XLS file. `sheet` names one of a workbook; without it the first shown
    one that holds something. `filename` is the name it came with; a path has its own. `header_row`, from 1,
    is where the headings stand when it is not the first row that holds something; what is above is not read.

    Cells of a CSV are text; a workbook's are what it says, whole numbers as int. The rows are read from the
    file each time they are gone through, so that a large one takes no memory. Raises SheetError when the file
    is not what its name says, too large, unreadable, empty, or a quotation mark in it never closes.
    """
    data, name, kind = _checked(source, filename, limits)
    if kind == "text":
        return shape(name, _csv(data, name), limits, header_row=header_row, is_text=True)
    found = workbooks.table(data, name, sheet, limits)
    return shape(found.title, found.lines, limits, header_row=header_row, unknown=found.unknown)


def lines(
    source: str | Path | bytes | BinaryIO,
    *,
    filename: str = "",
    sheet: str | None = None,
    limits: Limits = LIMITS,
) -> tuple[str, list[list[Cell]]]:
    """The name of the sheet and all its lines as they stand, blank ones too: the n-th is row n of the file.
    They are many at once in memory: for a page, not for a load. Raises SheetError."""
    data, name, kind = _checked(source, filename, limits)
    if kind == "text":
        title, each = name, _csv(data, name)
    else:
        found = workbooks.table(data, name, sheet, limits)
        title, each = found.title, found.lines
    held = list(islice(each(), 2 * limits.rows + 1000))
    return title, [[None if isinstance(c, str) and not c.strip() else c for c in line] for line in held]


def sheets_of(
    source: str | Path | bytes | BinaryIO, *, filename: str = "", limits: Limits = LIMITS
) -> list[SheetInfo]:
    """The sheets of a workbook in its order; of a CSV the one it is. Raises SheetError as `read` does."""
    data, name, kind = _checked(source, filename, limits)
    if kind != "text":
        return [SheetInfo(**one) for one in workbooks.sheets(data, name, limits)]
    return [SheetInfo(name, len(shape(name, _csv(data, name), limits, is_text=True).rows) + 1, False)]


def _checked(source: str | Path | bytes | BinaryIO, filename: str, limits: Limits) -> tuple[bytes, str, str]:
    """Content, name and kind of a file that is what its name says."""
    data, name = _content(source, filename, limits)
    kind, expected = filekinds.kind_of(data), filekinds.EXPECTED.get(Path(name).suffix.lower())
    if not data or data.isspace():
        raise whole(name, _("The file is empty."))
    if expected is None:
        raise whole(name, _("Files of this kind are not read: save the table as CSV, XLSX or ODS."))
    if kind != expected:
        words = _("The file is not what its name says: %(name)s holds %(kind)s.")
        raise whole(name, words % {"name": name, "kind": filekinds.kind_words(kind)})
    return data, name, kind


def _content(source: str | Path | bytes | BinaryIO, filename: str, limits: Limits) -> tuple[bytes, str]:
    if isinstance(source, str | Path):
        with open(source, "rb") as file:
            return _content(file, filename or str(source), limits)
    data = source if isinstance(source, bytes) else source.read(limits.size + 1)
    name = Path(filename or getattr(source, "name", "")).name
    if len(data) > limits.size:
        raise whole(name, _("The file is larger than %(n)s MB.") % {"n": limits.size // 1_000_000})
    return data, name


def _csv(data: bytes, name: str) -> Callable[[], Iterator[list[Cell]]]:
    """The lines of a text, anew at each call. What is wrong with it is said when they are gone through."""
    encoding = encoding_of(data)
    if encoding is None:
        raise whole(name, _("The letters of this file cannot be read: save it as UTF-8."))
    try:
        text = separated.Separated(data, encoding)
    except UnicodeDecodeError as error:
        words = _("The letters of this file cannot be read: byte %(n)s is not %(encoding)s.")
        raise whole(name, words % {"n": _place(data, encoding, error), "encoding": encoding}) from None
    except separated.Nul:
        raise whole(name, _("The letters of this file cannot be read: save it as UTF-8.")) from None

    def lines() -> Iterator[list[Cell]]:
        try:
            yield from text
        except separated.Unclosed as error:
            words = _("A quotation mark opens here and never closes.")
            raise whole(name, words, error.value, row=error.row) from None
        except separated.Broken as error:
            words = _("The file cannot be read as a table: %(error)s.")
            raise whole(name, words % {"error": error.value}, row=error.row) from None

    return lines


def _place(data: bytes, encoding: str, error: UnicodeDecodeError) -> int:
    try:
        data.decode(encoding)
    except UnicodeDecodeError as whole_error:
        return whole_error.start
    return error.start
