"""What a person told herself, instead of a message."""

from datetime import datetime

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils.translation import gettext as _

from accounts.audit import audit
from accounts.models import User
from reminders.models import Reminder

CAN_BE_TOLD = (Reminder.State.PLANNED, *Reminder.TROUBLE)


def can_be_told(reminder: Reminder) -> bool:
    """Not who is nobody here yet: the link in her letter proves that she reads that mailbox."""
    return reminder.person_id is not None and reminder.state in CAN_BE_TOLD


@transaction.atomic
def told(*, by: User, reminder: Reminder, how: str, now: datetime) -> Reminder:
    """She was told by a person: it is never sent. Raises ValidationError for one that is on its way, or that
    went, or that is true no more."""
    if how not in Reminder.How.values:
        raise ValidationError({"how": _("Say how she was told.")})
    if not can_be_told(reminder):
        raise ValidationError(_refusal(reminder))
    fields = {"told_by": by, "told_how": how, "sent_at": now, "reason": "", "claim": None, "try_after": None}
    mine = Reminder.objects.filter(pk=reminder.pk, state__in=CAN_BE_TOLD)
    changed = mine.update(state=Reminder.State.TOLD, **fields)
    reminder.refresh_from_db()
    if not changed:
        raise ValidationError(_refusal(reminder))
    audit(by, "tell", reminder, ["state", "told_how"])
    return reminder


def _refusal(reminder: Reminder) -> str:
    if reminder.person_id is None:
        return _("Her link is for her mailbox alone: it shows that the address is hers.")
    match reminder.state:
        case Reminder.State.CLAIMED | Reminder.State.HANDING_OVER:
            return _("It is being sent right now: look again in a minute.")
        case Reminder.State.SENT:
            return _("It was sent in the meantime.")
        case Reminder.State.TOLD:
            return _("She was told already.")
    return _("It is not due any more.")
