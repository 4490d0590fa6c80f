"""Very many pairs: which of them to look at, and the proof that the others would not help."""

from collections.abc import Iterator

import numpy as np

from ideas.assigning import fit
from ideas.assigning.flow import Net, flowing, unplaced, weight
from ideas.assigning.problem import FORBIDDEN, Problem
from mentoring.matching.flow import small_draws

_BLOCK = 1000


def relaxed(problem: Problem) -> tuple[np.ndarray, tuple[np.ndarray, np.ndarray]]:
    """If no single pair were forbidden: what a review by each reviewer is worth, and (rows, columns)."""
    kinds, of = np.unique(problem.kinds, return_inverse=True)
    values = problem.of_kinds(kinds).astype(np.int64)
    tail, head = np.nonzero(values > FORBIDDEN)
    need, count = np.bincount(of, problem.need).astype(np.int64), np.bincount(of)
    net = Net(need, tail, head, count[tail], values[tail, head], fit.MOST)
    flow = np.zeros(values.shape, np.int64)
    flow[tail, head] = flowing(net, problem)
    moves = _moves(problem, values, flow, need, count)
    levels = np.zeros(len(moves), np.int64)
    while ((lower := (levels[:, None] + moves).min(0)) < levels).any():
        levels = np.minimum(levels, lower)
    return levels[-1] - levels[:-1], _dealt(flow, of)


def _dealt(flow: np.ndarray, of: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """What flows from each kind, dealt out to its rows one by one: nobody gets a row twice."""
    rows, columns = [], []
    for kind, given in enumerate(flow):
        hand, turn = np.flatnonzero(of == kind), np.repeat(np.arange(len(given)), given)
        rows.append(hand[np.arange(len(turn)) % len(hand)])
        columns.append(turn)
    return np.concatenate(rows), np.concatenate(columns)


def _moves(problem: Problem, values, flow, need, count) -> np.ndarray:
    """The least that moving one review from each column to every other costs; last: from or to nobody."""
    m, step = problem.shape[1], weight(problem.shape[1], fit.MOST)
    never = 4 * unplaced(problem, fit.MOST)
    found = np.full((m + 1, m + 1), never)
    for kind, value in enumerate(values):
        gives, takes = np.flatnonzero(flow[kind]), (flow[kind] < count[kind]) & (value > FORBIDDEN)
        costs = np.where(takes, value[gives, None] - value, never)
        found[gives, :m] = np.minimum(found[gives, :m], costs)
        bare = unplaced(problem, fit.MOST)
        found[gives, m] = np.minimum(found[gives, m], value[gives] + bare)
        if flow[kind].sum() < need[kind]:
            found[m, :m] = np.minimum(found[m, :m], np.where(takes, -value - bare, never))
    given = flow.sum(0)
    more = np.where(given < problem.room, (2 * (problem.load + given) + 1) * step, never)
    fewer = np.where(given > 0, -(2 * (problem.load + given) - 1) * step, never)
    found[:m, m], found[m, :m] = np.minimum(found[:m, m], more), np.minimum(found[m, :m], fewer)
    np.fill_diagonal(found, 0)
    return found


def _blocks(problem: Problem) -> Iterator[tuple[np.ndarray, np.ndarray]]:
    for start in range(0, problem.shape[0], _BLOCK):
        rows = np.arange(start, min(start + _BLOCK, problem.shape[0]))
        block = problem.block(rows)
        block[:, problem.room == 0] = FORBIDDEN
        yield rows, block


def candidates(problem: Problem, prices: np.ndarray, dealt: tuple, best: int) -> tuple[np.ndarray, ...]:
    """(row, column, value) of those dealt, and of each idea's best reviewers at these prices; draws decide
    among equals, so that not all ideas look at the same ones."""
    found, best, m = [], min(best, problem.shape[1]), problem.shape[1]
    dealt = np.sort(dealt[0] * m + dealt[1])
    dear = (prices - prices.min()) * 256
    dear = dear.astype(np.int32 if dear.max() < 1 << 30 else np.int64)
    for rows, block in _blocks(problem):
        there = block * dear.dtype.type(256) - dear + small_draws(rows, m)
        chosen = np.argpartition(there, m - best, axis=1)[:, -best:] + rows[:, None] * m
        here = dealt[slice(*np.searchsorted(dealt, [rows[0] * m, (rows[-1] + 1) * m]))]
        chosen = np.union1d(chosen, here)
        tail, head = np.divmod(chosen, m)
        value = block[tail - rows[0], head].astype(np.int64)
        may = value > FORBIDDEN
        found.append((tail[may], head[may], value[may]))
    tail, head, value = (np.concatenate(each) for each in zip(*found, strict=True))
    return tail, head, value


def most_worth(problem: Problem, prices: np.ndarray) -> int:
    """What no way of sharing out all pairs is worth more than: each idea has its best reviewers at these
    prices, each reviewer as much as she is paid for."""
    step, nothing, total = weight(problem.shape[1], fit.MOST), -unplaced(problem, fit.MOST), 0
    for rows, block in _blocks(problem):
        there = np.where(block == FORBIDDEN, nothing, np.maximum(block - prices, nothing))
        need = problem.need[rows]
        deep = min(int(need.max()), problem.shape[1])
        top = -np.sort(-np.partition(there, problem.shape[1] - deep, axis=1)[:, -deep:], axis=1)
        total += int(top[np.arange(deep) < need[:, None]].sum())
        total += nothing * int(np.maximum(need - deep, 0).sum())
    given = np.clip((prices // step + 1) // 2 - problem.load, 0, problem.room)
    loads = (problem.load + given) ** 2 - problem.load**2
    return total + int((prices * given - step * loads).sum())


def worth(problem: Problem, columns: np.ndarray, value: np.ndarray) -> int:
    given = np.bincount(columns, minlength=problem.shape[1])
    loads = ((problem.load + given) ** 2 - problem.load**2).sum()
    lacking = int(problem.need.sum()) - len(columns)
    step, nothing = weight(problem.shape[1], fit.MOST), unplaced(problem, fit.MOST)
    return int(value.sum()) - step * int(loads) - nothing * lacking
