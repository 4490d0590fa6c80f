"""The verbs of an import: bring a sheet, choose, settle its columns, preview, confirm, take back, drop."""

from collections.abc import Iterable, Mapping
from datetime import datetime, timedelta

from django.core.exceptions import PermissionDenied, ValidationError
from django.core.files import File
from django.db import transaction
from django.db.models import Q
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from accounts import files
from accounts.audit import audit
from accounts.models import StoredFile, User
from desk.importing import reading, running
from desk.importing.columns import mapping_of, remember, remembered
from desk.loading.door import KINDS
from desk.loading.guess import guess_columns, guess_kind
from desk.models import Import
from jobs.models import Job
from jobs.services import cancel, enqueue
from lib import sheets
from lib.sheets import Sheet
from people.access import access
from people.models import Programme

AT_ONCE = 2000  # rows that a page counts while one waits; more are counted in the background
HERS = {"email", "phone", "born", "municipality"}  # of a new person; of a known one they need not stand there
KEPT = timedelta(days=30)  # the file, and the trail that an import can be taken back by


def bring(
    *, by: User, programme: Programme, name: str, content: bytes | File, kind: str = "", now: datetime
) -> Import:
    """Keep a sheet and guess what it is. Raises ValidationError, of a bad file in `lib.sheets`' words."""
    _insist(by, programme)
    data = content if isinstance(content, bytes) else content.read(sheets.LIMITS.size + 1)
    name = files.shown_name(name)
    infos = sheets.sheets_of(data, filename=name)
    shown = [one for one in infos if not one.is_hidden] or infos
    title = max(shown, key=lambda one: one.rows).name
    _title, lines = sheets.lines(data, filename=name, sheet=title)
    names = [[one.name, one.is_hidden] for one in infos]
    with transaction.atomic():
        kept = files.keep(
            by=by, tenant=programme.tenant, purpose=StoredFile.Purpose.IMPORT, name=name, content=data
        )
        record = Import.objects.create(
            tenant=programme.tenant, programme=programme, by=by, file=kept, name=name, digest=kept.digest,
            sheets=names, created_at=now,
        )  # fmt: skip
        audit(by, "bring sheet", record, ["file"])
        return _read(record, sheet=title, header_row=reading.header_row(lines), kind=kind, now=now)


def choose(
    *, by: User, record: Import, sheet: str, kind: str, header_row: int | None, source: str, now: datetime
) -> Import:
    """Say which sheet of the file it is, where its headings stand and what its rows are."""
    _insist_open(by, record)
    if kind not in KINDS:
        raise ValidationError({"kind": _("Say what the rows are.")})
    record.source = source.strip() or "load"
    return _read(record, sheet=sheet, header_row=header_row, kind=kind, now=now)


def _read(record: Import, *, sheet: str, header_row: int | None, kind: str, now: datetime) -> Import:
    """Look into the chosen sheet and begin anew with what it holds."""
    record.sheet, record.header_row = sheet[:200], header_row
    table = reading.table_of(record)
    record.kind = kind or _likely(table)
    record.columns, record.rows = reading.columns_of(table), len(table.rows) + len(table.refused)
    if record.kind:
        reading.guess(record.columns, record.kind, table, remembered(record.tenant, record.kind))
    record.sums = [list(one) for one in reading.sums(table).items()]
    record.leave_out, record.mapping = [number for number, _said in record.sums], {}
    return _begin_anew(record)


def _likely(table: Sheet) -> str:
    """Names and addresses that are brought to a programme are those of people who take part in it."""
    kind = next((name for name, share in guess_kind(table) if share), "")
    if kind not in ("persons", "enrolments"):
        return kind
    known = guess_columns(KINDS["participants"], table)
    return "participants" if "name" in known and HERS & known.keys() else kind


def settle(
    *,
    by: User,
    record: Import,
    fields: Mapping[str, str],
    constants: Mapping[str, str],
    leave_out: Iterable[int] = (),
    where: Iterable[tuple[str, str]] = (),
    now: datetime,
) -> Import:
    """Say which field each column is (`fields`: heading → our field, "" for none), what is the same for all
    rows (`constants`: our field → text), and which rows are none. Remembered for the next sheet."""
    _insist_open(by, record)
    record.mapping = mapping_of(record, fields, constants)
    record.leave_out, record.where = sorted(set(leave_out)), [list(pair) for pair in where]
    for column in record.columns:
        chosen = fields.get(column["header"], "")
        if chosen != column.get("field", ""):
            column |= {"field": chosen, "how": "hand" if chosen else "", "share": 1}
    with transaction.atomic():
        remember(record, fields, now)
        return _begin_anew(record)


def put_map(
    *,
    by: User,
    record: Import,
    mapping: Mapping,
    leave_out: Iterable[int] | None = None,
    where: Iterable[tuple[str, str]] | None = None,
) -> Import:
    """The same as a map that `manage.py load` takes. What is wrong with it the preview says."""
    _insist_open(by, record)
    record.mapping = dict(mapping)
    if leave_out is not None:
        record.leave_out = sorted(set(leave_out))
    if where is not None:
        record.where = [list(pair) for pair in where]
    return _begin_anew(record)


def guessed_map(record: Import) -> dict:
    """What the headings were guessed to be, as a map; what is still lacking the preview says."""
    fields = {column["header"]: column.get("field", "") for column in record.columns}
    return mapping_of(record, fields, {}, strict=False)


