"""One-line doors for Celery."""

from celery import shared_task
from django.utils import timezone

from jobs import services


@shared_task(name="jobs.run")
def run_job(pk: int) -> None:
    services.run(pk)


@shared_task(name="jobs.sweep")
def sweep(boot: bool = False) -> None:
    services.sweep(now=timezone.now(), boot=boot)


@shared_task(name="jobs.noop")
def noop() -> None:
    """Wakes a sleeping worker, so that it sees that it shall stop."""
