"""Build the demo from nothing, and take it down again."""

from datetime import date, datetime
from mailbox import Maildir
from pathlib import Path

from django.conf import settings
from django.db import transaction

from accounts.models import Tenant
from desk.demo import book, events, founding, running, school
from desk.demo.remains import remove
from desk.demo.rows import ZONE
from lib import clock


def today(now: datetime) -> date:
    """The day around which the running edition is set."""
    return clock.local(now, ZONE).date()


@transaction.atomic
def build(*, today: date) -> Tenant:
    """The whole demo. The same day gives the same rows."""
    filled = book.fill(today)
    founding.build(filled)
    events.build(filled)
    school.build(filled)
    running.build(filled)
    return filled.tenant


@transaction.atomic
def rebuild(*, today: date) -> Tenant:
    """Take the demo's rows away and build it anew. Rows of other organisations are not touched."""
    for tenant in Tenant.objects.filter(is_demo=True):
        remove(tenant)
    if not Tenant.objects.filter(is_demo=False).exists() and Path(settings.POSTBOX_DIR).is_dir():
        Maildir(settings.POSTBOX_DIR).clear()
    return build(today=today)
