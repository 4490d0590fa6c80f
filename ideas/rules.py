"""Who may do what with ideas, rounds and reviews. What she may see at all: models.py."""

import rules
from django.db.models import Q

from accounts.models import User
from ideas.models import Idea, Join, Nomination, ReviewTask, Round
from people.access import access
from people.models import Programme


@rules.predicate
def runs(user: User, programme: Programme) -> bool:
    """She coordinates the programme, or administers the organisation."""
    return access(user).runs(programme.pk, programme.tenant_id)


@rules.predicate
def may_record_ideas(user: User, programme: Programme) -> bool:
    """Whoever runs the programme, and its trainers, type an idea for somebody."""
    return runs(user, programme) or access(user).has("trainer", programme.pk)


@rules.predicate
def may_judge(user: User, task: ReviewTask) -> bool:
    """Only the reviewer whose desk it lies on."""
    return user.is_authenticated and task.seat.reviewer.user_id == user.pk


@rules.predicate
def may_see_scores(user: User, idea: Idea) -> bool:
    """Nobody before her own review of it is in; then who runs the programme, and who has judged it."""
    mine = _her_states(user, idea)
    return "waiting" not in mine and (runs(user, idea.programme) or "done" in mine)


@rules.predicate
def may_rank(user: User, round: Round) -> bool:
    """Who runs the programme, once she owes no review of an idea of the round: a ranking holds all scores."""
    return runs(user, round.programme) and not owed(user, round)


def owed(user: User, round: Round) -> int:
    """Reviews that wait on her own desk, in any round, of ideas that this round judges."""
    waiting = ReviewTask.objects.waiting().filter(seat__reviewer__user=user)
    return waiting.filter(idea__in=ReviewTask.objects.filter(seat__round=round).values("idea")).count()


@rules.predicate
def may_see_nominators(user: User, idea: Idea) -> bool:
    """A reviewer does not while a blind round asks her to judge it, nor after, before the round is over; who
    records or runs does otherwise; a mentor who guides somebody with it, and who nominated it, do."""
    if _judges_blind(user, idea):
        return False
    if may_record_ideas(user, idea.programme):
        return True
    hers = Nomination.objects.of_group(idea).filter(enrolment__person__user=user).exists()
    guides = idea.mentored.filter(assignment__mentor__person__user=user).exists()
    return hers or guides or bool(_her_states(user, idea))


@rules.predicate
def may_see_note(user: User, idea: Idea) -> bool:
    """The private note is of those who record ideas; not while a blind round asks one of them to judge it."""
    return may_record_ideas(user, idea.programme) and not _judges_blind(user, idea)


def _her_states(user: User, idea: Idea) -> set[str]:
    return set(idea.tasks.filter(seat__reviewer__user=user).values_list("state", flat=True))


def _judges_blind(user: User, idea: Idea) -> bool:
    """A blind round has put it, or what it stands under, on her desk, and she has no office in the programme
    that knows it anyway."""
    head = Join.objects.open().filter(idea=idea).values("into")
    tasks = ReviewTask.objects.filter(Q(idea=idea) | Q(idea__in=head))
    tasks = tasks.filter(seat__reviewer__user=user, seat__round__is_blind=True)
    if may_record_ideas(user, idea.programme):
        tasks = tasks.filter(state=ReviewTask.State.WAITING)
    return tasks.exists()
