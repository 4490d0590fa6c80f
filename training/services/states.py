"""The states of enrolments: what may follow what, and what every change writes."""

from collections.abc import Iterable, Mapping
from datetime import datetime

from django.core.exceptions import ValidationError
from django.db.models import Q
from django.utils.translation import gettext as _

from accounts.models import User
from lib import bulk
from people.models import Programme
from training.models import Enrolment, RosterEntry, Session, StateChange

State = Enrolment.State


def held(programme: Programme) -> Programme:
    """The programme's row, held until the transaction ends: seats, row codes and states change one after the
    other. Whoever holds enrolments as well takes this one first."""
    rows = Programme.objects.select_for_update(of=("self",), no_key=True).select_related("tenant")
    return rows.get(pk=programme.pk)


def check_state(row: Enrolment, state: str, reason: str) -> None:
    """May this enrolment have that state? Raises ValidationError by field."""
    if state not in State.values:
        raise ValidationError({"state": _("There is no such state: %(state)s.") % {"state": state}})
    if state == row.state:
        return
    if state in (State.WITHDRAWN, State.DECLINED) and not reason.strip():
        raise ValidationError({"reason": _("Say why: this state needs a reason.")})
    if state == State.COMPLETED and row.state != State.ENROLLED:
        raise ValidationError({"state": _("Only somebody who is enrolled can complete the programme.")})


def put_states(
    programme_id: int, said: Mapping[int, tuple[str, str]], *, by: User | None, now: datetime
) -> None:
    """By key of the enrolment, its state and the reason: written, told in the history, followed by the
    rosters. As many queries for a thousand as for one."""
    who = by and by.pk
    rows = [(pk, state, now, who, reason) for pk, (state, reason) in said.items()]
    bulk.update(Enrolment, ["state", "state_at", "state_by_id", "reason"], rows)
    tell([(pk, state, reason) for pk, (state, reason) in said.items()], by=by, now=now)
    follow_states(programme_id, {pk: state for pk, (state, _reason) in said.items()}, now)


def tell(steps: Iterable[tuple[int, str, str]], *, by: User | None, now: datetime) -> None:
    """One row of history for each enrolment, state and reason."""
    bulk.insert(StateChange, ["enrolment_id", "state", "reason"], list(steps), at=now, by_id=by and by.pk)


def follow_states(programme_id: int, states: Mapping[int, str], now: datetime) -> None:
    """Who takes part stands on the rosters of sessions to come; who does not, stands on none of them. Nobody
    comes on one by invitation only without being invited."""
    to_come = Session.objects.filter(Q(starts_at=None) | Q(starts_at__gt=now), programme=programme_id)
    to_come = to_come.filter(cancelled_at=None, closed_at=None)
    there = [pk for pk, state in states.items() if state in Enrolment.TAKING_PART]
    gone = [pk for pk, state in states.items() if state not in Enrolment.TAKING_PART]
    if there:
        entries = [
            RosterEntry(session=session, enrolment_id=pk, planned_minutes=session.minutes)
            for session in to_come.filter(by_invitation=False).order_by()
            for pk in there
        ]
        RosterEntry.objects.bulk_create(entries, ignore_conflicts=True, batch_size=5000)
    if gone:
        RosterEntry.objects.filter(enrolment__in=gone, session__in=to_come, attendance=None).delete()
