"""Between which places an idea could stand, had the reviews fallen a little differently."""

from ideas.ranking.panel import Panel
from ideas.ranking.severity import Fit

LEVEL = 0.9  # so often the interval should hold the true place
FEWEST, MOST, CELLS = 200, 1_000, 4_000_000  # draws: as many as 4 million numbers allow


def draws_for(ideas: int) -> int:
    return max(FEWEST, min(MOST, CELLS // max(1, ideas)))


def places(of: Panel, fit: Fit, sign: int, seed: int, *, adjusts: bool) -> tuple[list[int], list[int]]:
    """The lowest and highest place of each idea in 90 of 100 draws from what the reviews leave possible.

    The generator is the one whose numbers numpy has promised never to change."""
    import numpy as np

    draw = np.random.RandomState(seed % 2**32)
    n, judges, rest = len(of.ideas), len(of.judges) if adjusts else 0, fit.spreads.rest
    count = draws_for(n)
    half = np.linalg.cholesky(fit.parts.left)
    moved = np.linalg.solve(half.T, draw.standard_normal((judges + 1, count))) * rest**0.5
    loose, load = (rest / fit.parts.by_idea) ** 0.5, np.bincount(of.idea, of.weight, n)
    found = np.empty((count, n), dtype=np.int32)
    order = np.arange(1, n + 1, dtype=np.int32)
    for one in range(count):
        shift = load * moved[-1, one]
        if adjusts:
            shift = shift + np.bincount(of.idea, of.weight * moved[of.judge, one], n)
        true = fit.idea - shift / fit.parts.by_idea + loose * draw.standard_normal(n)
        found[one, np.argsort(-sign * true, kind="stable")] = order
    found.sort(axis=0)
    tail = (1 - LEVEL) / 2
    return found[int(tail * count)].tolist(), found[int((1 - tail) * count) - 1].tolist()
