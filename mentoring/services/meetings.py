"""What a pair did: logged by one side, confirmed or contradicted by the other, cancelled if it was a slip."""

from datetime import datetime
from uuid import UUID

from django.core.exceptions import ValidationError
from django.db import transaction
from django.db.models import F
from django.utils.translation import gettext as _

from accounts.audit import audit
from accounts.models import User
from mentoring.meetings import guards
from mentoring.models import Assignment, Meeting, Mentor
from mentoring.services.holding import hold
from mentoring.services.states import begin
from people.models import Person

SAID = ("day", "start", "minutes", "place", "topic", "function", "next_step")


@transaction.atomic
def log_meeting(
    *,
    by: User | None,
    assignment: Assignment,
    operation: UUID,
    revision: int | None = None,
    now: datetime,
    **said,
) -> Meeting:
    """Log a meeting that took place; `said` are the fields of SAID and the slot. The same operation again is
    the same meeting. `revision` is the assignment's that a link was made for: with another one it is refused,
    code `used`."""
    _hold_both(assignment)
    if known := Meeting.objects.filter(operation=operation).first():
        if known.assignment_id != assignment.pk:
            raise ValidationError(_("This entry was sent for another assignment already."))
        return known
    assignment.refresh_from_db(fields=["state", "start", "end", "revision"])
    if revision not in (None, assignment.revision):
        raise ValidationError(_("This link was used already."), code="used")
    said = {name: value.strip() if isinstance(value, str) else value for name, value in said.items()}
    row = Meeting(operation=operation, assignment=assignment, by=by, at=now, **said)
    guards.check(row, now)
    row.full_clean(exclude=["by"])  # by a link of somebody without an account it is nobody's
    row.save()
    begin(assignment, by=by, day=row.day, now=now)
    _touch(assignment)
    audit(by, "log", row, SAID, tenant=assignment.programme.tenant)
    return row


def _hold_both(assignment: Assignment) -> None:
    """One meeting at a time of a programme, of a mentor and of an entrepreneur, who may be in others too."""
    hold(assignment.programme)
    Mentor.objects.select_for_update(no_key=True).only("pk").get(pk=assignment.mentor_id)
    Person.objects.select_for_update(no_key=True).only("pk").get(pk=assignment.enrolment.person_id)


def _touch(assignment: Assignment) -> None:
    """What waits for a meeting, and the link to log one, compare this: they are of before."""
    Assignment.objects.filter(pk=assignment.pk).update(revision=F("revision") + 1)


@transaction.atomic
def confirm_meeting(
    *, by: User | None, meeting: Meeting, revision: int | None = None, now: datetime
) -> Meeting:
    """The other side says that it was so. What she objected before no longer stands."""
    if meeting.confirmed_at and revision is None:
        return meeting
    said = {"confirmed_at": now, "confirmed_by": by}
    said |= {"objected_at": None, "objected_by": None, "objection": ""}
    return _put_word("confirm", by, meeting, revision, said)


@transaction.atomic
def object_to_meeting(
    *, by: User | None, meeting: Meeting, objection: str, revision: int | None = None, now: datetime
) -> Meeting:
    """The other side says what is not right. The meeting counts until it is cancelled."""
    if not objection.strip():
        raise ValidationError({"objection": _("Say what is not right.")})
    said = {"objected_at": now, "objected_by": by, "objection": objection.strip()}
    said |= {"confirmed_at": None, "confirmed_by": None}
    return _put_word("object", by, meeting, revision, said)


def _put_word(verb: str, by: User | None, meeting: Meeting, revision: int | None, said: dict) -> Meeting:
    """Of two words at once the second finds the meeting changed, where it came by a link."""
    for name, value in said.items():
        setattr(meeting, name, value)
    meeting.full_clean(exclude=["by"])
    rows = Meeting.objects.counting().filter(pk=meeting.pk)
    rows = rows if revision is None else rows.filter(revision=revision)
    if not rows.update(**said, revision=F("revision") + 1):
        meeting.refresh_from_db()
        if meeting.cancelled_at:
            raise ValidationError(_("This meeting was cancelled."), code="used")
        raise ValidationError(_("This link was used already."), code="used")
    meeting.refresh_from_db()
    audit(by, verb, meeting, said, tenant=meeting.assignment.programme.tenant)
    return meeting


@transaction.atomic
def cancel_meeting(*, by: User, meeting: Meeting, reason: str, now: datetime) -> Meeting:
    """Logged by mistake: it stays on record, with the reason, and counts nowhere from now on."""
    if not reason.strip():
        raise ValidationError({"reason": _("Say why it does not count.")})
    said = {"cancelled_at": now, "cancelled_by": by, "cancelled_reason": reason.strip()}
    for name, value in said.items():
        setattr(meeting, name, value)
    meeting.full_clean(exclude=["by"])
    if not Meeting.objects.counting().filter(pk=meeting.pk).update(**said, revision=F("revision") + 1):
        raise ValidationError(_("This meeting was cancelled already."))
    meeting.refresh_from_db()
    _touch(meeting.assignment)
    audit(by, "cancel", meeting, said)
    return meeting
