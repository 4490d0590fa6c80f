"""Verbs of who is asked: a refusal, nobody reached, consent taken back, asked again; attempts to reach.

`by` is None for herself: whoever holds her link.
"""

from datetime import datetime

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils.translation import gettext as _

from accounts.audit import audit
from accounts.keeping import keep
from accounts.models import User
from outcomes.asking.keeping import State, day_of, held, put_state, tenant_of
from outcomes.locks import insist_open
from outcomes.models import Contact, Invitation


@transaction.atomic
def refuse(*, by: User | None, invitation: Invitation, now: datetime, reason: str = "") -> Invitation:
    """She does not want to answer: what she had begun is taken away. Not once she has handed it in."""
    row = held(invitation)
    if row.state == State.REFUSED:
        return row
    if row.state in (State.ANSWERED, State.WITHDRAWN):
        words = {
            State.ANSWERED: _("These answers are handed in: clear those that you take back."),
            State.WITHDRAWN: _("She withdrew her consent: she is not asked."),
        }
        raise ValidationError(words[row.state])
    if by is not None:
        insist_open(row.wave.programme, day_of(row, now))
    gone, _rows = row.answers.all().delete()
    row.begun_at = None
    put_state(by, row, State.REFUSED, reason, now)
    audit(by, "refuse", row, ["state", *(["answers"] if gone else [])], tenant=tenant_of(row))
    return row


@transaction.atomic
def unreachable(*, by: User, invitation: Invitation, now: datetime, reason: str = "") -> Invitation:
    """Nobody could reach her. Not for who has said something already, or does not want to."""
    row = held(invitation)
    if row.state == State.UNREACHABLE:
        return row
    if row.state != State.WAITING:
        raise ValidationError(_("She was reached: something is known from her already."))
    put_state(by, row, State.UNREACHABLE, reason, now)
    audit(by, "mark_unreachable", row, ["state"], tenant=tenant_of(row))
    return row


@transaction.atomic
def take_consent_back(
    *, by: User | None, invitation: Invitation, now: datetime, reason: str = ""
) -> Invitation:
    """She may not be asked any more: her link is dead, and she is left out of who was asked. What she had
    handed in before was said with her consent, and stays."""
    row = held(invitation)
    if row.state == State.WITHDRAWN:
        return row
    row.revision += 1
    put_state(by, row, State.WITHDRAWN, reason, now)
    audit(by, "withdraw", row, ["revision", "state"], tenant=tenant_of(row))
    return row


@transaction.atomic
def restore(*, by: User, invitation: Invitation, now: datetime) -> Invitation:
    """She may be asked again, after a refusal, a withdrawal, or when nobody could reach her."""
    row = held(invitation)
    if row.state not in (State.REFUSED, State.UNREACHABLE, State.WITHDRAWN):
        raise ValidationError(_("She is being asked, or has answered: there is nothing to restore."))
    said = State.PARTIAL if row.answers.exists() else State.WAITING
    put_state(by, row, State.ANSWERED if row.answered_at else said, "", now)
    audit(by, "restore", row, ["state"], tenant=tenant_of(row))
    return row


@transaction.atomic
def renew_link(*, by: User, invitation: Invitation) -> Invitation:
    """A new link; the one of before is dead."""
    row = held(invitation)
    if row.state == State.WITHDRAWN:
        raise ValidationError(_("She withdrew her consent: she is not asked."))
    if row.enrolment_id is None:
        raise ValidationError(_("Nobody knows who this is: there is nobody to send a link to."))
    row.revision += 1
    row.save(update_fields=["revision"])
    audit(by, "renew_link", row, ["revision"], tenant=tenant_of(row))
    return row


@transaction.atomic
def log_contact(
    *, by: User, invitation: Invitation, way: str, outcome: str, now: datetime, note: str = ""
) -> Contact:
    """One attempt to reach somebody who has not answered."""
    row = held(invitation)
    if row.state == State.WITHDRAWN:
        raise ValidationError(_("She withdrew her consent: she is not asked."))
    contact = Contact(invitation=row, at=now, by=by)
    said = {"way": way, "outcome": outcome, "note": note.strip()}
    keep(by=by, row=contact, said=said, tenant=tenant_of(row))
    return contact
