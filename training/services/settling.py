"""Two phones said two things of one person: somebody who has seen both says which stays."""

from datetime import datetime
from uuid import UUID

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils.translation import gettext as _

from accounts.models import User
from training.models import Mark, Session
from training.services.attendance import locked
from training.services.marks import Outcome, Result, record_marks

COPIED = ("status", "arrival", "leaving", "minutes")


@transaction.atomic
def settle_difference(
    *, by: User, session: Session, mark: Mark, keep: Mark, operation: UUID, now: datetime
) -> Result:
    """One more mark, saying what `keep` says: `mark`, which decided until now, or the one it overrode.

    Raises ValidationError when somebody has marked her since, or settled it otherwise.
    """
    session = locked(session)
    if not Mark.objects.filter(operation=operation).exists():
        is_open = session.marks.open_differences().filter(pk=mark.pk).exists()
        if not is_open or keep.pk not in (mark.pk, mark.differs_from_id):
            raise ValidationError(_("Somebody has marked her since. Look once more."), code="since")
    said = {name: getattr(keep, name) for name in COPIED} | {
        "operation": operation,
        "enrolment": mark.enrolment_id,
        "source": Mark.Source.LOAD if keep.minutes is not None else Mark.Source.TAP,
        "seen": mark.operation,
        "reason": keep.reason or (_("settled between two marks") if session.closed_at else ""),
    }
    [result] = record_marks(by=by, session=session, marks=[said], now=now)
    if result.outcome in (Outcome.REFUSED, Outcome.CONFLICT):
        raise ValidationError(result.words)
    return result
