"""What somebody who was invited to be a mentor answers."""

from datetime import datetime

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils.translation import gettext as _

from mentoring.models import Mentor
from mentoring.services.profiles import change_mentor_state

State = Mentor.State


@transaction.atomic
def answer_invitation(*, mentor: Mentor, accept: bool, reason: str = "", now: datetime) -> Mentor:
    """Yes makes her active. A no is on record with its reason; a coordinator may still bring her in. It is
    answered once: raises ValidationError, code `used`, afterwards."""
    rows = Mentor.objects.select_related("person__user").select_for_update(of=("self",), no_key=True)
    row = rows.get(pk=mentor.pk)
    if row.state != State.INVITED:
        raise ValidationError(_("This invitation is answered already."), code="used")
    state = State.ACTIVE if accept else State.LEFT
    reason = "" if accept else reason.strip() or _("Said no to the invitation")
    return change_mentor_state(by=row.person.user, mentor=row, state=state, reason=reason, now=now)
