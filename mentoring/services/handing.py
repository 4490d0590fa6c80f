"""Another mentor goes on: what was before stays with who did it."""

from datetime import datetime

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils.translation import gettext as _

from accounts.audit import audit
from accounts.models import User
from lib import clock
from mentoring.models import Assignment, Mentor
from mentoring.services.assignments import assign, insist_active, propose
from mentoring.services.offers import offer
from mentoring.services.states import State, held, put_state


@transaction.atomic
def hand_over(
    *,
    by: User,
    assignment: Assignment,
    mentor: Mentor,
    reason: str,
    until: datetime | None = None,
    conflict_accepted: str = "",
    now: datetime,
) -> Assignment:
    """Give a pair's work to another mentor. She goes on at once; or, with `until`, she is asked first, and
    the one of before stays until she accepts. Returns the new assignment; meetings and goals stay."""
    row = held(assignment)
    if row.state not in Assignment.ALIVE:
        raise ValidationError(_("Only what goes on can be handed over."))
    if mentor.pk == row.mentor_id:
        raise ValidationError({"mentor": _("She guides her already.")})
    if not reason.strip():
        raise ValidationError({"reason": _("Say why she hands over.")})
    insist_active(mentor, row.programme, now)
    said = {
        "programme": row.programme,
        "mentor": mentor,
        "enrolment": row.enrolment,
        "need": row.need,
        "goes_on_from": row,
        "agreed_hours": row.agreed_hours,
        "share_on_premises": row.share_on_premises,
        "conflict_accepted": conflict_accepted,
    }
    if until is not None:
        made = propose(by=by, now=now, **said)
        made = offer(by=by, assignment=made, until=until, reason=reason, now=now)
    else:
        today = clock.local(now, row.programme.zone).date()
        put_state(row, State.ENDED, by=by, reason=reason, now=now, end=max(today, row.start or today))
        made = assign(by=by, start=today, now=now, **said)
    audit(by, "hand_over", row, ["mentor"], tenant=row.programme.tenant)
    assignment.refresh_from_db()
    return made
