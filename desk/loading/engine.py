"""The one door for files: rows in, a report out. All or nothing, and the same file twice changes nothing."""

import hashlib
import json
import struct
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from itertools import islice
from typing import Any

from django.db import connection, transaction
from django.utils.translation import gettext as _

from accounts.audit import audit, folded
from accounts.models import Tenant
from desk.loading.counted import Counted
from desk.loading.fields import Field, Origin, Refused, mapped
from desk.loading.guess import guess_columns
from desk.loading.kinds import REFUSED, UNCHANGED, Entry, Kind, Target
from desk.loading.reading import Reader
from desk.loading.trail import Trail
from desk.loading.values import text
from lib.folding import fold
from lib.sheets import Refusal, Row, Sheet
from lib.tables import letters

_LOCK = 0x1409  # a number of ours among the database's advisory locks
MANY = 10  # rows that are too long: fewer may be slips of a hand
SUMS = {"ukupno", "svega", "sveukupno", "zbir", "suma", "total", "totals", "grand total", "sum"}


@dataclass
class Report:
    """How many rows were read, what became of them, what was refused."""

    read: int = 0
    created: int = 0
    updated: int = 0
    unchanged: int = 0
    refused: list[Refusal] = field(default_factory=list)
    warnings: list[str] = field(default_factory=list)
    guessed: dict[str, str] = field(default_factory=dict)  # our field: their header; empty with a map
    meant: list[str] = field(default_factory=list)  # what columns of their own and signs were taken to mean
    outcomes: dict[int, str] = field(default_factory=dict)  # row: created, updated, unchanged or refused
    written: bool = False
    can_skip: bool = True  # the rows were read: what is refused is single rows

    def as_json(self) -> dict:
        return {
            "read": self.read,
            "created": self.created,
            "updated": self.updated,
            "unchanged": self.unchanged,
            "refused": [refusal._asdict() for refusal in self.refused],
            "warnings": self.warnings,
        }


def words_of(refusal: Refusal) -> str:
    """One line for a reader: where it stands, what stands there, which rule it breaks."""
    row = _("row %(row)s") % {"row": refusal.row} if refusal.row else ""
    where = ", ".join(part for part in (refusal.sheet, row, refusal.column) if part)
    said = f" “{refusal.value}”" if refusal.value else ""
    return f"{where}{said}: {refusal.rule}"


def load(
    kind: type[Kind],
    table: Sheet,
    target: Target,
    *,
    mapping: Mapping | None = None,
    where: Sequence[tuple[str, str]] = (),
    dry_run: bool = False,
    skip_refused: bool = False,
    progress: Callable[[int, int], None] | None = None,
    trail: Trail | None = None,
) -> Report:
    """Take a table in. Nothing is written when a row is refused, unless `skip_refused`, nor in a dry run.

    `progress` is told of rows done and in all, once a chunk; what it raises stops the import, and nothing of
    it stays. `trail` collects what was made and changed. The trail of audit gets one entry, with a digest.
    """
    report = Report()
    try:
        _whole(table)
        origins = _origins(kind, table, target, mapping, report)
        fits = _chooser(table, where)
    except Refused as refused:
        report.refused.append(Refusal(table.name, None, refused.column, _shown(refused.value), refused.rule))
        report.can_skip = False
        return report
    report.read, report.refused = len(table.refused), list(table.refused)  # rows longer than the header
    report.outcomes = {refusal.row: REFUSED for refusal in table.refused}
    with transaction.atomic():
        hold(target.tenant)
        with folded():
            run = _Run(kind(target, trail), table, origins, report)
            run.kind.begin(origins)
            for chunk in _chunks(filter(fits, table.rows) if fits else table.rows, kind.chunk):
                run.take(chunk)
                if progress:
                    progress(run.done, len(table.rows))
            report.warnings += run.kind.noticed
            if trail and not dry_run:
                trail.seal()
        changed = report.created + report.updated
        keep = not dry_run and (skip_refused or not report.refused)
        if keep and changed:
            audit(target.by, f"load {kind.name}", target.programme, [run.digest], tenant=target.tenant)
        transaction.set_rollback(not keep)
    report.written = keep and bool(changed)
    return report


