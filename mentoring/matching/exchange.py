"""Who could change places with whom: the proof that a set of pairs is the best one, over all pairs.

The nodes are the mentors and "nobody". A move takes one person from a to b and costs what is lost by it; an
empty place is a person nobody counts, who moves for nothing. A set of pairs is the best one exactly when no
round of moves (a cycle) gains anything. So a good start is improved until no round gains, which needs one
pass over all pairs, and the best sets there are apart from each other by rounds that cost nothing: through
these the worst-served person is served better.
"""

from collections import deque

import numpy as np

from mentoring.matching.grid import FORBIDDEN, Fits

NEVER = 1 << 29  # costs more than any round can gain
_BLOCK = 1000


class Exchange:
    """People placed with mentors. `held[i]` is the column at which `rows[i]` is, or `nobody`."""

    def __init__(
        self, fits: Fits, places: np.ndarray, rows: np.ndarray, held: np.ndarray, levels: np.ndarray | int = 0
    ):
        self.fits, self.nobody = fits, fits.shape[1]
        self.room = np.concatenate([places, [len(rows) + 1]])  # with nobody there always is
        self.unplaced = -unplaced_cost(fits, len(rows))
        order = held.argsort(kind="stable")
        starts = held[order].searchsorted(np.arange(self.nobody + 2))
        self.members = [rows[order[a:b]] for a, b in zip(starts[:-1], starts[1:], strict=True)]
        self.at = np.full(fits.shape[0], self.nobody)  # where each row is, and what it is worth there
        self.value = np.zeros(fits.shape[0], np.int32)
        self.at[rows] = held
        self.costs = self._moves(np.arange(self.nobody + 1))  # the least that a move costs, from each to each
        self.levels = np.zeros(self.nobody + 1, np.int32)  # in the end a move that costs nothing is flat
        self.levels[:-1] += levels
        self._changed = np.arange(self.nobody + 1)  # whose moves may go below the levels

    def improve(self, told=lambda: None, most: float = np.inf) -> int:
        """Make rounds of moves until none gains: the best set. Returns how many it took."""
        rounds = 0
        while (cycles := self._gains()) and rounds < most:
            told()
            for cycle in cycles:
                self._go_round([(a, b, None) for a, b in cycle])
                rounds += 1
        return rounds

    def lift(self, told=lambda: None) -> int:
        """Serve the worst-served better, as long as neither the number of placed people nor the total
        changes. Only after `improve`. Returns their fit then."""
        while (worst := self.worst())[1]:
            floor, people = worst
            if not all(len(self._starts(node, row, floor)[0]) for node, row in people):
                return floor
            for node, row in people:
                told()
                moves = self._round(node, row, floor)
                if moves is None:
                    return floor
                self._go_round(moves)
        return 0

    def _losses(self, rows: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
        """(block of fits, what is lost when a row moves to each node)."""
        block = self.fits.block(rows)
        gained = self._gained(rows, block)
        return block, self._lost(gained, self.at[rows])

    def _gained(self, rows: np.ndarray, block: np.ndarray) -> np.ndarray:
        """int16, what a row's fit gains at each node; with nobody it is 0, a hard rule makes it FORBIDDEN or
        nearly so."""
        nodes = self.at[rows]
        own, placed = np.zeros(len(rows), np.int16), (nodes != self.nobody).nonzero()[0]
        own[placed] = self.value[rows[placed]] = block[placed, nodes[placed]]
        gained = np.empty((len(rows), self.nobody + 1), np.int16)
        np.subtract(block, own[:, None], out=gained[:, :-1])
        np.negative(own, out=gained[:, -1])
        return gained

    def _lost(self, gained: np.ndarray, nodes: np.ndarray) -> np.ndarray:
        """What is lost by moves from these nodes: what is not gained, and a place."""
        lost = np.negative(gained, dtype=np.int32)
        lost[:, -1] -= self.unplaced
        lost[nodes == self.nobody] += self.unplaced
        lost[gained < FORBIDDEN // 2] = NEVER
        return lost

    def _moves(self, nodes: np.ndarray) -> np.ndarray:
        """The least that a move from each of these nodes to every node costs."""
        members = [self.members[node] for node in nodes]
        counts, rows = np.array([len(each) for each in members]), np.concatenate(members)
        which = np.arange(len(nodes)).repeat(counts)
        most = np.full((len(nodes), self.nobody + 1), FORBIDDEN, np.int16)
        for start in range(0, len(rows), _BLOCK):
            some, at = rows[start : start + _BLOCK], which[start : start + _BLOCK]
            first = np.concatenate([[0], (at[1:] != at[:-1]).nonzero()[0] + 1])
            gained = np.maximum.reduceat(self._gained(some, self.fits.block(some)), first, axis=0)
            most[at[first]] = np.maximum(most[at[first]], gained)
        least = self._lost(most, nodes)
        least[(counts < self.room[nodes])[:, None] & (least > 0)] = 0
        least[np.arange(len(nodes)), nodes] = 0
        return least

    def _has_room(self, node: int) -> bool:
        return len(self.members[node]) < self.room[node]

    def _gains(self) -> list[list[tuple[int, int]]]:
        """Rounds that gain, no two of which touch the same node (Bellman and Ford); none: the levels hold.
        It goes on from the levels there were, which are nearly right after a few moves."""
        levels, before = self.levels, np.full(len(self.costs), -1)
        while len(self._changed):
            reached = levels[self._changed, None] + self.costs[self._changed]
            lower = (reached.min(0) < levels).nonzero()[0]
            best = reached[:, lower].argmin(0)
            levels[lower], before[lower] = reached[best, lower], self._changed[best]
            self._changed = lower
            if cycles := _cycles(before, lower):
                return cycles
        return []

    def _go_round(self, moves: list[tuple[int, int, int | None]]) -> None:
        """Let one person move along each (from, to, row); no row given: the cheapest one."""
        going = [(a, b, self._cheapest(a, b) if row is None else row) for a, b, row in moves]
        for a, _b, row in going:
            if row >= 0:
                self.members[a] = self.members[a][self.members[a] != row]
        for _a, b, row in going:
            if row >= 0:
                self.members[b], self.at[row] = np.append(self.members[b], row), b
        touched = {node for a, b, _row in going for node in (a, b)}
        nodes = np.array(sorted(touched))
        self.costs[nodes] = self._moves(nodes)
        self._changed = np.array(sorted(touched.union(self._changed.tolist())))

    def _cheapest(self, a: int, b: int) -> int:
        """Whose move from a to b costs least; -1: an empty place."""
        best, row = (0, -1) if self._has_room(a) else (NEVER, -1)
        for start in range(0, len(self.members[a]), _BLOCK):
            rows = self.members[a][start : start + _BLOCK]
            lost = self._losses(rows)[1][:, b]
            if lost.min() < best:
                best, row = lost.min(), int(rows[lost.argmin()])
        return row

    def worst(self) -> tuple[int, list[tuple[int, int]]]:
        """The lowest fit of anybody placed, and who has it: (node, row)."""
        rows = np.concatenate(self.members[:-1])
        if not len(rows):
            return 0, []
        floor = self.value[rows].min()
        worst = rows[self.value[rows] == floor].tolist()
        return int(floor), sorted((int(self.at[row]), row) for row in worst)

    def _starts(self, node: int, rows: int | np.ndarray, floor: int) -> tuple[np.ndarray, np.ndarray]:
        """Where the rows may move for nothing and be served better than the floor: (nodes, row for each)."""
        rows = np.atleast_1d(rows)
        block, lost = self._losses(rows)
        free = lost + self.levels[node] == self.levels
        free[:, :-1] &= block > floor
        nodes = free.any(0).nonzero()[0]
        return nodes, rows[free[:, nodes].argmax(0)]

    def _round(self, node: int, row: int, floor: int) -> list[tuple[int, int, int]] | None:
        """A round that costs nothing and takes this row away from here; everybody who moves is then served
        better than the floor."""
        came: dict[int, tuple[int, int]] = {}
        queue: deque[int] = deque()

        def reach(at: int, nodes, rows) -> None:
            for to, who in zip(nodes, rows, strict=True):
                if int(to) not in came:
                    came[int(to)] = at, int(who)
                    queue.append(int(to))

        nodes, rows = self._starts(node, row, floor)
        reach(node, nodes, rows)
        while queue and node not in came:
            at = queue.popleft()
            if self._has_room(at):
                nodes = np.flatnonzero(self.levels == self.levels[at])
                reach(at, nodes, np.full(len(nodes), -1))
            members = self.members[at]
            for start in range(0, len(members), _BLOCK):
                reach(at, *self._starts(at, members[start : start + _BLOCK], floor))
        return _way_back(came, node) if node in came else None


def unplaced_cost(fits: Fits, people: int) -> int:
    """More than all that a chain of moves, one a mentor, can lose: a place for one more is worth any fit."""
    return (fits.most + 1) * (min(people, fits.shape[1]) + 2)


def _cycles(before: np.ndarray, ends: np.ndarray) -> list[list[tuple[int, int]]]:
    """The rounds among "reached from" that lead to these ends, as moves (from, to)."""
    seen = np.zeros(len(before), np.int64)
    found = []
    parents = before.tolist()
    for start in ends.tolist():
        at = start
        while at >= 0 and not seen[at]:
            seen[at] = start + 1
            at = parents[at]
        if at >= 0 and seen[at] == start + 1:
            cycle, node = [], at
            while not cycle or node != at:
                cycle.append((parents[node], node))
                node = parents[node]
            found.append(cycle)
    return found


def _way_back(came: dict[int, tuple[int, int]], node: int) -> list[tuple[int, int, int]]:
    moves, at = [], node
    while not moves or at != node:
        a, row = came[at]
        moves.append((a, at, row))
        at = a
    return moves