def translate(
    *,
    by: User,
    record: Import,
    values: Mapping[str, Mapping[str, str]],
    formats: Mapping[str, str],
    called: Mapping[str, Mapping[str, str]] | None = None,
) -> Import:
    """Say what values of the file mean that are none of ours, in which order its dates stand, and what the
    columns of a field that has many are (`called`: by field, by heading; "" is left out)."""
    _insist_open(by, record)
    for name, said in (called or {}).items():
        record.mapping[name] = _entry(record, name) | {"called": dict(said)}
    for name, said in values.items():
        record.mapping[name] = _entry(record, name) | {"values": dict(said)}
    for name, pattern in formats.items():
        record.mapping[name] = _entry(record, name) | {"format": pattern}
    return _begin_anew(record)


def _entry(record: Import, name: str) -> dict:
    entry = record.mapping[name]
    return dict(entry) if isinstance(entry, dict) else {"from": entry}


def preview(*, by: User, record: Import, now: datetime) -> Import:
    """Count what would happen: at once when the sheet is small, in the background when it is large."""
    _insist_open(by, record)
    if not record.kind or not record.mapping:
        raise ValidationError(_("Say first what the columns are."))
    busy = Import.objects.filter(tenant=record.tenant, job__state__in=Job.OPEN).exists()
    if record.rows <= AT_ONCE and not busy:
        return running.preview(record, by=by, now=now)()
    with transaction.atomic():
        record.job = enqueue("desk.preview_import", tenant=record.tenant, by=by, record=record.pk)
        record.save(update_fields=["job"])
    return record


def confirm(*, by: User, record: Import, without_refused: bool, now: datetime) -> Import:
    """Bring the sheet in, in the background: all of it or nothing, or without the rows that are refused."""
    _insist_open(by, record)
    counts = record.counts
    if record.previewed_at is None or record.state == Import.State.UPLOADED:
        raise ValidationError(_("Look at the preview first."))
    if counts["refused"] and not without_refused:
        words = ngettext(
            "%(n)s row is refused: mend it in the sheet and bring that, or bring in the others without it.",
            "%(n)s rows are refused: mend them in the sheet and bring that, or bring in the others without "
            "them.",
            counts["refused"],
        )
        raise ValidationError(words % {"n": counts["refused"]})
    if not counts["created"] + counts["updated"]:
        raise ValidationError(_("There is nothing to bring in: no row is new or changes anything."))
    claimed = Import.objects.filter(pk=record.pk, state__in=Import.BEFORE).exclude(job__state__in=Job.OPEN)
    with transaction.atomic():
        if claimed.update(state=Import.State.RUNNING, without_refused=without_refused):
            job = enqueue("desk.load_import", tenant=record.tenant, by=by, record=record.pk)
            Import.objects.filter(pk=record.pk).update(job=job)
    record.refresh_from_db()
    return record


def stop(*, by: User, record: Import, now: datetime) -> None:
    """Ask what goes on to stop; whatever it wrote so far is taken back with it."""
    _insist(by, record.programme)
    if record.works:
        cancel(record.job, now=now)


def take_back(*, by: User, record: Import, now: datetime) -> Import:
    """Undo what was written, whole or not at all; in the background when it was much."""
    _insist(by, record.programme)
    if record.state != Import.State.DONE or record.works:
        raise ValidationError(_("Only what was brought in can be taken back."))
    if not running.trail_of(record).exists():
        raise ValidationError(_("It was brought in more than 30 days ago: it can no longer be taken back."))
    counts = record.counts
    if counts["created"] + counts["updated"] <= AT_ONCE:
        return running.take_back(record, by=by, now=now)
    with transaction.atomic():
        record.job = enqueue("desk.undo_import", tenant=record.tenant, by=by, record=record.pk)
        record.save(update_fields=["job"])
    return record


def discard(*, by: User, record: Import) -> None:
    """Drop a sheet of which nothing was written, and its file."""
    _insist_open(by, record)
    with transaction.atomic():
        audit(by, "drop sheet", record, ["file"])
        file = record.file
        record.delete()
        files.drop(file, by=by)


def sweep(*, now: datetime) -> int:
    """Drop files and trails older than 30 days, and with them what stood in the sheet; return how many."""
    old = Import.objects.filter(Q(ended_at__lt=now - KEPT) | Q(ended_at=None, created_at__lt=now - KEPT))
    old = old.exclude(job__state__in=Job.OPEN)
    swept = 0
    for record in old.filter(Q(file__isnull=False) | Q(parts__isnull=False)).distinct()[:200]:
        with transaction.atomic():
            file = record.file
            if record.state in Import.BEFORE:
                record.delete()
            else:
                record.parts.all().delete()
                emptied = {
                    "file": None,
                    "columns": [],
                    "sums": [],
                    "examples": {},
                    "warnings": [],
                    "mapping": {},
                }
                Import.objects.filter(pk=record.pk).update(**emptied)
            if file:
                files.drop(file, by=None)
        swept += 1
    return swept


def _begin_anew(record: Import) -> Import:
    """After any other choice what was counted before holds no more."""
    record.state, record.previewed_at, record.job = Import.State.UPLOADED, None, None
    record.counts, record.outcomes, record.examples, record.warnings = {}, "", {}, []
    record.differences = []
    with transaction.atomic():
        still = Import.objects.filter(pk=record.pk, state__in=Import.BEFORE)
        if not still.exclude(job__state__in=Job.OPEN).update(state=Import.State.UPLOADED):
            raise ValidationError(_("Somebody else is working on this sheet now."))
        record.save()
        record.parts.all().delete()
    return record


def _insist(by: User, programme: Programme) -> None:
    if not access(by).runs(programme.pk, programme.tenant_id):
        raise PermissionDenied


def _insist_open(by: User, record: Import) -> None:
    _insist(by, record.programme)
    if not record.is_open:
        raise ValidationError(_("This sheet was brought in already, or is being worked on: bring it anew."))
