"""One step of a reminder's life, and what a person decides about one that did not go."""

from datetime import datetime

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils.translation import gettext as _

from accounts.audit import audit
from accounts.models import User
from reminders.kinds import KINDS
from reminders.models import Reminder, Rule


def move(reminder: Reminder, old: str, new: str, **fields) -> bool:
    """One step of a reminder's life: a compare-and-set, so that of two senders one takes it."""
    mine = Reminder.objects.filter(pk=reminder.pk, state=old)
    if old != Reminder.State.PLANNED:
        mine = mine.filter(claim=reminder.claim)
    if changed := mine.update(state=new, **fields):
        reminder.state = new
    return bool(changed)


@transaction.atomic
def retry(*, by: User, reminder: Reminder, now: datetime) -> Reminder:
    """Send again what did not go: a person decided."""
    changed = (
        Reminder.objects.not_gone()
        .filter(pk=reminder.pk)
        .update(state=Reminder.State.PLANNED, claim=None, attempts=0, try_after=None, due_at=now, reason="")
    )
    if not changed:
        raise ValidationError(_("This reminder is not waiting for a decision."))
    reminder.refresh_from_db()
    audit(by, "retry", reminder, ["state"])
    return reminder


def forget_letters() -> int:
    """Letters about applications that are gone, with the addresses they went to; return how many."""
    kinds = [KINDS[kind] for kind in Rule.ALWAYS_ON]
    letters = [
        Reminder.objects.filter(subject_type=kind.subject_type).exclude(
            subject_id__in=kind.model.objects.order_by().values("pk")
        )
        for kind in kinds
    ]
    return sum(rows.delete()[0] for rows in letters)
