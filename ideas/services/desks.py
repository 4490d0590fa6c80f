"""What lies on the desks of a round: taken away where it may not lie, laid on another desk."""

from collections import defaultdict
from collections.abc import Iterable
from datetime import date, datetime

from django.core.exceptions import ValidationError
from django.db import transaction
from django.db.models import Count, Max, Q
from django.utils.translation import gettext as _

from accounts.audit import audit
from accounts.models import User
from ideas import conflicts
from ideas.assigning import fit
from ideas.assigning.facts import idea_row, seat_row
from ideas.models import Idea, ReviewTask, Round, Seat
from lib import clock
from lib.saying import together
from mentoring.models import Mentor
from people.models import Programme

WAITING, DONE = ReviewTask.State.WAITING, ReviewTask.State.DONE
LOAD = Count("tasks", filter=Q(tasks__state__in=[WAITING, DONE]))


def drop_new_conflicts(*, by: User | None, idea: Idea, now: datetime) -> None:
    """After somebody joined an idea: reviewers in conflict with her who have not judged it lose it."""
    rounds = Round.objects.filter(seats__tasks__idea=idea, seats__tasks__state=WAITING).distinct()
    for round in rounds.select_related("programme__tenant").order_by("pk"):
        _clear(by, round, now, Q(idea=idea))


def clear_desks(*, now: datetime) -> int:
    """Whoever came into conflict with a nominator since an open round began (she declared it, she was hired)
    loses what she has not judged; return how many. Any number of sweeps may run."""
    rounds = Round.objects.filter(opens_at__lte=now, closes_at__gt=now).select_related("programme__tenant")
    return sum(_clear(None, round, now) for round in rounds)


@transaction.atomic
def _clear(by: User | None, round: Round, now: datetime, of: Q | None = None) -> int:
    """Of the reviews that wait in a round, those that a conflict of interest forbids by now. As many queries
    for one as for a hundred."""
    tasks = ReviewTask.objects.waiting().filter(of or Q(), seat__round=round)
    tasks = list(tasks.select_related("seat__reviewer", "idea").order_by("pk"))
    found = conflicts_in(round, {t.seat.reviewer for t in tasks}, {t.idea for t in tasks}, now)
    words = {t.pk: together(found.get((t.seat.reviewer_id, t.idea_id), []), 300) for t in tasks}
    taken = _taken(round, [t.pk for t in tasks if words[t.pk]], now, words)
    if taken:
        lay_elsewhere(round, taken, now)
        audit(by, "found conflicts", round, ["tasks", "reason"], tenant=round.programme.tenant)
    return len(taken)


def _taken(round: Round, keys: list[int], now: datetime, words: dict[int, str]) -> list[ReviewTask]:
    """Those of the reviews that still wait, set to `conflict`."""
    if not keys:
        return []
    hold(round)
    rows = ReviewTask.objects.waiting().filter(pk__in=keys).select_for_update(of=("self",))
    rows = list(rows.select_related("idea__text").order_by("pk"))
    for row in rows:
        row.state, row.state_at, row.reason = ReviewTask.State.CONFLICT, now, words[row.pk]
    ReviewTask.objects.bulk_update(rows, ["state", "state_at", "reason"], batch_size=500)
    return rows


def step_back(by: User | None, task: ReviewTask, state: str, reason: str, now: datetime) -> bool:
    """Take the idea from her desk and lay it on another, if there is one. False when she did so before."""
    round = hold(task.seat.round)
    if not put(task, state, reason, now):
        return False
    lay_elsewhere(round, [task], now)
    return True


def hold(round: Round) -> Round:
    """One after the other in a round, until the transaction ends: two who step back, lay or decide at once
    must not choose the same desk for an idea, nor give it twice."""
    rows = Round.objects.select_for_update(of=("self",), no_key=True).select_related("programme__tenant")
    return rows.get(pk=round.pk)


def put(task: ReviewTask, state: str, reason: str, now: datetime) -> bool:
    """From waiting to another state. ValidationError where it is handed in."""
    waiting = ReviewTask.objects.filter(pk=task.pk, state=WAITING)
    if not waiting.update(state=state, state_at=now, reason=reason):
        task.refresh_from_db(fields=["state", "reason"])
        if task.state == DONE:
            raise ValidationError(_("This review is handed in already."))
        return False
    task.state, task.state_at, task.reason = state, now, reason
    return True


def lay_elsewhere(round: Round, tasks: Iterable[ReviewTask], now: datetime) -> list[ReviewTask]:
    """The ideas of these reviews for others of the round: each for whom fewest wait, of these the one whom it
    fits best, of these the one who was put into the round first; never one who has a conflict, does not read
    its language, had it before, left, or has as many as she takes. A constant number of queries."""
    ideas = [task.idea for task in tasks]
    seats = list(seats_of(round))
    found = conflicts_in(round, [seat.reviewer for seat in seats], ideas, now)
    rows, had = rows_of(seats), _had(round, ideas)
    made = []
    for idea in ideas:
        said = idea_row(idea)
        may = [
            seat
            for seat in seats
            if (seat.cap is None or seat.load < seat.cap)
            and (seat.reviewer_id, idea.pk) not in found
            and seat.pk not in had[idea.pk]
            and fit.reads(said, rows[seat.pk])
        ]
        if may:
            points = {seat.pk: fit.points(said, rows[seat.pk]) for seat in may}
            chosen = min(may, key=lambda s, of=points: (s.waiting, -sum(of[s.pk].values()), s.pk))
            made.append(laid(chosen, idea, points[chosen.pk], now))
            had[idea.pk].add(chosen.pk)
    return ReviewTask.objects.bulk_create(made, batch_size=1000)


def laid(seat: Seat, idea: Idea, points: dict, now: datetime) -> ReviewTask:
    seat.load, seat.waiting, seat.last = seat.load + 1, seat.waiting + 1, (seat.last or 0) + 1
    return ReviewTask(seat=seat, idea=idea, place=seat.last, state_at=now, points=points)


def seats_of(round: Round):
    """Who judges in it now: with `load` (waiting and done), `waiting`, and the `last` place on her desk."""
    seats = round.seats.filter(left_at=None).select_related("reviewer").order_by("pk")
    return seats.annotate(
        load=LOAD, waiting=Count("tasks", filter=Q(tasks__state=WAITING)), last=Max("tasks__place")
    )


def rows_of(seats: list[Seat]) -> dict[int, dict]:
    people = [seat.reviewer_id for seat in seats]
    known = {row.person_id: row for row in Mentor.objects.filter(person__in=people)}
    return {seat.pk: seat_row(0, seat, known.get(seat.reviewer_id)) for seat in seats}


def _had(round: Round, ideas: Iterable[Idea]) -> dict[int, set[int]]:
    """By idea: the seats on whose desks it lies or lay."""
    found = defaultdict(set)
    keys = {idea.pk for idea in ideas}
    for idea, seat in ReviewTask.objects.filter(seat__round=round, idea__in=keys).values_list("idea", "seat"):
        found[idea].add(seat)
    return found


def conflicts_in(round: Round, reviewers, ideas, now: datetime) -> dict[tuple[int, int], list[str]]:
    return conflicts.found(reviewers, ideas, day_of(round.programme, now))


def day_of(programme: Programme, now: datetime) -> date:
    return clock.local(now, programme.zone).date()
