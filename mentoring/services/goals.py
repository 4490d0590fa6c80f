"""What a pair agrees to reach."""

from datetime import date, datetime
from uuid import UUID

from django.core.exceptions import ValidationError
from django.db import transaction
from django.db.models import F
from django.utils.translation import gettext as _

from accounts.audit import audit
from accounts.models import User
from mentoring.models import Assignment, Goal
from mentoring.services.states import held

PLAIN = ("text", "function", "due")


@transaction.atomic
def add_goal(
    *,
    by: User | None,
    assignment: Assignment,
    operation: UUID | None = None,
    text: str,
    function: str = "",
    due: date | None = None,
    state: str = Goal.State.OPEN,
    remark: str = "",
    now: datetime,
) -> Goal:
    """Agree on a goal. The same operation again is the same goal."""
    row = held(assignment)
    if operation and (known := Goal.objects.filter(operation=operation).first()):
        if known.assignment_id != row.pk:
            raise ValidationError(_("This entry was sent for another assignment already."))
        return known
    if row.state not in Assignment.COUNTED:
        raise ValidationError(_("No goal can be agreed on: the assignment was not accepted."))
    goal = Goal(
        assignment=row,
        operation=operation,
        text=text.strip(),
        function=function,
        due=due,
        state=state,
        remark=remark.strip(),
        state_at=now,
        state_by=by,
    )
    goal.full_clean()
    goal.save()
    audit(by, "add", goal, ["text", "function", "due", "state"], tenant=row.programme.tenant)
    return goal


@transaction.atomic
def change_goal(*, by: User | None, goal: Goal, **said) -> Goal:
    """Other words, another function, another day. What came of it is said by `set_goal_state`."""
    held(goal.assignment)
    goal.refresh_from_db()
    changed = {name for name in PLAIN if name in said and getattr(goal, name) != said[name]}
    if not changed:
        return goal
    for name in changed:
        setattr(goal, name, said[name].strip() if name == "text" else said[name])
    goal.full_clean()
    goal.revision += 1
    goal.save(update_fields=[*changed, "revision"])
    audit(by, "change", goal, changed, tenant=goal.assignment.programme.tenant)
    return goal


@transaction.atomic
def set_goal_state(*, by: User | None, goal: Goal, state: str, remark: str = "", now: datetime) -> Goal:
    """Reached, partly, dropped, or open again; dropping it says why. The same again changes nothing."""
    held(goal.assignment)
    goal.refresh_from_db()
    remark = remark.strip()
    if state not in Goal.State.values:
        raise ValidationError({"state": _("There is no such state: %(state)s.") % {"state": state}})
    if state in (Goal.State.DROPPED, Goal.State.PARTLY) and not remark:
        raise ValidationError({"remark": _("Say in a few words what came of it.")})
    if (goal.state, goal.remark) == (state, remark):
        return goal
    said = {"state": state, "remark": remark, "state_at": now, "state_by": by}
    Goal(assignment=goal.assignment, text=goal.text, **said).full_clean()
    Goal.objects.filter(pk=goal.pk).update(**said, revision=F("revision") + 1)
    goal.refresh_from_db()
    audit(by, "step", goal, ["state", "remark"], tenant=goal.assignment.programme.tenant)
    return goal
