"""How a round stands: values for its page. A constant number of queries, and no more rows than it shows."""

from collections import Counter
from collections.abc import Sequence
from datetime import date, datetime
from typing import NamedTuple

from django.core.paginator import Page, Paginator
from django.db.models import Count, F, Max, Min, Q, Window
from django.db.models.functions import RowNumber
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from accounts.models import User
from ideas import conflicts
from ideas.models import Idea, ReviewTask, Round, Seat
from ideas.scoring import is_behind, minutes_left
from lib import clock
from people.models import Person

WAITING, DONE = ReviewTask.State.WAITING, ReviewTask.State.DONE
LISTS = ("short", "apart_scores", "handed_on")
FEW, A_PAGE = 10, 50  # rows of a list among the others, and alone
MOST_IDEAS, MOST_PAIRS = 2_000, 40_000  # more are not looked through for conflicts on the page
LAST = 30  # so many of her last reviews tell her pace


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


class Spread(NamedTuple):
    """An idea of which reviewers think differently: from the lowest to the highest of their scores."""

    idea: Idea
    lowest: float
    highest: float
    reviews: int


class Board(NamedTuple):
    seats: list[Seat]  # each with done, waiting, stepped_back, minutes, is_behind
    apart: list[Apart] | None  # None: too many pairs to look through here
    short: Page
    spread: Page
    handed_on: Page  # conflicts, what somebody could not judge, what was taken back; with the reason
    only: str  # the one list that is shown alone
    ideas: int
    asked: int
    done: int
    covered: int  # ideas with all their reviews in


def board(round: Round, now: datetime, user: User, only: str = "", page: str | None = None) -> Board:
    """`only` is one of LISTS, shown alone and by pages; else all of them begin."""
    on = clock.local(now, round.programme.zone).date()
    seats = _seats(round, now)
    counts = {row[0]: row[1:] for row in _counts(round)}
    counts |= dict.fromkeys(_on_no_desk(round, counts), (0, 0))
    few = [pk for pk, (held, _done) in counts.items() if held < round.coverage]
    at = {name: page if name == only else 1 for name in LISTS}
    size = A_PAGE if only else FEW
    return Board(
        seats=seats,
        apart=_apart(seats, counts, on),
        short=_short(round, seats, Paginator(few, size).get_page(at["short"]), counts, on),
        spread=_spread(Paginator(_judged(round, user), size).get_page(at["apart_scores"])),
        handed_on=Paginator(_handed_on(round), size).get_page(at["handed_on"]),
        only=only,
        ideas=len(counts),
        asked=len(counts) * round.coverage,
        done=sum(done for _held, done in counts.values()),
        covered=sum(done >= round.coverage for _held, done in counts.values()),
    )


def _seats(round: Round, now: datetime) -> list[Seat]:
    seats = round.seats.select_related("reviewer").annotate(
        done=Count("tasks", filter=Q(tasks__state=DONE)),
        waiting=Count("tasks", filter=Q(tasks__in=ReviewTask.objects.on_desk().values("pk"))),
        stepped_back=Count("tasks", filter=Q(tasks__state__in=["conflict", "cannot"])),
    )
    seats = list(seats.order_by("-waiting", "reviewer__name_key", "pk"))
    newest = Window(
        RowNumber(), partition_by="seat", order_by=F("review__handed_in_at").desc(nulls_last=True)
    )
    tasks = ReviewTask.objects.filter(seat__round=round, state=DONE, review__handed_in_at__isnull=False)
    moments: dict[int, list[datetime]] = {}
    for seat, moment in (
        tasks.order_by().annotate(n=newest).filter(n__lte=LAST).values_list("seat", "review__handed_in_at")
    ):
        moments.setdefault(seat, []).append(moment)
    for seat in seats:
        seat.minutes = minutes_left(moments.get(seat.pk, ()), seat.waiting)
        seat.is_behind = is_behind(seat.done, seat.waiting, round.opens_at, round.closes_at, now)
    return seats


def _counts(round: Round):
    """(idea, on desks, done) of every idea that was laid on a desk and stands for itself, by number."""
    ideas = Idea.objects.standing().filter(programme=round.programme_id).order_by().values("pk")
    tasks = ReviewTask.objects.filter(seat__round=round, idea__in=ideas)
    return (
        tasks.order_by("idea__number")
        .values("idea")
        .annotate(
            held=Count("pk", filter=Q(state__in=[WAITING, DONE])), done=Count("pk", filter=Q(state=DONE))
        )
        .values_list("idea", "held", "done")
    )


def _on_no_desk(round: Round, counts: dict) -> list[int]:
    """What the newest round should judge and nobody may, or can."""
    ideas = Idea.objects.standing().filter(
        programme=round.programme_id, state=Idea.State.IN_REVIEW, tasks=None
    )
    ideas = ideas.exclude(programme__rounds__number__gt=round.number).order_by("number")
    return [] if round.source_id else list(ideas.values_list("pk", flat=True))


def _short(round: Round, seats: list[Seat], page: Page, counts: dict, on: date) -> Page:
    ideas = Idea.objects.select_related("text").in_bulk(list(page.object_list))
    there = [seat.reviewer for seat in seats if seat.left_at is None]
    found = conflicts.found(there, ideas.values(), on)
    page.object_list = [
        Short(ideas[pk], counts[pk][0], _why(pk, there, found)) for pk in page.object_list if pk in ideas
    ]
    return page


def _apart(seats: list[Seat], ideas: dict, on: date) -> list[Apart] | None:
    if len(ideas) > MOST_IDEAS or len(seats) * len(ideas) > MOST_PAIRS:
        return None
    people = {seat.reviewer_id: seat.reviewer for seat in seats}
    found = conflicts.found(people.values(), Idea.objects.filter(pk__in=list(ideas)), on)
    counted = Counter((reviewer, words[0]) for (reviewer, _idea), words in found.items())
    return [Apart(people[pk], words, n) for (pk, words), n in counted.most_common()]


def _judged(round: Round, user: User):
    """Ideas that two or more have judged, the widest apart first. Who runs the round and still owes a review
    of an idea learns nothing of it here."""
    owed = ReviewTask.objects.filter(seat__reviewer__user=user, state=WAITING)
    tasks = ReviewTask.objects.filter(seat__round=round, state=DONE).exclude(idea__in=owed.values("idea"))
    rows = tasks.order_by().values("idea").annotate(
        lowest=Min("review__score"), highest=Max("review__score"), reviews=Count("pk")
    )  # fmt: skip
    rows = rows.filter(reviews__gte=2, highest__gt=F("lowest")).annotate(wide=F("highest") - F("lowest"))
    return rows.order_by("-wide", "idea__number").values_list("idea", "lowest", "highest", "reviews")


def _spread(page: Page) -> Page:
    rows: Sequence[tuple] = list(page.object_list)
    ideas = Idea.objects.select_related("text").in_bulk([row[0] for row in rows])
    page.object_list = [Spread(ideas[pk], *rest) for pk, *rest in rows]
    return page


def _handed_on(round: Round):
    tasks = ReviewTask.objects.filter(seat__round=round).exclude(state__in=[WAITING, DONE])
    return tasks.select_related("idea__text", "seat__reviewer").order_by("idea__number", "pk")


def _why(idea: int, reviewers: list[Person], found: dict) -> str:
    barred = sum((person.pk, idea) in found for person in reviewers)
    if not barred:
        return _("There are not enough reviewers, or they have as many ideas as they take.")
    words = ngettext(
        "%(n)s reviewer has a conflict of interest.", "%(n)s reviewers have a conflict of interest.", barred
    )
    return words % {"n": barred}
