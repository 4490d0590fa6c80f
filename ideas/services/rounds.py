"""The verbs of a round: open it, take an idea from a desk and lay it on another."""

from collections.abc import Iterable, Mapping
from datetime import date, datetime
from zoneinfo import ZoneInfo

from django.core.exceptions import ValidationError
from django.db import transaction
from django.db.models import Count, Max, Q
from django.utils import timezone
from django.utils.translation import gettext as _

from accounts.audit import audit
from accounts.models import User
from ideas import conflicts
from ideas.assigning import assign
from ideas.models import Criterion, Idea, ReviewTask, Round, Seat
from people.models import Membership, Person, Programme

JUDGED = (Idea.State.NOMINATED, Idea.State.SCREENED, Idea.State.IN_REVIEW)  # what a round takes up


@transaction.atomic
def open_round(
    *,
    by: User | None,
    programme: Programme,
    opens_at: datetime,
    closes_at: datetime,
    coverage: int,
    criteria: Iterable[Mapping],
    reviewers: Iterable[Person],
    is_blind: bool = True,
    caps: Mapping[int, int] | None = None,
    now: datetime,
) -> Round:
    """A round over the ideas that wait to be judged, each on the desks of `coverage` reviewers without a
    conflict, in each reviewer's own order.

    `criteria`: {"name", "weight", "help"?, "name_sr"?, "help_sr"?} in order; `caps`: most ideas by person.
    An idea that cannot have enough reviewers is on record as short (ideas.board), not refused.
    """
    held = Programme.objects.select_for_update(of=("self",), no_key=True).select_related("tenant")
    programme = held.get(pk=programme.pk)
    criteria, reviewers, caps = list(criteria), list(reviewers), caps or {}
    ideas = list(programme.ideas.filter(state__in=JUDGED))
    _check_round(programme, opens_at, closes_at, coverage, criteria, reviewers, ideas)
    round = Round.objects.create(
        programme=programme,
        number=(programme.rounds.aggregate(last=Max("number"))["last"] or 0) + 1,
        opens_at=opens_at,
        closes_at=closes_at,
        coverage=coverage,
        is_blind=is_blind,
    )
    for position, criterion in enumerate(criteria, 1):
        row = Criterion(round=round, position=position, **criterion)
        row.full_clean(validate_unique=False)
        row.save()
    seats = {p.pk: Seat.objects.create(round=round, reviewer=p, cap=caps.get(p.pk)) for p in reviewers}
    found = set(conflicts.found(reviewers, ideas, _day(programme, now)))
    ReviewTask.objects.bulk_create(
        ReviewTask(seat=seats[person.pk], idea=idea, place=place, state_at=now)
        for person, queue in _drawn(round, reviewers, ideas, caps, found)
        for place, idea in enumerate(queue, 1)
    )
    waiting = Idea.objects.filter(pk__in=[i.pk for i in ideas]).exclude(state=Idea.State.IN_REVIEW)
    waiting.update(state=Idea.State.IN_REVIEW, state_at=now, state_by=by, reason="")
    audit(by, "opened round", round, ["criteria", "reviewers", "tasks"], tenant=programme.tenant)
    return round


def _drawn(round: Round, reviewers, ideas, caps, found) -> list[tuple[Person, list[Idea]]]:
    """Who judges what, in her own order. Drawn by numbers and names, not by keys of the database, so that the
    same programme is drawn alike wherever it is stored."""
    numbered = {idea.number: idea for idea in ideas}
    named = dict(enumerate(sorted(reviewers, key=lambda person: (person.name_key, person.pk))))
    blocked = {
        (n, number)
        for n, person in named.items()
        for number, idea in numbered.items()
        if (person.pk, idea.pk) in found
    }
    limits = {n: caps.get(person.pk) for n, person in named.items()}
    plan = assign(sorted(numbered), limits, blocked, round.coverage, f"{round.programme.code}/{round.number}")
    return [(named[n], [numbered[number] for number in queue]) for n, queue in plan.queues.items()]


def drop_new_conflicts(*, by: User | None, idea: Idea, now: datetime) -> None:
    """After somebody joined an idea: reviewers in conflict with her who have not judged it lose it."""
    tasks = idea.tasks.waiting().select_related("seat__reviewer", "seat__round__programme__tenant", "idea")
    tasks = list(tasks)
    if not tasks:
        return
    _take_away(by, idea.programme, tasks, now)


