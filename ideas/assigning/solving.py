"""An assigning run: frozen facts in, a JSON-able result out; nothing is saved here.

{"pairs": [[seat, idea, points]], "asked": reviews that were lacking, "placed": n, "fit": total of the points,
"gap": by how much at most another way could be better (0: none is), "short": what falls short and why, see
`shortage`, "helps": what would help all of them}. The result follows from the facts alone, not from their
order or anybody's name.
"""

from collections.abc import Callable

from ideas.assigning import fit
from ideas.assigning.problem import Problem
from ideas.assigning.sharing import shared
from ideas.assigning.shortage import helps, short

STAGES = 8  # what `progress` counts at most


def solve(facts: dict, progress: Callable[[int, int], None] | None = None) -> dict:
    """`progress(done, of)` is told between steps and may raise."""
    told = _Told(progress)
    problem = Problem(facts)
    told()
    found = shared(problem, told)
    told()
    pairs = _pairs(problem, found.rows.tolist(), found.columns.tolist())
    lacking = short(facts, pairs, told)
    return {
        "pairs": pairs,
        "asked": int(problem.need.sum()),
        "placed": len(pairs),
        "fit": sum(sum(points.values()) for _seat, _idea, points in pairs),
        "gap": found.gap,
        "short": lacking,
        "helps": helps(facts, pairs, told) if lacking else [],
    }


def _pairs(problem: Problem, rows: list[int], columns: list[int]) -> list[list]:
    found = []
    for row, column in zip(rows, columns, strict=True):
        idea, seat = problem.ideas[row], problem.seats[column]
        found.append([seat["seat"], idea["idea"], fit.points(idea, seat)])
    return found


class _Told:
    """Says how far the work is and lets whoever listens stop it."""

    def __init__(self, progress: Callable[[int, int], None] | None):
        self._progress, self._done = progress, 0

    def __call__(self) -> None:
        self._done = min(self._done + 1, STAGES)
        if self._progress:
            self._progress(self._done, STAGES)
