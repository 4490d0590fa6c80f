"""Marks of a file, written a session at a time, and taken back.

An operation's id follows from the source, the person, the session and what is said, so that the same file
twice is the same marks. What was taken back since may be said again: it is another operation then.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime, time
from uuid import UUID, uuid5

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from accounts.models import User
from desk.loading.fields import Refused
from desk.loading.kinds import CREATED, UNCHANGED, UPDATED, Target
from desk.loading.trail import Trail
from training.models import Attendance, Enrolment, Mark, RosterEntry, Session, Status
from training.services import Outcome, fill_roster, record_marks

OURS = UUID("2f8d4f0e-6c0a-4b7b-9a51-70d2a1f0c3e4")  # marks of files
BAD = (Outcome.REFUSED, Outcome.CONFLICT)
WHAT = ("status", "arrival", "leaving", "minutes", "reason")
Pair = tuple[int, int]  # session, enrolment


@dataclass
class Asked:
    """One square of the sheet. `field` is ours of the column it stands in."""

    session: Session
    enrolment: Enrolment
    status: str
    minutes: int | None = None
    arrival: time | None = None
    leaving: time | None = None
    reason: str = ""
    field: str = "mark"

    @property
    def pair(self) -> Pair:
        return self.session.pk, self.enrolment.pk

    @property
    def said(self) -> tuple:
        return tuple(getattr(self, name) for name in WHAT)


class _Wrong(Exception):
    """Some rows are refused: nothing of this try stays."""

    def __init__(self, rows: dict[int, Refused]):
        super().__init__()
        self.rows = rows


class Marking:
    def __init__(self, target: Target, trail: Trail, noticed: list[str]):
        self.target, self.trail, self.noticed = target, trail, noticed

    def write(self, asked: Mapping[int, list[Asked]]) -> dict[int, str | Refused]:
        """By row: what became of it. A row of which one mark is refused is refused whole."""
        refused: dict[int, Refused] = {}
        while True:
            rest = {row: marks for row, marks in asked.items() if row not in refused}
            try:
                with transaction.atomic(), self.trail.attempt():
                    return self._write(rest) | refused
            except _Wrong as wrong:
                refused |= wrong.rows

    def _write(self, asked: Mapping[int, list[Asked]]) -> dict[int, str]:
        sessions = {one.session.pk: one.session for marks in asked.values() for one in marks}
        standing, known = _standing(sessions), _operations(sessions)
        outcomes, fresh = dict.fromkeys(asked, UNCHANGED), {}
        for row, marks in asked.items():
            for one in marks:
                operation = self._operation(one, known)
                before = standing.get(one.pair)
                if operation in known or before == one.said:
                    continue
                fresh.setdefault(one.session.pk, []).append((row, one, operation))
                outcomes[row] = CREATED if before is None or outcomes[row] == CREATED else UPDATED
        wrong: dict[int, Refused] = {}
        added = 0
        for pk, marks in fresh.items():
            added += self._on_roster(sessions[pk], [one.enrolment for _row, one, _operation in marks])
            wrong |= self._record(sessions[pk], marks)
        if wrong:
            raise _Wrong(wrong)
        self._tell(
            {operation for marks in fresh.values() for _row, _one, operation in marks}, list(fresh), added
        )
        return outcomes

    def _operation(self, one: Asked, known: set[UUID]) -> UUID:
        said = "|".join(map(str, (self.target.source, *one.pair, *one.said)))
        turn = 0
        while True:
            operation = uuid5(OURS, f"{said}|{turn}")
            if operation not in known or taken_back(operation) not in known:
                return operation
            turn += 1

    def _record(self, session: Session, marks: list[tuple[int, Asked, UUID]]) -> dict[int, Refused]:
        said = [
            {"operation": operation, "enrolment": one.enrolment.pk, "source": Mark.Source.LOAD}
            | {name: getattr(one, name) for name in WHAT}
            for _row, one, operation in marks
        ]
        column = lambda one: "" if one.field != "marks" else str(one.session)  # noqa: E731 - a name for a word
        try:
            results = record_marks(by=self.target.by, session=session, marks=said, now=self.target.now)
        except ValidationError as error:
            words = " ".join(error.messages)
            return {row: Refused(words, one.field, one.status, column=column(one)) for row, one, _op in marks}
        return {
            row: Refused(result.words, one.field, one.status, column=column(one))
            for (row, one, _operation), result in zip(marks, results, strict=True)
            if result.outcome in BAD
        }

    def _on_roster(self, session: Session, people: list[Enrolment]) -> int:
        """Whoever a register names was expected there, though she was enrolled later."""
        there = set(session.roster.values_list("enrolment_id", flat=True))
        missing = [row for row in {row.pk: row for row in people}.values() if row.pk not in there]
        if not missing:
            return 0
        fill_roster(by=self.target.by, session=session, enrolments=missing)
        made = session.roster.filter(enrolment__in=missing).order_by("pk").values_list("pk", flat=True)
        self.trail.made(RosterEntry, made)
        return len(missing)

    def _tell(self, operations: set[UUID], sessions: list[int], added: int) -> None:
        rows = Mark.objects.filter(session__in=sessions, source=Mark.Source.LOAD).order_by("pk")
        self.trail.made(
            Mark, [pk for pk, operation in rows.values_list("pk", "operation") if operation in operations]
        )
        if added:
            words = ngettext(
                "%(n)s place on a roster is new: the sheet marks somebody who was not expected there.",
                "%(n)s places on rosters are new: the sheet marks people who were not expected there.",
                added,
            )
            self.noticed.append(words % {"n": added})


def _standing(sessions: Iterable[int]) -> dict[Pair, tuple]:
    rows = Attendance.objects.filter(entry__session__in=list(sessions)).order_by()
    names = (
        "entry__session_id",
        "entry__enrolment_id",
        "status",
        "arrival",
        "leaving",
        "mark__minutes",
        "mark__reason",
    )
    return {(row[0], row[1]): row[2:] for row in rows.values_list(*names)}


def _operations(sessions: Iterable[int]) -> set[UUID]:
    rows = Mark.objects.filter(session__in=list(sessions), source=Mark.Source.LOAD).order_by()
    return set(rows.values_list("operation", flat=True))


def taken_back(operation: UUID) -> UUID:
    """The operation that takes one back."""
    return uuid5(operation, "taken back")


def refuse_if_marked_since(ids: Iterable[int]) -> None:
    """Raises ValidationError where somebody marked over one of these marks."""
    ids = set(ids)
    last: dict[Pair, int] = {}
    for pk, mark in Mark.objects.in_bulk(ids).items():
        pair = mark.session_id, mark.enrolment_id
        last[pair] = max(pk, last.get(pair, 0))
    sessions = {session for session, _enrolment in last}
    later = Mark.objects.filter(session__in=sessions, pk__gt=min(ids)).select_related(
        "enrolment__person", "session", "by"
    )
    for mark in later.order_by("pk").iterator(2000):
        if mark.pk not in ids and mark.pk > last.get((mark.session_id, mark.enrolment_id), mark.pk):
            words = _(
                "“%(who)s” in “%(session)s” was marked after this import, by %(by)s: it cannot be taken back."
            )
            said = {
                "who": mark.enrolment,
                "session": mark.session,
                "by": mark.by or mark.get_source_display(),
            }
            raise ValidationError(words % said)


def take_marks_back(ids: Iterable[int], *, by: User | None, reason: str, now: datetime) -> None:
    """Marks are never deleted: another one says what stood before, or that nobody was marked."""
    ids = set(ids)
    ours = Mark.objects.in_bulk(ids)
    sessions = Session.objects.in_bulk({mark.session_id for mark in ours.values()})
    for pk, session in sessions.items():
        hers = {mark.enrolment_id: mark for _pk, mark in sorted(ours.items()) if mark.session_id == pk}
        before: dict[int, Mark] = {}
        for mark in Mark.objects.filter(
            session=session, enrolment__in=hers, pk__lt=max(m.pk for m in hers.values())
        ).order_by("pk"):
            if mark.pk not in ids:
                before[mark.enrolment_id] = mark
        marks = [_again(mark, before.get(mark.enrolment_id), reason) for mark in hers.values()]
        results = record_marks(by=by, session=session, marks=marks, now=now)
        if bad := next((one for one in results if one.outcome in BAD), None):
            raise ValidationError(bad.words)


def _again(mark: Mark, before: Mark | None, reason: str) -> dict:
    said = {
        "operation": taken_back(mark.operation),
        "enrolment": mark.enrolment_id,
        "source": Mark.Source.LOAD,
    }
    if before is None or before.status == Status.CLEARED:
        return said | {"status": str(Status.CLEARED), "reason": reason}
    return said | {name: getattr(before, name) for name in WHAT} | {"reason": before.reason or reason}
