"""Marks: operations with ids of their own, made on a device, kept in the server's order."""

from collections.abc import Iterable
from datetime import datetime
from enum import StrEnum
from typing import NamedTuple
from uuid import UUID, uuid5

from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction
from django.utils import formats
from django.utils.translation import gettext as _

from accounts.audit import audit
from accounts.models import User
from lib import clock
from training.models import Mark, RosterEntry, Session, Status
from training.register import fold, refusal
from training.services.attendance import derive, locked

SAID = ("session_id", "enrolment_id", "status", "arrival", "leaving", "reason")  # what equal operations share


class Outcome(StrEnum):
    SAVED = "saved"
    KNOWN = "known"  # this operation was here before, saying the same
    UNSETTLED = "unsettled"  # kept; she is not on the roster, so it counts for nothing yet
    REFUSED = "refused"  # nothing was kept
    CONFLICT = "conflict"  # refused: this operation was here before, saying something else


class Result(NamedTuple):
    """The answer to one operation; `words` say why it was refused or does not count."""

    operation: UUID
    enrolment: int
    outcome: Outcome
    words: str = ""


@transaction.atomic
def record_marks(*, by: User | None, session: Session, marks: Iterable[dict], now: datetime) -> list[Result]:
    """Keep marks in the order given, and derive attendance; one result each, in the same order.

    A mark: operation (UUID or its text), enrolment (row or primary key), status; may have arrival and leaving
    (local times), reason, at_device, source. One that is refused does not keep the others from being saved.
    Raises ValidationError when the session takes no marks at all.
    """
    session = locked(session)
    _refuse_session(session, now)
    asked = [_mark(by, session, one, now) for one in marks]
    known = Mark.objects.in_bulk([mark.operation for mark in asked], field_name="operation")
    hers = [mark.enrolment_id for mark in asked]
    people = set(session.programme.enrolments.filter(pk__in=hers).order_by().values_list("pk", flat=True))
    roster = {entry.enrolment_id: entry for entry in session.roster.filter(enrolment__in=hers)}
    results, fresh = [], []
    for mark in asked:
        mark.unsettled = mark.enrolment_id not in roster
        result = _judge(mark, known.get(mark.operation), people, session)
        if result.outcome in (Outcome.SAVED, Outcome.UNSETTLED):
            fresh.append(mark)
            known[mark.operation] = mark
        results.append(result)
    if fresh:
        _keep(by, session, fresh, roster)
    return results


def _keep(by: User | None, session: Session, fresh: list[Mark], roster: dict[int, RosterEntry]) -> None:
    """The last of somebody's new marks decides: all earlier ones stand before it in the server's order."""
    try:
        with transaction.atomic():
            Mark.objects.bulk_create(fresh)
    except IntegrityError:  # the same operation, in this moment, for another session
        raise ValidationError(
            _("One of these operations is being sent twice. Send them again."), code="conflict"
        ) from None
    hers = {mark.enrolment_id: [] for mark in fresh if not mark.unsettled}
    for mark in fresh:
        if not mark.unsettled:
            hers[mark.enrolment_id].append(mark)
    derive(session, {roster[pk]: fold(marks) for pk, marks in hers.items()})
    audit(by, "mark", session, ["marks"], tenant=session.programme.tenant)


@transaction.atomic
def mark_rest_present(*, by: User, session: Session, operation: UUID, now: datetime) -> list[Result]:
    """Everybody on the roster who is not marked is present. When the same operation comes again, whoever was
    taken back since stays so."""
    session = locked(session)
    unmarked = session.roster.filter(attendance=None).order_by("enrolment__row_code")
    marks = [
        {"operation": uuid5(operation, str(pk)), "enrolment": pk, "status": Status.PRESENT}
        for pk in unmarked.values_list("enrolment_id", flat=True)
    ]
    before = Mark.objects.in_bulk([mark["operation"] for mark in marks], field_name="operation")
    marks = [mark for mark in marks if mark["operation"] not in before]
    return record_marks(by=by, session=session, marks=marks, now=now)


def said_otherwise() -> str:
    return _("Something else was sent under this operation already.")


def _refuse_session(session: Session, now: datetime) -> None:
    if session.cancelled_at:
        raise ValidationError(_("This session was cancelled: nobody can be marked."), code="cancelled")
    if session.day and session.day > clock.local(now, session.zone).date():
        day = formats.date_format(session.day)
        raise ValidationError(
            _("This session is on %(day)s: nobody can be marked yet.") % {"day": day}, code="early"
        )


def _mark(by: User | None, session: Session, one: dict, now: datetime) -> Mark:
    enrolment = one["enrolment"]
    operation = one["operation"]
    return Mark(
        operation=operation if isinstance(operation, UUID) else UUID(str(operation)),
        session=session,
        enrolment_id=getattr(enrolment, "pk", enrolment),
        by=by,
        source=one.get("source") or Mark.Source.TAP,
        status=one["status"],
        arrival=one.get("arrival"),
        leaving=one.get("leaving"),
        reason=(one.get("reason") or "").strip()[:300],
        at_device=one.get("at_device"),
        at_server=now,
    )


def _judge(mark: Mark, known: Mark | None, people: set[int], session: Session) -> Result:
    def result(outcome: Outcome, words: str = "") -> Result:
        return Result(mark.operation, mark.enrolment_id, outcome, words)

    if known is not None:
        same = all(getattr(known, name) == getattr(mark, name) for name in SAID)
        return result(Outcome.KNOWN) if same else result(Outcome.CONFLICT, said_otherwise())
    if mark.enrolment_id not in people:
        return result(Outcome.REFUSED, _("This person does not take part in this programme."))
    if words := refusal(mark, session):
        return result(Outcome.REFUSED, words)
    if mark.unsettled:
        return result(
            Outcome.UNSETTLED, _("Kept, but this person is not on the roster: it counts for nothing yet.")
        )
    return result(Outcome.SAVED)
