"""A flow of least cost: from ideas to seats, and a seat costs the more, the more it holds."""

from typing import NamedTuple

import numpy as np

from ideas.assigning import fit
from ideas.assigning.problem import Problem

_WINDOW = 3  # how far around the even level loads are looked at first


class Net(NamedTuple):
    """Supplies that want so many different columns each, arcs between them, and what columns hold."""

    need: np.ndarray
    tail: np.ndarray
    head: np.ndarray
    width: np.ndarray  # of each arc
    value: np.ndarray  # of each arc, 0 to `most`
    most: int


def of_pairs(problem: Problem, tail, head, value) -> Net:
    return Net(problem.need, tail, head, np.ones(len(tail), np.int64), value, fit.MOST)


def weight(m: int, most: int) -> int:
    """A step towards even loads is worth more than all fit that a chain of moves, one a seat, can lose."""
    return (m + 2) * (most + 1)


def unplaced(problem: Problem, most: int) -> int:
    """A review more is worth any load and any fit."""
    n, m = problem.shape
    return (2 * (int(problem.load.max()) + n) + 1) * weight(m, most) + (m + 2) * (most + 1)


def flowing(net: Net, problem: Problem) -> np.ndarray:
    """What flows along each arc. Loads are looked at around the level that would be even; where somebody
    comes to the edge of that, at all of hers."""
    low, high = _levels(problem, int(net.need.sum()))
    while True:
        flow = _solved(net, problem, low, high)
        given = np.bincount(net.head, flow, minlength=problem.shape[1]).astype(np.int64)
        wrong = (given < low) | ((given >= high) & (high < problem.room))
        if not wrong.any():
            return flow
        low, high = np.where(wrong, 0, low), np.where(wrong, problem.room, high)


def _levels(problem: Problem, total: int) -> tuple[np.ndarray, np.ndarray]:
    """By column (how many at least, at most) where all share `total` evenly."""
    low, high = int(problem.load.min()), int(problem.load.max()) + total
    while low < high:  # the lowest level at which there is room for all
        level = (low + high) // 2
        if np.clip(level - problem.load, 0, problem.room).sum() >= total:
            high = level
        else:
            low = level + 1
    around = [np.clip(low + side - problem.load, 0, problem.room) for side in (-_WINDOW, _WINDOW)]
    return around[0], around[1]


def _solved(net: Net, problem: Problem, low: np.ndarray, high: np.ndarray) -> np.ndarray:
    from ortools.graph.python import min_cost_flow

    k, m, step = len(net.need), problem.shape[1], weight(problem.shape[1], net.most)
    source, sink, supplies, columns = k + m, k + m + 1, np.arange(k), np.arange(m)
    flow = min_cost_flow.SimpleMinCostFlow()
    arcs = flow.add_arcs_with_capacity_and_unit_cost(net.tail, k + net.head, net.width, -net.value)
    flow.add_arcs_with_capacity_and_unit_cost(np.full(k, source), supplies, net.need, 0 * net.need)
    nothing = np.full(k, unplaced(problem, net.most))
    flow.add_arcs_with_capacity_and_unit_cost(supplies, np.full(k, sink), net.need, nothing)
    first = (2 * (problem.load + low) - 1) * step  # what the last of those below the window costs
    flow.add_arcs_with_capacity_and_unit_cost(k + columns, np.full(m, sink), low, first * (low > 0))
    which = np.repeat(columns, high - low)
    within = np.arange(len(which)) - np.repeat(np.cumsum(high - low) - (high - low), high - low)
    cost = (2 * (problem.load[which] + low[which] + within) + 1) * step
    flow.add_arcs_with_capacity_and_unit_cost(
        k + which, np.full(len(which), sink), np.ones(len(which), np.int64), cost
    )
    total = int(net.need.sum())
    flow.set_nodes_supplies(np.array([source, sink]), np.array([total, -total]))
    if (status := flow.solve()) != flow.OPTIMAL:
        raise ArithmeticError(f"a flow that always exists was not found: {status}")
    return flow.flows(arcs)
