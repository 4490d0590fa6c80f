"""The ranking is a calculation: values in, values out."""

import math
from random import Random

import numpy as np
import pytest

from bench import panels
from bench.bench_ranking import normal
from ideas.ranking import cut, rank
from ideas.ranking.order import standing
from ideas.ranking.panel import groups, panel, weighted_mean
from ideas.ranking.severity import fit, spreads


def data(rows, better="high", criteria=((1, 100),), ideas=None) -> dict:
    """`rows`: (idea, judge, values…)."""
    reviews = [[idea, judge, None, list(values)] for idea, judge, *values in rows]
    known = ideas or sorted({row[0] for row in rows})
    scale = {"round": 1, "better": better, "lowest": 1, "highest": 5}
    return scale | {"criteria": [list(one) for one in criteria], "ideas": known, "reviews": reviews}


def table(*lines) -> dict:
    """One line an idea, one number a reviewer; None: she did not judge it."""
    rows = [(i, j, v) for i, line in enumerate(lines, 1) for j, v in enumerate(line, 1) if v is not None]
    return data(rows)


def column(found, name) -> dict:
    return {row["idea"]: row[name] for row in found["ideas"]}


# --- the weighted mean


def test_the_mean_of_means_weighted_by_criterion():
    found = rank(data([(1, 1, 5, 2), (1, 2, 3, 4), (2, 1, 4, 4)], criteria=((7, 60), (8, 40))))
    assert column(found, "mean") == {1: 3.6, 2: 4.0}
    assert column(found, "place") == {2: 1, 1: 2}
    assert column(found, "reviews") == {2: 1, 1: 2}


def test_a_criterion_without_a_number_counts_for_nothing():
    assert weighted_mean([4, None], [50, 50]) == 4
    assert weighted_mean([None], [100]) is None
    found = rank(data([(1, 1, 4, None), (2, 1, None, None)], criteria=((7, 60), (8, 40))))
    assert column(found, "place") == {1: 1, 2: None}


def test_equal_scores_share_a_place():
    assert standing([3.0, 5.0, 3.0, 1.0], 1) == [2, 1, 2, 4]
    assert standing([3.0, 5.0, 3.0, 1.0], -1) == [2, 4, 2, 1]
    assert column(rank(table((3,), (5,), (3,), (1,))), "place") == {2: 1, 1: 2, 3: 2, 4: 4}


def test_what_nobody_judged_comes_last_and_has_no_place():
    found = rank(data([(2, 1, 4)], ideas=[1, 2, 3]))
    assert [(row["idea"], row["place"], row["score"], row["reviews"]) for row in found["ideas"]] == [
        (2, 1, 4.0, 1), (1, None, None, 0), (3, None, None, 0),
    ]  # fmt: skip


def test_a_round_without_reviews():
    found = rank(data([], ideas=[1]), "adjusted")
    assert (found["method"], found["overlap"]["why"]) == ("mean", "no_reviews")
    assert (found["agreement"]["icc"], len(found["ideas"])) == (None, 1)


def test_spread_is_the_standard_deviation_of_the_reviews():
    assert column(rank(table((1, 3, 5), (4, 4, 4), (2, None, None))), "spread") == {1: 2.0, 2: 0.0, 3: None}


def test_another_method_is_refused():
    with pytest.raises(ValueError, match="no such method: luck"):
        rank(table((1, 2)), "luck")


# --- the direction of the scale


@pytest.mark.parametrize("method", ["mean", "adjusted"])
def test_a_scale_turned_round_gives_the_same_order(method):
    made = panels.made(3).data
    turned = made | {"better": "low", "reviews": [[i, j, c, [6 - v]] for i, j, c, [v] in made["reviews"]]}
    one, other = rank(made, method, seed=1), rank(turned, method, seed=1)
    assert column(one, "place") == column(other, "place")
    assert one["agreement"] == other["agreement"]
    assert [row["off"] for row in one["judges"]] == pytest.approx([row["off"] for row in other["judges"]])


# --- adjusted for how strict reviewers are


