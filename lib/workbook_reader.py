"""Reads one sheet of a workbook in a process of its own, within some memory and 30 s of work.

A workbook of a few kilobytes may ask for a table of a billion cells; the reader dies of it, not the server.
Run by `lib.workbooks` as a program: options as JSON in argv, the file on stdin; on stdout a line of JSON that
tells of the sheet, then one for each few rows: whether times are among them, and the rows. It imports nothing
of ours, so that it starts at once.
"""

import contextlib
import datetime
import html
import io
import json
import re
import sys
import zipfile
from itertools import islice

SECONDS = 30
LONGEST = 131_072  # letters of one cell, as in a CSV; a spreadsheet program takes 32,767
TOGETHER = 200  # rows in a line
GREEDY = 3  # the exit code that says so
_PIECE = 1 << 20
_FAR = re.compile(rb'\br="([A-Z]{2,9})\d')  # a cell beyond the 26th column
_LINE = re.compile(rb'row [^>]*?\br="(\d{1,12})"')
_NO_RESULT = re.compile(
    rb"<(?:\w+:)?c\b([^>]*)>\s*<(?:\w+:)?f\b[^>]*?(?:/>|>([^<]*)</(?:\w+:)?f>)\s*"
    rb"(?:<(?:\w+:)?v\s*/>|<(?:\w+:)?v>\s*</(?:\w+:)?v>)?\s*</(?:\w+:)?c>"
)


def main() -> None:
    options = json.loads(sys.argv[1])
    limit = options.pop("memory")
    with contextlib.suppress(ImportError, ValueError, OSError):  # a system without such limits
        import resource

        resource.setrlimit(resource.RLIMIT_AS, (limit, limit))
        resource.setrlimit(resource.RLIMIT_CPU, (SECONDS, SECONDS))
        resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    data = sys.stdin.buffer.read()
    head, rows = listing(data) if options.pop("listed", False) else table(data, **options)
    out = sys.stdout
    out.write(json.dumps(head) + "\n")
    encode, rows = json.JSONEncoder(ensure_ascii=True, separators=(",", ":")).encode, iter(rows)
    while some := list(islice(rows, TOGETHER)):
        plain = [[cell if type(cell) is str and cell else _plain(cell) for cell in row] for row in some]
        line = encode([any(type(cell) is list for row in plain for cell in row), plain])
        if len(line) > LONGEST and any(len(c) > LONGEST for row in plain for c in row if type(c) is str):
            raise SystemExit(GREEDY)
        out.write(line + "\n")


def told(read):
    """What goes wrong in opening a workbook, as `{"error"}`: `locked`, `damaged`, `greedy`."""

    def reading(*args, **options):
        from python_calamine import CalamineError, PasswordError

        try:
            return read(*args, **options)
        except MemoryError:
            return {"error": "greedy"}, ()
        except PasswordError:
            return {"error": "locked"}, ()
        except (CalamineError, zipfile.BadZipFile, ValueError) as error:
            return {"error": "damaged", "said": str(error)[:200]}, ()

    return reading


@told
def listing(data: bytes):
    """`{"sheets"}`: name, rows, is_hidden of each."""
    book = _book(data)
    shown = {one.name: str(one.visible).endswith("Visible") for one in book.sheets_metadata if _is_table(one)}
    found = []
    for name in book.sheet_names:
        if name in shown:
            found.append({"name": name, "rows": _height(data, book, name), "is_hidden": not shown[name]})
    return {"sheets": found}, ()


def _height(data: bytes, book, name: str) -> int:
    """Rows of a sheet, as the XML says where it does: it is not read for that."""
    if data.startswith(b"PK") and (
        height := max((_highest(piece) for piece in _pieces(data, name)), default=0)
    ):
        return height
    page = book.get_sheet_by_name(name)
    return page.end[0] + 1 if page.end else 0


@told
def table(data: bytes, *, sheet: str | None, rows: int, columns: int, cells: int):
    """`{"title", "unknown"}` and the rows of the named sheet, else of the first visible one that holds
    something; or `{"error"}`, which may also be `large` or `unknown` (with `known`: the names there are)."""
    book = _book(data)
    if sheet is not None and sheet not in book.sheet_names:
        return {"error": "unknown", "sheet": sheet, "known": book.sheet_names}, ()
    for title in [sheet] if sheet is not None else _shown(book):
        error, unknown = _looked_over(data, title, rows, columns, cells)
        if error:
            return {"error": error, "title": title}, ()
        page = book.get_sheet_by_name(title)
        if page.end is not None and (page.height or sheet is not None):
            height, width = page.end[0] + 1, page.end[1] + 1  # `total_…` are one less
            if height > rows + 1 + 1000 or width > columns:
                return {"error": "large", "title": title}, ()
            return {"title": title, "unknown": unknown}, _rows(page)
    first = (_shown(book) or book.sheet_names or [""])[0]
    return {"title": sheet if sheet is not None else first, "unknown": []}, ()


def _book(data: bytes):
    from python_calamine import CalamineWorkbook

    return CalamineWorkbook.from_filelike(io.BytesIO(data))


def _shown(book) -> list[str]:
    names = [
        one.name for one in book.sheets_metadata if str(one.visible).endswith("Visible") and _is_table(one)
    ]
    return [name for name in names if name in book.sheet_names]


def _is_table(one) -> bool:
    return str(one.typ).endswith("WorkSheet")


