"""The background work of this room."""

from celery import shared_task
from django.utils import timezone

from ideas import services


@shared_task(name="ideas.clear_desks")
def clear_desks() -> None:
    """Take away what somebody may not judge any more."""
    services.clear_desks(now=timezone.now())