def additive(worth, mild, seats) -> dict:
    """Reviews without luck: worth of the idea + mildness of the judge."""
    return data([(i, j, worth[i] + mild[j]) for i in worth for j in seats[i]])


def test_a_mild_panel_does_not_win():
    """Ideas 1 and 2 are better, and fell to the strict; without luck the true order comes out."""
    worth = {1: 3.4, 2: 3.3, 3: 3.0, 4: 2.9, 5: 2.0, 6: 1.9}
    mild = {1: -0.8, 2: -0.8, 3: 0.8, 4: 0.8}
    seats = {1: (1, 2), 2: (1, 2), 3: (3, 4), 4: (3, 4), 5: (1, 3), 6: (2, 4)}
    mean = rank(additive(worth, mild, seats))
    assert list(column(mean, "place"))[:2] == [3, 4]
    # six ideas and four judges: seven comparisons would be needed for certainty, so repeat the panel
    twice = {i + 10 * n: value for n in range(4) for i, value in worth.items()}
    seats = {i: seats[i % 10] for i in twice}
    found = rank(additive(twice, mild, seats), "adjusted")
    assert found["method"] == "adjusted"
    assert [pk % 10 for pk in column(found, "place")][:8] == [1, 1, 1, 1, 2, 2, 2, 2]
    off = {row["seat"]: row["off"] for row in found["judges"]}
    assert off == pytest.approx(mild, abs=0.02)


def test_the_equations_are_those_of_the_book():
    """Our system without the ideas gives what the normal equations give with everything in them."""
    of = panel(panels.made(5, ideas=40, judges=9).data)
    found = fit(of)
    one, other = found.spreads.rest / found.spreads.idea, found.spreads.rest / found.spreads.judge
    assert found.idea == pytest.approx(normal(of, one, other), abs=1e-9)
    n, judges = len(of.ideas), len(of.judges)
    full = np.zeros((len(of.value), n + judges + 1))
    full[np.arange(len(of.value)), of.idea] = 1
    full[np.arange(len(of.value)), n + of.judge] = 1
    full[:, -1] = 1
    left = full.T @ full + np.diag([one] * n + [other] * judges + [0])
    solved = np.linalg.solve(left, full.T @ of.value)
    assert found.idea == pytest.approx(solved[:n], abs=1e-9)
    assert found.judge == pytest.approx(solved[n:-1], abs=1e-9)
    assert found.middle == pytest.approx(solved[-1], abs=1e-9)


def test_spreads_are_those_of_the_method_of_fitting_constants():
    """Henderson's third method, once more with whole matrices."""
    of = panel(panels.made(8, ideas=30, judges=7).data)
    n, judges, reviews = len(of.ideas), len(of.judges), len(of.value)
    ideas, people = np.eye(n)[of.idea], np.eye(judges)[of.judge]

    def left(design) -> float:
        solved, *_rest = np.linalg.lstsq(design, of.value, rcond=None)
        return float(((of.value - design @ solved) ** 2).sum())

    both = np.hstack([ideas, people])
    freedom = reviews - np.linalg.matrix_rank(both)
    rest = left(both) / freedom
    judge = (left(ideas) - left(both) - (judges - 1) * rest) / (reviews - n)
    idea = (left(people) - left(both) - (n - 1) * rest) / (reviews - judges)
    assert tuple(spreads(of)) == pytest.approx((idea, judge, rest), rel=1e-9)
    assert freedom == of.spare


def test_a_reviewer_with_one_review_divides_nothing():
    made = panels.made(2)
    more = made.data["reviews"] + [[1, 99, None, [5]]]
    found = rank(made.data | {"reviews": more}, "adjusted", seed=1)
    assert found["method"] == "adjusted"
    [her] = [row for row in found["judges"] if row["seat"] == 99]
    assert her["reviews"] == 1
    others = [value for idea, _judge, _sure, [value] in made.data["reviews"] if idea == 1]
    assert 0 < her["off"] < 0.7 * (5 - sum(others) / len(others))  # drawn to the middle
    assert all(math.isfinite(row["score"]) for row in found["ideas"])