def _rows(page):
    """Rows from the first of the sheet on, cells from its first column on; merged ones speak for each row."""
    down, right = page.start
    for _n in range(down):
        yield []
    merged = _merged(page)
    blank = [None] * right
    for number, row in enumerate(page.iter_rows(), down):
        row = blank + row if right else row
        below = merged.get(number, ())
        if below and any(cell not in ("", None) for cell in row):  # what is merged makes no row by itself
            for column, above in below:
                if column < len(row) and row[column] in ("", None):
                    row[column] = above[0]
        for column, value in merged.get((number, "first"), ()):
            value[0] = row[column] if column < len(row) else None
        yield row


def _merged(page) -> dict:
    """By row: the columns of cells that are merged over several rows, and where the value of each stands."""
    found: dict = {}
    ranges = getattr(page, "merged_cell_ranges", None) or ()
    for (top, left), (bottom, _right) in ranges:
        if bottom > top >= page.start[0] and bottom - top <= 10_000 and len(found) < 100_000:
            value = [None]
            found.setdefault((top, "first"), []).append((left, value))
            for number in range(top + 1, min(bottom, page.end[0]) + 1):
                found.setdefault(number, []).append((left, value))
    return found


# --- what the XML says, read in pieces: where its cells stand, and which formulas have no result -----------


def _looked_over(data: bytes, title: str, rows: int, columns: int, cells: int) -> tuple[str, list]:
    """`large` for a sheet that names a row or column beyond the limits, `greedy` for one with so many cells
    that laying them out takes the memory, else nothing; and the cells whose result nobody stored."""
    height, letters, held, lines, unknown = 0, set(), 0, 0, []
    for piece in _pieces(data, title):
        letters.update(_FAR.findall(piece))
        height = max(height, _highest(piece))
        held += piece.count(b"<c ") + piece.count(b"<c>") + piece.count(b"<c/>") + piece.count(b":c ")
        lines += piece.count(b"<row ") + piece.count(b"<row>") + piece.count(b"<row/>")
        width = max((_number(one) for one in letters), default=0)  # 0: at most 26, that is never too much
        if max(height, lines) > rows + 1001 or width > columns:
            return "large", []
        if max(height * width, held) > cells:
            return "greedy", []
        if len(unknown) < 1000:
            unknown += _without_result(piece)
    return "", unknown[:1000]


def _highest(piece: bytes) -> int:
    return max(map(int, _LINE.findall(piece)), default=0)


def _number(letters: bytes) -> int:
    number = 0
    for letter in letters:
        number = number * 26 + letter - 64
    return number


def _without_result(piece: bytes) -> list:
    """Row from 1, column from 0, formula: of cells whose result nobody stored."""
    found = []
    for attributes, formula in _NO_RESULT.findall(piece) if b"<f" in piece or b":f" in piece else ():
        if place := re.search(rb'\br="([A-Z]+)(\d+)"', attributes):
            said = html.unescape(formula.decode(errors="replace"))
            found.append([int(place[2]), _number(place[1]) - 1, f"={said}"[:200]])
    return found


def _pieces(data: bytes, title: str):
    """The XML of one sheet of an XLSX, in pieces that part no cell; nothing for other workbooks."""
    if not data.startswith(b"PK"):
        return
    with zipfile.ZipFile(io.BytesIO(data)) as package:
        member = _member(package, title)
        if member is None:
            return
        with package.open(member) as file:
            rest = b""
            while piece := file.read(_PIECE):
                piece = rest + piece
                end = piece.rfind(b"<c ")
                end = max(end, piece.rfind(b"<row "), piece.rfind(b"<c>"))
                if end <= 0 or len(piece) - end > _PIECE:
                    end = len(piece)
                yield piece[:end]
                rest = piece[end:]
            yield rest


def _member(package: zipfile.ZipFile, title: str) -> str | None:
    """Where the sheet of this name stands in the package."""
    names = set(package.namelist())
    if "xl/workbook.xml" not in names or "xl/_rels/workbook.xml.rels" not in names:
        return None
    book = package.read("xl/workbook.xml").decode(errors="replace")
    links = package.read("xl/_rels/workbook.xml.rels").decode(errors="replace")
    for tag in re.findall(r"<(?:\w+:)?sheet\s[^>]*>", book):
        said = dict(re.findall(r'([\w:]+)="([^"]*)"', tag))
        link = next((value for name, value in said.items() if name.endswith(":id")), None)
        if html.unescape(said.get("name", "")) == title and link:
            for other in re.findall(r"<(?:\w+:)?Relationship\s[^>]*>", links):
                said = dict(re.findall(r'([\w:]+)="([^"]*)"', other))
                target = said.get("Target", "")
                path = target.lstrip("/") if target.startswith("/") else f"xl/{target}"
                if said.get("Id") == link and path in names:
                    return path
    return None


def _plain(cell):
    """As JSON: text, numbers, booleans and null as they are, times as [type, text or seconds]."""
    if type(cell) is str:
        return cell or None
    if isinstance(cell, float):
        return int(cell) if cell.is_integer() and abs(cell) < 2**53 else cell
    if isinstance(cell, datetime.timedelta):
        return ["timedelta", cell.total_seconds()]
    if isinstance(cell, datetime.datetime | datetime.date | datetime.time):
        return [type(cell).__name__, cell.isoformat()]
    return cell


if __name__ == "__main__":
    try:
        main()
    except MemoryError:
        raise SystemExit(GREEDY) from None
