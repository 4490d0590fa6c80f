"""The optimum: who judges what.

Few pairs: all of them, and equally good ways are told apart by a number drawn from the keys of each pair.
Many pairs: what a review by each reviewer is worth follows from a flow of kinds of ideas; with these prices
each idea has some best reviewers, and the flow looks at those only. Whether that is the optimum of all pairs
is then proved: no way of sharing out is worth more than every idea's best reviewers, whatever the prices.
"""

from collections.abc import Callable
from typing import NamedTuple

import numpy as np

from ideas.assigning import fit
from ideas.assigning.flow import Net, flowing, of_pairs
from ideas.assigning.many import candidates, most_worth, relaxed, worth
from ideas.assigning.problem import FORBIDDEN, Problem
from mentoring.matching.flow import draws

ALL = 500_000  # pairs up to which every one is looked at
BEST = (12, 48)  # reviewers looked at for an idea of many, first and where that proves nothing


class Shared(NamedTuple):
    """Row and column of each review; whether nothing better exists, else by how much at most."""

    rows: np.ndarray
    columns: np.ndarray
    gap: int


def shared(problem: Problem, told: Callable = lambda: None) -> Shared:
    """Who judges what. `told()` is called between steps and may raise."""
    n, m = problem.shape
    if not n or not m:
        none = np.zeros(0, np.int64)
        return Shared(none, none, 0)
    if n * m <= ALL:
        return _few(problem)
    return _many(problem, told)


def _few(problem: Problem) -> Shared:
    rows = np.arange(problem.shape[0])
    block = problem.block(rows)
    tail, head = np.nonzero(block > FORBIDDEN)
    stretched, added = _apart(problem, tail, head)
    value = block[tail, head].astype(np.int64) * stretched + added
    net = Net(problem.need, tail, head, np.ones(len(tail), np.int64), value, (fit.MOST + 1) * stretched)
    taken = np.flatnonzero(flowing(net, problem))
    return Shared(tail[taken], head[taken], 0)


def _apart(problem: Problem, tail: np.ndarray, head: np.ndarray) -> tuple[int, np.ndarray]:
    """(by how much fits are stretched, what is added to each pair) so that no sum of what is added weighs as
    much as one point, and all costs stay in the solver's range."""
    n, m = problem.shape
    least = (2 * (int(problem.load.max()) + n) + 3) * (m + 2) ** 2 * (fit.MOST + 2) * (n + m + 2)
    span = min(1 << 12, (1 << 60) // least)
    if span < 2:
        return 1, np.zeros(len(tail), np.int64)
    numbers = problem.numbers[tail] + problem.round * 1_000_003
    return span * (m + 2), draws(numbers, problem.keys[head]) % span


def _many(problem: Problem, told: Callable) -> Shared:
    """First as if no single pair were forbidden, which is soon found by kinds of ideas; then with the pairs
    of that and each idea's best reviewers at its prices."""
    paid, dealt = relaxed(problem)
    told()
    most = most_worth(problem, paid)
    for best in BEST:
        told()
        tail, head, value = candidates(problem, paid, dealt, best)
        told()
        taken = np.flatnonzero(flowing(of_pairs(problem, tail, head, value), problem))
        found = Shared(tail[taken], head[taken], most - worth(problem, head[taken], value[taken]))
        if not found.gap:
            break
    return found
