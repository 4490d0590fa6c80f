"""Whether a server that takes messages is left in peace: one breaker for each, in a row that all senders see.

A row stands only while its server is in trouble. Of many senders one tries whether it is over."""

import logging
import random
from datetime import datetime, timedelta

from django.db import transaction
from django.db.models import F

from reminders.models import Host

log = logging.getLogger(__name__)

# Growing, and in sum at most 12 connections in any hour; scatter only lengthens them.
GAPS = (timedelta(minutes=2), timedelta(minutes=4), timedelta(minutes=5))
SCATTER = 0.1
TRIAL = GAPS[-1]  # whoever tries and dies of it leaves the next trial to another


def is_open(name: str, now: datetime) -> bool:
    """May it be asked now? After a refusal the gap has to pass; then the first who asks here gets True and
    takes the trial with it, all others False until it worked or failed."""
    row = Host.objects.filter(name=name).first()
    if row is None or row.closed_until is None:
        return True
    if row.closed_until > now:
        return False
    same = Host.objects.filter(pk=row.pk, closed_until=row.closed_until)
    return bool(same.update(closed_until=now + TRIAL))


def is_on_trial(name: str) -> bool:
    """Has it failed and not worked since? Then one message tells."""
    return Host.objects.filter(name=name).exists()


def failed(name: str, words: str, now: datetime) -> None:
    """It took nothing, with these words: leave it in peace for the next gap."""
    with transaction.atomic():
        row, is_new = Host.objects.get_or_create(name=name, defaults={"failed_at": now})
        gap = GAPS[min(row.failures, len(GAPS) - 1)] * random.uniform(1, 1 + SCATTER)
        Host.objects.filter(pk=row.pk).update(
            failures=F("failures") + 1, closed_until=now + gap, words=words[:500]
        )
    if is_new:
        log.warning("%s takes nothing: %s", name, words[:200])


def worked(name: str) -> None:
    """It takes messages again."""
    if Host.objects.filter(name=name).delete()[0]:
        log.warning("%s takes messages again", name)
