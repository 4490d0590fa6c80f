"""One-line doors for Celery."""

from celery import shared_task, signals
from django.utils import timezone

from jobs import services
from jobs.leash import leash


@signals.worker_process_init.connect
def _begin(**_kwargs) -> None:
    leash.hold()


@shared_task(name="jobs.run")
def run_job(pk: int) -> None:
    services.run(pk)


@shared_task(name="jobs.sweep")
def sweep(boot: bool = False) -> None:
    services.sweep(now=timezone.now(), boot=boot)


@shared_task(name="jobs.noop")
def noop() -> None:
    """Wakes a sleeping worker, so that it sees that it shall stop."""
