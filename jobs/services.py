"""The verbs of background work. Doors call `enqueue`, workers `run`; the sweep finds what was not nudged."""

import hashlib
import json
import logging
from concurrent.futures import ThreadPoolExecutor
from datetime import datetime, timedelta

from celery import current_app
from django.conf import settings
from django.core.exceptions import ValidationError
from django.db import IntegrityError, connection, transaction
from django.db.models import F, Q
from django.utils import timezone, translation
from django.utils.translation import gettext as _

from accounts.models import Tenant, User
from jobs.kinds import function_of
from jobs.leash import leash
from jobs.models import Job
from lib.logs import doing

log = logging.getLogger(__name__)

LEASE = timedelta(minutes=2)  # a running job that was not heard of for so long is dead


class Cancelled(Exception):
    """Raised inside a job's function when somebody wants it to stop."""


def enqueue(kind: str, *, tenant: Tenant, by: User | None, **parameters) -> Job:
    """Ask for background work; the same request while one is open gives that one.

    The row is written in the caller's transaction; the nudge leaves after the commit and may fail.
    """
    function_of(kind)
    digest = _digest(parameters)
    open_ones = Job.objects.filter(tenant=tenant, kind=kind, parameters_hash=digest, state__in=Job.OPEN)
    if found := open_ones.first():
        return found
    try:
        with transaction.atomic():
            row = Job.objects.create(
                tenant=tenant, by=by, kind=kind, parameters=parameters, parameters_hash=digest
            )
    except IntegrityError:  # somebody asked for the same in this moment; if that has ended since, ask again
        return open_ones.first() or enqueue(kind, tenant=tenant, by=by, **parameters)
    transaction.on_commit(lambda: nudge(row.pk))
    return row


def newest(kind: str, *, tenant: Tenant, **parameters) -> Job | None:
    """What became of this very request when it was made last."""
    rows = Job.objects.filter(tenant=tenant, kind=kind, parameters_hash=_digest(parameters))
    return rows.order_by("-pk").first()


def _digest(parameters: dict) -> str:
    return hashlib.sha256(json.dumps(parameters, sort_keys=True).encode()).hexdigest()


def nudge(pk: int) -> None:
    """Tell a worker, best effort: when the broker is away, the sweep finds the row."""
    try:
        current_app.send_task("jobs.run", args=[pk])
    except Exception as error:  # whatever the broker's client raises: the row is the record
        log.warning("job %s was not nudged: %s", pk, error)


class Progress:
    """What a running job says of itself, and how it hears that it shall stop.

    Words said inside a transaction would be seen by nobody until its end, and a sweep would take the job for
    dead. On PostgreSQL they are therefore written beside it, by a thread with a connection of its own, at
    once and for good. SQLite lets nobody else write meanwhile: there it is silent inside a transaction,
    cannot be stopped in it, and cannot be taken for dead either, because the sweep waits for the lock too
    and then finds the job done.
    """

    def __init__(self, row: Job):
        self.job = row
        self._enclosed = connection.in_atomic_block  # by a caller's own: no other connection sees this job
        self._beside: ThreadPoolExecutor | None = None

    def __call__(self, stage: str, done: int = 0, total: int | None = None) -> None:
        """Say where the work is. Raises Cancelled when somebody wants it to stop or another took it over."""
        if self._enclosed or not connection.in_atomic_block:
            heard = self._say(stage, done, total)
        elif connection.vendor == "sqlite":
            heard = True
        else:
            self._beside = self._beside or ThreadPoolExecutor(1, "progress")
            heard = self._beside.submit(self._say, stage, done, total).result()
        if not heard:
            raise Cancelled
        leash.renew(LEASE.total_seconds())

    def _say(self, stage: str, done: int, total: int | None) -> int:
        alive = Job.objects.filter(pk=self.job.pk, state=Job.State.RUNNING, attempt=self.job.attempt)
        return alive.filter(cancel_wanted_at=None).update(
            stage=stage, done=done, total=total, heartbeat_at=timezone.now()
        )

    def close(self) -> None:
        """Give back the connection beside the transaction, if there is one."""
        if self._beside:
            self._beside.submit(connection.close)
            self._beside.shutdown()


def run(pk: int) -> None:
    """Do one job, if nobody else does: the claim is a compare-and-set, the attempt counts before the work."""
    now = timezone.now()
    claimed = Job.objects.waiting().filter(pk=pk, attempt__lt=Job.MAX_ATTEMPTS)
    if not claimed.update(
        state=Job.State.RUNNING, attempt=F("attempt") + 1, started_at=now, heartbeat_at=now
    ):
        return
    row = Job.objects.select_related("by").get(pk=pk)
    with doing(f"job:{pk}"), translation.override(row.by.language if row.by else settings.LANGUAGE_CODE):
        _work(row)


def _work(row: Job) -> None:
    """The work itself and its end, in the asker's language: she reads the reason."""
    progress = Progress(row)
    leash.renew(LEASE.total_seconds())
    try:
        effect = function_of(row.kind)(progress, **row.parameters)
        with transaction.atomic():
            result = effect()  # the job's row last: a long effect says how far it is, and is heard of
            if not _end(row, Job.State.DONE, result=result):
                raise Cancelled
    except Cancelled:
        _end(row, Job.State.CANCELLED, reason=_("Stopped on request."))
    except ValidationError as error:
        _end(row, Job.State.FAILED, reason=" ".join(error.messages))
    except MemoryError:
        log.exception("%s failed", row.kind)
        _end(row, Job.State.FAILED, reason=_("It needs more memory than one piece of work may take."))
    except Exception:
        log.exception("%s failed", row.kind)
        _end(row, Job.State.FAILED, reason=_("It stopped unexpectedly. The log of the server says why."))
    finally:
        leash.let_go()
        progress.close()


def _end(row: Job, state: str, **fields) -> int:
    mine = Job.objects.filter(pk=row.pk, state=Job.State.RUNNING, attempt=row.attempt)
    return mine.update(state=state, ended_at=timezone.now(), **fields)


def cancel(row: Job, *, now: datetime) -> None:
    """Stop a waiting job at once and a running one at its next step."""
    waiting = Job.objects.waiting().filter(pk=row.pk)
    if not waiting.update(
        state=Job.State.CANCELLED, cancel_wanted_at=now, ended_at=now, reason=_("Stopped on request.")
    ):
        Job.objects.filter(pk=row.pk, state=Job.State.RUNNING, cancel_wanted_at=None).update(
            cancel_wanted_at=now
        )


def sweep(*, now: datetime, boot: bool = False) -> list[int]:
    """Give back what a dead worker left, give up what died too often, nudge all that waits.

    At the boot of the one-process server every running row is dead; else only one without a heartbeat.
    """
    dead = Job.objects.filter(state=Job.State.RUNNING)
    if not boot:
        dead = dead.filter(Q(heartbeat_at=None) | Q(heartbeat_at__lt=now - LEASE))
    dead.exclude(cancel_wanted_at=None).update(
        state=Job.State.CANCELLED, ended_at=now, reason=_("Stopped on request.")
    )
    dead.filter(attempt__gte=Job.MAX_ATTEMPTS).update(
        state=Job.State.FAILED,
        ended_at=now,
        reason=_("It stopped unexpectedly, three times: no word for too long, or too much memory."),
    )
    dead.update(state=Job.State.QUEUED)
    waiting = list(Job.objects.waiting().order_by("id").values_list("pk", flat=True)[:1000])
    for pk in waiting:
        nudge(pk)
    return waiting
