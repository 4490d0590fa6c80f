"""What a reader holds already, and what one table more would tell her beside it.

A table that a reader was given is kept as which rows stood in which cell, and the persons behind each row
(outcomes/released.py keys them). Two tables of the same code, or three, may be subtracted from each other:
of each set of categories that all of them tell exactly, what is left is known to her exactly. A new table
`tells` when what is left is a group of fewer people than the threshold, or a change of fewer.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import cached_property
from itertools import combinations, product
from typing import NamedTuple

DEEPEST = 3  # as many tables given before are subtracted from a new one


class Held(NamedTuple):
    """One cell as it was given: a category, or all that were put together. Rows with the persons behind."""

    keys: frozenset[str]
    is_rest: bool
    rows: frozenset[tuple[str, str]]


@dataclass(frozen=True)
class Given:
    """One table, or the sides of one figure, as a reader was given it. `series` names what is told anew in
    each issue of it: two of one series are compared by their numbers, whoever stands behind them."""

    code: str
    series: str
    cells: tuple[Held, ...]

    @cached_property
    def rows(self) -> dict[str, int]:
        """Row → place of its cell."""
        return {row: place for place, cell in enumerate(self.cells) for row, _person in cell.rows}

    @cached_property
    def persons(self) -> dict[str, set[str]]:
        """Row → the persons behind it."""
        found: dict[str, set[str]] = {}
        for cell in self.cells:
            for row, person in cell.rows:
                found.setdefault(row, set()).add(person)
        return found

    def cell_of(self, key: str) -> int | None:
        """The place of the cell that a category stands in: its own, or the one that holds it with others.
        What is named nowhere is among those that are together; without such, nobody is in it."""
        here = [place for place, cell in enumerate(self.cells) if key in cell.keys]
        rests = [place for place, cell in enumerate(self.cells) if cell.is_rest]
        return here[0] if here else rests[0] if len(rests) == 1 else None


Atoms = dict[tuple[int | None, ...], list[str]]  # place in each table → the rows that stand so


def tells(new: Given, held: Sequence[Given], least: int) -> bool:
    """Would a reader who holds these learn of fewer than `least` people from the new table?"""
    tables = [new, *_near(new, held)]
    if any(one.series != new.series and _parted(one) != _parted(new) for one in tables):
        return True  # two reports over the same people, put together in two ways: too much to be sure of
    atoms = _atoms(tables)
    for count in range(1, min(DEEPEST, len(tables) - 1) + 1):
        for some in combinations(range(1, len(tables)), count):
            components = _components([new, *(tables[number] for number in some)])
            for signs in product((-1, 1), repeat=count):
                weights = {0: 1} | dict(zip(some, signs, strict=True))
                if -1 in signs and any(_small(tables, atoms, weights, one, least) for one in components):
                    return True
    return False


def _parted(table: Given) -> set[frozenset[str]]:
    return {cell.keys for cell in table.cells if not cell.is_rest}


def _near(new: Given, held: Sequence[Given]) -> list[Given]:
    """Those of the same code that have people or a series in common with it; one of each that are equal."""
    near: list[Given] = []
    for one in held:
        shares = one.series == new.series or not one.rows.keys().isdisjoint(new.rows)
        if one.code == new.code and shares and one.cells not in [other.cells for other in near]:
            near.append(one)
    return near


def _atoms(tables: list[Given]) -> Atoms:
    found: Atoms = {}
    for row in {row for table in tables for row in table.rows}:
        found.setdefault(tuple(table.rows.get(row) for table in tables), []).append(row)
    return found


def _components(tables: list[Given]) -> list[list[set[int]]]:
    """The finest sets of categories that are unions of cells in every table, as the cells of each table."""
    keys = sorted({key for table in tables for cell in table.cells for key in cell.keys})
    over = {key: key for key in keys}

    def top(key: str) -> str:
        while over[key] != key:
            key = over[key]
        return key

    for table in tables:
        by_cell: dict[int, str] = {}
        for key in keys:
            if (place := table.cell_of(key)) is not None:
                over[top(key)] = top(by_cell.setdefault(place, key))
    found: dict[str, list[set[int]]] = {}
    for key in keys:
        places = found.setdefault(top(key), [set() for _table in tables])
        for number, table in enumerate(tables):
            if (place := table.cell_of(key)) is not None:
                places[number].add(place)
    return list(found.values())


def _small(
    tables: list[Given], atoms: Atoms, weights: dict[int, int], places: list[set[int]], least: int
) -> bool:
    """Is what is left after adding and subtracting a group, or a change, of fewer than `least` people?"""
    change = taken = 0
    left: list[list[str]] = []
    for standing, rows in atoms.items():
        inside = [
            weight
            for (number, weight), cells in zip(weights.items(), places, strict=True)
            if standing[number] in cells
        ]
        taken += len(inside) * len(rows)
        change += sum(inside) * len(rows)
        left += [rows] if sum(inside) else []
    numbers, stays = list(weights), sum(map(len, left))
    is_series = len(numbers) == 2 and tables[numbers[1]].series == tables[0].series
    is_near = 2 * stays <= taken  # most of one is in the other
    if not change:  # the numbers are the same: nothing is seen, but that two reports are nearly one
        return bool(stays) and is_near and not is_series and len(numbers) == 2
    if _fewer_persons([tables[number] for number in weights], left, least):
        return True
    return abs(change) < least and (is_series or is_near)


def _fewer_persons(tables: Sequence[Given], left: Iterable[list[str]], least: int) -> bool:
    persons: set[str] = set()
    for rows in left:
        for row in rows:
            persons.update(person for table in tables for person in table.persons.get(row, ()))
            if len(persons) >= least:
                return False
    return True
