"""Lists to take along as CSV, XLSX or JSON: columns are named once, rows are read while they are written.

CSV and XLSX are for people: headings and choices in their language, times in the zone of the place. JSON and
the raw CSV are for programs: keys, codes, points in decimals.
"""

import io
import tempfile
from collections.abc import Callable, Iterable, Iterator, Mapping
from datetime import datetime, time
from datetime import tzinfo as Zone
from decimal import Decimal
from itertools import chain, islice
from operator import itemgetter
from typing import NamedTuple

import orjson
from django.db.models import Aggregate, QuerySet, TextField
from django.http import HttpRequest, HttpResponse, HttpResponseBadRequest, StreamingHttpResponse
from django.utils import timezone, translation
from django.utils.functional import Promise
from django.utils.http import content_disposition_header
from django.utils.translation import gettext as _

from lib.sheets_out import write_csv, write_xlsx

CHUNK = 2_000  # rows read at once
BLOCK = 65_536  # bytes written at once
TYPES = {
    "csv": "text/csv; charset=utf-8",
    "xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
    "json": "application/json",
}
SEPARATORS = {",": ",", "comma": ",", ";": ";", "semicolon": ";", "\t": "\t", "tab": "\t"}


Rows = QuerySet | Iterable[Mapping]


class Column(NamedTuple):
    """`key` for programs, `heading` for people. The value is what stands at `paths` of the query (at `key`
    when none is given), or what `made` makes of it. `words` has the labels of codes: only people get them."""

    key: str
    heading: str | Promise
    paths: str | tuple[str, ...] = ""
    made: Callable | None = None
    words: Mapping | None = None

    @property
    def read(self) -> tuple[str, ...]:
        return (self.paths,) if isinstance(self.paths, str) and self.paths else self.paths or (self.key,)


class Export(NamedTuple):
    """One list: `name` for the trail, `title` for its file and sheet."""

    name: str
    title: str | Promise
    columns: tuple[Column, ...]

    @property
    def paths(self) -> list[str]:
        """What is read of a row; rows that come from no query are mappings with these keys."""
        return list(dict.fromkeys(path for column in self.columns for path in column.read))

    @property
    def keys(self) -> list[str]:
        return [column.key for column in self.columns]


class Joined(Aggregate):
    """The texts of several rows as one, to be taken apart by `parted`: both databases can."""

    function, output_field, allow_distinct = "STRING_AGG", TextField(), True
    template = "%(function)s(%(expressions)s, chr(31))"

    def as_sqlite(self, compiler, connection, **context):
        names = {"function": "GROUP_CONCAT", "template": "%(function)s(%(expressions)s, char(31))"}
        return super().as_sql(compiler, connection, **context, **names)


def parted(joined: str | None) -> list[str]:
    return sorted(joined.split("\x1f")) if joined else []


def answer(
    request: HttpRequest,
    export: Export,
    rows: Rows,
    kind: str,
    *,
    stem: str,
    zone: Zone,
) -> HttpResponse | StreamingHttpResponse:
    """The list as a file of this kind ("csv", "xlsx", "json"); `stem` is its name without the ending.

    The first piece is read before it answers, so that a query which fails is an error, not half a file.
    """
    separator = SEPARATORS.get(request.GET.get("separator") or _usual_separator(request))
    if separator is None:
        return HttpResponseBadRequest(_("A separator is comma, semicolon or tab."))
    if request.method == "HEAD":
        pieces, size = iter(()), None
    elif kind == "xlsx":
        pieces, size = _workbook(export, rows, zone)
    else:
        found = _json(export, rows) if kind == "json" else _csv(request, export, rows, zone, separator)
        pieces, size = _begun(_as_now(found)), None
    response = StreamingHttpResponse(pieces, content_type=TYPES[kind])
    response.headers["Cache-Control"] = "no-store"
    response.headers["X-Content-Type-Options"] = "nosniff"
    response.headers["Content-Disposition"] = content_disposition_header(True, f"{stem}.{kind}")
    if size is not None:
        response.headers["Content-Length"] = str(size)
    return response


def _usual_separator(request: HttpRequest) -> str:
    """What a spreadsheet program in the reader's country expects: where the comma parts decimals, ";"."""
    return ";" if _is_serbian() and not _is_raw(request) else ","


def _is_serbian() -> bool:
    return (translation.get_language() or "").startswith("sr")


def _is_raw(request: HttpRequest) -> bool:
    return request.GET.get("raw") == "1"


# --- rows ------------------------------------------------------------------------------------------


