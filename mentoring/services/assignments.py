"""Giving an entrepreneur a mentor: at once, or as a proposal that is offered first."""

from datetime import date, datetime

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils.translation import gettext as _

from accounts.audit import audit
from accounts.models import User
from lib import clock
from mentoring import conflicts
from mentoring.models import Assignment, MatchingRun, Mentor, Need, Offer
from mentoring.pairs import steps
from mentoring.services.holding import hold
from mentoring.services.states import tell
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
    share_on_premises: int | None = None,
    start: date | None = None,
    need: Need | None = None,
    run: MatchingRun | None = None,
    goes_on_from: Assignment | None = None,
    conflict_accepted: str = "",
    state: str = Assignment.State.ACTIVE,
    reason: str = "",
    now: datetime,
    **said,
) -> Assignment:
    """Give an entrepreneur a mentor. A conflict on record refuses it, unless words say why all the same.
    `said`: other fields of the row (`end`, `offered_until`), where the whole way is known already."""
    if enrolment.programme_id != programme.pk:
        raise ValidationError({"enrolment": _("She takes part in another programme.")})
    if mentor.person.tenant_id != programme.tenant_id:
        raise ValidationError({"mentor": _("This mentor belongs to another organisation.")})
    hold(programme)
    grave = standing(mentor, enrolment, start or clock.local(now, programme.zone).date())
    if grave and not conflict_accepted.strip():
        raise ValidationError({"mentor": [conflict.words for conflict in grave]}, code="conflict")
    if state in steps.TAKES_A_PLACE:
        within_capacity(mentor, programme)
    row = Assignment(
        programme=programme,
        mentor=mentor,
        enrolment=enrolment,
        need=need,
        run=run,
        goes_on_from=goes_on_from,
        agreed_hours=agreed_hours,
        share_on_premises=share_on_premises,
        start=start,
        state=state,
        state_at=now,
        state_by=by,
        reason=reason.strip(),
        conflict_accepted=conflict_accepted.strip() if grave else "",
        **said,
    )
    row.full_clean(validate_unique=False)
    row.save()
    tell(row, now=now)
    audit(by, "assign", row, ["mentor", "enrolment", "agreed_hours"], tenant=programme.tenant)
    return row


def propose(*, by: User | None, now: datetime, **said) -> Assignment:
    """A pair that is written down and that nobody was asked about: `said` as `assign` takes it."""
    return assign(by=by, state=Assignment.State.PROPOSED, now=now, **said)


def insist_active(mentor: Mentor, programme: Programme, now: datetime) -> None:
    """Somebody new is given to who is a mentor of this programme, active and not away."""
    today = clock.local(now, programme.zone).date()
    if not Mentor.objects.active_in(programme, today).filter(pk=mentor.pk).exists():
        raise ValidationError(
            {"mentor": _("%(mentor)s takes nobody in this programme now.") % {"mentor": mentor}}
        )


def standing(mentor: Mentor, enrolment: Enrolment, on: date) -> list[conflicts.Conflict]:
    """The conflicts that stand in the way of this pair. That she guides her is none, and hints wait."""
    pair = mentor.person_id, enrolment.person_id
    found = conflicts.between([mentor.person], [enrolment.person], on, purpose=conflicts.MENTOR).get(pair, [])
    return [conflict for conflict in found if conflict.kind != "mentors" and not conflict.is_hint]


def within_capacity(mentor: Mentor, programme: Programme) -> None:
    """Has she room for one more? The programme is held."""
    offer = Offer.objects.filter(mentor=mentor, programme=programme).first()
    if offer is None or offer.capacity is None:
        return
    guided = Assignment.objects.alive().filter(mentor=mentor, programme=programme).count()
    if guided >= offer.capacity:
        raise ValidationError({"mentor": _("She guides %(n)s already and offered no more.") % {"n": guided}})


@transaction.atomic
def change_agreement(*, by: User, assignment: Assignment, **said) -> Assignment:
    """Other hours, another share on the premises, another first day. Never a state."""
    hold(assignment.programme)
    assignment.refresh_from_db()
    changed = {name for name, value in said.items() if getattr(assignment, name) != value}
    if not changed:
        return assignment
    for name in changed:
        setattr(assignment, name, said[name])
    assignment.full_clean(validate_unique=False)
    assignment.revision += 1
    assignment.save(update_fields=[*changed, "revision"])
    audit(by, "change", assignment, changed, tenant=assignment.programme.tenant)
    return assignment
