"""A start for `exchange`: the optimum over the pairs worth looking at, as a flow of least cost.

Few pairs: all of them, and equally good sets are told apart by a number drawn from the keys of each pair, so
that the same people come out together whatever else changes. Many pairs: for each person the mentors that
suit her best at the prices that a sample of the people would pay for a mentor's place.
"""

from collections.abc import Callable, Iterator

import numpy as np

from mentoring.matching.exchange import Exchange, unplaced_cost
from mentoring.matching.grid import Fits

ALL = 100_000  # pairs up to which every one is looked at
BEST, SAMPLE, ROUNDS = 20, 2000, 20
_BLOCK = 1000


def solved(fits: Fits, places: np.ndarray, rows: np.ndarray, told: Callable) -> np.ndarray:
    """The column at which each row is placed; `fits.shape[1]` is nobody. As many placed as possible, then
    the highest total, then the highest lowest fit."""
    if not len(rows) or not fits.shape[1]:
        return np.full(len(rows), fits.shape[1])
    if len(rows) * fits.shape[1] > ALL:
        return _many(fits, places, rows, told)
    held = _told_apart(fits, places, rows, floor=0)
    exchange = Exchange(fits, places, rows, held)
    told()
    exchange.improve(told)
    before = exchange.worst()[0]
    if (floor := exchange.lift(told)) > before:
        return _told_apart(fits, places, rows, floor)
    return held


def _many(fits: Fits, places: np.ndarray, rows: np.ndarray, told: Callable) -> np.ndarray:
    prices = _prices(fits, places, rows)
    told()
    pairs = _best(fits, places, rows, prices)
    told()
    exchange = Exchange(fits, places, rows, _flow(fits, places, rows, pairs), -prices)
    told()
    exchange.improve(told)
    exchange.lift(told)
    return exchange.at[rows]


Pairs = tuple[np.ndarray, np.ndarray, np.ndarray]  # position among the rows, column, fit


def _told_apart(fits: Fits, places: np.ndarray, rows: np.ndarray, floor: int) -> np.ndarray:
    """The optimum over all pairs that fit at least so well; of equal ones always the same."""
    pairs = _all(fits, places, rows, floor)
    return _flow(fits, places, rows, pairs, _apart(fits, rows, pairs))


def _all(fits: Fits, places: np.ndarray, rows: np.ndarray, floor: int) -> Pairs:
    block = fits.block(rows)
    who, where = np.nonzero((block >= floor) & (places > 0))
    return who, where, block[who, where]


def _best(fits: Fits, places: np.ndarray, rows: np.ndarray, prices: np.ndarray) -> Pairs:
    dear = 3 * (fits.most + 1)  # what costs more is too dear all the same; where no place is, still more
    prices = np.where(places > 0, np.minimum(prices, dear), dear + dear)
    found = [_highest(*block, prices, places) for block in _blocks(fits, rows)]
    who, where, value = (np.concatenate(each) for each in zip(*found, strict=True))
    return who, where, value


def _blocks(fits: Fits, rows: np.ndarray) -> Iterator[tuple[np.ndarray, np.ndarray, np.ndarray]]:
    for start in range(0, len(rows), _BLOCK):
        at = np.arange(start, min(start + _BLOCK, len(rows)))
        yield at, rows[at], fits.block(rows[at])


def _highest(at, rows, block, prices, places) -> Pairs:
    """The BEST columns of each row by fit less price; draws decide among equals, so that not all of them
    look at the same mentors. Worth, draw and column are one number a pair, which is quickly put in order."""
    columns, bits = block.shape[1], block.shape[1].bit_length()
    kind = np.int32 if (2 * int(prices.max(initial=0)) + 1) << bits + 8 < 1 << 31 else np.int64
    worth = block - prices.astype(kind)
    worth <<= 8
    worth += small_draws(rows, columns)
    worth <<= bits
    worth += np.arange(columns, dtype=kind)
    np.copyto(worth, np.iinfo(kind).min, where=block < 0)
    count = min(BEST, columns)
    worth.partition(columns - count, axis=1)
    best = worth[:, -count:]
    columns = np.where(best > np.iinfo(kind).min, best & (1 << bits) - 1, columns)
    columns.sort(axis=1)
    usable = np.append(places > 0, False)[columns]
    who, where = np.repeat(np.arange(len(rows)), usable.sum(1)), columns[usable]
    return at[who], where, block[who, where]


