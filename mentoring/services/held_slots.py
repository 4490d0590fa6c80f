"""An office hour that took place becomes a meeting."""

from datetime import datetime
from uuid import UUID, uuid5

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils.translation import gettext as _

from accounts.models import User
from lib import clock
from mentoring.models import Assignment, Meeting, Slot
from mentoring.services.meetings import log_meeting

_NAMES = UUID("6f1c2d84-0d0b-4d2e-9a5e-5f2f6b1f8a11")  # the space of names of these operations


@transaction.atomic
def log_slot(*, by: User, slot: Slot, topic: str, next_step: str = "", now: datetime) -> Meeting:
    """Log the meeting of a slot that is over, as long as it was. Funders read the topic: it is what the
    mentor says, never by itself what she wrote when she booked. A second tap is the same meeting; one that
    was cancelled since may be logged anew."""
    row = (
        Slot.objects.select_related("programme").select_for_update(of=("self",), no_key=True).get(pk=slot.pk)
    )
    if row.booked_by_id is None or row.cancelled_at:
        raise ValidationError(_("Nobody has this slot: there is no meeting to log."))
    if now < row.ends_at:
        raise ValidationError(_("This slot is not over yet."))
    if known := row.meetings.filter(cancelled_at=None).first():
        return known
    pair = Assignment.objects.filter(mentor=row.mentor_id, enrolment=row.booked_by_id)
    assignment = pair.filter(state__in=Assignment.COUNTED).select_related("programme__tenant").last()
    if assignment is None:
        raise ValidationError(_("She is not guided by this mentor: a meeting hangs on an assignment."))
    here = clock.local(row.starts_at, row.programme.zone)
    return log_meeting(
        by=by,
        assignment=assignment,
        operation=uuid5(_NAMES, f"{row.pk}-{row.booked_by_id}-{row.meetings.count()}"),
        day=here.date(),
        start=here.time(),
        minutes=min(round((row.ends_at - row.starts_at).total_seconds() / 60), Meeting.LONGEST),
        place=row.place,
        topic=topic,
        next_step=next_step,
        slot=row,
        now=now,
    )