def test_all_the_same_scores():
    found = rank(table(*[(3, 3, 3)] * 6), "adjusted")
    assert {row["place"] for row in found["ideas"]} == {1}
    assert column(found, "score") == pytest.approx(dict.fromkeys(range(1, 7), 3.0))
    assert found["agreement"]["icc"] is None


@pytest.mark.parametrize("seed", range(30))
def test_whatever_the_panel_the_numbers_are_numbers(seed):
    draw = Random(f"odd {seed}")
    ideas, judges = draw.randint(1, 12), draw.randint(1, 6)
    rows = [
        (i, j, draw.choice((1, 2, 3, 4, 5)))
        for i in range(1, ideas + 1)
        for j in draw.sample(range(judges), draw.randint(0, judges))
    ]
    for method in ("mean", "adjusted"):
        found = rank(data(rows, ideas=list(range(1, ideas + 1))), method, seed=seed, weighted=True)
        assert [row["idea"] for row in found["ideas"] if row["place"] is None] == [
            i for i in range(1, ideas + 1) if i not in {row[0] for row in rows}
        ]
        for row in found["ideas"]:
            if row["place"] is not None:
                assert math.isfinite(row["score"])
                assert row["low"] is None or 1 <= row["low"] <= row["place"] <= row["high"] <= ideas


# --- overlap


def test_groups():
    assert groups([(0, 0), (0, 1), (1, 2), (2, 2), (2, 3)], 5) == [0, 0, 1, 1, 2]


@pytest.mark.parametrize(
    ("rows", "why"),
    [
        ([(1, 1, 4), (2, 1, 3)], "one_reviewer"),
        ([(1, 1, 4), (2, 2, 3)], "no_shared"),
        ([(1, 1, 4), (1, 2, 3), (2, 1, 3), (2, 2, 5)], "too_few"),
    ],
)
def test_what_cannot_be_adjusted_says_why(rows, why):
    found = rank(data(rows), "adjusted")
    assert (found["method"], found["overlap"]["verdict"], found["overlap"]["why"]) == ("mean", "none", why)
    assert set(column(found, "adjusted").values()) == {None}
    assert {row["off"] for row in found["judges"]} == {None}


def test_groups_that_share_nobody_are_adjusted_inside_and_said():
    one = [
        (i, j, v)
        for i, line in enumerate([(5, 4), (4, 3), (3, 2), (2, 1), (5, 5), (1, 1), (3, 3)], 1)
        for j, v in enumerate(line, 1)
    ]
    two = [(i + 10, j + 10, v) for i, j, v in one]
    found = rank(data(one + two), "adjusted")
    assert found["overlap"] == {
        "verdict": "within", "why": "", "groups": [2, 2], "comparisons": 14, "needed": 7, "reviewers": 4,
    }  # fmt: skip
    assert found["method"] == "adjusted"


# --- agreement


def test_agreement_of_the_textbook():
    """Shrout and Fleiss (1979), six targets and four judges: ICC(1,1) .17, ICC(1,4) .44."""
    found = rank(table((9, 2, 5, 8), (6, 1, 3, 2), (8, 4, 6, 8), (7, 1, 2, 6), (10, 5, 6, 9), (6, 2, 4, 7)))
    assert found["agreement"] == {"icc": 0.1657, "of_mean": 0.4428, "reviews": 4.0}


def test_no_agreement_of_single_reviews():
    assert rank(table((3,), (4,)))["agreement"] == {"icc": None, "of_mean": None, "reviews": None}


# --- between places


def test_the_same_seed_draws_the_same_and_another_nearly():
    made = panels.made(4).data
    one, again, other = (rank(made, "adjusted", seed=seed) for seed in (1, 1, 2))
    assert one == again
    assert column(one, "score") == column(other, "score")
    apart = [abs(a["low"] - b["low"]) for a, b in zip(one["ideas"], other["ideas"], strict=True)]
    assert 0 < max(apart) < 10


