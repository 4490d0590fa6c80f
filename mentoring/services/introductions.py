"""Bringing an entrepreneur together with somebody, and what came of it."""

from datetime import date, datetime
from uuid import UUID

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils.translation import gettext as _

from accounts.audit import audit
from accounts.keeping import keep
from accounts.models import User
from lib import clock
from mentoring.models import Assignment, Introduction
from mentoring.services.holding import hold
from people.models import Organisation
from training.models import Enrolment


@transaction.atomic
def introduce(
    *,
    by: User,
    operation: UUID,
    enrolment: Enrolment,
    assignment: Assignment | None = None,
    kind: str,
    organisation: Organisation | None = None,
    name: str = "",
    day: date,
    came: str = Introduction.Came.UNKNOWN,
    came_on: date | None = None,
    remark: str = "",
    now: datetime,
) -> Introduction:
    """Write down to whom she was introduced. The same operation again is the same introduction."""
    programme = enrolment.programme
    hold(programme)
    if known := Introduction.objects.filter(operation=operation).first():
        if known.enrolment_id != enrolment.pk:
            raise ValidationError(_("This entry was sent for somebody else already."))
        return known
    if assignment and assignment.enrolment_id != enrolment.pk:
        raise ValidationError({"assignment": _("This assignment is somebody else's.")})
    if organisation and organisation.tenant_id != programme.tenant_id:
        raise ValidationError({"organisation": _("This organisation belongs to somebody else.")})
    name = name.strip() or (organisation.name if organisation else "")
    if not name:
        raise ValidationError({"name": _("Say to whom she was introduced.")})
    _in_order(day, came, came_on, clock.local(now, programme.zone).date())
    row = Introduction(operation=operation, enrolment=enrolment, assignment=assignment, by=by, at=now)
    said = {"kind": kind, "organisation": organisation, "name": name, "day": day}
    said |= {"came": came, "came_on": came_on, "remark": remark.strip()}
    keep(by=by, row=row, said=said, tenant=programme.tenant)
    return row


@transaction.atomic
def change_introduction(*, by: User, introduction: Introduction, now: datetime, **said) -> Introduction:
    """What came of it, mostly; or another kind, name, day."""
    rows = Introduction.objects.select_for_update(of=("self",), no_key=True)
    row = rows.select_related("enrolment__programme__tenant").get(pk=introduction.pk)
    programme = row.enrolment.programme
    if "came" in said and said["came"] != row.came and "came_on" not in said:
        said["came_on"] = None  # the day of another answer
    will = {name: said.get(name, getattr(row, name)) for name in ("day", "came", "came_on")}
    _in_order(**will, today=clock.local(now, programme.zone).date())
    changed = {name for name, value in said.items() if getattr(row, name) != value}
    for name in changed:
        setattr(row, name, said[name])
    row.full_clean(exclude=["by"])  # whoever wrote it down may be gone
    if changed:
        row.save(update_fields=changed)
        audit(by, "change", row, changed, tenant=programme.tenant)
    return row


def _in_order(day: date, came: str, came_on: date | None, today: date) -> None:
    if day > today:
        raise ValidationError({"day": _("This day has not come yet.")})
    if came_on is None:
        return
    if came == Introduction.Came.UNKNOWN:
        raise ValidationError({"came_on": _("Since when, if nothing is known yet? Say what came of it.")})
    if came_on < day:
        raise ValidationError({"came_on": _("Nothing came of it before they were introduced.")})
    if came_on > today:
        raise ValidationError({"came_on": _("This day has not come yet.")})
