"""A table by two properties: small cells are hidden, others beside them, and an integer programme proves that
no hidden one can be worked out.

Its margins are the two breakdowns, which every reader has. Cells of nobody stay open. What cannot be proved,
or would hide half of the table, is not shown at all; nor is any such table of fewer than LEAST_PEOPLE.
"""

from collections.abc import Sequence
from dataclasses import dataclass

from outcomes.disclosure.gate import limit
from outcomes.values import Reason

LEAST_PEOPLE = 60
Place = tuple[int, int]  # row, column


@dataclass(frozen=True)
class Crossed:
    """Counts by row and column; None where one is hidden. Or the reason why there is no table."""

    cells: tuple[tuple[int | None, ...], ...] = ()
    dropped: Reason | None = None


def crossed(counts: Sequence[Sequence[int]], sizes: Sequence[Sequence[int]], threshold: int) -> Crossed:
    """`counts` are persons by row and column of the collapsed breakdowns, `sizes` the same in persons or
    enterprises, whichever are fewer."""
    least = limit(threshold)
    if sum(map(sum, counts)) < LEAST_PEOPLE:
        return Crossed(dropped=Reason.TOO_FEW_TO_CROSS)
    used = {(i, j) for i, row in enumerate(counts) for j, n in enumerate(row) if n}
    hidden = {(i, j) for i, j in used if sizes[i][j] < least}
    while 2 * len(hidden) <= len(used):
        weak = weakest(counts, hidden, least)
        if weak is None:
            return Crossed(_shown(counts, hidden))
        more = _beside(counts, used, hidden, weak)
        if more is None:
            break
        hidden |= more
    return Crossed(dropped=Reason.NOT_TO_BE_HIDDEN)


def _shown(counts: Sequence[Sequence[int]], hidden: set[Place]) -> tuple[tuple[int | None, ...], ...]:
    return tuple(
        tuple(None if (i, j) in hidden else n for j, n in enumerate(row)) for i, row in enumerate(counts)
    )


def weakest(counts: Sequence[Sequence[int]], hidden: set[Place], least: int) -> Place | None:
    """The hidden cell that is known best, when one is known to fewer than `least` numbers beside its own."""
    found = {place: high - low for place, (low, high) in ranges(counts, hidden).items()}
    weak = min(found, key=lambda place: (found[place], place), default=None)
    return weak if weak is not None and found[weak] < least else None


def ranges(counts: Sequence[Sequence[int]], hidden: set[Place]) -> dict[Place, tuple[int, int]]:
    """Of each hidden cell the smallest and the largest number that margins and open cells leave it: what
    whoever has the table can work out, by integer programmes."""
    from ortools.sat.python import cp_model

    solver = cp_model.CpSolver()
    solver.parameters.num_workers = 1  # the same table gives the same answer, on any machine
    found = {}
    for place in sorted(hidden):
        ends = []
        for sense in ("minimize", "maximize"):
            model = cp_model.CpModel()
            cells = {(i, j): model.new_int_var(0, sum(counts[i]), f"{i}:{j}") for i, j in sorted(hidden)}
            for i, row in enumerate(counts):
                open_ = sum(n for j, n in enumerate(row) if (i, j) not in hidden)
                model.add(sum(cell for (r, _c), cell in cells.items() if r == i) == sum(row) - open_)
            for j in range(len(counts[0])):
                column = [row[j] for row in counts]
                open_ = sum(n for i, n in enumerate(column) if (i, j) not in hidden)
                model.add(sum(cell for (_r, c), cell in cells.items() if c == j) == sum(column) - open_)
            getattr(model, sense)(cells[place])
            if solver.solve(model) != cp_model.OPTIMAL:
                raise ArithmeticError("Margins and cells of a table do not fit.")
            ends.append(round(solver.objective_value))
        found[place] = (ends[0], ends[1])
    return found


def _beside(
    counts: Sequence[Sequence[int]], used: set[Place], hidden: set[Place], weak: Place
) -> set[Place] | None:
    """The cheapest three cells that make a rectangle with a hidden one: what is moved along it leaves all
    margins as they are. None when there is none that is not hidden already."""
    best: tuple[int, set[Place]] | None = None
    for i in range(len(counts)):
        for j in range(len(counts[0])):
            corners = {(weak[0], j), (i, weak[1]), (i, j)}
            if i == weak[0] or j == weak[1] or not corners <= used or corners <= hidden:
                continue
            cost = sum(counts[r][c] for r, c in corners - hidden)
            if best is None or cost < best[0]:
                best = (cost, corners - hidden)
    return best[1] if best else None
