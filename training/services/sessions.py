"""Sessions: planned, moved, cancelled, written about, closed."""

from collections.abc import Iterable
from datetime import date, datetime, time
from uuid import UUID

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils.translation import gettext as _

from accounts.audit import audit
from accounts.models import User
from lib import clock
from people.models import Person, Programme
from training.models import Enrolment, Mark, Module, RosterEntry, Session, SessionLog, Venue
from training.services.attendance import derive_again, locked

WHEN_AND_WHERE = (
    "day",
    "start",
    "end",
    "zone",
    "venue",
)  # what an invitation says: changing it is a new revision


@transaction.atomic
def plan_session(
    *,
    by: User | None,
    programme: Programme,
    title: str,
    title_sr: str = "",
    day: date | None = None,
    start: time | None = None,
    end: time | None = None,
    zone: str | None = None,
    module: Module | None = None,
    venue: Venue | None = None,
    trainers: Iterable[Person] = (),
    break_minutes: int = 0,
    minutes: int | None = None,
    kind: str = "",
    agenda: str = "",
    source: str = "",
    source_id: str = "",
) -> Session:
    """A new session, with everybody who takes part on its roster. Without a day it is not scheduled."""
    session = Session(
        programme=programme,
        title=title,
        title_sr=title_sr,
        day=day,
        start=start,
        end=end,
        zone=zone or (venue.zone if venue else "") or programme.zone,
        module=module,
        venue=venue,
        break_minutes=break_minutes,
        minutes=minutes,
        kind=kind,
        agenda=agenda,
        source=source,
        source_id=source_id,
    )
    _check(session)
    session.save()
    session.trainers.set(trainers)
    audit(by, "plan", session, ["title", *WHEN_AND_WHERE], tenant=programme.tenant)
    fill_roster(by=by, session=session)
    return session


@transaction.atomic
def change_session(*, by: User | None, session: Session, now: datetime, **fields) -> Session:
    """Change what is given, `trainers` among it. A new time or place is a new revision, and hours follow."""
    row = locked(session)
    if row.cancelled_at:
        raise ValidationError(_("This session was cancelled: plan a new one."), code="cancelled")
    trainers = fields.pop("trainers", None)
    changed = {name for name, value in fields.items() if getattr(row, name) != value}
    for name in changed:
        setattr(row, name, fields[name])
    if changed & {"venue"} and "zone" not in fields and row.venue and row.venue.zone:
        row.zone = row.venue.zone
    _check(row)
    if changed & set(WHEN_AND_WHERE):
        row.revision += 1
    if changed:
        row.save()
        _follow_length(row)
    if trainers is not None and set(row.trainers.all()) != set(trainers):
        row.trainers.set(trainers)
        changed.add("trainers")
    if changed:
        audit(by, "change", row, changed, tenant=row.programme.tenant)
    return row


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
def cancel_session(*, by: User | None, session: Session, now: datetime) -> Session:
    """It does not take place; what was marked stays on record and counts in no hours. Twice is once."""
    row = locked(session)
    if row.closed_at:
        raise ValidationError(
            _("This session took place and is closed: it cannot be cancelled."), code="closed"
        )
    if row.cancelled_at is None:
        row.cancelled_at = now
        row.revision += 1
        row.save(update_fields=["cancelled_at", "revision"])
        audit(by, "cancel", row, ["cancelled_at"], tenant=row.programme.tenant)
    return row


@transaction.atomic
def fill_roster(*, by: User | None, session: Session, enrolments: Iterable[Enrolment] | None = None) -> int:
    """Put people on the roster (default: everybody who takes part); return how many are new.

    Marks that were kept for somebody who did not stand on it count from now on.
    """
    wanted = session.programme.enrolments.taking_part() if enrolments is None else list(enrolments)
    if any(enrolment.programme_id != session.programme_id for enrolment in wanted):
        raise ValidationError(_("This person does not take part in this programme."), code="stranger")
    there = set(session.roster.values_list("enrolment_id", flat=True))
    entries = [
        RosterEntry(session=session, enrolment=enrolment, planned_minutes=session.minutes)
        for enrolment in wanted
        if enrolment.pk not in there
    ]
    RosterEntry.objects.bulk_create(entries)
    if entries:
        audit(by, "fill roster", session, ["roster"], tenant=session.programme.tenant)
        waiting = Mark.objects.filter(
            session=session, unsettled=True, enrolment__in=[e.enrolment_id for e in entries]
        )
        if waiting.update(unsettled=False):
            derive_again(session, entries)
    return len(entries)


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


def _check(session: Session) -> None:
    """What a session must be, in words; the database holds the same as constraints."""
    if not session.title.strip():
        raise ValidationError({"title": _("A session needs a title.")})
    if not clock.is_zone(session.zone):
        raise ValidationError({"zone": _("“%(zone)s” is no time zone.") % {"zone": session.zone}})
    if session.day and not 1990 <= session.day.year <= 2100:
        raise ValidationError({"day": _("The day must lie between 1990 and 2100.")})
    if (session.start is None) != (session.end is None):
        raise ValidationError({"end": _("Give both the start and the end, or neither.")})
    if session.start and session.day is None:
        raise ValidationError({"day": _("A session with a time needs a day.")})
    if session.start and session.end <= session.start:
        raise ValidationError({"end": _("A session ends after it starts.")})
    if session.start:
        length = (session.end.hour - session.start.hour) * 60 + session.end.minute - session.start.minute
        if session.break_minutes >= length:
            raise ValidationError({"break_minutes": _("The breaks are as long as the session.")})
    if session.module and session.module.programme_id != session.programme_id:
        raise ValidationError({"module": _("This module belongs to another programme.")})
    if session.venue and session.venue.tenant_id != session.programme.tenant_id:
        raise ValidationError({"venue": _("This venue belongs to another organisation.")})


def _follow_length(session: Session) -> None:
    """Who stands on the roster is expected for the new length; what was marked is computed anew."""
    if session.roster.exclude(planned_minutes=session.minutes).exists() or session.marks.exists():
        session.roster.update(planned_minutes=session.minutes)
        derive_again(session, session.roster.all())
