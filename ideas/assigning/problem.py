"""Frozen facts as numbers: a row is an idea that lacks reviews, a column a seat, both in order of their keys.

An idea is known by its number in the programme, a seat by its number in the round, so that the same round is
shared out alike wherever it is stored.
"""

from collections import Counter
from collections.abc import Iterable

import numpy as np

from ideas.assigning import fit

FORBIDDEN = -1
COUNT = ("waiting", "done")  # tasks that count as a review of the idea, and as load


class Problem:
    """`need[row]` reviews are lacking; `room[column]` more she takes; `load[column]` she has."""

    def __init__(self, facts: dict):
        held = [(seat, idea) for seat, idea, state in facts["tasks"] if state in COUNT]
        loads, reviews = Counter(seat for seat, _i in held), Counter(idea for _s, idea in held)
        lacking = {row["idea"]: facts["coverage"] - reviews[row["idea"]] for row in facts["ideas"]}
        self.ideas = sorted((i for i in facts["ideas"] if lacking[i["idea"]] > 0), key=_number)
        self.seats = sorted(facts["seats"], key=lambda seat: seat["n"])
        self.shape = len(self.ideas), len(self.seats)
        self.row = {idea["idea"]: at for at, idea in enumerate(self.ideas)}
        self.column = {seat["seat"]: at for at, seat in enumerate(self.seats)}
        self.need = np.array([lacking[idea["idea"]] for idea in self.ideas], np.int64)
        self.load = np.array([loads[seat["seat"]] for seat in self.seats], np.int64)
        self.room = np.array([self._room(seat, loads) for seat in self.seats], np.int64)
        self.numbers = np.array([idea["number"] for idea in self.ideas], np.int64)
        self.keys = np.array([seat["n"] for seat in self.seats], np.int64)
        self.round = facts["round"]
        self._sectors = _looked_up([idea["sector"] for idea in self.ideas])
        self._languages = _looked_up([idea["language"] for idea in self.ideas])
        self._table = self._fits()
        pairs = [(seat, idea) for seat, idea, _state in facts["tasks"]]
        self._never = self._positions(pairs + [tuple(pair) for pair in facts["conflicts"]])

    @property
    def kinds(self) -> np.ndarray:
        """Which rows are alike but for conflicts: a number for each row."""
        return self._sectors[1] * len(self._languages[0]) + self._languages[1]

    def of_kinds(self, kinds: np.ndarray) -> np.ndarray:
        """As `block`, for kinds of rows, without what forbids single pairs."""
        sector, language = np.divmod(kinds, max(len(self._languages[0]), 1))
        return self._joined(sector, language)

    def block(self, rows: np.ndarray) -> np.ndarray:
        """int8, len(rows) by columns: the fit of each pair, FORBIDDEN where a rule but her cap forbids it."""
        found = self._joined(self._sectors[1][rows], self._languages[1][rows])
        starts, columns = self._never
        counts = starts[rows + 1] - starts[rows]
        which = np.repeat(np.arange(len(rows)), counts)
        within = np.arange(len(which)) - np.repeat(np.cumsum(counts) - counts, counts)
        found[which, columns[starts[rows][which] + within]] = FORBIDDEN
        return found

    def _room(self, seat: dict, loads: Counter) -> int:
        if seat["cap"] is None:
            return len(self.ideas)
        return min(len(self.ideas), max(0, seat["cap"] - loads[seat["seat"]]))

    def _fits(self) -> tuple[np.ndarray, np.ndarray]:
        """(what a sector adds by column, what a language adds or forbids)."""
        sectors, languages = self._sectors[0], self._languages[0]
        one, other = (np.zeros((len(each), self.shape[1]), np.int8) for each in (sectors, languages))
        for at, seat in enumerate(self.seats):
            one[:, at] = [fit.SECTOR * bool(s and s in seat["sectors"]) for s in sectors]
            for place, language in enumerate(languages):
                said = {"sector": "", "language": language}
                reads = fit.reads(said, seat)
                other[place, at] = sum(fit.points(said, seat).values()) if reads else FORBIDDEN
        return one, other

    def _joined(self, sector: np.ndarray, language: np.ndarray) -> np.ndarray:
        said = self._table[1][language]
        return np.where(said == FORBIDDEN, said, self._table[0][sector] + said)

    def _positions(self, pairs: Iterable[tuple[int, int]]) -> tuple[np.ndarray, np.ndarray]:
        """Pairs (seat, idea) as columns by row: (where each row's begin, columns)."""
        known = {(self.row.get(idea), self.column.get(seat)) for seat, idea in pairs}
        known = sorted(pair for pair in known if None not in pair)
        rows = np.array([row for row, _column in known], np.int64)
        counts = np.bincount(rows, minlength=self.shape[0])
        columns = np.array([column for _row, column in known], np.int64)
        return np.concatenate([[0], np.cumsum(counts)]), columns


def _number(idea: dict) -> int:
    return idea["number"]


def _looked_up(values: list[str]) -> tuple[list[str], np.ndarray]:
    """(distinct values in order, which of them each is)."""
    known = sorted(set(values))
    at = {value: place for place, value in enumerate(known)}
    return known, np.array([at[value] for value in values], np.int64)
