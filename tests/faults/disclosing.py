"""A generated programme whose funders get issue after issue, and somebody who subtracts them.

What is given goes through the product's own gate and ledger. The attacker has neither: she knows what is
printed, the totals (which are exact), which report is over which people, and that nobody changes her
category. An integer programme tells her the smallest and the largest number that each group and each change
may have; she wins where one of 1 to 4 people is known to fewer than five numbers.

Totals are exact because funders audit them, and a total alone may say much: of one that grew by two no
category grew by more, and where two people are left, of each category two are at most. What is known by the
totals beside one table of another issue is therefore counted apart: no gate before a breakdown hides it.
"""

from collections.abc import Iterator
from dataclasses import dataclass, field
from itertools import product
from random import Random
from typing import NamedTuple

from outcomes.disclosure import FLOOR, Cell, collapse
from outcomes.disclosure.ledger import Given, Held, tells

PROPERTIES = {"region": 4, "line": 5, "age": 3}  # how many categories
ISSUES = 3


class Printed(NamedTuple):
    """One breakdown in one issue, as it is read. `issue`: where it was first printed so (carried over)."""

    report: str
    issue: int
    total: int
    cells: tuple[tuple[str | None, int], ...]  # none: all others


@dataclass
class Reader:
    """A funder with her reports: each over all of the programme, or over the first module's people only."""

    reports: tuple[str, ...]
    held: list[Given] = field(default_factory=list)
    printed: dict[str, list[Printed]] = field(default_factory=dict)  # by property
    totals: list[tuple[str, int, int]] = field(default_factory=list)  # report, issue, people


class Programme:
    """People with categories; before each issue some come and some go."""

    def __init__(self, random: Random, leaves: bool = True):
        self.random, self.leaves = random, leaves
        self.people: dict[int, dict[str, str]] = {}
        self.first_module: set[int] = set()
        self.here: list[set[int]] = []
        self._come(random.randint(5, 60), set())

    def _come(self, count: int, here: set[int]) -> None:
        for _n in range(count):
            person = len(self.people)
            # few are of the last categories, as in life
            self.people[person] = {
                name: f"{name}{min(int(self.random.expovariate(0.9)), size - 1)}"
                for name, size in PROPERTIES.items()
            }
            if self.random.random() < 0.6:
                self.first_module.add(person)
            here.add(person)
        self.here.append(here)

    def goes_on(self) -> None:
        """Until the next issue: mostly a few, sometimes many."""
        here = set(self.here[-1])
        if self.leaves and self.random.random() < 0.7:
            gone = self.random.choice((1, 1, 2, 3, 5, 8))
            here -= set(self.random.sample(sorted(here), min(gone, len(here))))
        self._come(self.random.choice((0, 0, 1, 2, 3, 5, 7, 12)), here)

    def of(self, report: str, issue: int) -> set[int]:
        here = self.here[issue]
        return here & self.first_module if report == "module" else here


def publish(programme: Programme, readers: list[Reader], *, ledger: bool = True) -> None:
    """The product's part: collapse, lay beside what the reader holds, print or carry over."""
    for issue in range(len(programme.here)):
        for reader in readers:
            for report in reader.reports:
                _give(programme, reader, report, issue, ledger)


def _give(programme: Programme, reader: Reader, report: str, issue: int, ledger: bool) -> None:
    people = programme.of(report, issue)
    reader.totals.append((report, issue, len(people)))
    for name in PROPERTIES:
        table = collapse([_cells(programme, people, name)], FLOOR)
        if table.dropped:
            continue
        cells = tuple(
            Held(cell.keys, cell.key is None, frozenset((str(row), str(row)) for row, _p in cell.rows))
            for cell in table.cells
        )
        new = Given(name, f"{report}:{name}", cells)
        if ledger and tells(new, reader.held, FLOOR):
            continue  # what stood there stands there still
        reader.held.append(new)
        shown = tuple((cell.key, cell.count) for cell in table.cells)
        reader.printed.setdefault(name, []).append(Printed(report, issue, len(people), shown))


def _cells(programme: Programme, people: set[int], name: str) -> list[Cell]:
    found: dict[str, set[int]] = {}
    for person in people:
        found.setdefault(programme.people[person][name], set()).add(person)
    return [
        Cell(key, len(own), frozenset(own), frozenset(own), frozenset((one, one) for one in own))
        for key, own in sorted(found.items())
    ]


class Found(NamedTuple):
    """What the attacker knows of a group or a change of 1 to 4."""

    what: str
    truth: int
    width: int  # largest less smallest number that it may have
    by_totals: int  # the same for who has the totals, and one table of another issue at most

    @property
    def is_pinned(self) -> bool:
        return self.width < min(FLOOR, self.by_totals)

    @property
    def is_by_totals(self) -> bool:
        return self.width < FLOOR and not self.is_pinned


