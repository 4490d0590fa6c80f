"""The project's Celery, on the clock of the bench: `celery -A tests.faults.reminding_app worker`."""

from celery import signals

from config.celery import app  # noqa: F401 - what `celery -A` looks for


@signals.worker_process_init.connect
def _apply(**_kwargs) -> None:
    from tests.faults import reminding_clock

    reminding_clock.apply()
