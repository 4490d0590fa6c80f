"""Panels of reviews whose truth is known: an idea has a worth, a reviewer a mildness, a review luck."""

from random import Random
from typing import NamedTuple


class Made(NamedTuple):
    data: dict  # as ideas.ranking.gather makes it
    worth: dict[int, float]  # by idea


def made(seed: int, *, ideas: int = 60, judges: int = 12, each: int = 3, strict: float = 0.7) -> Made:
    """Each idea is judged by `each` reviewers drawn at random, in whole numbers from 1 to 5. `strict`: how
    far apart reviewers are, in points (standard deviation); ideas and luck have 0.8 and 0.6."""
    draw = Random(f"panel {seed}")
    worth = {idea: draw.gauss(0, 0.8) for idea in range(1, ideas + 1)}
    mild = [draw.gauss(0, strict) for _judge in range(judges)]
    reviews = [
        [idea, judge, None, [min(5, max(1, round(3 + worth[idea] + mild[judge] + draw.gauss(0, 0.6))))]]
        for idea in worth
        for judge in sorted(draw.sample(range(judges), each))
    ]
    scale = {"round": seed, "better": "high", "lowest": 1, "highest": 5, "criteria": [[1, 100]]}
    return Made(scale | {"ideas": list(worth), "reviews": reviews}, worth)


def correlation(order: list[int], worth: dict[int, float]) -> float:
    """Spearman's, of the order of ideas (the best first) with their true worth."""
    true = {idea: place for place, idea in enumerate(sorted(worth, key=lambda idea: -worth[idea]))}
    n = len(order)
    apart = sum((place - true[idea]) ** 2 for place, idea in enumerate(order))
    return 1 - 6 * apart / (n * (n * n - 1))


def kendall(order: list[int], worth: dict[int, float]) -> float:
    """Kendall's: pairs in the right order less pairs in the wrong one, of all pairs."""
    said = [worth[idea] for idea in order]
    right = sum(said[one] > said[other] for one in range(len(said)) for other in range(one + 1, len(said)))
    pairs = len(said) * (len(said) - 1) // 2
    return (2 * right - pairs) / pairs


def covered(found: dict, worth: dict[int, float]) -> float:
    """The share of ideas whose true place lies inside their interval."""
    true = {idea: place for place, idea in enumerate(sorted(worth, key=lambda idea: -worth[idea]), 1)}
    rows = [row for row in found["ideas"] if row["low"] is not None]
    return sum(row["low"] <= true[row["idea"]] <= row["high"] for row in rows) / len(rows)
