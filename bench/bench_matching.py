"""A whole matching run beside the bare solver (OR-Tools' flow of least cost) on the same fits: time, memory,
and the total as a share of the optimum, found by another method where that is possible.

Both start from the fits under given weights and end with who gets whom. The bare solver has them in one
matrix, takes all pairs or the 20 best of each person, and answers; ours has them as it keeps them (a matrix
where there are few, else tables to look blocks up in) and proves its answer over all pairs. What the solver
needs without choosing its pairs, and ours from weights, and from frozen facts to the written result, are
printed too. Each measurement is a process of its own, forked: memory is what it added, time is the
processor's, and the ratio is the median of those measured one after the other.
"""

import json
import os
import statistics
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import numpy as np

from bench.doors import Figure
from mentoring.matching.fit import DEFAULT_WEIGHTS as WEIGHTS
from mentoring.matching.grid import Fits, Grid
from mentoring.matching.solving import columns, placed, solve
from tests.mentoring import frozen

NAME = "matching"
SIZES = ((31, 10, 5), (186, 30, 8), (2_000, 200, 12), (20_000, 1_000, 25))
BEST, EXHAUSTIVE, MOST_MIB = 20, 10_000, 100
UNPLACED = 2000  # as in the limit's own measurement


def run(sizes=SIZES, rounds: int = 0) -> Iterator[Figure]:
    """`rounds`: how often each is measured in turn; else the oftener, the sooner it is done."""
    for people, mentors, capacity in sizes:
        often = 25 if people < 1000 else 9 if people < 10_000 else 5
        yield from _measured(frozen.large(people, mentors, capacity), rounds or often)


def _measured(facts: dict, rounds: int) -> Iterator[Figure]:
    grid = Grid(facts)
    fits, size = grid.under(WEIGHTS), "x".join(str(each) for each in grid.shape)
    block = _dense(fits)
    best = None if block.size <= EXHAUSTIVE else BEST
    pairs = _pairs(block, grid.places, best)

    def whole() -> tuple[int, int]:
        result = solve(facts, WEIGHTS)
        return result["placed"], result["fit"]

    def summed(held: np.ndarray) -> tuple[int, int]:
        rows = np.flatnonzero(held < len(grid.places))
        return len(rows), int(block[rows, held[rows]].sum())

    def ours() -> tuple[int, int]:
        return summed(placed(fits))

    def weighed() -> tuple[int, int]:
        return summed(columns(grid, WEIGHTS, []))

    def bare() -> tuple[int, int]:
        return _bare(*_pairs(block, grid.places, best), grid.places, len(block))

    def solver() -> tuple[int, int]:
        return _bare(*pairs, grid.places, len(block))

    works = {"ours": ours, "bare": bare, "solver alone": solver}
    works |= {"from weights": weighed, "facts to result": whole}
    found: dict[str, list] = {name: [] for name in works}
    for _round in range(rounds):
        for name, work in works.items():
            found[name].append(_apart(work))
    seconds = {who: statistics.median(each["s"] for each in runs) for who, runs in found.items()}
    mib = {who: max(each["mib"] for each in runs) for who, runs in found.items()}
    n, total = found["ours"][0]["out"]
    again = found["ours"] + found["from weights"] + found["facts to result"]
    assert all(each["out"] == [n, total] for each in again), "the same facts, another result"
    print(f"  {size}: placed {n}, total {total}; bare: {found['bare'][0]['out']}")
    print(f"  {size}: " + ", ".join(f"{who} {seconds[who]:.4f} s, +{mib[who]:.0f} MiB" for who in found))
    pairs_of_runs = zip(found["bare"], found["ours"], strict=True)
    ratio = statistics.median(theirs["s"] / own["s"] for theirs, own in pairs_of_runs)
    yield Figure(f"matching.{size}.time-to-bare", ratio, 0.5)
    yield from _optimal(facts, grid, block, (n, total), found["bare"][0]["out"])
    if len(block) >= 10_000:
        yield Figure(f"matching.{size}.memory", MOST_MIB / mib["facts to result"], 1)


