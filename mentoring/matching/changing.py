"""The smallest changes after which somebody gets a mentor she did not get, each proved by solving again."""

from collections.abc import Callable, Iterable
from functools import cache
from typing import NamedTuple

from mentoring.matching import fit
from mentoring.matching.grid import Grid
from mentoring.matching.solving import columns, solve

Told = Callable[[], object]
EVERY_STEP = 2000  # pairs up to which each single weight is tried; beyond, steps double and are then halved


def silent() -> None:
    """Nobody listens."""


def listening(told: Told) -> Callable[[int, int], None]:
    """As `solve` tells how far it is."""
    return lambda _done, _of: told()


class Change(NamedTuple):
    """A change after which the person gets the mentor; `result` is the proof, `moved` how many others have
    another mentor in it, or one where they had none, or none any more.

    `kind`: "weight" (`factor` from `before` to `after`), "capacity" (of the mentor, from `before` to `after`,
    `before` None: not said), "rule" (`rules` to lift for this pair), "pin" (that to `before`, a mentor).
    """

    kind: str
    moved: int
    result: dict
    factor: str | None = None
    before: int | None = None
    after: int | None = None
    rules: list[str] = []


def what_would_change(
    facts: dict, weights: dict, pinned: Iterable, enrolment: int, mentor: int, told: Told = silent
) -> Change | None:
    """The change that moves fewest others, of those in `changes`; None where no single one suffices, or where
    she is matched so already."""
    found = changes(facts, weights, pinned, enrolment, mentor, told)
    return min(found, key=lambda each: each.moved, default=None)


def changes(
    facts: dict, weights: dict, pinned: Iterable, enrolment: int, mentor: int, told: Told = silent
) -> list[Change]:
    """The smallest change of each kind that gives this person this mentor: one weight, the mentor's capacity,
    the rules that forbid the pair, the pin that holds her elsewhere. `told` is called again and again while
    they are tried, and may raise."""
    pins = sorted({tuple(pair) for pair in pinned})
    base = solve(facts, weights, pins, listening(told))
    tried = _Tried(base, enrolment, mentor, told)
    if tried.gets(base):
        return []
    person, guide = person_of(facts, enrolment), mentor_of(facts, mentor)
    rules = rules_between(person, guide, facts)
    if held := [pair for pair in pins if pair[0] == enrolment]:
        result = tried.solved(facts, weights, [pair for pair in pins if pair not in held])
        return tried.proved("pin", result, before=held[0][1])
    if rules:
        result = tried.solved(facts, weights, pins, [(enrolment, mentor)])
        return tried.proved("rule", result, rules=rules)
    found = _weight(facts, weights, pins, tried) if fit.places(guide) else []
    return found + _capacity(facts, weights, pins, tried)


class _Tried:
    """What came of a trial, beside the result as it is."""

    def __init__(self, base: dict, enrolment: int, mentor: int, told: Told):
        self.pair, self._before, self.told = (enrolment, mentor), _placed(base), told

    def solved(self, facts: dict, weights: dict, pins: list, lifted: Iterable = ()) -> dict:
        return solve(facts, weights, pins, listening(self.told), lifted=lifted)

    def gets(self, result: dict) -> bool:
        return _placed(result).get(self.pair[0]) == self.pair[1]

    def proved(self, kind: str, result: dict, **said) -> list[Change]:
        """The change, where it gave her the mentor."""
        if not self.gets(result):
            return []
        after = _placed(result)
        others = (self._before.keys() | after.keys()) - {self.pair[0]}
        moved = sum(self._before.get(each) != after.get(each) for each in others)
        return [Change(kind, moved, result, **said)]


def _weight(facts: dict, weights: dict, pins: list, tried: _Tried) -> list[Change]:
    """The smallest change of one weight; of equal ones the first factor's, upwards first."""
    grid = Grid(facts)
    row, column = grid.row[tried.pair[0]], grid.column[tried.pair[1]]

    @cache
    def gets(factor: str, value: int) -> bool:
        return columns(grid, {**weights, factor: value}, pins, told=tried.told)[row] == column

    def works(distance: int) -> tuple[str, int] | None:
        for factor in fit.FACTORS:
            for value in (weights[factor] + distance, weights[factor] - distance):
                if 0 <= value <= 100 and gets(factor, value):
                    return factor, value
        return None

    every = grid.shape[0] * grid.shape[1] <= EVERY_STEP
    distance = next((d for d in range(1, 101) if works(d)), 0) if every else least(works, 100)
    if not distance:
        return []
    factor, value = works(distance)
    result = tried.solved(facts, {**weights, factor: value}, pins)
    return tried.proved("weight", result, factor=factor, before=weights[factor], after=value)


def _capacity(facts: dict, weights: dict, pins: list, tried: _Tried) -> list[Change]:
    """The fewest more places with the mentor."""
    guide = mentor_of(facts, tried.pair[1])

    def result(more: int) -> dict:
        return tried.solved(with_places(facts, guide, more), weights, pins)

    more = least(lambda more: tried.gets(result(more)), len(facts["people"]))
    if not more:
        return []
    after = guide["load"] + fit.places(guide) + more
    return tried.proved("capacity", result(more), before=guide["capacity"], after=after)


def least(works: Callable[[int], object], most: int) -> int:
    """The least number from 1 to `most` that works, found by doubling and halving; 0: none."""
    below, above = 0, 1
    while not works(above):
        if above == most:
            return 0
        below, above = above, min(2 * above, most)
    while above - below > 1:
        middle = (below + above) // 2
        below, above = (below, middle) if works(middle) else (middle, above)
    return above


def with_places(facts: dict, guide: dict, more: int) -> dict:
    capacity = guide["load"] + fit.places(guide) + more
    mentors = [{**each, "capacity": capacity} if each is guide else each for each in facts["mentors"]]
    return {**facts, "mentors": mentors}


def rules_between(person: dict, mentor: dict, facts: dict) -> list[str]:
    """The kinds of rules that forbid the pair, whoever has places."""
    return list(dict.fromkeys(b.kind for b in fit.barriers(person, mentor, facts) if b.kind != "full"))


def person_of(facts: dict, enrolment: int) -> dict:
    return next(each for each in facts["people"] if each["enrolment"] == enrolment)


def mentor_of(facts: dict, mentor: int) -> dict:
    return next(each for each in facts["mentors"] if each["mentor"] == mentor)


def _placed(result: dict) -> dict[int, int]:
    return {pair["enrolment"]: pair["mentor"] for pair in result["pairs"]}