def _prices(fits: Fits, places: np.ndarray, rows: np.ndarray) -> np.ndarray:
    """About what a place with each mentor is worth, from a sample of the people that finds its share of the
    places. Where there are too few, they are worth most, and the sample is worth solving to its end."""
    order = np.argsort(draws(fits.grid.keys[0][rows], 0), kind="stable")
    sample = np.sort(rows[order[: min(SAMPLE, len(rows) // 8 + 1)]])
    luck = draws(fits.grid.keys[1], 1) / (1 << 31)
    some = np.floor(places * len(sample) / len(rows) + luck).astype(np.int64)
    pairs = _best(fits, some, sample, np.zeros(len(places), np.int64))
    exchange = Exchange(fits, some, sample, _flow(fits, some, sample, pairs))
    exchange.improve(most=ROUNDS if places.sum() >= len(rows) else np.inf)
    return exchange.levels[:-1].max() - exchange.levels[:-1]


def small_draws(rows: np.ndarray, columns: int) -> np.ndarray:
    """A repeatable number of 8 bits for each pair."""
    hers, theirs = (draws(each, 2) >> 8 & 255 for each in (rows, np.arange(columns)))
    return hers.astype(np.uint8)[:, None] ^ theirs.astype(np.uint8)


def draws(enrolments: np.ndarray, mentors: np.ndarray | int) -> np.ndarray:
    """A repeatable number of 31 bits for each pair of keys, which favours nobody."""
    mixed = np.asarray(enrolments, np.uint64) * np.uint64(0x9E3779B97F4A7C15)
    mixed = mixed ^ (np.asarray(mentors, np.uint64) * np.uint64(0xC2B2AE3D27D4EB4F))
    mixed ^= mixed >> np.uint64(29)
    mixed *= np.uint64(0xBF58476D1CE4E5B9)
    return (mixed >> np.uint64(33)).astype(np.int64)


def _apart(fits: Fits, rows: np.ndarray, pairs: Pairs) -> tuple[int, np.ndarray]:
    """(by how much fits are stretched, what is added to each pair) so that no sum of what is added weighs as
    much as one point of fit, and all costs stay in the solver's range."""
    n, m = len(rows), fits.shape[1]
    span = min(1 << 20, (1 << 60) // (4 * n * (n + m + 2) * unplaced_cost(fits, n)))
    if span < 2:
        return 1, 0
    enrolments, mentors = fits.grid.keys
    return span * n, draws(enrolments[rows[pairs[0]]], mentors[pairs[1]]) % span


def _flow(
    fits: Fits, places: np.ndarray, rows: np.ndarray, pairs: Pairs, apart: tuple = (1, 0)
) -> np.ndarray:
    from ortools.graph.python import min_cost_flow

    who, where, value = pairs
    n, m = len(rows), fits.shape[1]
    stretched, added = apart
    source, sink, one = n + m, n + m + 1, np.ones(n, np.int64)
    people, flow = np.arange(n), min_cost_flow.SimpleMinCostFlow()
    tail = [who, people, source * one, np.arange(n, n + m)]
    head = [n + where, sink * one, people, np.full(m, sink)]
    room = [np.ones(len(who), np.int64), one, one, places]
    cost = [-stretched * value.astype(np.int64) - added, unplaced_cost(fits, n) * stretched * one]
    arcs = flow.add_arcs_with_capacity_and_unit_cost(
        *(np.concatenate(each) for each in (tail, head, room, [*cost, 0 * one, 0 * places]))
    )
    flow.set_nodes_supplies(np.array([source, sink]), np.array([n, -n]))
    if (status := flow.solve()) != flow.OPTIMAL:
        raise ArithmeticError(f"a flow that always exists was not found: {status}")
    taken = flow.flows(arcs)[: len(who)].nonzero()[0]
    held = np.full(n, m)
    held[who[taken]] = where[taken]
    return held
