"""What the page of one idea in a round shows: desks where it lies, desks where it could."""

from datetime import datetime
from typing import NamedTuple

from accounts.models import User
from ideas import conflicts, rules
from ideas.assigning import fit, words
from ideas.assigning.facts import idea_row
from ideas.models import Idea, ReviewTask, Round, Seat
from ideas.services.desks import day_of, rows_of, seats_of

ON_A_DESK = (ReviewTask.State.WAITING, ReviewTask.State.DONE)


class Desk(NamedTuple):
    """A reviewer who does not have the idea: her load, what speaks for her, what stands in the way."""

    seat: Seat
    reason: str
    conflict: list[str]
    gave_back: str
    is_full: bool
    reads: bool

    @property
    def may(self) -> bool:
        return not (self.conflict or self.gave_back or self.is_full)


def desks(user: User, round: Round, idea: Idea, now: datetime) -> dict:
    """{"tasks": on whose desks it lies, each with `why`; "others": the rest, who fits best first; "left": who
    had it}. A constant number of queries."""
    tasks = idea.tasks.filter(seat__round=round).select_related("seat__reviewer", "seat__round")
    tasks = {task.seat_id: task for task in tasks.order_by("seat__reviewer__name_key")}
    row = idea_row(idea)
    on_desks = [task for task in tasks.values() if task.state in ON_A_DESK]
    for task in on_desks:
        task.why = words.reason(row, task.points) if task.run_id or task.points else ""
    seats = [seat for seat in seats_of(round) if seat.pk not in {task.seat_id for task in on_desks}]
    found = conflicts.found([seat.reviewer for seat in seats], [idea], day_of(round.programme, now))
    others = _others(seats, row, tasks, found, rules.may_see_nominators(user, idea))
    return {
        "tasks": on_desks,
        "others": others,
        "free": sum(desk.may for desk in others),
        "left": [task for task in tasks.values() if task.state not in ON_A_DESK],
    }


def _others(seats: list[Seat], row: dict, tasks: dict, found: dict, is_told: bool) -> list[Desk]:
    """`is_told`: who judges it blind herself learns that there is a conflict, not which."""
    known, made = rows_of(seats), []
    for seat in seats:
        points, task = fit.points(row, known[seat.pk]), tasks.get(seat.pk)
        stand = found.get((seat.reviewer_id, row["idea"]), [])
        made.append(
            Desk(
                seat=seat,
                reason=words.reason(row, points),
                conflict=list(dict.fromkeys(stand)) if is_told else [words.conflict()] * bool(stand),
                gave_back=task.reason if task and task.state != ReviewTask.State.WITHDRAWN else "",
                is_full=seat.cap is not None and seat.load >= seat.cap,
                reads=fit.reads(row, known[seat.pk]),
            )
        )
    return sorted(made, key=lambda desk: (not desk.may, not desk.reads, desk.seat.waiting, desk.seat.pk))
