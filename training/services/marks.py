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
from training.register import differences
from training.register.reckoning import fold, refusal, says
from training.services.attendance import derive, locked
from training.services.sealing import append

# what equal operations share
SAID = ("session_id", "enrolment_id", "status", "arrival", "leaving", "minutes", "reason")


class Outcome(StrEnum):
    SAVED = "saved"
    KNOWN = "known"  # this operation was here before, saying the same
    UNSETTLED = "unsettled"  # kept; she is not on the roster, so it counts for nothing yet
    REFUSED = "refused"  # nothing was kept
    CONFLICT = "conflict"  # refused: this operation was here before, saying something else


class Result(NamedTuple):
    """The answer to one operation; `words` say why it was refused or does not count."""

    operation: UUID
    enrolment: int | None  # none: of somebody at the door who is not here yet
    outcome: Outcome
    words: str = ""


class Known(NamedTuple):
    """What is in the database about the marks that are asked for."""

    operations: dict[UUID, Mark]  # by operation, also those of walk-ins
    people: set[int]  # enrolments of the programme
    roster: dict[int, RosterEntry]
    last: dict[int, Mark]  # the mark that decides, by enrolment; also one that takes back


@transaction.atomic
def record_marks(*, by: User | None, session: Session, marks: Iterable[dict], now: datetime) -> list[Result]:
    """Keep marks in the order given, and derive attendance; one result each, in the same order.

    A mark: operation (UUID or its text), enrolment (row or primary key) or walk_in (the operation that
    brought her), status; may have arrival and leaving (local times), minutes (of a loaded register), reason,
    at_device, source, device, paper, and seen: the operation that the marker had before her eyes, "" for not
    marked. One that is refused does not keep the others from being saved. After the session is closed, a mark
    that changes what stands needs a reason. Raises ValidationError when the session takes no marks at all.
    """
    session, marks = locked(session), list(marks)
    _refuse_session(session, now)
    asked = [_mark(by, session, one, now) for one in marks]
    came = [_operation(one["walk_in"]) if one.get("walk_in") else None for one in marks]
    known = _known(session, asked, came)
    results, fresh = [], []
    for mark in asked:
        mark.unsettled = mark.enrolment_id not in known.roster
        result = _judge(mark, known, session)
        if result.outcome in (Outcome.SAVED, Outcome.UNSETTLED):
            fresh.append(mark)
            known.operations[mark.operation] = mark
            if not mark.unsettled:
                mark.differs_from = differences.between(mark, known.last.get(mark.enrolment_id))
                known.last[mark.enrolment_id] = mark
        results.append(result)
    if fresh:
        _keep(by, session, fresh, known.roster)
    return results


def _known(session: Session, asked: list[Mark], came: list[UUID | None]) -> Known:
    wanted = {mark.operation for mark in asked} | set(filter(None, came))
    operations = Mark.objects.in_bulk(wanted, field_name="operation")
    for mark, walk_in in zip(asked, came, strict=True):
        if walk_in and (hers := operations.get(walk_in)) and hers.session_id == session.pk:
            mark.enrolment_id = hers.enrolment_id
    hers = {mark.enrolment_id for mark in asked}
    people = session.programme.enrolments.filter(pk__in=hers).order_by().values_list("pk", flat=True)
    roster = {entry.enrolment_id: entry for entry in session.roster.filter(enrolment__in=hers)}
    before = session.marks.filter(enrolment__in=hers, unsettled=False).select_related("differs_from")
    last = {mark.enrolment_id: mark for mark in before.order_by("pk")}
    return Known(operations, set(people), roster, last)


def _keep(by: User | None, session: Session, fresh: list[Mark], roster: dict[int, RosterEntry]) -> None:
    """The last of somebody's new marks decides: all earlier ones stand before it in the server's order."""
    try:
        with transaction.atomic():
            append(session, fresh)
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
def mark_rest_present(*, by: User, session: Session, operation: UUID, now: datetime, **said) -> list[Result]:
    """Everybody on the roster who is not marked is present. When the same operation comes again, whoever was
    taken back since stays so. `said`: at_device, device, reason, as of one mark."""
    session = locked(session)
    unmarked = session.roster.filter(attendance=None).order_by("enrolment__row_code")
    marks = [
        {**said, "operation": uuid5(operation, str(pk)), "enrolment": pk, "status": Status.PRESENT}
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
    enrolment = one.get("enrolment")
    return Mark(
        operation=_operation(one["operation"]),
        session=session,
        enrolment_id=getattr(enrolment, "pk", enrolment),
        by=by,
        source=one.get("source") or Mark.Source.TAP,
        status=one["status"],
        arrival=one.get("arrival"),
        leaving=one.get("leaving"),
        minutes=one.get("minutes"),
        reason=(one.get("reason") or "").strip()[:300],
        at_device=one.get("at_device"),
        at_server=now,
        device=(one.get("device") or "").strip()[:60],
        seen=_seen(one.get("seen")),
        paper=one.get("paper"),
    )


def _operation(said: UUID | str) -> UUID:
    return said if isinstance(said, UUID) else UUID(str(said))


def _seen(said: UUID | str | None) -> str | None:
    """As the database writes it; what is no operation was seen by nobody."""
    if said is None:
        return None
    try:
        return str(_operation(said)) if said else ""
    except ValueError:
        return None


def _judge(mark: Mark, known: Known, session: Session) -> Result:
    def result(outcome: Outcome, words: str = "") -> Result:
        return Result(mark.operation, mark.enrolment_id, outcome, words)

    if (before := known.operations.get(mark.operation)) is not None:
        same = all(getattr(before, name) == getattr(mark, name) for name in SAID)
        return result(Outcome.KNOWN) if same else result(Outcome.CONFLICT, said_otherwise())
    if mark.enrolment_id is None:
        return result(Outcome.REFUSED, _("Whom this is for has not arrived yet: send her first."))
    if mark.enrolment_id not in known.people:
        return result(Outcome.REFUSED, _("This person does not take part in this programme."))
    if words := refusal(mark, session) or _without_reason(mark, known, session):
        return result(Outcome.REFUSED, words)
    if mark.paper and mark.paper.session_id != session.pk:
        return result(Outcome.REFUSED, _("This sheet of paper is of another session."))
    if mark.unsettled:
        return result(
            Outcome.UNSETTLED, _("Kept, but this person is not on the roster: it counts for nothing yet.")
        )
    return result(Outcome.SAVED)


def _without_reason(mark: Mark, known: Known, session: Session) -> str:
    """A closed register says why it was corrected."""
    if not session.closed_at or mark.reason or says(mark) == says(known.last.get(mark.enrolment_id)):
        return ""
    return _("This session is closed: a correction needs a reason.")
