"""The engine at work for an import: the preview and the load are one call, with and without writing."""

from collections.abc import Callable, Iterable
from datetime import datetime
from time import sleep

from django.core.exceptions import ValidationError
from django.db import connection, transaction
from django.db.models import QuerySet
from django.utils.translation import gettext as _

from accounts.audit import audit
from accounts.models import Tenant, User
from desk.importing import outcomes
from desk.importing.examples import examples
from desk.importing.reading import table_of
from desk.loading.door import KINDS
from desk.loading.engine import _LOCK as LOCK
from desk.loading.engine import Report, hold, load
from desk.loading.kinds import Target
from desk.loading.trail import Trail, undo
from desk.models import Import, ImportPart
from lib.sheets import Refusal, Sheet

About = ImportPart.About
A_PART = 2000  # refusals of one part
MOST_WARNINGS = 200
Say = Callable[[int, int], None]  # done, total


def preview(record: Import, *, by: User, now: datetime, say: Say | None = None) -> Callable[[], Import]:
    """Load it without writing; call what is returned to keep what would have become of each row."""
    table, trail = table_of(record), Trail()
    report = _load(record, table, by=by, now=now, trail=trail, say=say, dry_run=True)
    shown = examples(record, table, report, trail)

    def keep() -> Import:
        record.state, record.previewed_at, record.examples = Import.State.READY, now, shown
        with transaction.atomic():
            _keep(record, table, report)
        return record

    return keep


def write(record: Import, table: Sheet, *, by: User, now: datetime, say: Say | None = None) -> Import:
    """Load it for good. Called in the transaction that ends the job; imports of one tenant do not mix."""
    trail, announced = Trail(), record.outcomes
    report = _load(record, table, by=by, now=now, trail=trail, say=say, dry_run=False)
    stands = report.written or not report.refused
    record.state = Import.State.DONE if stands else Import.State.FAILED
    record.ended_at = now
    _keep(record, table, report, differs_from=announced)
    if stands:
        _put(record, About.TRAIL, trail.parts())
    return record


def take_back(record: Import, *, by: User, now: datetime) -> Import:
    """Undo it. Raises ValidationError, in words that name what was built on it; then nothing has changed."""
    with transaction.atomic():
        hold(record.tenant)
        claimed = Import.objects.filter(pk=record.pk, state=Import.State.DONE)
        if not claimed.update(state=Import.State.UNDONE, undone_at=now, undone_by=by):
            raise ValidationError(_("Only what was brought in can be taken back."))
        undo([part.said for part in trail_of(record)], by=by, now=now)
        audit(by, "take back import", record, ["state"], tenant=record.tenant)
    record.refresh_from_db()
    return record


def trail_of(record: Import) -> QuerySet[ImportPart]:
    return record.parts.filter(about=About.TRAIL)


def refusals_of(record: Import) -> list[Refusal]:
    """All of them, in the order of the rows. A list of imports has fetched them (`with_refusals`)."""
    fetched = vars(record).get("refused_parts")
    parts = record.parts.filter(about=About.REFUSED) if fetched is None else fetched
    return [Refusal(*one) for part in parts for one in part.said]


def alone(tenant: Tenant, wait: Callable[[], None]) -> None:
    """Inside a transaction: take the lock that `load` takes, but say each second that it is waited for."""
    while connection.vendor == "postgresql":
        with connection.cursor() as cursor:
            cursor.execute("SELECT pg_try_advisory_xact_lock(%s, %s)", [LOCK, tenant.pk])
            if cursor.fetchone()[0]:
                return
        wait()
        sleep(1)


def _load(record: Import, table: Sheet, *, by, now, trail, say, dry_run: bool) -> Report:
    out = set(record.leave_out)
    rows = Sheet(
        table.name,
        table.header,
        [row for row in table.rows if row.number not in out],
        [refusal for refusal in table.refused if refusal.row not in out],
    )
    return load(
        KINDS[record.kind],
        rows,
        Target(record.programme, now, by=by, source=record.source),
        mapping=record.mapping,
        where=[tuple(pair) for pair in record.where],
        dry_run=dry_run,
        skip_refused=record.without_refused and not dry_run,
        progress=say,
        trail=trail,
    )


def _keep(record: Import, table: Sheet, report: Report, *, differs_from: str = "") -> None:
    """What was said of the rows, beside the import."""
    if not report.can_skip:
        raise ValidationError([refusal.rule for refusal in report.refused])
    found = report.outcomes | {row: "refused" for refusal in report.refused if (row := refusal.row)}
    held = [row.number for row in table.rows] + [refusal.row for refusal in table.refused]
    found |= {row: "left_out" for row in held if row not in found}
    record.outcomes, record.counts = outcomes.packed(found), outcomes.counts(found)
    record.warnings = [*report.meant, *report.warnings][:MOST_WARNINGS]
    record.differences = outcomes.differences(differs_from, record.outcomes)[:A_PART]
    record.save()
    record.parts.filter(about=About.REFUSED).delete()
    refused = sorted(report.refused, key=lambda one: one.row or 0)
    _put(record, About.REFUSED, [refused[n : n + A_PART] for n in range(0, len(refused), A_PART)])


def _put(record: Import, about: str, parts: Iterable) -> None:
    rows = [ImportPart(record=record, about=about, place=n, said=said) for n, said in enumerate(parts)]
    ImportPart.objects.bulk_create(rows, batch_size=50)
