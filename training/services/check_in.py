"""She says herself that she is here, by the code on the wall; a trainer may strike it out."""

from datetime import datetime, timedelta
from uuid import UUID

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils.translation import gettext as _

from accounts.audit import audit
from accounts.models import User
from training.models import Attendance, Enrolment, Mark, Session, Status, TurnedAway
from training.services.attendance import locked
from training.services.marks import Outcome, Result, record_marks

# her last two marks, the newest first: a trainer took back what the code had said
STRUCK = [
    [(Status.CLEARED, Mark.Source.TAP), (status, Mark.Source.CODE)]
    for status in (Status.PRESENT, Status.LATE)
]
ON_TIME = timedelta(minutes=10)  # after the start, half-open: who comes at +10 min is late


@transaction.atomic
def check_in(
    *,
    session: Session,
    enrolment: Enrolment,
    operation: UUID,
    now: datetime,
    device: str = "",
    is_shared: bool = False,
) -> Result | None:
    """Mark her present, or late from ten minutes after the start. None: nothing was to be marked, because a
    mark says already that she is there, or the session is over and only its trainer marks now.

    `device` is how she said who she is and the phone, "row:3f2a91c0". One phone checks in one person, unless
    `is_shared`. Raises ValidationError with code `unknown` for somebody who is not on the roster, `twice` for
    the second person of a phone, `struck` when the trainer took her check-in back.
    """
    session = locked(session)
    if not session.roster.filter(enrolment=enrolment).exists():
        raise ValidationError(
            _("You are not on the roster of this session. Ask the trainer."), code="unknown"
        )
    seen = Attendance.objects.filter(entry__session=session, entry__enrolment=enrolment).first()
    if (seen and seen.status in Attendance.THERE) or (session.ends_at and now >= session.ends_at):
        return None
    _refuse(session, enrolment, device, is_shared)
    mark = {
        "operation": operation,
        "enrolment": enrolment.pk,
        "status": Status.PRESENT,
        "source": Mark.Source.CODE,
        "device": device,
    }
    if session.starts_at and now >= session.starts_at + ON_TIME:
        arrival = session.local(now).time().replace(second=0, microsecond=0)
        mark |= {"status": Status.LATE, "arrival": arrival}
    [result] = record_marks(by=None, session=session, marks=[mark], now=now)
    if result.outcome in (Outcome.REFUSED, Outcome.CONFLICT):
        raise ValidationError(result.words or _("This was not kept. Please tell the trainer."))
    return result


def _refuse(session: Session, enrolment: Enrolment, device: str, is_shared: bool) -> None:
    marks = session.marks.filter(unsettled=False)
    before = list(marks.filter(enrolment=enrolment).order_by("-pk")[:2])
    if [(mark.status, mark.source) for mark in before] in STRUCK:
        raise ValidationError(_("The trainer took your check-in back: speak to her."), code="struck")
    phone = device.partition(":")[2]
    if not phone or is_shared:
        return
    others = Attendance.objects.filter(entry__session=session, status__in=Attendance.THERE)
    hers = marks.filter(source=Mark.Source.CODE, device__endswith=f":{phone}").exclude(enrolment=enrolment)
    if others.filter(entry__enrolment__in=hers.order_by().values("enrolment")).exists():
        raise ValidationError(
            _("This phone checked in somebody else already. Ask the trainer: she marks you with one tap."),
            code="twice",
        )


@transaction.atomic
def strike_out(
    *, by: User, session: Session, mark: Mark, reason: str, operation: UUID, now: datetime
) -> Result:
    """Take back what somebody said by code, with a reason; nobody checks in again after that."""
    session, reason = locked(session), reason.strip()
    if not reason:
        raise ValidationError({"reason": _("Write why it is struck out.")})
    if not Mark.objects.filter(operation=operation).exists():
        decides = Attendance.objects.filter(entry__session=session, mark=mark, mark__source=Mark.Source.CODE)
        if not decides.exists():
            raise ValidationError(_("This check-in no longer stands: somebody has marked her since."))
    said = {
        "operation": operation,
        "enrolment": mark.enrolment_id,
        "status": Status.CLEARED,
        "reason": _("struck out: %(reason)s") % {"reason": reason},
        "seen": mark.operation,
    }
    [result] = record_marks(by=by, session=session, marks=[said], now=now)
    if result.outcome in (Outcome.REFUSED, Outcome.CONFLICT):
        raise ValidationError(result.words)
    return result


@transaction.atomic
def turn_away(*, session: Session, why: TurnedAway.Why, now: datetime) -> TurnedAway:
    """Count a try to check in that was refused. Of who it was nothing is kept."""
    found = TurnedAway.objects.create(session=session, why=why, at=now)
    audit(None, "turn away", session, ["turned_away"], tenant=session.programme.tenant)
    return found
