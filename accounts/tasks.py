from celery import shared_task
from django.utils import timezone

from accounts import replaying
from accounts.audit import seal


@shared_task(name="accounts.seal_audit")
def seal_audit() -> None:
    seal()


@shared_task(name="accounts.sweep_answers")
def sweep_answers() -> None:
    replaying.sweep(timezone.now())
