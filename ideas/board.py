"""How a round stands: values for its page. A constant number of queries."""

from collections import Counter
from datetime import date
from typing import NamedTuple

from django.db.models import Count, Q
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from ideas import conflicts
from ideas.models import Idea, ReviewTask, Round, Seat
from people.models import Person

WAITING, DONE = ReviewTask.State.WAITING, ReviewTask.State.DONE


class Short(NamedTuple):
    """An idea with fewer reviewers than asked, and why."""

    idea: Idea
    on_desks: int
    why: str


class Apart(NamedTuple):
    """A reviewer who was given none of so many ideas, for one reason on record."""

    reviewer: Person
    words: str
    ideas: int


class Board(NamedTuple):
    seats: list[Seat]  # each with done, waiting, stepped_back
    apart: list[Apart]
    short: list[Short]
    stepped_back: list[ReviewTask]  # conflicts and what somebody could not judge, with the reason
    ideas: int
    asked: int
    done: int
    covered: int  # ideas with all their reviews in


def board(round: Round, on: date) -> Board:
    seats = round.seats.select_related("reviewer").annotate(
        done=Count("tasks", filter=Q(tasks__state=DONE)),
        waiting=Count("tasks", filter=Q(tasks__state=WAITING)),
        stepped_back=Count("tasks", filter=Q(tasks__state__in=["conflict", "cannot"])),
    )
    seats = list(seats.order_by("-waiting", "reviewer__name_key"))
    tasks = ReviewTask.objects.filter(seat__round=round).select_related("idea__text", "seat__reviewer")
    tasks = list(tasks.order_by("idea__number", "pk"))
    ideas = {idea.pk: idea for idea in [*_on_no_desk(round), *(task.idea for task in tasks)]}
    on_desks = Counter(task.idea_id for task in tasks if task.state in (WAITING, DONE))
    done = Counter(task.idea_id for task in tasks if task.state == DONE)
    found = conflicts.found([seat.reviewer for seat in seats], ideas.values(), on)
    apart = Counter((reviewer, words[0]) for (reviewer, _idea), words in found.items())
    people = {seat.reviewer_id: seat.reviewer for seat in seats}
    return Board(
        seats=seats,
        apart=[Apart(people[pk], words, n) for (pk, words), n in apart.most_common()],
        short=[
            Short(idea, on_desks[pk], _why(pk, seats, found))
            for pk, idea in ideas.items()
            if on_desks[pk] < round.coverage
        ],
        stepped_back=[task for task in tasks if task.state not in (WAITING, DONE)],
        ideas=len(ideas),
        asked=len(ideas) * round.coverage,
        done=done.total(),
        covered=sum(done[pk] >= round.coverage for pk in ideas),
    )


def _on_no_desk(round: Round):
    """What the newest round should judge and nobody may, or can."""
    ideas = Idea.objects.filter(programme=round.programme_id, state=Idea.State.IN_REVIEW, tasks=None)
    return ideas.exclude(programme__rounds__number__gt=round.number).select_related("text").order_by("number")


def _why(idea: int, seats: list[Seat], found: dict) -> str:
    barred = sum((seat.reviewer_id, idea) in found for seat in seats)
    if not barred:
        return _("There are not enough reviewers, or they have as many ideas as they take.")
    words = ngettext(
        "%(n)s reviewer has a conflict of interest.", "%(n)s reviewers have a conflict of interest.", barred
    )
    return words % {"n": barred}
