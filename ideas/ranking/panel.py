"""Who gave which idea how much, as arrays."""

from collections.abc import Iterable, Sequence
from typing import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    import numpy

SURE = {1: 0.5, 2: 1.0, 3: 1.5}  # what a review weighs by how sure its reviewer is; not said: 1


class Panel(NamedTuple):
    """Reviews sorted by idea. `idea` and `judge` are positions in `ideas` and `judges`."""

    ideas: list[int]
    judges: list[int]
    idea: "numpy.ndarray"
    judge: "numpy.ndarray"
    value: "numpy.ndarray"
    weight: "numpy.ndarray"
    groups: list[int]  # by judge: those who share ideas, directly or over others, have the same number

    @property
    def is_empty(self) -> bool:
        return not self.ideas

    @property
    def n_groups(self) -> int:
        return len(set(self.groups))

    @property
    def spare(self) -> int:
        """Comparisons beyond those needed to place every idea and every reviewer once."""
        return len(self.value) - len(self.ideas) - len(self.judges) + self.n_groups


def panel(data: dict, *, weighted: bool = False) -> Panel:
    """The reviews of `ideas.ranking.facts`, each as the weighted mean of its criteria."""
    import numpy as np

    weights = [weight for _pk, weight in data["criteria"]]
    rows = []
    for idea, judge, confidence, values in sorted(data["reviews"], key=lambda row: (row[0], row[1])):
        score = weighted_mean(values, weights)
        if score is not None:
            rows.append((idea, judge, score, SURE.get(confidence, 1.0) if weighted else 1.0))
    ideas = {pk: n for n, pk in enumerate(sorted({row[0] for row in rows}))}
    judges = {pk: n for n, pk in enumerate(sorted({row[1] for row in rows}))}
    at_idea = np.array([ideas[row[0]] for row in rows], dtype=np.int64)
    at_judge = np.array([judges[row[1]] for row in rows], dtype=np.int64)
    return Panel(
        list(ideas), list(judges), at_idea, at_judge,
        np.array([row[2] for row in rows], dtype=float),
        np.array([row[3] for row in rows], dtype=float),
        groups(zip(at_idea.tolist(), at_judge.tolist(), strict=True), len(judges)),
    )  # fmt: skip


def weighted_mean(values: Sequence[float | None], weights: Sequence[int]) -> float | None:
    """Of the criteria that have a number; None without any. Weights need not add up to 100."""
    given = [(value, weight) for value, weight in zip(values, weights, strict=True) if value is not None]
    total = sum(weight for _value, weight in given)
    return sum(value * weight for value, weight in given) / total if total else None


def groups(pairs: Iterable[tuple[int, int]], judges: int) -> list[int]:
    """By judge the number of her group: whoever judged the same idea stands in the same one."""
    leader, first = list(range(judges)), {}

    def find(one: int) -> int:
        while leader[one] != one:
            leader[one] = one = leader[leader[one]]
        return one

    for idea, judge in pairs:
        leader[find(judge)] = find(first.setdefault(idea, judge))
    numbers: dict[int, int] = {}
    return [numbers.setdefault(find(judge), len(numbers)) for judge in range(judges)]
