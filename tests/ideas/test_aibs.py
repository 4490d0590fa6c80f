"""The real reviews of 72 grant applications: 26 reviewers, three an application, low numbers are good."""

from csv import DictReader

import pytest

from desk.real import panel, ranked
from ideas.models import Idea, Review, Round
from ideas.ranking import rank
from ideas.ranking.facts import gather


@pytest.fixture
def rows(shared_data):
    with (shared_data / panel.FILE).open(newline="", encoding="utf-8") as file:
        return list(DictReader(file))


@pytest.fixture
def published(rows):
    return {row["ID"]: (float(row["ScoreAvg"]), int(float(row["ScoreRank"]))) for row in rows}


def straight(rows) -> dict:
    """The file as the ranking takes it, without a database."""
    scale = {"round": 1, "better": "low", "lowest": 1, "highest": 5, "criteria": [[1, 100]]}
    reviews = [[int(row["ID"]), int(row["RevID"]), None, [float(row["Score"])]] for row in rows]
    return scale | {"ideas": sorted({int(row["ID"]) for row in rows}), "reviews": reviews}


def equal(figures) -> dict:
    assert [figure.name for figure in figures if not figure.is_equal] == []
    return {figure.name: figure.ours for figure in figures}


def test_straight_from_the_file(rows, published):
    found = rank(straight(rows), "mean", seed=1)
    figures = list(ranked.figures(found, {int(pk): pk for pk in published}, published))
    assert equal(figures) == {
        "aibs.ideas": 72,
        "aibs.mean": 72,
        "aibs.order_outside_ties": 71,
        "aibs.place_of_ties": 30,
        "aibs.icc_thousandths": 371,
    }


def test_what_the_panel_says_of_itself(rows):
    found = rank(straight(rows), "adjusted", seed=1)
    assert found["method"] == "adjusted"
    assert found["agreement"] == {"icc": 0.3711, "of_mean": 0.6391, "reviews": 3.0}
    assert found["overlap"] == {
        "verdict": "full", "why": "", "groups": [26], "comparisons": 144, "needed": 30, "reviewers": 26,
    }  # fmt: skip
    assert {row["reviews"] for row in found["ideas"]} == {3}
    best, last = found["ideas"][0], found["ideas"][-1]
    assert (best["idea"], best["mean"], last["idea"], last["mean"]) == (47, 1.166667, 49, 4.0)


def test_loaded_through_the_door(db, shared_data, published):
    panel.load_all(shared_data)
    round = Round.objects.get(programme__code="aibs")
    assert Review.objects.filter(task__seat__round=round, handed_in_at__isnull=False).count() == 216
    keys = dict(Idea.objects.filter(programme=round.programme).values_list("pk", "source_id"))
    assert set(keys.values()) == set(published)
    found = rank(gather(round), "mean", seed=round.pk)
    assert (found["overlap"]["reviewers"], found["overlap"]["comparisons"]) == (26, 144)
    assert equal(list(ranked.figures(found, keys, published)))["aibs.icc_thousandths"] == 371
