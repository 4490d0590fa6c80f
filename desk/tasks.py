"""The background work of this room: sheets that are counted, brought in, taken back, in the end dropped."""

from collections.abc import Callable
from time import sleep

from celery import shared_task
from django.core.exceptions import ValidationError
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from desk.importing import running, services
from desk.importing.reading import table_of
from desk.models import Import
from jobs.kinds import job
from jobs.models import Job
from jobs.services import Progress
from mentoring import services as mentoring
from reminders import services as reminders
from training import services as training

KINDS = ("desk.preview_import", "desk.load_import", "desk.undo_import")


@job(gettext_lazy("Preview of a sheet"))
def preview_import(progress: Progress, record: int) -> Callable[[], dict]:
    """A load that writes nothing; what it found is kept in the transaction that ends the job."""
    found = _import(progress, record)
    _wait(progress)
    by, now = progress.job.by, timezone.now()
    keep = running.preview(found, by=by, now=now, say=_said(progress, _("Counting, row")))
    return lambda: _result(keep())


@job(gettext_lazy("Bringing in a sheet"))
def load_import(progress: Progress, record: int) -> Callable[[], dict]:
    """The whole load is the effect: a killed worker leaves nothing of it or all."""
    found = _import(progress, record)
    table = table_of(found)
    _wait(progress)

    def effect() -> dict:
        running.alone(found.tenant, lambda: progress(_("Waiting for another sheet")))
        fresh = Import.objects.select_for_update().get(pk=record)
        if fresh.state != Import.State.RUNNING or fresh.job_id != progress.job.pk:
            raise ValidationError(_("This sheet was brought in already."))
        fresh.programme = found.programme
        say = _said(progress, _("Writing, row"))
        done = running.write(fresh, table, by=progress.job.by, now=timezone.now(), say=say)
        return _result(done)

    return effect


@job(gettext_lazy("Taking back a sheet"))
def undo_import(progress: Progress, record: int) -> Callable[[], dict]:
    found = _import(progress, record)
    _wait(progress)

    def effect() -> dict:
        running.alone(found.tenant, lambda: progress(_("Waiting for another sheet")))
        return _result(running.take_back(found, by=progress.job.by, now=timezone.now()))

    return effect


def _import(progress: Progress, record: int) -> Import:
    progress(_("Reading the file"))
    return Import.objects.select_related("programme__tenant", "tenant", "file", "job").get(pk=record)


def _result(record: Import) -> dict:
    return {"import": record.pk, "url": reverse("desk:import_detail", args=[record.pk])}


def _said(progress: Progress, stage: str) -> Callable[[int, int], None]:
    return lambda done, total: progress(stage, done, total)


def _wait(progress: Progress) -> None:
    """One sheet of a tenant after the other: who came later waits outside any transaction, and can stop."""
    mine = progress.job
    before = Job.objects.filter(
        tenant=mine.tenant_id, kind__in=KINDS, state=Job.State.RUNNING, pk__lt=mine.pk
    )
    while before.exists():
        progress(_("Waiting for another sheet"))
        sleep(1)
    progress(_("Beginning"))


@shared_task(name="desk.sweep_imports")
def sweep_imports() -> None:
    services.sweep(now=timezone.now())


@shared_task(name="desk.sweep_applications")
def sweep_applications() -> None:
    """Applications that nobody confirmed go, with the letters about them; seats that are free are filled."""
    now = timezone.now()
    training.forget_applications(now=now)
    mentoring.forget_mentor_applications(now=now)
    reminders.forget_letters()
    training.fill_all_seats(now=now)
