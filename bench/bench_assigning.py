"""Assigning reviews beside the bare solver (OR-Tools' flow of least cost) on the same arcs: time, memory, and
what is placed and how well it fits as a share of the reference.

Ours starts from frozen facts as numbers and ends with who judges what; the bare solver starts from arrays of
arcs, which for many pairs are those that ours has chosen (choosing and proving is in our time only). The
reference of the two smaller sizes is the solver over all pairs; of the largest the bound that no way of
sharing out can pass. Each measurement is a process of its own.
"""

import statistics
from collections.abc import Iterator

import numpy as np

from bench.bench_matching import _apart as apart
from bench.doors import Figure
from ideas.assigning import fit, flow, sharing
from ideas.assigning.many import candidates, relaxed
from ideas.assigning.problem import FORBIDDEN, Problem
from ideas.assigning.solving import solve
from tests.ideas import rounds_frozen

NAME = "assigning"
SIZES = ((186, 30), (2_000, 200), (20_000, 1_000))
COVERAGE, MOST_MIB = 3, 1_000


def run(sizes=SIZES, rounds: int = 5) -> Iterator[Figure]:
    for ideas, seats in sizes:
        facts = rounds_frozen.large(ideas, seats, COVERAGE)
        yield from _measured(facts, rounds if ideas < 10_000 else 3)


def _measured(facts: dict, rounds: int) -> Iterator[Figure]:
    problem = Problem(facts)
    size, net = "x".join(str(each) for each in problem.shape), _arcs(problem)

    def ours() -> list[int]:
        found = sharing.shared(problem)
        return _told(problem, found.rows, found.columns) + [found.gap]

    def bare() -> list[int]:
        taken = np.flatnonzero(_bare(net, problem))
        return _told(problem, net.tail[taken], net.head[taken])

    def whole() -> list[int]:
        result = solve(facts)
        return [result["placed"], result["fit"]]

    works = {"ours": ours, "bare": bare, "facts to result": whole}
    found: dict[str, list] = {name: [] for name in works}
    for _round in range(rounds):
        for name, work in works.items():
            found[name].append(apart(work))
    seconds = {who: statistics.median(each["s"] for each in runs) for who, runs in found.items()}
    mib = {who: max(each["mib"] for each in runs) for who, runs in found.items()}
    (placed, loads, total, gap), reference = found["ours"][0]["out"], found["bare"][0]["out"]
    again = [each["out"][:2] for each in found["facts to result"]]
    assert again == [[placed, total]] * rounds, "the same facts, another result"
    print(f"  {size}: placed {placed}, squares of loads {loads}, fit {total}, gap {gap}; bare {reference}")
    print(f"  {size}: " + ", ".join(f"{who} {seconds[who]:.4f} s, +{mib[who]:.0f} MiB" for who in found))
    yield Figure(f"assigning.{size}.time-to-bare", seconds["bare"] / seconds["ours"], 0.5)
    yield Figure(f"assigning.{size}.placed", placed / (len(facts["ideas"]) * COVERAGE), 1)
    yield Figure(f"assigning.{size}.loads-to-bare", reference[1] / loads, 1)
    yield Figure(f"assigning.{size}.fit-to-bare", total / reference[2], 1)
    yield Figure(f"assigning.{size}.proved", 1 if gap == 0 else 0, 1)
    if len(facts["ideas"]) >= 10_000:
        yield Figure(f"assigning.{size}.memory", MOST_MIB / mib["facts to result"], 1)


def _arcs(problem: Problem) -> flow.Net:
    """All pairs; of very many those that ours looks at."""
    if problem.shape[0] * problem.shape[1] <= sharing.ALL:
        block = problem.block(np.arange(problem.shape[0]))
        tail, head = np.nonzero(block > FORBIDDEN)
        return flow.Net(
            problem.need,
            tail,
            head,
            np.ones(len(tail), np.int64),
            block[tail, head].astype(np.int64),
            fit.MOST,
        )
    chosen = candidates(problem, *relaxed(problem), sharing.BEST[0])
    return flow.of_pairs(problem, *chosen)


def _bare(net: flow.Net, problem: Problem) -> np.ndarray:
    """The same three goals as costs, written down without anything of ours: a unit of load costs what its
    square adds, each load by itself, up to five above the average."""
    from ortools.graph.python import min_cost_flow

    n, m, total = len(net.need), problem.shape[1], int(net.need.sum())
    step, most = (m + 2) * (fit.MOST + 1), total // m + 5
    solver, rows, columns = min_cost_flow.SimpleMinCostFlow(), np.arange(n), np.arange(m)
    arcs = solver.add_arcs_with_capacity_and_unit_cost(net.tail, n + net.head, net.width, -net.value)
    solver.add_arcs_with_capacity_and_unit_cost(np.full(n, n + m), rows, net.need, 0 * rows)
    nothing = np.full(n, (2 * most + 1) * step + (m + 2) * (fit.MOST + 1))
    solver.add_arcs_with_capacity_and_unit_cost(rows, np.full(n, n + m + 1), net.need, nothing)
    for k in range(most):
        cost = np.full(m, (2 * k + 1) * step)
        solver.add_arcs_with_capacity_and_unit_cost(n + columns, np.full(m, n + m + 1), 1 + 0 * columns, cost)
    solver.set_nodes_supplies(np.array([n + m, n + m + 1]), np.array([total, -total]))
    assert solver.solve() == solver.OPTIMAL
    return solver.flows(arcs)


def _told(problem: Problem, rows: np.ndarray, columns: np.ndarray) -> list[int]:
    """[reviews placed, sum of squares of loads, fit]."""
    fits = 0
    for start in range(0, problem.shape[0], 1000):
        some = np.arange(start, min(start + 1000, problem.shape[0]))
        mine = (rows >= start) & (rows < start + 1000)
        fits += int(problem.block(some)[rows[mine] - start, columns[mine]].sum())
    loads = np.bincount(columns, minlength=problem.shape[1])
    return [len(rows), int((loads**2).sum()), fits]
