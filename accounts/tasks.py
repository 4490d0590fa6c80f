from celery import shared_task

from accounts.audit import seal


@shared_task(name="accounts.seal_audit")
def seal_audit() -> None:
    seal()