def hold(tenant: Tenant) -> None:
    """Imports of one tenant go one after the other: each sees what the one before wrote. Held until the
    transaction ends. (SQLite has one writer at a time anyway.)"""
    if connection.vendor == "postgresql":
        with connection.cursor() as cursor:
            cursor.execute("SELECT pg_advisory_xact_lock(%s, %s)", [_LOCK, tenant.pk])


def _whole(table: Sheet) -> None:
    """Raises Refused for a file that came apart when it was saved: most of its rows are too long, and what
    stands under which heading nobody knows any more, not even in the others."""
    long = len(table.refused)
    if long >= MANY and long > len(table.rows):
        words = _(
            "The file is broken: %(long)s of %(all)s rows have more cells than there are headings, first row "
            "%(row)s in column %(column)s. A text was probably taken apart at its commas or blanks when the "
            "file was saved. Bring it as it left its source."
        )
        first = table.refused[0]
        said = {"long": long, "all": long + len(table.rows), "row": first.row, "column": first.column}
        raise Refused(words % said, value=first.value)


def _origins(
    kind: type[Kind], table: Sheet, target: Target, mapping: Mapping | None, report: Report
) -> list[Origin]:
    found = mapping
    if found is None:
        found = {name: guess.entry for name, guess in guess_columns(kind, table).items()}
    found = kind.fitted(found, table.header)
    found, report.meant = kind.completed(found, Counted(table), target)
    origins = mapped(kind.fields, found, table.header)
    if mapping is None:
        report.guessed = {origin.field.name: origin.header for origin in origins}
    if not origins:
        words = _("None of the columns is known here: %(headers)s. Say with a map which is which.")
        raise Refused(words % {"headers": ", ".join(table.header)})
    _complete(kind.fields, {origin.field.name for origin in origins}, table)
    kind.check(origins, target)
    return origins


def _complete(fields: Iterable[Field], names: set[str], table: Sheet) -> None:
    for ours in fields:
        if ours.required and ours.name not in names:
            words = _("No column for %(field)s (%(meaning)s), which is required. The file has: %(headers)s.")
            said = {"field": ours.name, "meaning": ours.meaning, "headers": ", ".join(table.header)}
            raise Refused(words % said)


def _chooser(table: Sheet, where: Sequence[tuple[str, str]]) -> Callable[[Row], bool] | None:
    """Which rows to read. Several values for one header are alternatives, several headers hold together."""
    wanted: dict[int, set[str]] = {}
    for header, value in where:
        if header not in table.header:
            raise Refused(
                _("There is no column %(header)s to choose rows by.") % {"header": header}, value=header
            )
        wanted.setdefault(table.header.index(header), set()).add(value.strip())

    def fits(row: Row) -> bool:
        cells = row.cells
        return all(
            text("" if cells[place] is None else cells[place]) in any_of for place, any_of in wanted.items()
        )

    return fits if wanted else None


def _chunks(rows: Iterable[Row], size: int) -> Iterator[list[Row]]:
    rows = iter(rows)
    while chunk := list(islice(rows, size)):
        yield chunk


