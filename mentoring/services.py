"""The verbs of mentoring."""

from datetime import date, datetime
from uuid import UUID

from django.core.exceptions import ValidationError
from django.db import transaction
from django.db.models import F
from django.utils.formats import date_format
from django.utils.translation import gettext as _

from accounts.audit import audit
from accounts.models import User
from lib import clock
from mentoring import conflicts
from mentoring.models import Assignment, Meeting, Mentor, Need, Offer
from people.models import Programme
from training.models import Enrolment


@transaction.atomic
def assign(
    *,
    by: User | None,
    programme: Programme,
    mentor: Mentor,
    enrolment: Enrolment,
    agreed_hours: int | None = None,
    start: date | None = None,
    need: Need | None = None,
    conflict_accepted: str = "",
    state: str = Assignment.State.ACTIVE,
    now: datetime,
) -> Assignment:
    """Give an entrepreneur a mentor. A conflict on record refuses it, unless words say why all the same."""
    if enrolment.programme_id != programme.pk:
        raise ValidationError({"enrolment": _("She takes part in another programme.")})
    if mentor.person.tenant_id != programme.tenant_id:
        raise ValidationError({"mentor": _("This mentor belongs to another organisation.")})
    found = conflicts.may_judge(
        mentor.person, enrolment.person, start or clock.local(now, programme.zone).date()
    )
    _hold(programme)
    grave = [conflict for conflict in found if conflict.kind != "mentors"]
    if grave and not conflict_accepted.strip():
        raise ValidationError({"mentor": [conflict.words for conflict in grave]}, code="conflict")
    _within_capacity(mentor, programme)
    row = Assignment(
        programme=programme,
        mentor=mentor,
        enrolment=enrolment,
        need=need,
        agreed_hours=agreed_hours,
        start=start,
        state=state,
        state_at=now,
        state_by=by,
        conflict_accepted=conflict_accepted.strip() if grave else "",
    )
    row.full_clean(validate_unique=False)
    row.save()
    audit(by, "assign", row, ["mentor", "enrolment", "agreed_hours"], tenant=programme.tenant)
    return row


def _hold(programme: Programme) -> None:
    """One assignment at a time in a programme, until the transaction ends: of two taps the second finds the
    first, and two coordinators do not fill the same last place. (SQLite has one writer at a time anyway.)"""
    Programme.objects.select_for_update(no_key=True).only("pk").get(pk=programme.pk)


def _within_capacity(mentor: Mentor, programme: Programme) -> None:
    offer = Offer.objects.filter(mentor=mentor, programme=programme).first()
    if offer is None or offer.capacity is None:
        return
    guided = Assignment.objects.alive().filter(mentor=mentor, programme=programme).count()
    if guided >= offer.capacity:
        raise ValidationError({"mentor": _("She guides %(n)s already and offered no more.") % {"n": guided}})


@transaction.atomic
def end_assignment(
    *, by: User, assignment: Assignment, state: str, reason: str, end: date, now: datetime
) -> Assignment:
    """Complete or end it; the meetings stay. Ending before its time needs a reason."""
    if state not in (Assignment.State.COMPLETED, Assignment.State.ENDED):
        raise ValidationError({"state": _("An assignment is completed or ended.")})
    if state == Assignment.State.ENDED and not reason.strip():
        raise ValidationError({"reason": _("Say why it ends.")})
    changed = Assignment.objects.alive().filter(pk=assignment.pk)
    if not changed.update(
        state=state, state_at=now, state_by=by, reason=reason.strip(), end=end, revision=F("revision") + 1
    ):
        raise ValidationError(_("This assignment has ended already."))
    assignment.refresh_from_db()
    audit(by, "end", assignment, ["state", "reason", "end"])
    return assignment


@transaction.atomic
def log_meeting(
    *,
    by: User,
    assignment: Assignment,
    operation: UUID,
    day: date,
    minutes: int,
    place: str,
    topic: str,
    next_step: str = "",
    now: datetime,
) -> Meeting:
    """Log a meeting that took place. The same operation again is the same meeting."""
    _hold(assignment.programme)
    if known := Meeting.objects.filter(operation=operation).first():
        if known.assignment_id != assignment.pk:
            raise ValidationError(_("This entry was sent for another assignment already."))
        return known
    if assignment.state not in Assignment.COUNTED:
        raise ValidationError(_("No meeting can be logged: the assignment was not accepted."))
    if day > clock.local(now, assignment.programme.zone).date():
        raise ValidationError({"day": _("This day has not come yet: log a meeting after it took place.")})
    if assignment.start and day < assignment.start:
        raise ValidationError(
            {"day": _("The assignment began on %(day)s only.") % {"day": date_format(assignment.start)}}
        )
    row = Meeting(
        operation=operation,
        assignment=assignment,
        day=day,
        minutes=minutes,
        place=place,
        topic=topic.strip(),
        next_step=next_step.strip(),
        by=by,
        at=now,
    )
    row.full_clean()
    row.save()
    # what waits for a meeting compares this: a logged one makes the reminder of before untrue
    Assignment.objects.filter(pk=assignment.pk).update(revision=F("revision") + 1)
    audit(
        by, "log", row, ["day", "minutes", "place", "topic", "next_step"], tenant=assignment.programme.tenant
    )
    return row
