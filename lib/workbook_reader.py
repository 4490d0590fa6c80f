"""Reads one sheet of a workbook in a process of its own, within 512 MB and 30 s of work.

A workbook of a few kilobytes may ask for a table of a billion cells; the reader dies of it, not the server.
Run by `lib.sheets` as a program: options as JSON in argv, the file on stdin, JSON on stdout. It imports
nothing of ours, so that it starts at once.
"""

import contextlib
import datetime
import io
import json
import sys

MEMORY = 512 * 1024 * 1024
SECONDS = 30


def main() -> None:
    with contextlib.suppress(ImportError, ValueError, OSError):  # a system without such limits
        import resource

        resource.setrlimit(resource.RLIMIT_AS, (MEMORY, MEMORY))
        resource.setrlimit(resource.RLIMIT_CPU, (SECONDS, SECONDS))
        resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    found = table(sys.stdin.buffer.read(), **json.loads(sys.argv[1]))
    json.dump(found, sys.stdout, ensure_ascii=True)


def table(data: bytes, *, sheet: str | None, rows: int, columns: int) -> dict:
    """`{"title", "rows"}` of the named sheet, else of the first visible one that holds something; or
    `{"error"}` with `locked`, `damaged`, `large`, `greedy`, `unknown` (with `known`: the names there are)."""
    from python_calamine import CalamineError, CalamineWorkbook, PasswordError

    try:
        book = CalamineWorkbook.from_filelike(io.BytesIO(data))
        if sheet is not None and sheet not in book.sheet_names:
            return {"error": "unknown", "known": book.sheet_names}
        title, page = _chosen(book, sheet)
        if page is None or page.end is None:
            return {"title": title, "rows": []}
        height, width = page.end[0] + 1, page.end[1] + 1  # `total_…` are one less
        if height > rows + 1 or width > columns:
            return {"error": "large", "title": title}
        return {
            "title": title,
            "rows": [[_plain(c) for c in row] for row in page.to_python(skip_empty_area=False)],
        }
    except MemoryError:
        return {"error": "greedy"}
    except PasswordError:
        return {"error": "locked"}
    except CalamineError as error:
        return {"error": "damaged", "said": str(error)[:200]}


def _chosen(book, sheet: str | None):
    if sheet is not None:
        return sheet, book.get_sheet_by_name(sheet)
    shown = [
        one.name for one in book.sheets_metadata if str(one.visible).endswith("Visible") and _is_table(one)
    ]
    shown = [name for name in shown if name in book.sheet_names]
    for name in shown:
        page = book.get_sheet_by_name(name)
        if page.height:
            return name, page
    return (shown or book.sheet_names or [""])[0], None


def _is_table(one) -> bool:
    return str(one.typ).endswith("WorkSheet")


def _plain(cell):
    """As JSON: text, numbers, booleans and null as they are, times as [type, text or seconds]."""
    if isinstance(cell, float):
        return int(cell) if cell.is_integer() and abs(cell) < 2**53 else cell
    if isinstance(cell, datetime.timedelta):
        return ["timedelta", cell.total_seconds()]
    if isinstance(cell, datetime.datetime | datetime.date | datetime.time):
        return [type(cell).__name__, cell.isoformat()]
    return None if cell == "" else cell


if __name__ == "__main__":
    main()
