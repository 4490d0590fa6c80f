"""From the kept file to what the pages show of it: its headings, what stands under them, what they may mean.

What is found is kept in `Import.columns`, a dict a column: `header`, `examples`, `filled` (cells that say
something), `values` (each text and how often; None where there are many), `slashes` (dates like 3/4/2023:
how many can only mean the day first, only the month first, either), `field`, `how`, `share` (the guess).
"""

import re
from collections import Counter
from typing import Any

from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _

from accounts.files import open_file
from desk.loading.door import KINDS
from desk.loading.fields import known
from desk.loading.guess import guess_columns
from desk.loading.values import text
from desk.models import Import
from lib import sheets
from lib.folding import fold
from lib.sheets import Sheet

EXAMPLES, VALUES = 3, 60
HEAD = 15  # lines among which the headings are looked for
SUMS = "ukupno svega sveukupno zbir suma total sum totals grand"
SHOWN = 80  # letters of an example


def table_of(record: Import) -> Sheet:
    """The chosen sheet. A column without a heading is called by its letter. Raises SheetError."""
    wanted = {"sheet": record.sheet or None, "header_row": record.header_row}
    table = sheets.read(content_of(record), filename=record.name, **wanted)
    table.header = [name or f"({letters(place)})" for place, name in enumerate(table.header)]
    return table


def content_of(record: Import) -> bytes:
    try:
        with open_file(record.file) as file:
            return file.read()
    except FileNotFoundError:
        raise ValidationError(_("The file is gone from the storage: bring it again.")) from None


def letters(place: int) -> str:
    """0 is A, 26 is AA: how a spreadsheet names a column."""
    place, letter = divmod(place, 26)
    return (letters(place - 1) if place else "") + chr(65 + letter)


def header_row(lines: list[list[Any]]) -> int | None:
    """The row of the headings where it is not the first that holds something: titles stand above it."""
    held = [(n, [c for c in cells if not _blank(c)]) for n, cells in enumerate(lines[:HEAD], 1)]
    held = [(n, cells) for n, cells in held if cells]
    if not held:
        return None
    widest = max(len(cells) for _n, cells in held)

    def likely(n: int, cells: list) -> tuple:
        found = _known([text(cell) for cell in cells if isinstance(cell, str)])
        return found if found > 1 else 0, len(cells) * 10 >= widest * 6, -n

    best = max(held, key=lambda one: likely(*one))[0]
    return None if best == held[0][0] else best


def _known(headers: list[str]) -> int:
    """How many of these are headings of one kind."""
    return max(known(kind.fields, headers) for kind in KINDS.values())


def sums(table: Sheet) -> dict[int, str]:
    """Rows near the end that look like a sum, not like somebody: {row: what stands there}."""
    found = {}
    for row in table.rows[-3:]:
        first = next((text(cell) for cell in row.cells if not _blank(cell)), "")
        words = re.findall(r"[a-z]+", fold(first))
        if words and words[0] in SUMS.split():
            found[row.number] = first[:SHOWN]
    return found


def columns_of(table: Sheet) -> list[dict]:
    """What stands in each column, without a guess yet."""
    return [_column(name, [row.cells[n] for row in table.rows]) for n, name in enumerate(table.header)]


def _column(name: str, cells: list) -> dict:
    said = [text(cell) for cell in cells if not _blank(cell)]
    counted = Counter(said)
    many = len(counted) > VALUES
    return {
        "header": name,
        "filled": len(said),
        "examples": [one[:SHOWN] for one in list(counted)[:EXAMPLES]],
        "values": None if many else {one[:200]: n for one, n in counted.items()},
        "slashes": _slashes(said),
    }


def _slashes(said: list[str]) -> dict:
    """How dates with slashes are written here."""
    found = {"day": 0, "month": 0, "either": 0, "example": ""}
    for one in said:
        if not (parts := re.fullmatch(r"(\d{1,2})/(\d{1,2})/\d{4}", one)):
            continue
        first, second = int(parts[1]), int(parts[2])
        if first != second and max(first, second) <= 12:
            found["either"] += 1
            found["example"] = found["example"] or one
        elif first != second:
            found["day" if first > 12 else "month"] += 1
    return found


def guess(columns: list[dict], kind: str, table: Sheet, memory: dict[str, str]) -> None:
    """Write into `columns` which field each is likely to be. `memory`: our fields by folded heading."""
    for column in columns:
        column |= {"field": "", "how": "", "share": 0}
    by_header = {column["header"]: column for column in columns}
    remembered = {memory[fold(h)]: h for h in reversed(table.header) if memory.get(fold(h))}
    for field, one in guess_columns(KINDS[kind], table, remembered).items():
        headers = one.header if isinstance(one.header, list) else [one.header]
        for header in headers:
            by_header[header] |= {"field": field, "how": one.how, "share": round(one.share, 3)}
    for header, column in by_header.items():
        if fold(header) in memory:  # also what was left out, and a second column of one field
            column |= {"field": memory[fold(header)], "how": "remembered", "share": 1}


def _blank(cell: Any) -> bool:
    return cell is None or (isinstance(cell, str) and not cell.strip())
