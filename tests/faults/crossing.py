"""Tables by two properties, judged by others: an integer programme of another solver, and where it is
installed a library that does the same thing for statistical offices."""

import importlib.util
from random import Random

from outcomes.disclosure import FLOOR
from outcomes.disclosure.crossed import crossed, ranges


def judged(seed: int, tables: int) -> tuple[int, int, str]:
    """(tables that withstand, tables shown, what the library says)."""
    random, safe, shown = Random(seed), 0, []
    for _n in range(tables):
        counts = _table(random)
        found = crossed(counts, counts, FLOOR)
        if found.dropped:
            continue
        hidden = {(i, j) for i, row in enumerate(found.cells) for j, n in enumerate(row) if n is None}
        shown.append((counts, hidden))
        safe += all(high - low >= FLOOR for low, high in _by_another_solver(counts, hidden))
    return safe, len(shown), _oracle(shown)


def _oracle(shown: list[tuple[list, set]]) -> str:
    """The library's own tables, judged by our audit, beside ours."""
    if not importlib.util.find_spec("pytauargus"):
        return "pytauargus is not installed: not asked"
    from tests.faults.tau import hidden_by_it

    ours = theirs = exact = 0
    for counts, hidden in shown:
        its = hidden_by_it(counts)
        exact += sum(low == high for low, high in ranges(counts, its).values())
        ours, theirs = ours + len(hidden), theirs + len(its)
    assert not exact, "our audit finds cells of its tables known exactly: one of the two is wrong"
    return (
        f"pytauargus hides {theirs} cells in them, ours {ours}; our audit finds {exact} of its known exactly"
    )


def _table(random: Random) -> list[list[int]]:
    """60 to 200 people by region and line of business, some of both rare."""
    counts = [[0] * 4 for _row in range(random.randint(2, 4))]
    for _person in range(random.randint(60, 200)):
        row = min(int(random.expovariate(0.8)), len(counts) - 1)
        counts[row][min(int(random.expovariate(0.7)), 3)] += 1
    return counts


def _by_another_solver(counts: list[list[int]], hidden: set) -> list[tuple[int, int]]:
    from ortools.linear_solver import pywraplp

    found = []
    for place in sorted(hidden):
        ends = []
        for maximise in (False, True):
            solver = pywraplp.Solver.CreateSolver("SCIP")
            cells = {one: solver.IntVar(0, solver.infinity(), "") for one in hidden}
            for number, row in enumerate(counts):
                known = sum(n for j, n in enumerate(row) if (number, j) not in hidden)
                solver.Add(sum(c for (i, _j), c in cells.items() if i == number) == sum(row) - known)
            for number in range(len(counts[0])):
                column = [row[number] for row in counts]
                known = sum(n for i, n in enumerate(column) if (i, number) not in hidden)
                solver.Add(sum(c for (_i, j), c in cells.items() if j == number) == sum(column) - known)
            (solver.Maximize if maximise else solver.Minimize)(cells[place])
            assert solver.Solve() == solver.OPTIMAL
            ends.append(round(solver.Objective().Value()))
        found.append((ends[0], ends[1]))
    return found
