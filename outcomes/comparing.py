"""A definition by group of those who take part: how many, the mean, and how far it is from the control group.

The standard error of a difference is that of a regression on the groups with one pooled variance: from the
numbers, sums and sums of squares that the database adds up. A share is the mean of 0 and 1.
"""

from collections.abc import Sequence
from math import sqrt
from typing import NamedTuple

from outcomes.counting.answers import Counted
from outcomes.counting.facts import UNIT, WHO, marks
from outcomes.definitions import Definition
from outcomes.scope import Scope
from training.models import Group

COMPARABLE = ("share", "mean", "median", "sum")  # of each person a number; medians and sums by their mean


class Sums(NamedTuple):
    """What is added up of one group; of how many asked how many answered."""

    group: int | None
    n: int
    total: float
    squares: float
    asked: int = 0
    answered: int = 0

    @property
    def mean(self) -> float:
        return self.total / self.n


class Compared(NamedTuple):
    """One group. Without a control group, or in it, there is no difference; with too few people no error."""

    group: Group | None  # none: who is in no group
    n: int
    mean: float  # of a share between 0 and 1
    difference: float | None = None  # less the mean of the control group
    error: float | None = None  # the standard error of the difference
    asked: int = 0
    answered: int = 0

    @property
    def is_control(self) -> bool:
        return bool(self.group and self.group.is_control)


def compare(definition: Definition, scope: Scope) -> list[Compared]:
    """Groups of the scope's programmes, the control group first; nothing where it cannot be compared."""
    how = definition.how
    if how["count"] != "answers" or how["aggregation"] not in COMPARABLE:
        return []
    found = sums(definition, scope)  # of one currency, or of none
    groups = Group.objects.in_bulk([one.group for one in found if one.group])
    if not groups:
        return []
    control = next((one for one in found if one.group and groups[one.group].is_control), None)
    pooled = pooled_variance(found)
    rows = [_compared(one, groups.get(one.group), control, pooled) for one in found]
    return sorted(rows, key=lambda one: (not one.is_control, one.group is None, one.group and one.group.pk))


def sums(definition: Definition, scope: Scope) -> list[Sums]:
    """By group, with the control group. Whoever is in two groups counts in the first."""
    counted = Counted(definition, scope, with_control=True)
    number = "CASE WHEN holds THEN 1.0 ELSE 0.0 END" if counted.kind == "share" else "v"
    programmes = [programme.pk for programme in scope.programmes] or [0]
    rows = counted.ask(
        f"""SELECT g.id, COUNT(c.unit), SUM({number}), SUM(({number}) * ({number})),
                COUNT(a.unit), COALESCE(SUM(a.done), 0),
                (SELECT COUNT(DISTINCT NULLIF(currency, '')) FROM counted)
            FROM (SELECT unit FROM counted UNION SELECT unit FROM asked) u
            LEFT JOIN counted c ON c.unit = u.unit LEFT JOIN asked a ON a.unit = u.unit
            LEFT JOIN (
                SELECT {UNIT} AS unit, MIN(e.group_id) AS id FROM {WHO}
                WHERE w.programme_id IN ({marks(programmes)}) GROUP BY {UNIT}) g ON g.unit = u.unit
            GROUP BY g.id HAVING COUNT(c.unit) > 0""",  # noqa: S608 - what was said stands for %s
        tuple(programmes),
    )
    return [
        Sums(group, n, float(total), float(squares), asked, int(answered))
        for group, n, total, squares, asked, answered, currencies in rows
        if currencies < 2
    ]


def pooled_variance(found: Sequence[Sums]) -> float | None:
    """Of what is left of each number when the mean of its group is taken off."""
    free = sum(one.n for one in found) - len(found)
    if free < 1:
        return None
    return max(0.0, sum(one.squares - one.total * one.total / one.n for one in found)) / free


def _compared(one: Sums, group: Group | None, control: Sums | None, pooled: float | None) -> Compared:
    answers = {"asked": one.asked, "answered": one.answered}
    if control is None or one is control:
        return Compared(group, one.n, one.mean, **answers)
    error = None if pooled is None else sqrt(pooled * (1 / one.n + 1 / control.n))
    return Compared(group, one.n, one.mean, one.mean - control.mean, error, **answers)
