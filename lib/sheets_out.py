"""Spreadsheets out: what is written is inert, and the same rows give the same bytes."""

import csv
import io
import math
import re
from collections.abc import Iterable, Iterator, Sequence
from datetime import UTC, date, datetime, time
from decimal import Decimal
from itertools import chain, islice

# Excel, LibreOffice and Google Sheets run a cell that begins so, blanks before it or not. The wide, the small
# and the superscript forms of the signs are what an input method writes.
_EQUAL, _SIGN = "=＝﹦⁼@＠﹫", "+＋﹢⁺\\-－﹣⁻−"
_FORMULA = re.compile(rf"\s*[{_EQUAL}{_SIGN}]|[\t\r\n]")
_NUMBER = re.compile(r"[+-]?(\d+|\d{1,3}([., ]\d{3})+)([.,]\d+)?\s?%?")
# A telephone number as people write it. Where a blank or a bracket stands between digits a spreadsheet cannot
# read it as a sum; +381-64-123 it can.
_TELEPHONE = re.compile(r"(?=.*\d\s?[ (]\s?\d)[+-]?[\d(][\d\s().,/-]*")
# Where a program that expects another separator than ours cuts a text, what would then begin a cell.
_CUT = re.compile(rf"(?<![;,|\s\"'])[;,|\s\"']++(?=[{_EQUAL}{_SIGN}])")
_CUTS = frozenset(";,|\t\r\n")
_SIGNS = re.compile(rf"[{_EQUAL}{_SIGN}\t\r\n]")  # without one of them nothing runs: most texts are done here
_MOST = 32_767  # letters that a cell of a workbook holds
_ROWS = 1_048_575  # and rows that a sheet holds below its heading


def inert(cell):
    """A text that a spreadsheet would run gets an apostrophe before it, also where a wrong separator would
    cut it; numbers and telephone numbers do not."""
    if not isinstance(cell, str) or not _SIGNS.search(cell):
        return cell
    begins = _FORMULA.match(cell) and not _NUMBER.fullmatch(cell) and not _TELEPHONE.fullmatch(cell)
    return ("'" if begins else "") + _uncut(cell)


def _uncut(cell: str) -> str:
    """A plus or minus with no bracket, bar or sheet after it only adds up what stands there ("- milk")."""
    last = max(map(cell.rfind, "(|!["))

    def marked(found: re.Match) -> str:
        is_sum = cell[found.end()] in _SIGN and found.end() > last
        return found[0] if is_sum or not found.start() or _CUTS.isdisjoint(found[0]) else found[0] + "'"

    return _CUT.sub(marked, cell)


def write_csv(
    header: Sequence[str], rows: Iterable[Sequence], *, separator: str = ",", raw: bool = False
) -> Iterator[bytes]:
    """UTF-8 with a mark that Excel understands, piece by piece. `raw` changes no text, for programs."""
    yield b"\xef\xbb\xbf"
    buffer = io.StringIO(newline="")
    writer = csv.writer(buffer, delimiter=separator)
    for row in chain([header], rows):
        writer.writerow(row if raw else [inert(cell) if type(cell) is str else cell for cell in row])
        if buffer.tell() > 16_384:
            yield buffer.getvalue().encode()
            buffer.seek(0)
            buffer.truncate()
    yield buffer.getvalue().encode()


def write_xlsx(
    target, sheets: Iterable[tuple[str, Sequence[str], Iterable[Sequence]]], *, title: str = ""
) -> None:
    """A workbook of (name, header, rows): text stays text, nothing is a formula or a link.

    `target` is a path or a binary file. Rows may be a generator: they are not kept in memory. The heading
    stays in sight and filters. A moment with a zone, a number that is none, and one too long for it are
    written as text.
    """
    import xlsxwriter

    inert_text = {"strings_to_formulas": False, "strings_to_urls": False, "strings_to_numbers": False}
    book = xlsxwriter.Workbook(target, {**inert_text, "constant_memory": True})
    book.set_properties({"title": title, "created": datetime(2000, 1, 1, tzinfo=UTC).replace(tzinfo=None)})
    looks = {kind: book.add_format({"num_format": form, "valign": "top"}) for kind, form in _FORMS.items()}
    looks[str] = book.add_format({"text_wrap": True, "valign": "top"})
    looks["head"] = book.add_format({"bold": True, "text_wrap": True, "valign": "top", "bottom": 1})
    taken: set[str] = set()
    for name, header, rows in sheets:
        rows = iter(rows)
        while True:  # what one sheet cannot hold goes on in another
            page = book.add_worksheet(_sheet_name(name, taken))
            if _write_sheet(page, looks, header, islice(rows, _ROWS)) < _ROWS:
                break
    book.close()


_WIDEST, _FITS = 60, 56  # a column in figures, and how many letters surely stand in it
_LINE, _TALLEST = 15, 405  # points
_FORMS = {date: "yyyy-mm-dd", datetime: "yyyy-mm-dd hh:mm", time: "hh:mm"}


def _write_sheet(page, looks: dict, header: Sequence[str], rows: Iterable[Sequence]) -> int:
    """How many rows were written."""
    widths = [len(text) for text in header]
    for column, text in enumerate(header):
        page.write_string(0, column, text, looks["head"])
    number = 0
    for number, row in enumerate(rows, 1):
        if (lines := max(map(_lines, row), default=1)) > 1:  # not every program makes room by itself
            page.set_row(number, min(_TALLEST, _LINE * lines))
        for column, cell in enumerate(row):
            _write_cell(page, number, column, cell, looks)
            if cell is not None and column < len(widths):
                widths[column] = max(widths[column], len(str(cell)))
    for column, width in enumerate(widths):
        page.set_column(column, column, min(_WIDEST, max(8, width + 2)))
    page.freeze_panes(1, 0)
    page.set_paper(9)  # printed: A4, lying, all columns on one page, the heading on each
    page.set_landscape()
    page.fit_to_pages(1, 0)
    page.repeat_rows(0)
    if header:
        page.autofilter(0, 0, number, len(header) - 1)
    return number


def _lines(cell) -> int:
    """How many a text takes in a column of the widest kind: in it stands whatever does not fit on one."""
    if not isinstance(cell, str) or len(cell) <= _FITS and "\n" not in cell:
        return 1
    return sum(max(1, math.ceil(len(part) / _FITS)) for part in cell.splitlines())


def _write_cell(page, number: int, column: int, cell, looks: dict) -> None:
    if cell is None or cell == "":
        return
    if isinstance(cell, bool):
        page.write_boolean(number, column, cell, looks[str])
    elif isinstance(cell, int | float | Decimal) and math.isfinite(cell) and abs(cell) < 1e15:
        page.write_number(number, column, cell, looks[str])
    elif type(cell) in _FORMS and getattr(cell, "tzinfo", None) is None:
        page.write_datetime(number, column, cell, looks[type(cell)])
    else:
        text = str(cell)
        page.write_string(number, column, text if len(text) <= _MOST else text[: _MOST - 1] + "…", looks[str])


def _sheet_name(name: str, taken: set[str]) -> str:
    """As Excel allows: 31 letters, none of []:*?/\\, no apostrophe at the ends, not twice."""
    name = re.sub(r"[\[\]:*?/\\\x00-\x1f]", " ", name).strip(" '")[:31].strip(" '") or "Sheet"
    own, n = name, 1
    while own.lower() in taken:
        n += 1
        own = f"{name[: 31 - len(f' ({n})')]} ({n})"
    taken.add(own.lower())
    return own
