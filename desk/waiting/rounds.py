"""Review rounds whose ideas lack reviews."""

from collections import defaultdict
from datetime import timedelta

from django.db.models import Count, Q
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from desk.waiting.items import Item, Scope, words
from desk.waiting.words import until
from ideas.models import Idea, ReviewTask, Round
from lib import clock

REVIEWABLE = (Idea.State.NOMINATED, Idea.State.SCREENED, Idea.State.IN_REVIEW)


def rounds_now(scope: Scope) -> list[Round]:
    """The last opened round of each programme she runs, until two weeks after it closed."""
    rows = Round.objects.filter(
        programme__in=scope.run, opens_at__lte=scope.now, closes_at__gt=scope.now - timedelta(days=14)
    )
    return list({row.programme_id: row for row in rows.order_by("opens_at", "pk")}.values())


def uncovered(scope: Scope, rounds: list[Round]) -> list[Item]:
    """Rounds with ideas that have fewer reviews than it asks for."""
    if not rounds:
        return []
    short, unserved = defaultdict(int), defaultdict(int)
    coverage = {row.programme_id: row.coverage for row in rounds}
    for programme, done, alive in _reviews_of_ideas(rounds):
        short[programme] += done < coverage[programme]
        unserved[programme] += alive < coverage[programme]
    idle = _reviewers_not_begun(rounds)
    return [
        _uncovered(scope, row, short[row.programme_id], idle[row.pk], unserved[row.programme_id])
        for row in rounds
        if short[row.programme_id]
    ]


def _reviews_of_ideas(rounds: list[Round]):
    """Of each idea that can be judged: programme, reviews handed in, reviews handed in or still expected."""
    of_round = Q(tasks__seat__round__in=rounds)
    done = Q(tasks__state=ReviewTask.State.DONE)
    waiting = Q(tasks__state=ReviewTask.State.WAITING)
    rows = Idea.objects.filter(programme__in=[row.programme_id for row in rounds], state__in=REVIEWABLE)
    return (
        rows.order_by()
        .annotate(
            done=Count("tasks", filter=of_round & done),
            alive=Count("tasks", filter=of_round & (done | waiting)),
        )
        .values_list("programme_id", "done", "alive")
    )


def _reviewers_not_begun(rounds: list[Round]) -> dict[int, int]:
    seats = ReviewTask.objects.filter(seat__round__in=rounds).order_by().values("seat__round", "seat")
    idle = defaultdict(int)
    for row in seats.annotate(
        done=Count("pk", filter=Q(state=ReviewTask.State.DONE)),
        waiting=Count("pk", filter=Q(state=ReviewTask.State.WAITING)),
    ):
        idle[row["seat__round"]] += bool(row["waiting"] and not row["done"])
    return idle


def _uncovered(scope: Scope, row: Round, short: int, idle: int, unserved: int) -> Item:
    what = ngettext(
        "%(count)s idea has fewer than %(coverage)s reviews",
        "%(count)s ideas have fewer than %(coverage)s reviews",
        short,
    )
    why = [scope.label(row.programme_id)]
    if idle:
        why.append(
            ngettext("%(count)s mentor has not begun", "%(count)s mentors have not begun", idle)
            % {"count": idle}
        )
    if unserved:
        sentence = ngettext("%(count)s needs another reviewer", "%(count)s need another reviewer", unserved)
        why.append(sentence % {"count": unserved})
    url = reverse("ideas:round_detail", args=[row.pk])
    closes = clock.local(row.last_moment, scope.programmes[row.programme_id].zone).date()
    return Item(
        kind="coverage",
        at=until(closes, scope.today(row.programme_id)),
        due=closes,
        what=what % {"count": short, "coverage": row.coverage},
        url=url,
        why=words(*why),
        act=_("Assign") if unserved else _("See who"),
        act_url=reverse("ideas:run_list", args=[row.pk]) if unserved else url,
        count=short,
    )
