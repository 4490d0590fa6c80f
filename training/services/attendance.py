"""From marks to attendance, in the transaction of whoever changed marks, roster or times."""

from collections.abc import Iterable

from training.models import Attendance, Mark, RosterEntry, Session
from training.register.reckoning import State, fold, instant, minutes, sitting_of


def locked(session: Session) -> Session:
    """The session as it is now, held until the transaction ends: its marks get their order one by one.

    Rows that only point to it (a nomination in this session) may be written meanwhile, else two transactions
    wait for each other. (SQLite ignores it: there is one write lock, taken when a transaction begins.)
    """
    rows = Session.objects.select_for_update(of=("self",), no_key=True).select_related("programme__tenant")
    return rows.get(pk=session.pk)


def derive(session: Session, states: dict[RosterEntry, State | None]) -> None:
    """Write what these roster entries' marks amount to; an entry without a state becomes unknown."""
    rows = [attendance_of(session, entry, state) for entry, state in states.items() if state]
    Attendance.objects.bulk_create(
        rows,
        update_conflicts=True,
        unique_fields=["entry"],
        update_fields=["mark", "status", "arrival", "leaving", "minutes", "planned_minutes"],
    )
    if gone := [entry.pk for entry, state in states.items() if state is None]:
        Attendance.objects.filter(entry__in=gone).delete()


def derive_again(session: Session, entries: Iterable[RosterEntry]) -> None:
    """Fold all marks of these entries anew: the times changed, or somebody came back on the roster."""
    entries = list(entries)
    by_person: dict[int, list[Mark]] = {entry.enrolment_id: [] for entry in entries}
    for mark in Mark.objects.filter(session=session, enrolment__in=by_person):
        by_person[mark.enrolment_id].append(mark)
    derive(session, {entry: fold(by_person[entry.enrolment_id]) for entry in entries})


def attendance_of(session: Session, entry: RosterEntry, state: State) -> Attendance:
    """What a state amounts to, not written."""
    times = (instant(session, state.arrival), instant(session, state.leaving))
    sitting = sitting_of(session, entry.planned_minutes)
    return Attendance(
        entry=entry,
        mark=state.mark,
        status=state.status,
        arrival=state.arrival,
        leaving=state.leaving,
        minutes=minutes(sitting, state.status, *times, state.mark.minutes),
        planned_minutes=entry.planned_minutes,
    )
