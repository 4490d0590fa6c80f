"""What `fit` says of one pair, for whole blocks of pairs at once.

A row is a person, a column a mentor, both sorted by key. Persons share few distinct sectors, sets of
functions and places, so that each factor is a small table of (distinct value, mentor) and a block of fits is
a sum of rows looked up in them: 20 million pairs take a second and never stand in memory together.
"""

from collections.abc import Iterable, Iterator

import numpy as np

from mentoring.matching import fit
from mentoring.matching.overlaps import Overlaps

FORBIDDEN = -8000  # at a hard rule: two of them and every point there is still are a negative int16
_FEW = 400_000  # pairs up to which everything is kept
_TRI = {True: 1, None: 0, False: -1}
_REACHES = ("", "municipality", "region", "country")


class Grid:
    """Frozen facts as numbers; `under(weights)` makes fits of them. There is at least one person."""

    def __init__(self, facts: dict):
        self.people = sorted(facts["people"], key=lambda each: each["enrolment"])
        self.mentors = sorted(facts["mentors"], key=lambda each: each["mentor"])
        self.row = {person["enrolment"]: i for i, person in enumerate(self.people)}
        self.column = {mentor["mentor"]: j for j, mentor in enumerate(self.mentors)}
        self.shape = len(self.people), len(self.mentors)
        self.keys = tuple(np.array(list(side), dtype=np.int64) for side in (self.row, self.column))
        self.places = np.array([fit.places(mentor) for mentor in self.mentors], dtype=np.int64)
        self.sector = _looked_up(self.people, lambda person: person["sector"], self._sectors)
        self.functions = _looked_up(self.people, lambda person: frozenset(person["functions"]), self._hits)
        self.wanted = np.array([[max(len(each), 1)] for each in self.functions.values], np.int16)
        self.language = _looked_up(self.people, lambda person: person["language"], self._languages)
        self.place = _looked_up(self.people, _whereabouts, self._meetings)
        self.is_small = self.shape[0] * self.shape[1] <= _FEW
        self.windows = Overlaps(self.people, self.mentors, self.is_small)
        self.wishes = _Pairs(self, ((p["enrolment"], mentor) for p in self.people for mentor in p["wishes"]))
        self.mentor_wishes = _Pairs(
            self, ((person, m["mentor"]) for m in self.mentors for person in m["wishes"])
        )
        self.forbidden = _Pairs(self, _forbidden(self, facts))
        self.lifted = fit.lifted_pairs(facts)  # by the run itself

    def under(self, weights: dict[str, int], lifted: Iterable[tuple[int, int]] = ()) -> "Fits":
        """The fits under given weights. `lifted`: pairs (enrolment, mentor) that no rule forbids."""
        return Fits(self, weights, [*lifted, *self.lifted])

    def _sectors(self, sectors: list[str]) -> np.ndarray:
        offered = [set(mentor["sectors"]) for mentor in self.mentors]
        return _table(sectors, offered, lambda sector, has: bool(sector) and sector in has)

    def _languages(self, languages: list[str]) -> np.ndarray:
        """1 in common, 0 not known, -1 none in common."""
        offered = [set(mentor["languages"]) for mentor in self.mentors]
        return _table(languages, offered, lambda one, has: (1 if one in has else -1) if one and has else 0)

    def _hits(self, wanted: list[frozenset]) -> np.ndarray:
        """How many of the functions she wants the mentor offers."""
        kinds = {kind: k for k, kind in enumerate(sorted(set().union(*wanted)))}
        asks, has = (np.zeros((len(side), len(kinds)), np.float32) for side in (wanted, self.mentors))
        for i, each in enumerate(wanted):
            asks[i, [kinds[kind] for kind in each]] = 1
        for j, mentor in enumerate(self.mentors):
            has[j, [kinds[kind] for kind in mentor["functions"] if kind in kinds]] = 1
        return (asks @ has.T).astype(np.int16)

    def _meetings(self, wanted: list[tuple]) -> np.ndarray:
        """`fit.meets` as 1, 0 for not known, -1."""
        place, *where = (np.array(each, dtype=object) for each in zip(*wanted, strict=True))
        there = [
            np.array([fit.folded(mentor[name]) for mentor in self.mentors], dtype=object)
            for name in ("municipality", "region")
        ]
        near, region = (_same(hers, theirs) for hers, theirs in zip(where, there, strict=True))
        here = np.array([_TRI[mentor["on_premises"]] for mentor in self.mentors], np.int8)
        online = np.array([_TRI[mentor["online"]] for mentor in self.mentors], np.int8)
        reach = np.array([_REACHES.index(mentor["reach"]) for mentor in self.mentors], np.int64)
        reached = np.choose(
            reach, [np.maximum(near, 0), near, np.where(near == 1, 1, region), np.ones_like(near)]
        )
        comes = np.where(here == -1, -1, np.where(reached == 1, here, reached))
        either = np.where((comes == 1) | (online == 1), 1, np.where((comes == -1) & (online == -1), -1, 0))
        found = np.where((place == "premises")[:, None], comes, either)
        return np.where((place == "online")[:, None], online, found).astype(np.int8)