def records(export: Export, rows: Rows) -> Iterator[list]:
    """The values of each row, column by column, as programs get them."""
    paths = export.paths
    if isinstance(rows, QuerySet):
        found = rows.values_list(*paths).iterator(chunk_size=CHUNK)
    else:
        found = ([row[path] for path in paths] for row in rows)
    take = [_taker(column, paths) for column in export.columns]
    return ([one(row) for one in take] for row in found)


def _taker(column: Column, paths: list[str]) -> Callable:
    places, made = [paths.index(path) for path in column.read], column.made
    if made is None:
        return itemgetter(places[0])
    if len(places) == 1:
        (place,) = places
        return lambda row: made(row[place])
    several = itemgetter(*places)
    return lambda row: made(*several(row))


def _for_people(export: Export, rows, shapes: Mapping[type, Callable]) -> Iterator[list]:
    """Labels for codes; each value shaped as its type asks."""
    words = [
        (place, {code: str(label) for code, label in column.words.items()})
        for place, column in enumerate(export.columns)
        if column.words
    ]
    for cells in records(export, rows):
        for place, labels in words:
            cells[place] = _said(cells[place], labels)
        yield _shaped(cells, shapes)


def _shaped(cells: list, shapes: Mapping[type, Callable]) -> list:
    return [shapes[type(cell)](cell) if type(cell) in shapes else cell for cell in cells]


def _said(value, labels: Mapping):
    if isinstance(value, list):
        return [labels.get(one, one) for one in value]
    return labels.get(value, value)


# --- the three kinds -------------------------------------------------------------------------------


def _csv(request: HttpRequest, export: Export, rows, zone: Zone, separator: str) -> Iterator[bytes]:
    if _is_raw(request):
        shapes = {list: "; ".join, bool: lambda yes: "true" if yes else "false", datetime: datetime.isoformat}
        plain = (_shaped(cells, shapes) for cells in records(export, rows))
        return write_csv(export.keys, plain, separator=separator, raw=True)
    yes, no = _("yes"), _("no")
    shapes = {
        list: "; ".join,
        bool: lambda value: yes if value else no,
        datetime: lambda moment: str(moment.astimezone(zone))[:16],
        time: lambda at: str(at)[:5],
    }
    if _is_serbian() and separator != ",":
        shapes |= dict.fromkeys((float, Decimal), lambda number: str(number).replace(".", ","))
    headings = [str(column.heading) for column in export.columns]
    return write_csv(headings, _for_people(export, rows, shapes), separator=separator)


def _workbook(export: Export, rows, zone: Zone) -> tuple[Iterator[bytes], int]:
    """Through a file that has no name: a workbook is whole before its first byte is known."""
    shapes = {list: "; ".join, datetime: lambda at: at.astimezone(zone).replace(tzinfo=None, microsecond=0)}
    headings, title = [str(column.heading) for column in export.columns], str(export.title)
    file = tempfile.TemporaryFile()  # noqa: SIM115 - closed by the response when it was sent
    try:
        write_xlsx(file, [(title, headings, _for_people(export, rows, shapes))], title=title)
        size = file.seek(0, io.SEEK_END)
        file.seek(0)
    except BaseException:
        file.close()
        raise
    return _Blocks(file), size


class _Blocks:
    """A file in blocks; the response closes it, sent or not."""

    def __init__(self, file):
        self.file = file

    def __iter__(self):
        return iter(lambda: self.file.read(BLOCK), b"")

    def close(self):
        self.file.close()


def _json(export: Export, rows) -> Iterator[bytes]:
    """An array, one object a line. Unknown is null, decimals are numbers, moments carry their zone."""
    keys, sign, block = export.keys, b"[\n", []
    for cells in records(export, rows):
        block.append(sign + orjson.dumps(dict(zip(keys, cells, strict=True)), default=_number))
        sign = b",\n"
        if len(block) == 100:
            yield b"".join(block)
            block.clear()
    yield b"".join(block) + (b"\n]\n" if sign == b",\n" else b"[]\n")


def _number(value):
    if isinstance(value, Decimal):
        return float(value)
    if isinstance(value, Promise):
        return str(value)
    raise TypeError(type(value))


# --- pieces that are read after the view has returned ----------------------------------------------


def _as_now(pieces: Iterator[bytes]) -> Iterator[bytes]:
    """Each piece is made in the language and the zone of the request, which has ended by then."""
    language, zone = translation.get_language(), timezone.get_current_timezone()
    while True:
        with translation.override(language), timezone.override(zone):
            piece = next(pieces, None)
        if piece is None:
            return
        yield piece


def _begun(pieces: Iterator[bytes]) -> Iterator[bytes]:
    """The first two are made now: the first of a CSV is only its mark."""
    return chain(list(islice(pieces, 2)), pieces)