class _Run:
    """One pass over the rows, inside the transaction: refusals are collected, not raised."""

    def __init__(self, kind: Kind, table: Sheet, origins: list[Origin], report: Report):
        self.kind, self.sheet, self.columns, self.report = kind, table.name, table.header, report
        self.reader = Reader(origins)
        self.headers = {origin.field.name: origin for origin in origins}
        self.last = len(table.rows)
        self.done = 0
        self._seen: dict[int, bytes] = {}  # of each key: the row's number, and a digest a field
        self._digest = hashlib.sha256()

    @property
    def digest(self) -> str:
        """What was taken in, for the trail of audit: a fingerprint, no values."""
        return "rows:" + self._digest.hexdigest()

    def take(self, chunk: list[Row]) -> None:
        self._digest.update(json.dumps(chunk, default=text, separators=(",", ":"))[1:-1].encode() + b",")
        self.report.read += len(chunk)
        self.done += len(chunk)
        rows, wrong = self.reader.read(chunk)
        refusals: dict[int, list[Refusal]] = {
            place: [self._refusal(chunk[place].number, one) for one in found]
            for place, found in wrong.items()
        }
        self.kind.look_up([row for place, row in enumerate(rows) if place not in wrong])
        entries, places = [], []
        for place, row in enumerate(rows):
            if place in wrong:
                continue
            try:
                if entry := self._first(chunk[place].number, row):
                    if self.done - len(chunk) + place == self.last - 1:
                        _no_sum(chunk[place], self.headers, self.columns)
                    entries.append(entry)
                    places.append(place)
            except Refused as refused:
                refusals[place] = [self._refusal(chunk[place].number, refused, row)]
        for place, entry, outcome in zip(places, entries, self._written(entries), strict=True):
            if isinstance(outcome, Refused):
                refusals[place] = [self._refusal(entry.number, outcome, entry.row)]
            else:
                self._count(entry.number, outcome)
        for place in sorted(refusals):
            self.report.outcomes[chunk[place].number] = REFUSED
            self.report.refused += refusals[place]

    def _written(self, entries: list[Entry]) -> list[str | Refused]:
        return self.kind.write_all(entries) if entries else []

    def _first(self, number: int, row: dict[str, Any]) -> Entry | None:
        """The row on its way; None when the file has said this before. Only digests of what was said are
        kept."""
        key, who = self.kind.key(row), self.kind.identity
        values = [None if name in who else row[name] for name in row] if who else row.values()
        said = struct.pack(f"{len(row) + 1}q", number, *map(hash, values))
        before = self._seen.setdefault(hash(key), said)
        if before is said:
            return Entry(number, row, key)
        self._again(number, row, before, said)
        return None

    def _again(self, number: int, row: dict[str, Any], before: bytes, said: bytes) -> None:
        """The same words again are harmless. Raises Refused for other words of the same one."""
        first, *digests = struct.unpack(f"{len(row) + 1}q", before)
        if before[8:] != said[8:]:
            now = struct.unpack(f"{len(row) + 1}q", said)[1:]
            differ = [name for name, one, other in zip(row, now, digests, strict=True) if one != other]
            name = next((name for name in differ if row[name] is not None), differ[0])
            words = _("Row %(row)s says something else of the same one.") % {"row": first}
            raise Refused(words, name, row[name])
        if not self.kind.repeats_are_one(row):
            name = next((name for name in row if row[name] is not None), "")
            words = _("Row %(row)s is the same, and nothing tells the two apart.") % {"row": first}
            raise Refused(words, name, row.get(name))
        self._count(number, UNCHANGED)
        told = {"row": number, "first": first}
        self.report.warnings.append(_("Row %(row)s repeats row %(first)s.") % told)

    def _count(self, number: int, outcome: str) -> None:
        self.report.outcomes[number] = outcome
        setattr(self.report, outcome, getattr(self.report, outcome) + 1)

    def _refusal(self, number: int, refused: Refused, row: dict | None = None) -> Refusal:
        origin, value = self.headers.get(refused.field), refused.value
        if value is None and row and origin and not refused.column:
            value = row.get(refused.field)
        column = refused.column or (origin.header if origin else refused.field)
        return Refusal(self.sheet, number, column, _shown(value), refused.rule)


def _no_sum(row: Row, headers: Mapping[str, Origin], columns: Sequence[str]) -> None:
    """The last row of many a sheet adds up the others: it is nobody. Raises Refused."""
    said = [cell for cell in row.cells if cell is not None]
    if len(row.cells) < 2 or not isinstance(said[0], str) or fold(said[0]).rstrip(" :.") not in SUMS:
        return
    if all(not isinstance(cell, str) or not cell.strip(" 0123456789.,%:") for cell in said[1:]):
        place = row.cells.index(said[0])
        ours = (name for name, origin in headers.items() if place in origin.columns)
        name = next(ours, columns[place] or letters(place))  # it may stand in a column that is none of ours
        raise Refused(_("This last row is a sum, not a record: take it out of the sheet."), name, said[0])


def _shown(value: Any) -> str:
    if value is None:
        return ""
    if isinstance(value, tuple):  # of a wide field each is (column, value)
        each = (": ".join(map(text, one)) if isinstance(one, tuple) else text(one) for one in value)
        said = "; ".join(each)
    else:
        said = text(value)
    return said if len(said) <= 200 else said[:199] + "…"
