"""The same sheet back, line by line, with two columns more: what becomes of each row, and the reasons."""

import io
from collections import defaultdict
from pathlib import PurePath
from typing import NamedTuple

from django.utils.translation import gettext as _

from desk.importing import running
from desk.importing.outcomes import unpacked
from desk.importing.reading import content_of
from desk.importing.words import OUTCOMES
from desk.models import Import
from lib import sheets
from lib.encodings import encoding_of
from lib.separated import separator_of

XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


class File(NamedTuple):
    name: str
    content_type: str
    content: bytes


def marked(record: Import) -> File:
    """As it came: a CSV with its encoding and separator, a workbook as XLSX. Nothing in it runs."""
    data = content_of(record)
    title, lines = sheets.lines(data, filename=record.name, sheet=record.sheet or None)
    lines = _with_columns(record, lines)
    name = PurePath(record.name)
    suffix = _("checked")
    if name.suffix.lower() in (".csv", ".tsv", ".txt"):
        return File(f"{name.stem}-{suffix}{name.suffix}", "text/csv", _csv(data, lines))
    target = io.BytesIO()
    first = [_text(cell) for cell in lines[0]] if lines else []
    sheets.write_xlsx(target, [(title, first, lines[1:])])
    return File(f"{name.stem}-{suffix}.xlsx", XLSX, target.getvalue())


def _with_columns(record: Import, lines: list[list]) -> list[list]:
    reasons = defaultdict(list)
    for refusal in running.refusals_of(record):
        where = f"{refusal.column}: " if refusal.column else ""
        reasons[refusal.row].append(where + refusal.rule)
    found = unpacked(record.outcomes)
    width = max(map(len, lines), default=0)
    heading = record.header_row or next((n for n, line in enumerate(lines, 1) if any(map(_text, line))), 1)
    told = []
    for number, line in enumerate(lines, 1):
        more = [str(OUTCOMES[found[number]]), " · ".join(reasons[number])] if number in found else []
        if number == heading:
            more = [_("What becomes of it"), _("Why")]
        told.append([*line, *[None] * (width - len(line)), *more] if more else line)
    return told


def _csv(data: bytes, lines: list[list]) -> bytes:
    encoding = encoding_of(data) or "utf-8-sig"
    separator, _hinted = separator_of(data.decode(encoding, "replace").removeprefix("\ufeff"))
    header, *rows = lines or [[]]
    text = b"".join(sheets.write_csv(header, rows, separator=separator)).decode("utf-8-sig")
    text = text.replace("\r\n", "\n").replace("\n", "\r\n") if b"\r\n" in data else text
    try:
        return text.encode(encoding)
    except UnicodeEncodeError:  # the reasons stand in letters that its code page does not have
        return text.encode("utf-8-sig")


def _text(cell) -> str:
    return "" if cell is None else str(cell)