def _optimal(facts: dict, grid: Grid, block: np.ndarray, ours: tuple, bare: list) -> Iterator[Figure]:
    """Small: the Hungarian method. Middle: the solver with every pair. Large: at least what it found."""
    size, name = "x".join(str(each) for each in grid.shape), "share-of-optimum"
    if block.size <= EXHAUSTIVE:
        best = frozen.optimum(facts, WEIGHTS)
    elif block.size <= 1_000_000:
        best = tuple(_bare(*_pairs(block, grid.places, None), grid.places, len(block), 200_000))
    else:
        best, name = tuple(bare), "total-to-bare"
    assert ours[0] >= best[0], f"placed {ours[0]}, possible {best[0]}"
    yield Figure(f"matching.{size}.{name}", ours[1] / best[1], 1)


def _dense(fits: Fits) -> np.ndarray:
    """All fits in one matrix, -1 where a hard rule forbids."""
    rows = np.arange(fits.shape[0])
    blocks = [fits.block(rows[start : start + 1000]) for start in range(0, len(rows), 1000)]
    return np.maximum(np.concatenate(blocks), -1)


def _pairs(block: np.ndarray, places: np.ndarray, best: int | None) -> tuple[np.ndarray, ...]:
    """(person, mentor, fit) of all possible pairs, or of the best of each person."""
    open_ = np.where(places > 0, block, -1)
    if best is None:
        who, where = np.nonzero(open_ >= 0)
        return who, where, block[who, where]
    columns = np.argpartition(-open_, best, axis=1)[:, :best]
    value = np.take_along_axis(open_, columns, 1)
    return np.nonzero(value >= 0)[0], columns[value >= 0], value[value >= 0]


def _bare(who, where, value, places, n: int, unplaced: int = UNPLACED) -> tuple[int, int]:
    from ortools.graph.python import min_cost_flow

    m, flow = len(places), min_cost_flow.SimpleMinCostFlow()
    people, ones = np.arange(n), np.ones(n, np.int64)
    tail = np.concatenate([np.full(n, n + m), who, n + np.arange(m), people])
    head = np.concatenate([people, n + where, np.full(m, n + m + 1), np.full(n, n + m + 1)])
    room = np.concatenate([ones, np.ones(len(who), np.int64), places, ones])
    cost = np.concatenate([0 * ones, -value.astype(np.int64), 0 * places, unplaced * ones])
    arcs = flow.add_arcs_with_capacity_and_unit_cost(tail, head, room, cost)
    flow.set_nodes_supplies(np.array([n + m, n + m + 1]), np.array([n, -n]))
    assert flow.solve() == flow.OPTIMAL
    taken = flow.flows(arcs)[n : n + len(who)]
    return int(taken.sum()), int((taken * value).sum())


def _apart(work: Callable[[], tuple]) -> dict:
    """{"s", "mib", "out"} of the work in a forked process: seconds, memory added at its peak, answer."""
    from ortools.graph.python import min_cost_flow  # noqa: F401 (loaded before either clock runs)

    reading, writing = os.pipe()
    if (child := os.fork()) == 0:
        Path("/proc/self/clear_refs").write_text("5")  # forget the peak so far
        before, start = _memory("VmRSS"), time.process_time()
        out = work()
        told = {"s": time.process_time() - start, "mib": _memory("VmHWM") - before, "out": out}
        os.write(writing, json.dumps(told).encode())
        os._exit(0)
    os.close(writing)
    with os.fdopen(reading) as pipe:
        told = pipe.read()
    os.waitpid(child, 0)
    return json.loads(told)


def _memory(what: str) -> float:
    lines = Path("/proc/self/status").read_text().splitlines()
    return next(int(line.split()[1]) / 1024 for line in lines if line.startswith(what))
