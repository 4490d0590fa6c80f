"""A session that does not take place; and one that does after all."""

from datetime import datetime

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils.translation import gettext as _

from accounts.audit import audit
from accounts.models import User
from training.models import Enrolment, Session, SessionChange
from training.services.attendance import locked
from training.services.changes import note_change, was
from training.services.placing import confirm, hold_venue, meanwhile, refused_in_words
from training.services.rosters import fill_roster


@transaction.atomic
def cancel_session(*, by: User | None, session: Session, now: datetime) -> Session:
    """It does not take place; what was marked stays on record and counts in no hours. Twice is once."""
    row = locked(session)
    if row.closed_at:
        raise ValidationError(
            _("This session took place and is closed: it cannot be cancelled."), code="closed"
        )
    if row.cancelled_at is None:
        before = was(row)
        row.cancelled_at = now
        row.revision += 1
        row.save(update_fields=["cancelled_at", "revision"])
        row.leads.update(**meanwhile(row))
        note_change(by=by, session=row, before=before, step=SessionChange.Step.CANCELLED, now=now)
        audit(by, "cancel", row, ["cancelled_at"], tenant=row.programme.tenant)
    return row


@transaction.atomic
def restore_session(*, by: User | None, session: Session, now: datetime, confirmed: bool = True) -> Session:
    """It takes place after all, when and where it was; who takes part by now is expected. Twice is once.

    Refused once its time is over, and where its place or a trainer is taken since (code `clash`); where
    people are expected elsewhere then (code `roster`) unless that is `confirmed`.
    """
    row = locked(session)
    if row.cancelled_at is None:
        return row
    if row.ends_at and row.ends_at <= now:
        raise ValidationError(_("Its time is over: it cannot take place any more."), code="over")
    before = was(row)
    row.cancelled_at = None
    row.revision += 1
    if not confirmed:
        confirm(by, row, None)
    with refused_in_words(by, row, None):
        hold_venue(row)
        row.save(update_fields=["cancelled_at", "revision", "holds_venue"])
        row.leads.update(**meanwhile(row))
    row.roster.exclude(enrolment__state__in=Enrolment.TAKING_PART).filter(attendance=None).delete()
    fill_roster(by=by, session=row, at_the_door=True)
    note_change(by=by, session=row, before=before, step=SessionChange.Step.RESTORED, now=now)
    audit(by, "restore", row, ["cancelled_at"], tenant=row.programme.tenant)
    return row
