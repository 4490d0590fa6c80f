"""Are the registers what the services wrote? Each row that is not is named. Nothing here writes."""

import hashlib
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import NamedTuple

from django.db import transaction
from django.db.models import QuerySet

from training.models import Attendance, Mark, RosterEntry, Session
from training.register import chain
from training.register.reckoning import fold
from training.services.attendance import attendance_of, locked

AT_ONCE = 50  # sessions in memory
HELD = ("mark_id", "status", "arrival", "leaving", "minutes", "planned_minutes")  # of an attendance


@dataclass
class Counts:
    """`heads` is one digest over all chains: written down elsewhere, it also shows chains made anew."""

    sessions: int = 0
    marks: int = 0
    attendance: int = 0
    erased: int = 0  # marks whose reason was erased
    unlinked: int = 0  # marks whose marker was erased
    heads: "hashlib._Hash" = field(default_factory=hashlib.sha256)

    def add(self, session: Session, marks: list[Mark], seen: int) -> None:
        self.sessions += 1
        self.marks += len(marks)
        self.attendance += seen
        self.erased += sum(chain.is_erased(mark) for mark in marks)
        self.unlinked += sum(_is_unlinked(mark) for mark in marks)
        self.heads.update(f"{session.pk}:{session.chain_length}:{session.chain_head}\n".encode())


class Kept(NamedTuple):
    """What is in the database of one session; `seen` is the attendance by roster entry."""

    session: Session
    marks: list[Mark]
    entries: list[RosterEntry]
    seen: dict[int, Attendance]


def verify(sessions: QuerySet[Session], counts: Counts) -> Iterator[str]:
    """Walk these sessions, some at a time; say of each row what does not fit.

    A session that does not fit is looked at once more while nobody can mark in it: somebody may have marked
    between two reads.
    """
    last = 0
    while some := list(sessions.filter(pk__gt=last).order_by("pk")[:AT_ONCE]):
        last = some[-1].pk
        for kept in _read(some):
            if any(_judge(kept)):
                with transaction.atomic():
                    [kept] = _read([locked(kept.session)])
                    found = list(_judge(kept))
                yield from found
            counts.add(kept.session, kept.marks, len(kept.seen))


def _read(sessions: list[Session]) -> Iterator[Kept]:
    marks, entries = {one.pk: [] for one in sessions}, {one.pk: [] for one in sessions}
    for mark in Mark.objects.filter(session__in=marks).select_related("differs_from").order_by("pk"):
        marks[mark.session_id].append(mark)
    rows = RosterEntry.objects.filter(session__in=entries).select_related("attendance").order_by("pk")
    for entry in rows:
        entries[entry.session_id].append(entry)
    for session in sessions:
        its = entries[session.pk]
        seen = {entry.pk: entry.attendance for entry in its if hasattr(entry, "attendance")}
        yield Kept(session, marks[session.pk], its, seen)


def _judge(kept: Kept) -> Iterator[str]:
    yield from _chain(kept.session, kept.marks)
    yield from _attendance(kept)


def _chain(session: Session, marks: list[Mark]) -> Iterator[str]:
    """Which rows do not follow. A row that was edited still carries its seal, and the next one follows from
    that; a row that nothing follows from was added."""
    sealed = [mark for mark in marks if mark.chain]
    for mark in marks:
        if not mark.chain:
            yield f"mark {mark.pk} of session {session.pk} was added without the service: it has no seal"
    missing = session.chain_length - len(sealed)
    good, breaks = "", []
    for place, mark in enumerate(sealed):
        before = {good, sealed[place - 1].chain if place else "", _reckoned(sealed, place - 1)}
        if mark.chain in {chain.link(one, mark) for one in before}:
            yield from _digests(session, mark)
        else:
            breaks.append(place)
        if place not in breaks or _is_followed(session, sealed, place):
            good = mark.chain
    yield from _breaks(session, sealed, breaks, missing)


def _reckoned(sealed: list[Mark], place: int) -> str:
    """What the seal of this row ought to be, after the seal that stands before it."""
    return chain.link(sealed[place - 1].chain if place else "", sealed[place]) if place >= 0 else ""


def _is_followed(session: Session, sealed: list[Mark], place: int) -> bool:
    """Does a later row, or the session, build on this row's seal?"""
    mine = sealed[place].chain
    return session.chain_head == mine or any(
        mark.chain == chain.link(mine, mark) for mark in sealed[place + 1 : place + 3]
    )


def _breaks(session: Session, sealed: list[Mark], breaks: list[int], missing: int) -> Iterator[str]:
    of = f"of session {session.pk}"
    ends_right = bool(sealed) and sealed[-1].chain == session.chain_head
    for place in breaks:
        mark = sealed[place]
        if missing > 0:
            how = (
                f"{missing} before it removed"
                if ends_right and len(breaks) == 1
                else "or one before it removed"
            )
            yield f"mark {mark.pk} {of} does not follow from the one before: {how}, or it was edited"
        elif not _is_followed(session, sealed, place) and missing < 0:
            yield f"mark {mark.pk} {of} was added without the service: nothing follows from its seal"
        else:
            yield f"mark {mark.pk} {of} was edited: what it says is not what was sealed"
    if missing > 0 and not (breaks and ends_right):
        yield f"session {session.pk}: {missing} of {session.chain_length} marks removed, the last among them"
    if missing < 0 and not breaks:
        for mark in sealed[missing:]:
            yield f"mark {mark.pk} {of} was added without the service: the session's seal does not know it"
    head_fits = (sealed[-1].chain if sealed else "") == session.chain_head
    if missing == 0 and not breaks and not head_fits:
        yield f"session {session.pk}: its own seal was edited"


def _digests(session: Session, mark: Mark) -> Iterator[str]:
    """What the seal holds only as digests."""
    reason, hand = mark.reason_digest[: chain.HALF], mark.reason_digest[chain.HALF :]
    if not chain.is_erased(mark) and reason != chain.digest_of_reason(mark):
        yield f"mark {mark.pk} of session {session.pk} was edited: its reason is not the one that was sealed"
    if hand != chain.digest_of_hand(mark) and not _is_unlinked(mark):
        yield f"mark {mark.pk} of session {session.pk} was edited: somebody else is named as its marker"


def _is_unlinked(mark: Mark) -> bool:
    return mark.by_id is None and mark.reason_digest[chain.HALF :] != chain.digest_of_hand(mark)


def _attendance(kept: Kept) -> Iterator[str]:
    hers: dict[int, list[Mark]] = {}
    for mark in kept.marks:
        if not mark.unsettled:
            hers.setdefault(mark.enrolment_id, []).append(mark)
    for entry in kept.entries:
        state = fold(hers.get(entry.enrolment_id, []))
        wanted = attendance_of(kept.session, entry, state) if state else None
        seen = kept.seen.get(entry.pk)
        of = f"of enrolment {entry.enrolment_id} in session {kept.session.pk}"
        if wanted is None and seen is not None:
            yield f"attendance {seen.pk} {of}: no mark stands behind it"
        elif wanted is not None and seen is None:
            yield f"attendance {of} is missing: mark {state.mark.pk} says {state.status}"
        elif wanted is not None and (wrong := _unlike(seen, wanted)):
            yield f"attendance {seen.pk} {of} is not what its marks amount to: {', '.join(wrong)}"


def _unlike(seen: Attendance, wanted: Attendance) -> list[str]:
    return [
        f"{name} is {getattr(seen, name)}, not {getattr(wanted, name)}"
        for name in HELD
        if getattr(seen, name) != getattr(wanted, name)
    ]