class Fits:
    """The fits of all pairs of a grid under one set of weights, block by block."""

    def __init__(self, grid: Grid, weights: dict[str, int], lifted: Iterable[tuple[int, int]]):
        self.grid, self.weights, self.shape = grid, weights, grid.shape
        self.most = sum(weights.values())
        self._tables = [
            (grid.sector.index, grid.sector.table * np.int16(weights["sector"])),
            (grid.functions.index, weights["functions"] * grid.functions.table // grid.wanted),
            *(
                (known.index, np.array([FORBIDDEN, 0, weights[name]], np.int16)[known.table + 1])
                for name, known in (("language", grid.language), ("place", grid.place))
            ),
        ]
        self._lifted = [
            (grid.row[enrolment], grid.column[mentor], self._open(enrolment, mentor))
            for enrolment, mentor in lifted
        ]
        self._whole = self._computed(None) if grid.is_small else None

    def block(self, rows: np.ndarray) -> np.ndarray:
        """int16, len(rows) by mentors; below 0 where a hard rule other than being full stands between."""
        return self._computed(rows) if self._whole is None else self._whole[rows]

    def _computed(self, rows: np.ndarray | None) -> np.ndarray:
        """Of these rows, or of all."""
        (index, table), *more = self._tables
        found = table[index if rows is None else index[rows]]
        for index, table in more:
            found += table[index if rows is None else index[rows]]
        if self.weights["windows"]:
            found += self.grid.windows.block(rows) * np.int16(self.weights["windows"])
        for name, pairs in (("wish", self.grid.wishes), ("mentor_wish", self.grid.mentor_wishes)):
            found[pairs.among(rows)] += self.weights[name]
        found[self.grid.forbidden.among(rows)] = FORBIDDEN
        for row, column, value in self._lifted:
            found[row if rows is None else rows == row, column] = value
        return found

    def _open(self, enrolment: int, mentor: int) -> int:
        person, guide = (
            self.grid.people[self.grid.row[enrolment]],
            self.grid.mentors[self.grid.column[mentor]],
        )
        return sum(fit.points(person, guide, self.weights).values())


class _LookedUp:
    """One factor: `table[index[row]]` says what it says of a row, mentor by mentor."""

    def __init__(self, values: list, index: np.ndarray, table: np.ndarray):
        self.values, self.index, self.table = values, index, table


def _looked_up(people: list[dict], value, table) -> _LookedUp:
    known: dict = {}
    index = np.array([known.setdefault(value(person), len(known)) for person in people], dtype=np.int64)
    values = list(known)
    return _LookedUp(values, index, table(values))


def _table(values: list, offered: list, holds) -> np.ndarray:
    found = [[holds(value, has) for has in offered] for value in values]
    return np.array(found, dtype=np.int8).reshape(len(values), len(offered))


def _whereabouts(person: dict) -> tuple[str, str, str]:
    return person["place"], fit.folded(person["municipality"]), fit.folded(person["region"])


def _same(hers: np.ndarray, theirs: np.ndarray) -> np.ndarray:
    """1 where both are known and equal, -1 where they differ, 0 where one is not known."""
    known = (hers != "")[:, None] & (theirs != "")[None, :]
    return np.where(known, np.where(hers[:, None] == theirs[None, :], 1, -1), 0).astype(np.int8)


class _Pairs:
    """Few pairs among many, found again by row."""

    def __init__(self, grid: Grid, pairs: Iterable[tuple[int, int]]):
        known = {(grid.row.get(e), grid.column.get(m)) for e, m in pairs}
        known = sorted((row, column) for row, column in known if row is not None and column is not None)
        self._columns = np.array([column for _row, column in known], dtype=np.int64)
        self._rows = np.array([row for row, _column in known], dtype=np.int64)
        counts = np.bincount(self._rows, minlength=grid.shape[0])
        self._starts = np.concatenate([[0], np.cumsum(counts)])

    def among(self, rows: np.ndarray | None) -> tuple[np.ndarray, np.ndarray]:
        """Positions in a block of these rows, or of all: (which of the rows, column)."""
        if rows is None:
            return self._rows, self._columns
        counts = self._starts[rows + 1] - self._starts[rows]
        which = np.repeat(np.arange(len(rows)), counts)
        within = np.arange(len(which)) - np.repeat(np.cumsum(counts) - counts, counts)
        return which, self._columns[self._starts[rows][which] + within]


def _forbidden(grid: Grid, facts: dict) -> Iterator[tuple[int, int]]:
    yield from ((enrolment, mentor) for enrolment, mentor, _kind, _since in facts["conflicts"])
    yield from ((enrolment, mentor) for enrolment, mentor in facts["guided"])
    yield from ((person["enrolment"], mentor) for person in grid.people for mentor in person["noes"])
    yield from ((person, mentor["mentor"]) for mentor in grid.mentors for person in mentor["noes"])
