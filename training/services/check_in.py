"""She says herself that she is here, by the code on the wall."""

from datetime import datetime, timedelta
from uuid import UUID

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils.translation import gettext as _

from training.models import Attendance, Enrolment, Mark, Session, Status
from training.services.attendance import locked
from training.services.marks import Outcome, Result, record_marks

ON_TIME = timedelta(minutes=10)  # after the start, half-open: who comes at +10 min is late


@transaction.atomic
def check_in(*, session: Session, enrolment: Enrolment, operation: UUID, now: datetime) -> Result | None:
    """Mark her present, or late from ten minutes after the start. None: nothing was to be marked, because a
    mark says already that she is there, or the session is over and only its trainer marks now."""
    session = locked(session)
    seen = Attendance.objects.filter(entry__session=session, entry__enrolment=enrolment).first()
    if (seen and seen.status in Attendance.THERE) or (session.ends_at and now >= session.ends_at):
        return None
    mark = {
        "operation": operation,
        "enrolment": enrolment.pk,
        "status": Status.PRESENT,
        "source": Mark.Source.CODE,
    }
    if session.starts_at and now >= session.starts_at + ON_TIME:
        arrival = session.local(now).time().replace(second=0, microsecond=0)
        mark |= {"status": Status.LATE, "arrival": arrival}
    [result] = record_marks(by=None, session=session, marks=[mark], now=now)
    if result.outcome in (Outcome.REFUSED, Outcome.CONFLICT):
        raise ValidationError(result.words or _("This was not kept. Please tell the trainer."))
    return result