def test_more_reviews_leave_less_open():
    width = {
        each: np.mean([row["high"] - row["low"] for row in rank(made, "adjusted", seed=1)["ideas"]])
        for each, made in ((each, panels.made(6, each=each).data) for each in (3, 9))
    }
    assert width[9] < 0.75 * width[3]


def test_intervals_hold_the_true_place_as_often_as_they_say():
    made = [panels.made(seed) for seed in range(25)]
    held = [panels.covered(rank(one.data, "adjusted", seed=1), one.worth) for one in made]
    assert 0.86 < np.mean(held) < 0.96


def test_the_adjusted_order_is_nearer_to_the_truth():
    nearer, rho = 0, {"mean": [], "adjusted": []}
    for seed in range(25):
        made = panels.made(seed)
        for method, said in rho.items():
            order = [row["idea"] for row in rank(made.data, method, seed=seed)["ideas"]]
            said.append(panels.correlation(order, made.worth))
        nearer += rho["adjusted"][-1] > rho["mean"][-1]
    assert nearer >= 22
    assert np.mean(rho["adjusted"]) > np.mean(rho["mean"]) + 0.04


def test_where_nobody_is_stricter_nothing_is_lost():
    """Reviewers alike: adjusting must not add noise of its own."""
    made = [panels.made(seed, strict=0) for seed in range(15)]
    rho = {
        method: np.mean(
            [
                panels.correlation([row["idea"] for row in rank(one.data, method)["ideas"]], one.worth)
                for one in made
            ]
        )
        for method in ("mean", "adjusted")
    }
    assert rho["adjusted"] > rho["mean"] - 0.01


# --- sure reviewers


def test_a_review_counts_by_how_sure_its_reviewer_is_only_if_asked():
    sure = data([(1, 1, 5), (1, 2, 2), (2, 1, 3), (2, 2, 3)])
    sure["reviews"][0][2], sure["reviews"][1][2] = 3, 1  # sure of 5, not very sure of 2
    assert column(rank(sure), "mean") == {1: 3.5, 2: 3.0}
    assert column(rank(sure, weighted=True), "mean") == {1: 4.25, 2: 3.0}


# --- the cut-off


def test_verdicts_by_the_order():
    found = rank(table((5,), (4,), (3,), (2,), (1,)))
    line = cut(found, shortlisted=2, waiting=1)
    assert list(line.verdicts.values()) == ["shortlisted", "shortlisted", "waiting", "declined", "declined"]
    assert set(cut(found, shortlisted=2).verdicts.values()) == {"shortlisted", "waiting"}
    assert set(cut(found, shortlisted=9, waiting=9).verdicts.values()) == {"shortlisted"}


def test_ties_on_a_line_are_named():
    found = rank(table((5,), (3,), (3,), (3,), (1,)))
    assert cut(found, shortlisted=2, waiting=1).tied == [2, 3, 4, 2, 3, 4]
    assert cut(found, shortlisted=1, waiting=3).tied == []
    assert cut(found, shortlisted=4, waiting=1).tied == []
    assert cut(found, shortlisted=0, waiting=2).tied == [2, 3, 4]


def test_who_could_stand_on_either_side():
    found = rank(panels.made(1).data, "adjusted", seed=1)
    line = cut(found, shortlisted=20)
    crossing = {row["idea"] for row in found["ideas"] if row["low"] <= 20 < row["high"]}
    assert set(line.either) == crossing
    assert 0 < len(crossing) < 60


def test_what_the_other_method_would_do():
    found = rank(panels.made(1).data, "adjusted", seed=1)
    line = cut(found, shortlisted=20)
    by_mean = [row["idea"] for row in sorted(found["ideas"], key=lambda row: row["place_mean"])]
    here, there = {row["idea"] for row in found["ideas"][:20]}, set(by_mean[:20])
    assert set(line.in_by_other) <= there - here | set(line.line_by_other)
    assert set(line.out_by_other).isdisjoint(there)
    assert line.in_by_other or line.out_by_other or line.line_by_other
    assert not set(line.in_by_other) & here
    assert set(line.out_by_other) <= here
