"""Every step of an assignment: checked, written, told in its history."""

from datetime import date, datetime

from django.core.exceptions import ValidationError
from django.db import transaction
from django.db.models import F
from django.utils.translation import gettext as _

from accounts.audit import audit
from accounts.models import User
from lib import clock
from mentoring.models import Assignment, AssignmentChange
from mentoring.pairs import steps
from mentoring.services.holding import hold

State = Assignment.State


def held(assignment: Assignment) -> Assignment:
    """The row as it is now; no assignment of its programme changes until the transaction ends."""
    hold(assignment.programme)
    rows = Assignment.objects.select_related("programme__tenant", "mentor__person", "enrolment__person")
    return rows.get(pk=assignment.pk)


def tell(row: Assignment, *, now: datetime) -> AssignmentChange:
    """One row of history: the state it has from now on."""
    return AssignmentChange.objects.create(
        assignment=row, state=row.state, at=now, by=row.state_by, reason=row.reason
    )


def put_state(
    row: Assignment, state: str, *, by: User | None, reason: str = "", now: datetime, **said
) -> None:
    """One step of a row that is held: a compare-and-set, a row of history, an entry in the trail."""
    steps.check(row.state, state, reason)
    fields = {"state": state, "state_at": now, "state_by": by, "reason": reason.strip()} | said
    same = Assignment.objects.filter(pk=row.pk, state=row.state)
    if not same.update(**fields, revision=F("revision") + 1):
        raise ValidationError(_("Somebody else changed this assignment in the meantime: look again."))
    row.refresh_from_db(fields=[*fields, "revision"])
    tell(row, now=now)
    audit(by, "step", row, fields.keys() - {"state_by"}, tenant=row.programme.tenant)


@transaction.atomic
def change_assignment_state(
    *, by: User, assignment: Assignment, state: str, reason: str = "", now: datetime, **said
) -> Assignment:
    """Begin, pause, go on, complete, end, take back. `said`: `end`, its last day, today where nothing is
    said. An offer is made by `offer` and answered by `answer_offer`."""
    row = held(assignment)
    if row.state not in steps.PASSED + steps.OVER and state in (State.OFFERED, State.EXPIRED, State.ACCEPTED):
        raise ValidationError({"state": _("An offer has a day until which it is answered: offer it.")})
    today = clock.local(now, row.programme.zone).date()
    if state in steps.OVER:
        said["end"] = _last_day(row, said.get("end") or today)
    elif state == State.ACTIVE and row.start is None:
        said["start"] = said.get("start") or today
    put_state(row, state, by=by, reason=reason, now=now, **said)
    assignment.refresh_from_db()
    return assignment


def _last_day(row: Assignment, end: date) -> date:
    if row.start and end < row.start:
        raise ValidationError({"end": _("It ends after it begins.")})
    return end


def end_assignment(
    *, by: User, assignment: Assignment, state: str, reason: str, end: date, now: datetime
) -> Assignment:
    """Complete or end it; the meetings stay. Ending before its time needs a reason."""
    if state not in steps.OVER:
        raise ValidationError({"state": _("An assignment is completed or ended.")})
    return change_assignment_state(by=by, assignment=assignment, state=state, reason=reason, end=end, now=now)


def begin(row: Assignment, *, by: User | None, day: date, now: datetime) -> None:
    """Who accepted and meets has begun. Inside the transaction of whoever logs the meeting."""
    if row.state == State.ACCEPTED:
        put_state(row, State.ACTIVE, by=by, now=now, start=row.start or day)
