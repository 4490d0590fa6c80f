"""Ranking the real reviews of 72 grant applications (desk/real/panel.py loads them), beside the published
figures: means and ranks stand in the file; the agreement of the reviewers over all is known: ICC 0.371."""

from collections.abc import Iterator
from csv import DictReader
from itertools import pairwise
from pathlib import Path

from desk.real import Figure
from desk.real.panel import CODE, FILE
from ideas.models import Idea, Round
from ideas.ranking import MEAN, rank
from ideas.ranking.facts import gather

NEAR = 1e-6
AGREEMENT = 371  # thousandths


def compare(data: Path) -> Iterator[Figure]:
    published = {}
    with (data / FILE).open(newline="", encoding="utf-8") as file:
        for row in DictReader(file):
            published[row["ID"]] = float(row["ScoreAvg"]), int(float(row["ScoreRank"]))
    round = Round.objects.get(programme__code=CODE)
    keys = dict(Idea.objects.filter(programme=round.programme_id).values_list("pk", "source_id"))
    yield from figures(rank(gather(round), MEAN, seed=round.pk), keys, published)


def figures(found: dict, keys: dict, published: dict) -> Iterator[Figure]:
    """`keys`: the ID of the file by idea; `published`: (ScoreAvg, ScoreRank) by ID."""
    rows = [(row, published[keys[row["idea"]]]) for row in found["ideas"]]
    yield Figure("aibs.ideas", len(published), len(rows))
    yield Figure(
        "aibs.mean", len(rows), sum(abs(row["mean"] - average) <= NEAR for row, (average, _r) in rows)
    )
    in_order = sum(
        one[0]["place"] == other[0]["place"] or one[1][1] < other[1][1] for one, other in pairwise(rows)
    )
    yield Figure("aibs.order_outside_ties", len(rows) - 1, in_order)
    places = {}
    for row, (_average, place) in rows:
        places.setdefault(row["place"], []).append(place)
    yield Figure("aibs.place_of_ties", len(places), sum(min(said) == place for place, said in places.items()))
    yield Figure("aibs.icc_thousandths", AGREEMENT, round(found["agreement"]["icc"] * 1000))