class Known:
    """What somebody knows who has the totals and some tables: an integer programme."""

    def __init__(self, attack: "Attack", tables: list[Printed]):
        from ortools.linear_solver import pywraplp

        self.attack, self.solver = attack, pywraplp.Solver.CreateSolver("SCIP")
        self.kinds = {
            (category, pattern): self.solver.IntVar(0, 200, "")
            for category in attack.categories
            for pattern in attack.patterns
        }
        for report, issue, total in attack.reader.totals:
            self.solver.Add(self._sum(attack.categories, (report, issue)) == total)
        for printed in tables:
            self._add(printed)

    def _add(self, printed: Printed) -> None:
        column = (printed.report, printed.issue)
        named = {label for label, _n in printed.cells if label is not None}
        others = [one for one in self.attack.categories if one not in named]
        for label, count in printed.cells:
            self.solver.Add(self._sum([label] if label else others, column) == count)
        if all(label is not None for label, _n in printed.cells):
            self.solver.Add(self._sum(others, column) == 0)

    def _sum(self, categories: list[str], column: tuple[str, int]):
        place = self.attack.columns.index(column)
        return sum(
            kind
            for (category, pattern), kind in self.kinds.items()
            if category in categories and pattern[place]
        )

    def ends(self, weights: dict) -> tuple[int, int]:
        """The smallest and the largest number that a weighted sum may have."""
        found = []
        for maximise in (False, True):
            objective = self.solver.Objective()
            objective.Clear()
            for kind, weight in weights.items():
                objective.SetCoefficient(self.kinds[kind], weight)
            objective.SetOptimizationDirection(maximise)
            if (status := self.solver.Solve()) != self.solver.OPTIMAL:
                raise ArithmeticError(f"what is printed cannot be: status {status}")
            found.append(round(objective.Value()))
        return found[0], found[1]


class Attack:
    """One reader and one property: unknown are the people of each category who were in the same issues."""

    def __init__(self, programme: Programme, reader: Reader, name: str, stays: bool = False):
        self.programme, self.reader, self.name = programme, reader, name
        self.columns = sorted({(report, issue) for report, issue, _n in reader.totals})
        self.categories = [f"{name}{n}" for n in range(PROPERTIES[name])]
        self.patterns = [one for one in product((0, 1), repeat=len(self.columns)) if self._can_be(one, stays)]
        self.tables = reader.printed.get(name, [])
        self.all = Known(self, self.tables)
        self.single = {}  # by table, as far as they are asked for

    def _can_be(self, pattern: tuple[int, ...], stays: bool) -> bool:
        """Whoever is in an issue over a module is in that over all; `stays`: she knows that nobody left."""
        there = dict(zip(self.columns, pattern, strict=True))
        inside = all(
            there.get(("all", issue), 1) or not here
            for (report, issue), here in there.items()
            if report == "module"
        )
        in_order = all(
            later >= sooner
            for report in self.reader.reports
            for sooner, later in [
                (there[report, issue], there[report, issue + 1])
                for issue in range(len(self.programme.here) - 1)
            ]
        )
        return any(pattern) and inside and (in_order or not stays)

    def targets(self) -> Iterator[Found]:
        """Every group, who is in one issue and not in another, every net change: of 1 to 4 people."""
        for category in self.categories:
            here = {column: self._people(category, column) for column in self.columns}
            for first in self.columns:
                for second in self.columns:
                    yield from self._target(category, first, second, here)
                if 0 < len(here[first]) < FLOOR:
                    weights = self._weigh(category, first)
                    yield self._found(f"{category} in {first}", len(here[first]), weights, own=first)

    def _target(self, category: str, first: tuple, second: tuple, here: dict) -> Iterator[Found]:
        only = len(here[first] - here[second])
        if 0 < only < FLOOR:
            weights = self._weigh(category, first, without=second)
            yield self._found(f"{category} in {first} not in {second}", only, weights)
        net = len(here[first]) - len(here[second])
        if 0 < net < FLOOR and first[0] == second[0]:
            weights = self._weigh(category, first)
            for kind, weight in self._weigh(category, second).items():
                weights[kind] = weights.get(kind, 0) - weight
            yield self._found(f"{category}: {first} less {second}", net, weights)

    def _people(self, category: str, column: tuple[str, int]) -> set[int]:
        people = self.programme.of(*column)
        return {one for one in people if self.programme.people[one][self.name] == category}

    def _weigh(self, category: str, column: tuple, without: tuple | None = None) -> dict:
        place = self.columns.index(column)
        other = self.columns.index(without) if without else None
        return {
            (category, pattern): 1
            for pattern in self.patterns
            if pattern[place] and (other is None or not pattern[other])
        }

    def _found(self, what: str, truth: int, weights: dict, own: tuple | None = None) -> Found:
        """`own`: the issue that a group is of; its own table tells of it by itself."""
        low, high = self.all.ends(weights)
        assert low <= truth <= high, f"the attack is wrong about {what}: {truth} is not in {low} to {high}"
        width = by_totals = high - low
        if width < FLOOR:
            fewer = [[]] + [[one] for one in self.tables if (one.report, one.issue) != own]
            by_totals = min(most - least for least, most in (self._by(few, weights) for few in fewer))
        return Found(what, truth, width, by_totals)

    def _by(self, tables: list[Printed], weights: dict) -> tuple[int, int]:
        key = tuple(tables)
        if key not in self.single:
            self.single[key] = Known(self, tables)
        return self.single[key].ends(weights)


def attacked(seed: int, *, ledger: bool = True, leaves: bool = True, stays: bool = False) -> list[Found]:
    """One series: a programme, three issues; two funders, or one who pays for both."""
    random = Random(seed)
    programme = Programme(random, leaves)
    for _n in range(ISSUES - 1):
        programme.goes_on()
    both = random.random() < 0.3
    readers = [Reader(("all", "module"))] if both else [Reader(("all",)), Reader(("module",))]
    publish(programme, readers, ledger=ledger)
    return [
        found
        for reader in readers
        for name in PROPERTIES
        for found in Attack(programme, reader, name, stays).targets()
    ]
