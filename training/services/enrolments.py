"""Who takes part: enrolling, and the states of an enrolment."""

from collections.abc import Mapping, Sequence
from datetime import date, datetime
from typing import Any

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils.translation import gettext as _

from accounts.audit import audit
from accounts.models import User
from lib import bulk
from people.models import Enterprise, Person, Programme
from training.models import Enrolment
from training.services import findings, seats
from training.services.row_codes import LETTERS, free_row_codes, row_code, row_number
from training.services.states import State, check_state, follow_states, held, put_states, tell

__all__ = [
    "LETTERS",
    "check_state",
    "enrol",
    "enrol_all",
    "row_code",
    "row_number",
    "set_enrolment_state",
    "set_enrolment_states",
]


@transaction.atomic
def enrol(
    *,
    by: User | None,
    programme: Programme,
    person: Person,
    enterprise: Enterprise | None = None,
    state: str = State.ENROLLED,
    applied_on: date | None = None,
    reason: str = "",
    walk_in: bool = False,
    now: datetime,
) -> Enrolment:
    """Put a person into a programme: she gets a row code, and stands on the rosters of what has not begun.

    Where all seats are taken she comes on the waiting list. Raises ValidationError naming the rule, where one
    that binds is not met: then enter her as applied, and make an exception. Whoever stands at the door is in,
    and her eligibility is settled later.
    """
    programme = held(programme)
    _check_enrol(programme, person, enterprise)
    if state == State.ENROLLED and not walk_in and seats.is_full(programme):
        state, reason = State.WAITLISTED, reason or _full()
    enrolment = Enrolment.objects.create(
        programme=programme,
        person=person,
        enterprise=enterprise,
        state=state,
        state_at=now,
        state_by=by,
        reason=reason,
        applied_on=applied_on,
        row_code=free_row_codes(programme, 1)[0],
        walk_in=walk_in,
    )
    audit(by, "enrol", enrolment, ["state", "person", "enterprise"], tenant=programme.tenant)
    if state == State.ENROLLED and not walk_in:
        findings.insist(enrolment=enrolment, now=now)
    else:
        findings.check(programme=programme, enrolments=[enrolment.pk], now=now)
    tell([(enrolment.pk, state, reason)], by=by, now=now)
    follow_states(programme.pk, {enrolment.pk: state}, now)
    return enrolment


def _check_enrol(programme: Programme, person: Person, enterprise: Enterprise | None) -> None:
    if person.tenant_id != programme.tenant_id:
        raise ValidationError(_("This person belongs to another organisation."), code="stranger")
    if enterprise and enterprise.tenant_id != programme.tenant_id:
        raise ValidationError(_("This enterprise belongs to another organisation."), code="stranger")
    if programme.enrolments.filter(person=person).exists():
        raise ValidationError(_("This person is enrolled in this programme already."), code="enrolled")


def _full() -> str:
    return _("All seats are taken.")


@transaction.atomic
def enrol_all(
    *, by: User | None, programme: Programme, rows: Sequence[Mapping[str, Any]], now: datetime
) -> list[int]:
    """Put many people into a programme at once, in as many queries for a thousand as for one; return the keys
    of the enrolments, in order.

    Each row: `person` and `enterprise` (or None) by key, both of the programme's organisation, `state`,
    `reason`, `applied_on`, and `group` by key, where there is one. Nobody among them takes part yet:
    IntegrityError where somebody does. It records what a sheet says: neither seats nor rules refuse anybody;
    the findings say who fits.
    """
    programme = held(programme)
    names = ["person", "enterprise", "state", "reason", "applied_on"]
    codes = free_row_codes(programme, len(rows))
    made = [
        (*(row[name] for name in names), row.get("group"), code)
        for row, code in zip(rows, codes, strict=True)
    ]
    ids = bulk.insert(
        Enrolment,
        ["person_id", "enterprise_id", "state", "reason", "applied_on", "group_id", "row_code"],
        made,
        programme_id=programme.pk,
        state_at=now,
        state_by_id=by and by.pk,
    )
    audit(by, "enrol", programme, ["enrolments"], tenant=programme.tenant)
    tell([(pk, row["state"], row["reason"]) for pk, row in zip(ids, rows, strict=True)], by=by, now=now)
    follow_states(programme.pk, {pk: row["state"] for pk, row in zip(ids, rows, strict=True)}, now)
    findings.check(programme=programme, enrolments=ids, now=now)
    return ids


@transaction.atomic
def set_enrolment_states(
    *, by: User | None, programme: Programme, said: Mapping[int, tuple[str, str]], now: datetime
) -> list[Enrolment]:
    """Change many states at once: by key of the enrolment, the state and the reason. What may not be raises
    ValidationError: ask `check_state` before, for each. As `enrol_all` it records what a sheet says; but
    seats that become free are filled: returns who moved up, as they were before."""
    programme = held(programme)
    rows = Enrolment.objects.select_for_update(of=("self",), no_key=True).filter(programme=programme)
    rows = list(rows.filter(pk__in=said).order_by("pk"))
    for row in rows:
        check_state(row, *said[row.pk])
    rows = [row for row in rows if row.state != said[row.pk][0]]
    put_states(
        programme.pk, {row.pk: (said[row.pk][0], said[row.pk][1].strip()) for row in rows}, by=by, now=now
    )
    audit(by, "set states", programme, ["enrolments", "state", "reason"], tenant=programme.tenant)
    findings.check(programme=programme, enrolments=[row.pk for row in rows], now=now)
    return seats.move_up(programme, now) if any(row.state in Enrolment.TAKING_PART for row in rows) else []


@transaction.atomic
def set_enrolment_state(
    *,
    by: User | None,
    enrolment: Enrolment,
    state: str,
    reason: str = "",
    at_door: bool = False,
    now: datetime,
) -> Enrolment:
    """Change the state, with date, person and reason. What she attended stays hers, whatever the state.

    Enrolling asks for a free seat (without one she comes on the waiting list) and for rules met or excepted;
    not so `at_door`. A seat that she leaves goes to the first of the waiting list, in this transaction.
    """
    programme = held(enrolment.programme)
    rows = Enrolment.objects.select_for_update(of=("self",), no_key=True)
    row = rows.get(pk=enrolment.pk)
    row.programme, reason, before = programme, reason.strip(), row.state
    check_state(row, state, reason)
    if state == before:
        return row
    if state == State.ENROLLED and before not in Enrolment.TAKING_PART and not at_door:
        state, reason = _entering(row, reason, now)
    put_states(programme.pk, {row.pk: (state, reason)}, by=by, now=now)
    row.state, row.state_at, row.state_by, row.reason = state, now, by, reason
    audit(by, f"set {state}", row, ["state", "reason"], tenant=programme.tenant)
    if at_door:
        findings.check(programme=programme, enrolments=[row.pk], now=now)
    if before in Enrolment.TAKING_PART and state not in Enrolment.TAKING_PART:
        seats.move_up(programme, now)
    return row


def _entering(row: Enrolment, reason: str, now: datetime) -> tuple[str, str]:
    """The state and reason that somebody gets who shall be enrolled. Raises ValidationError."""
    findings.insist(enrolment=row, now=now)
    if not seats.is_full(row.programme):
        return State.ENROLLED, reason
    if row.state == State.WAITLISTED:
        words = _("All seats are taken: she keeps her place on the waiting list.")
        raise ValidationError({"state": words}, code="full")
    return State.WAITLISTED, reason or _full()
