"""Who takes part: enrolling, and the states of an enrolment."""

from collections.abc import Mapping, Sequence
from datetime import date, datetime
from typing import Any

from django.core.exceptions import ValidationError
from django.db import transaction
from django.db.models import Q
from django.utils.translation import gettext as _

from accounts.audit import audit
from accounts.models import User
from lib import bulk
from people.models import Enterprise, Person, Programme
from training.models import Enrolment, RosterEntry, Session

LETTERS = "ABCDEFGHJKLMNPRSTUVZ"  # none that a hand on paper mistakes for a digit or another letter
State = Enrolment.State


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
    """Put a person into a programme: she gets a row code, and stands on the rosters of what has not begun."""
    held = Programme.objects.select_for_update(of=("self",), no_key=True).select_related("tenant")
    programme = held.get(pk=programme.pk)
    if person.tenant_id != programme.tenant_id:
        raise ValidationError(_("This person belongs to another organisation."), code="stranger")
    if enterprise and enterprise.tenant_id != programme.tenant_id:
        raise ValidationError(_("This enterprise belongs to another organisation."), code="stranger")
    if programme.enrolments.filter(person=person).exists():
        raise ValidationError(_("This person is enrolled in this programme already."), code="enrolled")
    enrolment = Enrolment.objects.create(
        programme=programme,
        person=person,
        enterprise=enterprise,
        state=state,
        state_at=now,
        state_by=by,
        reason=reason,
        applied_on=applied_on,
        row_code=_free_row_code(programme),
        walk_in=walk_in,
    )
    audit(by, "enrol", enrolment, ["state", "person", "enterprise"], tenant=programme.tenant)
    _follow_state(enrolment, now)
    return enrolment


@transaction.atomic
def enrol_all(
    *, by: User | None, programme: Programme, rows: Sequence[Mapping[str, Any]], now: datetime
) -> list[int]:
    """Put many people into a programme at once, in as many queries for a thousand as for one; return the keys
    of the enrolments, in order.

    Each row: `person` and `enterprise` (or None) by key, both of the programme's organisation, `state`,
    `reason`, `applied_on`. Nobody among them takes part yet: IntegrityError where somebody does.
    """
    held = Programme.objects.select_for_update(of=("self",), no_key=True).select_related("tenant")
    programme = held.get(pk=programme.pk)
    names = ["person", "enterprise", "state", "reason", "applied_on"]
    codes = _free_row_codes(programme, len(rows))
    made = [(*(row[name] for name in names), code) for row, code in zip(rows, codes, strict=True)]
    ids = bulk.insert(
        Enrolment,
        ["person_id", "enterprise_id", "state", "reason", "applied_on", "row_code"],
        made,
        programme_id=programme.pk,
        state_at=now,
        state_by_id=by and by.pk,
    )
    audit(by, "enrol", programme, ["enrolments"], tenant=programme.tenant)
    _follow_states(programme.pk, {pk: row["state"] for pk, row in zip(ids, rows, strict=True)}, now)
    return ids


@transaction.atomic
def set_enrolment_states(
    *, by: User | None, programme: Programme, said: Mapping[int, tuple[str, str]], now: datetime
) -> None:
    """Change many states at once: by key of the enrolment, the state and the reason. What may not be raises
    ValidationError: ask `check_state` before, for each."""
    held = Enrolment.objects.select_for_update(of=("self",), no_key=True).filter(programme=programme)
    rows = list(held.filter(pk__in=said).order_by("pk"))
    for row in rows:
        check_state(row, *said[row.pk])
    rows = [row for row in rows if row.state != said[row.pk][0]]
    values = [(row.pk, said[row.pk][0], now, by and by.pk, said[row.pk][1].strip()) for row in rows]
    bulk.update(Enrolment, ["state", "state_at", "state_by_id", "reason"], values)
    audit(by, "set states", programme, ["enrolments", "state", "reason"], tenant=programme.tenant)
    _follow_states(programme.pk, {row.pk: said[row.pk][0] for row in rows}, now)


@transaction.atomic
def set_enrolment_state(
    *, by: User | None, enrolment: Enrolment, state: str, reason: str = "", now: datetime
) -> Enrolment:
    """Change the state, with date, person and reason. What she attended stays hers, whatever the state."""
    rows = Enrolment.objects.select_for_update(of=("self",), no_key=True).select_related("programme__tenant")
    row = rows.get(pk=enrolment.pk)
    reason = reason.strip()
    check_state(row, state, reason)
    if state == row.state:
        return row
    row.state, row.state_at, row.state_by, row.reason = state, now, by, reason
    row.save(update_fields=["state", "state_at", "state_by", "reason"])
    audit(by, f"set {state}", row, ["state", "reason"], tenant=row.programme.tenant)
    _follow_state(row, now)
    return row


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


def _follow_state(enrolment: Enrolment, now: datetime) -> None:
    _follow_states(enrolment.programme_id, {enrolment.pk: enrolment.state}, now)


def _follow_states(programme_id: int, states: Mapping[int, str], now: datetime) -> None:
    """Who takes part stands on the rosters of sessions to come; who does not, stands on none of them."""
    to_come = Session.objects.filter(Q(starts_at=None) | Q(starts_at__gt=now), programme=programme_id)
    to_come = to_come.filter(cancelled_at=None, closed_at=None)
    there = [pk for pk, state in states.items() if state in Enrolment.TAKING_PART]
    gone = [pk for pk, state in states.items() if state not in Enrolment.TAKING_PART]
    if there:
        entries = [
            RosterEntry(session=session, enrolment_id=pk, planned_minutes=session.minutes)
            for session in to_come.order_by()
            for pk in there
        ]
        RosterEntry.objects.bulk_create(entries, ignore_conflicts=True, batch_size=5000)
    if gone:
        RosterEntry.objects.filter(enrolment__in=gone, session__in=to_come, attendance=None).delete()


def _free_row_code(programme: Programme) -> str:
    return _free_row_codes(programme, 1)[0]


def _free_row_codes(programme: Programme, count: int) -> list[str]:
    """The next ones after the newest; called while the programme's row is held."""
    newest = programme.enrolments.order_by("-pk").values_list("row_code", flat=True).first()
    number, found = row_number(newest) + 1 if newest else 0, []
    while len(found) < count:
        wanted = [row_code(n) for n in range(number, number + count - len(found))]
        taken = set(programme.enrolments.filter(row_code__in=wanted).values_list("row_code", flat=True))
        found += [code for code in wanted if code not in taken]
        number += len(wanted)
    return found


def row_code(number: int) -> str:
    """0 is A1, 8 A9, 9 B1; after the last letter two: AA1."""
    letter, digit = divmod(number, 9)
    letters = ""
    while True:
        letters = LETTERS[letter % len(LETTERS)] + letters
        letter = letter // len(LETTERS) - 1
        if letter < 0:
            return f"{letters}{digit + 1}"


def row_number(code: str) -> int:
    """The inverse; -1 for a code that was given by hand and is not of this form."""
    letters, digit = code[:-1], code[-1:]
    if not letters or not set(letters) <= set(LETTERS) or digit not in "123456789":
        return -1
    place = 0
    for letter in letters:
        place = place * len(LETTERS) + LETTERS.index(letter) + 1
    return (place - 1) * 9 + int(digit) - 1
