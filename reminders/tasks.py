from celery import shared_task
from django.utils import timezone

from reminders import services


@shared_task(name="reminders.sweep")
def sweep() -> None:
    """Plan from the records, then send what is due."""
    now = timezone.now()
    services.plan(now)
    services.send_due(now)
