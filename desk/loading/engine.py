"""The one door for files: rows in, a report out. All or nothing, and the same file twice changes nothing."""

import hashlib
import json
from collections.abc import Hashable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from django.core.exceptions import NON_FIELD_ERRORS, ValidationError
from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _

from accounts.audit import audit
from desk.loading.fields import Origin, Refused, guessed, mapped
from desk.loading.kinds import CREATED, UNCHANGED, UPDATED, Kind, Target
from desk.loading.values import text
from lib.sheets import Refusal, Sheet


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
) -> Report:
    """Take a table in. Nothing is written when a row is refused, unless `skip_refused`, nor in a dry run."""
    report = Report()
    try:
        origins = _origins(kind, table, mapping, report)
        rows = _chosen(table, where)
    except Refused as refused:
        report.refused.append(Refusal(table.name, None, "", _shown(refused.value), refused.rule))
        report.can_skip = False
        return report
    report.read, report.refused = len(table.refused), list(table.refused)  # rows longer than the header
    with transaction.atomic():
        run = _Run(kind(target), table.name, origins, report)
        for number, cells in rows:
            run.take(number, cells)
        changed = report.created + report.updated
        keep = not dry_run and (skip_refused or not report.refused)
        if keep and changed:
            audit(target.by, f"load {kind.name}", target.programme, [_digest(rows)], tenant=target.tenant)
        transaction.set_rollback(not keep)
    report.written = keep and bool(changed)
    return report


def _origins(kind: type[Kind], table: Sheet, mapping: Mapping | None, report: Report) -> list[Origin]:
    if mapping is None:
        found = guessed(kind.fields, table.header)
        report.guessed = {origin.field.name: origin.header for origin in found}
    else:
        found = mapped(kind.fields, mapping, table.header)
    if not found:
        words = _("None of the columns is known here: %(headers)s. Say with a map which is which.")
        raise Refused(words % {"headers": ", ".join(table.header)})
    names = {origin.field.name for origin in found}
    for ours in kind.fields:
        if ours.required and ours.name not in names:
            words = _("No column for %(field)s (%(meaning)s), which is required. The file has: %(headers)s.")
            said = {"field": ours.name, "meaning": ours.meaning, "headers": ", ".join(table.header)}
            raise Refused(words % said)
    return found


def _chosen(table: Sheet, where: Sequence[tuple[str, str]]) -> list[tuple[int, Sequence]]:
    """The rows to read. Several values for one header are alternatives, several headers hold together."""
    wanted: dict[int, set[str]] = {}
    for header, value in where:
        if header not in table.header:
            raise Refused(
                _("There is no column %(header)s to choose rows by.") % {"header": header}, value=header
            )
        wanted.setdefault(table.header.index(header), set()).add(value.strip())

    def fits(cells: Sequence) -> bool:
        return all(
            text("" if cells[place] is None else cells[place]) in any_of for place, any_of in wanted.items()
        )

    return [(number, cells) for number, cells in table.rows if fits(cells)]


class _Run:
    """One pass over the rows, inside the transaction: refusals are collected, not raised."""

    def __init__(self, kind: Kind, sheet: str, origins: list[Origin], report: Report):
        self.kind, self.sheet, self.report = kind, sheet, report
        self.origins = sorted(origins, key=lambda origin: origin.columns)  # refusals come as one reads
        self.headers = {origin.field.name: origin for origin in origins}
        self.seen: dict[Hashable, tuple[int, dict]] = {}

    def take(self, number: int, cells: Sequence) -> None:
        self.report.read += 1
        row = self._row(number, cells)
        if row is None:
            return
        try:
            if not self._repeats(number, row):
                self._count(self._write(row))
        except Refused as refused:
            self._refuse(number, refused.field, refused.rule, refused.value, row)

    def _row(self, number: int, cells: Sequence) -> dict[str, Any] | None:
        """The row in our terms; None when it was refused, with every cell that is wrong named."""
        row, good = {}, True
        for origin in self.origins:
            try:
                row[origin.field.name] = value = origin.value(cells)
                if value is None and origin.field.required:
                    raise Refused(_("This must not be blank."), origin.field.name)
            except Refused as refused:
                good = False
                self._refuse(number, refused.field, refused.rule, refused.value)
        return row if good else None

    def _repeats(self, number: int, row: dict) -> bool:
        """Has the file said this before? The same words again are harmless, other words are not."""
        key = self.kind.key(row)
        if key not in self.seen:
            self.seen[key] = number, row
            return False
        first, said = self.seen[key]
        if said != row:
            field = next(name for name in row if row[name] != said[name])
            raise Refused(
                _("Row %(row)s says something else of the same one.") % {"row": first}, field, row[field]
            )
        if not self.kind.repeats_are_one(row):
            raise Refused(_("Row %(row)s is the same, and nothing tells the two apart.") % {"row": first})
        self.report.unchanged += 1
        self.report.warnings.append(_("Row %(row)s repeats row %(first)s.") % {"row": number, "first": first})
        return True

    def _write(self, row: dict) -> str:
        try:
            with transaction.atomic():
                return self.kind.write(row)
        except ValidationError as error:
            raise self._in_words(error) from None
        except IntegrityError as error:
            raise Refused(_("The database refuses it: %(words)s") % {"words": error}) from None

    def _in_words(self, error: ValidationError) -> Refused:
        """The first field that a service or model complains of; its words are for readers already."""
        if not hasattr(error, "error_dict"):
            return Refused(" ".join(error.messages))
        name, messages = next(iter(error.message_dict.items()))
        return Refused(" ".join(messages), "" if name == NON_FIELD_ERRORS else name)

    def _count(self, outcome: str) -> None:
        name = {CREATED: "created", UPDATED: "updated", UNCHANGED: "unchanged"}[outcome]
        setattr(self.report, name, getattr(self.report, name) + 1)

    def _refuse(self, number: int, name: str, rule: str, value: Any = None, row: dict | None = None) -> None:
        origin = self.headers.get(name)
        if value is None and row and origin:
            value = row.get(name)
        column = origin.header if origin else name
        self.report.refused.append(Refusal(self.sheet, number, column, _shown(value), rule))


def _shown(value: Any) -> str:
    if value is None:
        return ""
    said = "; ".join(map(text, value)) if isinstance(value, tuple) else text(value)
    return said if len(said) <= 200 else said[:199] + "…"


def _digest(rows: list) -> str:
    """What was taken in, for the audit trail: a fingerprint, no values."""
    said = json.dumps(
        [[number, [text("" if cell is None else cell) for cell in cells]] for number, cells in rows]
    )
    return "rows:" + hashlib.sha256(said.encode()).hexdigest()
