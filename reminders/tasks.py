import threading

from celery import shared_task
from celery.signals import worker_init, worker_shutting_down
from django.utils import timezone

from lib import halting
from reminders import services

# of one process: a mail server that hangs must not keep every thread from other work
_places = threading.BoundedSemaphore(2)


@shared_task(name="reminders.sweep")
def sweep() -> None:
    """Plan from the records, then send what is due."""
    if not _places.acquire(blocking=False):
        return
    try:
        now = timezone.now()
        services.seen(now)
        services.plan(now)
        services.seen(timezone.now())
        services.send_due(timezone.now())
    finally:
        _places.release()


@worker_init.connect
def _begin(**_what) -> None:
    halting.clear()


@worker_shutting_down.connect
def _halt(**_what) -> None:
    """The main process of a worker is told to end: its children finish the message in hand."""
    halting.ask()
