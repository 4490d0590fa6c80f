"""Sessions: planned, moved, written about, closed."""

from collections.abc import Iterable
from datetime import date, datetime, time
from uuid import UUID

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils.translation import gettext as _

from accounts.audit import audit
from accounts.models import User
from people.models import Person, Programme
from training.models import Session, SessionChange, SessionLog, Venue
from training.services.attendance import derive_again, locked
from training.services.changes import note_change, was
from training.services.places import kept_venue
from training.services.placing import check, confirm, hold_venue, meanwhile, refused_in_words, set_trainers
from training.services.rosters import fill_roster

# what an invitation says: changing it is a new revision
WHEN_AND_WHERE = ("day", "start", "end", "fold", "zone", "venue")


@transaction.atomic
def plan_session(
    *,
    by: User | None,
    programme: Programme,
    title: str,
    zone: str | None = None,
    venue: Venue | None = None,
    trainers: Iterable[Person] = (),
    confirmed: bool = True,
    **fields,
) -> Session:
    """A new session, with everybody who takes part on its roster unless it is by invitation only. Without a
    day it is not scheduled. `fields` are the model's, times local. A venue that is only named yet is made.

    What holds its place or trainers already refuses it; where people are expected elsewhere at that time it
    is refused (code `roster`) unless that is `confirmed`.
    """
    venue = kept_venue(by=by, tenant=programme.tenant, venue=venue)
    zone = zone or (venue.zone if venue else "") or programme.zone
    session = Session(programme=programme, title=title, zone=zone, venue=venue, **fields)
    check(session)
    people = list(trainers)
    if not confirmed:
        confirm(by, session, people)
    with refused_in_words(by, session, people):
        hold_venue(session)
        session.save()
        set_trainers(session, people)
    audit(by, "plan", session, ["title", *WHEN_AND_WHERE], tenant=programme.tenant)
    fill_roster(by=by, session=session)
    return session


@transaction.atomic
def change_session(
    *, by: User | None, session: Session, now: datetime, confirmed: bool = True, **fields
) -> Session:
    """Change what is given, `trainers` among it. A new time or place is a new revision, and hours follow."""
    row = locked(session)
    if row.cancelled_at:
        raise ValidationError(_("This session was cancelled: plan a new one."), code="cancelled")
    trainers, before = fields.pop("trainers", None), was(row)
    if "venue" in fields:
        fields["venue"] = kept_venue(by=by, tenant=row.programme.tenant, venue=fields["venue"])
    changed = {name for name, value in fields.items() if getattr(row, name) != value}
    for name in changed:
        setattr(row, name, fields[name])
    if changed & {"venue"} and "zone" not in fields and row.venue and row.venue.zone:
        row.zone = row.venue.zone
    check(row)
    if trainers is not None and set(row.trainers.all()) != set(trainers):
        changed.add("trainers")
    _place(by, row, changed, list(trainers) if "trainers" in changed else None, confirmed)
    if changed & set(WHEN_AND_WHERE):
        note_change(by=by, session=row, before=before, step=SessionChange.Step.MOVED, now=now)
    if changed:
        audit(by, "change", row, changed, tenant=row.programme.tenant)
    return row


def _place(
    by: User | None, row: Session, changed: set[str], trainers: list[Person] | None, confirmed: bool
) -> None:
    """Write what changed: times and place raise the revision, take the venue and move the trainers along."""
    is_moved = bool(changed & set(WHEN_AND_WHERE))
    if is_moved:
        row.revision += 1
        if not confirmed:
            confirm(by, row, trainers)
    with refused_in_words(by, row, trainers):
        if is_moved:
            hold_venue(row)
        if changed - {"trainers"}:
            row.save()
        if trainers is not None:
            set_trainers(row, trainers)
        if is_moved:
            row.leads.update(**meanwhile(row))
    if changed - {"trainers"}:
        _follow_length(row)


def move_session(
    *,
    by: User | None,
    session: Session,
    day: date | None,
    start: time | None,
    end: time | None,
    now: datetime,
) -> Session:
    """To another day or time. Who plans reminders sees it by the revision."""
    return change_session(by=by, session=session, now=now, day=day, start=start, end=end)


@transaction.atomic
def write_log(*, by: User, session: Session, operation: UUID, text: str, now: datetime) -> SessionLog:
    """A note of the session. The same operation is the same note."""
    text = text.strip()
    if not text:
        raise ValidationError({"text": _("There is nothing to keep: the note is empty.")})
    if len(text) > 5000:
        raise ValidationError(
            {"text": _("A note has at most 5000 characters; this one has %(n)s.") % {"n": len(text)}}
        )
    session = locked(session)
    if known := SessionLog.objects.filter(operation=operation).first():
        if (known.session_id, known.text) != (session.pk, text):
            raise ValidationError(_("Something else was sent under this operation already."), code="conflict")
        return known
    note = SessionLog.objects.create(operation=operation, session=session, by=by, at=now, text=text)
    audit(by, "write note", session, ["log"], tenant=session.programme.tenant)
    return note


@transaction.atomic
def close_session(*, by: User | None, session: Session, now: datetime) -> Session:
    """The register is done. Who is not marked stays unknown. Twice is once."""
    row = locked(session)
    if row.cancelled_at:
        raise ValidationError(_("This session was cancelled."), code="cancelled")
    if row.starts_at and now < row.starts_at:
        raise ValidationError(_("This session has not begun: it cannot be closed."), code="early")
    if Session.objects.filter(pk=row.pk, closed_at=None).update(closed_at=now):
        audit(by, "close", row, ["closed_at"], tenant=row.programme.tenant)
        row.closed_at = now
    return row


def _follow_length(session: Session) -> None:
    """Who stands on the roster is expected for the new length; what was marked is computed anew."""
    if session.roster.exclude(planned_minutes=session.minutes).exists() or session.marks.exists():
        session.roster.update(planned_minutes=session.minutes)
        derive_again(session, session.roster.all())
