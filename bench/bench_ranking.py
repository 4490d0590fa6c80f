"""The ranking of a round. Truth: over 200 seeded panels whose truth is known, how near the adjusted order and
that of the mean come to it, and how often the interval of a place holds the true one. Speed: 60,000 reviews
(20,000 ideas, 1,000 reviewers) ranked with intervals, beside numpy's solution of the same normal equations.

The bare one has the reviews as arrays and answers with the effects alone. Ours starts from the facts as they
are gathered and ends with the written ranking; what its own equations and its draws need is printed too.
"""

import statistics
from collections.abc import Iterator

import numpy as np

from bench import panels
from bench.bench_matching import _apart
from bench.doors import Figure
from ideas.ranking import ADJUSTED, MEAN, rank
from ideas.ranking.intervals import places
from ideas.ranking.panel import Panel, panel
from ideas.ranking.severity import fit

NAME = "ranking"
PANELS, MOST_SECONDS, MOST_MIB = 200, 10, 400
LARGE = {"ideas": 20_000, "judges": 1_000, "each": 3}


def run(count: int = PANELS, large: dict | None = None, rounds: int = 3) -> Iterator[Figure]:
    yield from _truth(count)
    yield from _speed(panels.made(0, **(large or LARGE)), rounds)


def _truth(count: int) -> Iterator[Figure]:
    found = {MEAN: [], ADJUSTED: []}
    for seed in range(count):
        made = panels.made(seed)
        for method, told in found.items():
            ranked = rank(made.data, method, seed=seed)
            order = [row["idea"] for row in ranked["ideas"]]
            near = panels.correlation(order, made.worth), panels.kendall(order, made.worth)
            told.append((*near, panels.covered(ranked, made.worth)))
    for method, told in found.items():
        rho, tau, held = (statistics.mean(column) for column in zip(*told, strict=True))
        print(
            f"  {count} panels by {method}: Spearman {rho:.4f}, Kendall {tau:.4f}, intervals hold {held:.1%}"
        )
    pairs = list(zip(found[ADJUSTED], found[MEAN], strict=True))
    better = sum(ours[0] > mean[0] for ours, mean in pairs)
    print(f"  the adjusted order is nearer to the truth in {better} of {count} panels")
    rho = [statistics.mean(told[0] for told in found[method]) for method in (ADJUSTED, MEAN)]
    yield Figure("ranking.panels.adjusted-to-mean", rho[0] / rho[1], 1)
    yield Figure("ranking.panels.nearer", better / count, 0.5)
    held = statistics.mean(told[2] for told in found[ADJUSTED])
    yield Figure("ranking.panels.intervals-hold", held / 0.9, 0.97)


def _speed(made: panels.Made, rounds: int) -> Iterator[Figure]:
    of = panel(made.data)
    known = fit(of)
    ratios = known.spreads.rest / known.spreads.idea, known.spreads.rest / known.spreads.judge

    def ours() -> tuple:
        rows = rank(made.data, ADJUSTED, seed=1)["ideas"]
        return rows[0]["idea"], rows[-1]["idea"]

    def bare() -> tuple:
        effects = normal(of, *ratios)
        return of.ideas[int(effects.argmax())], of.ideas[int(effects.argmin())]

    works = {"facts to ranking": ours, "bare": bare, "equations": lambda: (fit(of).middle, 0)}
    works["draws"] = lambda: (places(of, known, 1, 1, adjusts=True)[0][0], 0)
    told = {name: [_apart(work) for _round in range(rounds)] for name, work in works.items()}
    assert told["facts to ranking"][0]["out"] == told["bare"][0]["out"], (
        "another order than the bare solution"
    )
    seconds = {name: statistics.median(each["s"] for each in runs) for name, runs in told.items()}
    mib = {name: max(each["mib"] for each in runs) for name, runs in told.items()}
    size = f"{len(of.value)} reviews"
    print(f"  {size}: " + ", ".join(f"{name} {seconds[name]:.3f} s, +{mib[name]:.0f} MiB" for name in told))
    yield Figure("ranking.60000.equations-to-bare", seconds["bare"] / seconds["equations"], 1)
    yield Figure("ranking.60000.seconds", MOST_SECONDS / seconds["facts to ranking"], 1)
    yield Figure("ranking.60000.memory", MOST_MIB / max(1, mib["facts to ranking"]), 1)


def normal(of: Panel, idea: float, judge: float) -> np.ndarray:
    """The effects of the ideas by the normal equations as a book writes them, ridge `idea` and `judge`: the
    ideas' block is diagonal and goes first, or the matrix would not fit into the machine."""
    n, judges = len(of.ideas), len(of.judges)
    who = np.zeros((n, judges + 1))
    np.add.at(who, (of.idea, of.judge), 1.0)
    who[:, judges] = who[:, :judges].sum(axis=1)
    said = np.bincount(of.idea, of.value, n)
    own = 1 / (who[:, judges] + idea)
    left = np.diag(np.append(np.bincount(of.judge, minlength=judges) + judge, len(of.value)).astype(float))
    left[judges, :judges] = left[:judges, judges] = np.bincount(of.judge, minlength=judges)
    left -= who.T @ (own[:, None] * who)
    right = np.append(np.bincount(of.judge, of.value, judges), of.value.sum()) - who.T @ (own * said)
    return own * (said - who @ np.linalg.solve(left, right))