def clear_desks(*, now: datetime) -> int:
    """Whoever came into conflict with a nominator since an open round began (she declared it, she was hired)
    loses what she has not judged; return how many. Any number of sweeps may run."""
    rounds = Round.objects.filter(opens_at__lte=now, closes_at__gt=now).select_related("programme__tenant")
    return sum(_clear(round, now) for round in rounds)


@transaction.atomic
def _clear(round: Round, now: datetime) -> int:
    tasks = ReviewTask.objects.waiting().filter(seat__round=round)
    tasks = list(tasks.select_related("seat__reviewer", "seat__round__programme__tenant", "idea"))
    return _take_away(None, round.programme, tasks, now)


def _take_away(by: User | None, programme: Programme, tasks: list[ReviewTask], now: datetime) -> int:
    """Of these waiting reviews, those that a conflict of interest forbids by now."""
    reviewers, ideas = {t.seat.reviewer for t in tasks}, {t.idea for t in tasks}
    found = conflicts.found(reviewers, ideas, _day(programme, now))
    taken = 0
    for task in tasks:
        words = " ".join(found.get((task.seat.reviewer_id, task.idea_id), []))[:300]
        if words and step_back(by, task, ReviewTask.State.CONFLICT, words, now):
            audit(by, "found conflict", task, ["state", "reason"], tenant=programme.tenant)
            taken += 1
    return taken


def step_back(by: User | None, task: ReviewTask, state: str, reason: str, now: datetime) -> bool:
    """Take the idea from her desk and lay it on another, if there is one. False when she did so before."""
    # one after the other in a round: two who step back at once must not choose the same desk for the idea
    Round.objects.select_for_update(no_key=True).get(pk=task.seat.round_id)
    waiting = ReviewTask.objects.filter(pk=task.pk, state=ReviewTask.State.WAITING)
    if not waiting.update(state=state, state_at=now, reason=reason):
        task.refresh_from_db(fields=["state", "reason"])
        if task.state == ReviewTask.State.DONE:
            raise ValidationError(_("This review is handed in already."))
        return False
    task.state, task.reason = state, reason
    _replace(task, now)
    return True


def _check_round(programme, opens_at, closes_at, coverage, criteria, reviewers, ideas) -> None:
    if closes_at <= opens_at:
        raise ValidationError({"closes_at": _("A round closes after it opens.")})
    if coverage < 1:
        raise ValidationError({"coverage": _("An idea gets at least one review.")})
    if not criteria:
        raise ValidationError({"criteria": _("A rubric has at least one criterion.")})
    if not reviewers:
        raise ValidationError({"reviewers": _("Choose who judges.")})
    mentors = set(
        Membership.objects.filter(programme=programme, role="mentor").values_list("person", flat=True)
    )
    if strangers := [str(person) for person in reviewers if person.pk not in mentors]:
        raise ValidationError(
            {"reviewers": _("Not a mentor of this programme: %(names)s.") % {"names": ", ".join(strangers)}}
        )
    if not ideas:
        raise ValidationError(_("No idea waits to be judged."))


def _replace(task: ReviewTask, now: datetime) -> ReviewTask | None:
    """The same idea for the reviewer with the fewest that wait, who has no conflict and room for it."""
    seats = task.seat.round.seats.exclude(tasks__idea=task.idea_id).select_related("reviewer")
    seats = seats.annotate(
        load=Count("tasks", filter=Q(tasks__state__in=["waiting", "done"])),
        waiting=Count("tasks", filter=Q(tasks__state="waiting")),
        last=Max("tasks__place"),
    ).order_by("waiting", "pk")
    free = [seat for seat in seats if seat.cap is None or seat.load < seat.cap]
    found = conflicts.found([s.reviewer for s in free], [task.idea], _day(task.seat.round.programme, now))
    for seat in free:
        if (seat.reviewer_id, task.idea_id) not in found:
            return seat.tasks.create(idea_id=task.idea_id, place=(seat.last or 0) + 1, state_at=now)
    return None


def _day(programme: Programme, now: datetime) -> date:
    return timezone.localtime(now, ZoneInfo(programme.zone)).date()
