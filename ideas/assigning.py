"""Who judges which idea: everybody about as many, nobody one she is in conflict with. Values in and out."""

import random
from collections import deque
from collections.abc import Iterable, Mapping
from functools import partial
from typing import NamedTuple


class Short(NamedTuple):
    """An idea that gets fewer reviews than asked, and why: of all reviewers so many are in conflict with it;
    the others have as many ideas as they take, or there are not enough of them."""

    got: int
    asked: int
    reviewers: int
    in_conflict: int


class Plan(NamedTuple):
    """By reviewer: her ideas in her own order. By idea: why it falls short."""

    queues: dict[int, list[int]]
    short: dict[int, Short]


def assign(
    ideas: Iterable[int],
    reviewers: Mapping[int, int | None],
    conflicts: set[tuple[int, int]],
    coverage: int,
    seed: int | str = 0,
) -> Plan:
    """Give every idea `coverage` reviewers.

    `reviewers`: the most ideas each one takes (None: any number). `conflicts`: (reviewer, idea) pairs that
    must not be. Each review that can be placed is placed, if need be by handing other ideas on from a full
    reviewer to one with room; then loads are evened out until no such exchange makes them more equal.
    """
    board = _Board(reviewers, conflicts)
    order = sorted(ideas)
    random.Random(seed).shuffle(order)
    free = {idea: [r for r in reviewers if (r, idea) not in conflicts] for idea in order}
    for idea in sorted(order, key=lambda one: len(free[one])):
        for _place in range(coverage):
            if not board.place(idea, free[idea]):
                break
    board.even_out()
    return Plan(
        board.queues(seed), {i: s for i in order if (s := _short(i, free, board, coverage)).got < coverage}
    )


def _short(idea: int, free: dict, board: "_Board", coverage: int) -> Short:
    got = sum(idea in held for held in board.held.values())
    return Short(got, coverage, len(board.held), len(board.held) - len(free[idea]))


class _Board:
    """Who holds what while it is being shared out."""

    def __init__(self, reviewers: Mapping[int, int | None], conflicts: set[tuple[int, int]]):
        self.cap, self.conflicts = dict(reviewers), conflicts
        self.held: dict[int, set[int]] = {reviewer: set() for reviewer in reviewers}

    def place(self, idea: int, free: list[int]) -> bool:
        """Give the idea to one more reviewer; False when nobody can take it even after handing on."""
        starts = sorted((r for r in free if idea not in self.held[r]), key=self._load)
        path = self._path(starts, self._has_room)
        if path is None:
            return False
        self._hand_on(path)
        self.held[path[0]].add(idea)
        return True

    def even_out(self) -> None:
        """While somebody has two more than another who could take one over, hand ideas on."""
        moved = True
        while moved:
            moved = False
            for giver in sorted(self.held, key=self._load, reverse=True):
                if path := self._path([giver], partial(self._has_two_fewer, giver)):
                    self._hand_on(path)
                    moved = True
                    break

    def queues(self, seed: int | str) -> dict[int, list[int]]:
        """Each reviewer's own order, the same for the same seed, so that no idea is everybody's last."""
        found = {}
        for reviewer, held in self.held.items():
            found[reviewer] = sorted(held)
            random.Random(f"{seed}:{reviewer}").shuffle(found[reviewer])
        return found

    def _load(self, reviewer: int) -> tuple[int, int]:
        return len(self.held[reviewer]), reviewer

    def _has_room(self, reviewer: int) -> bool:
        return self.cap[reviewer] is None or len(self.held[reviewer]) < self.cap[reviewer]

    def _has_two_fewer(self, giver: int, reviewer: int) -> bool:
        return self._has_room(reviewer) and len(self.held[reviewer]) <= len(self.held[giver]) - 2

    def _movable(self, giver: int, taker: int) -> int | None:
        ideas = self.held[giver] - self.held[taker]
        return min((i for i in ideas if (taker, i) not in self.conflicts), default=None)

    def _path(self, starts: list[int], ends) -> list[int] | None:
        """The shortest chain of reviewers, from one of `starts` to one where it may end, along which each can
        hand one idea on to the next."""
        came, queue = dict.fromkeys(starts), deque(starts)
        while queue:
            here = queue.popleft()
            if ends(here):
                path = [here]
                while (before := came[path[-1]]) is not None:
                    path.append(before)
                return path[::-1]
            for other in sorted(self.held, key=self._load):
                if other not in came and self._movable(here, other) is not None:
                    came[other] = here
                    queue.append(other)
        return None

    def _hand_on(self, path: list[int]) -> None:
        for giver, taker in reversed(list(zip(path, path[1:], strict=False))):
            idea = self._movable(giver, taker)
            self.held[giver].remove(idea)
            self.held[taker].add(idea)
