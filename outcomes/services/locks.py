"""Verbs of locks: a period that is over stays as it is, until somebody says why not."""

from datetime import date, datetime

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils.translation import gettext as _

from accounts.audit import audit
from accounts.models import User
from lib import clock
from outcomes.locks import hold
from outcomes.models import PeriodLock
from people.models import Programme


@transaction.atomic
def lock_period(*, by: User, programme: Programme, start: date, end: date, now: datetime) -> PeriodLock:
    """Lock the days from `start` to before `end`. Raises ValidationError for a period that is not over, or of
    which each day is locked by one lock already."""
    hold(programme, alone=True)
    if end > clock.local(now, programme.zone).date():
        raise ValidationError({"end": _("This period is not over yet: lock it when it is.")})
    holding = PeriodLock.objects.holding().filter(programme=programme)
    if holding.filter(start__lte=start, end__gte=end).exists() and end > start:
        raise ValidationError(_("This period is locked already."))
    row = PeriodLock(programme=programme, start=start, end=end, locked_at=now, locked_by=by)
    row.full_clean(exclude=["locked_by", "unlocked_at", "unlocked_by"])
    row.save()
    audit(by, "lock", row, ["end", "start"], tenant=programme.tenant)
    return row


@transaction.atomic
def unlock_period(*, by: User, lock: PeriodLock, reason: str, now: datetime) -> PeriodLock:
    """Once, with a reason; to lock it again is another lock."""
    if not (reason := reason.strip()):
        raise ValidationError({"reason": _("Say why it is unlocked.")})
    if len(reason) > PeriodLock._meta.get_field("reason").max_length:
        raise ValidationError({"reason": _("Say it in fewer words: 300 characters at most.")})
    holding = PeriodLock.objects.holding().filter(pk=lock.pk)
    if not holding.update(unlocked_at=now, unlocked_by=by, reason=reason):
        raise ValidationError(_("This period was unlocked already."))
    lock.refresh_from_db()
    audit(by, "unlock", lock, ["reason", "unlocked_at"], tenant=lock.programme.tenant)
    return lock
