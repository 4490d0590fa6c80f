"""How good the ideas are once it is taken off how strict their reviewers are.

    review = middle + idea + reviewer + rest

Ideas and reviewers are drawn from a spread each (empirical Bayes): the spreads come from Henderson's method
of fitting constants (what the two-way least squares fit explains beyond the one-way fits), the effects from
the mixed model equations with the ideas eliminated, so that the system is as large as the reviewers are many.
A reviewer with one review is drawn nearly all the way to the middle: nothing rests on that review alone.
"""

from typing import TYPE_CHECKING, NamedTuple

from ideas.ranking.panel import Panel

if TYPE_CHECKING:
    import numpy

LEAST = 1e-6  # a spread of none would divide by zero
THIN = 0.05  # ideas keep at least so much of all the spread: else they would all be alike


class Spreads(NamedTuple):
    """Variances, in squared points of the scale."""

    idea: float
    judge: float
    rest: float

    @property
    def share(self) -> float:
        """Of the differences between reviews, those between ideas: the agreement of the mixed model."""
        return self.idea / (self.idea + self.judge + self.rest)


class Fit(NamedTuple):
    middle: float
    idea: "numpy.ndarray"
    judge: "numpy.ndarray"
    spreads: Spreads
    parts: "System"


class System(NamedTuple):
    """The equations with the ideas eliminated; the last unknown is the middle."""

    left: "numpy.ndarray"
    right: "numpy.ndarray"
    by_idea: "numpy.ndarray"  # what each idea's own equation has on its diagonal


def fit(of: Panel, *, adjusts: bool = True) -> Fit | None:
    """None where nothing can be told apart: no idea with two reviews. `adjusts`: with the reviewers; without
    them the rest holds what they do."""
    import numpy as np

    found = spreads(of) if adjusts else one_way(of)
    if found is None:
        return None
    system = equations(of, found, adjusts=adjusts)
    solved = np.linalg.solve(system.left, system.right)
    judge, middle = solved[:-1], solved[-1] + of.value.mean()
    n = len(of.ideas)
    left = of.value - middle - (judge[of.judge] if adjusts else 0.0)
    idea = np.bincount(of.idea, of.weight * left, n) / system.by_idea
    return Fit(float(middle), idea, judge, found, system)


def equations(of: Panel, found: Spreads, *, adjusts: bool = True) -> System:
    import numpy as np

    n, judges = len(of.ideas), len(of.judges) if adjusts else 0
    value, weight = of.value - of.value.mean(), of.weight
    load = np.bincount(of.idea, weight, n)
    by_idea = load + found.rest / found.idea
    said = np.bincount(of.idea, weight * value, n) / by_idea
    keeps = load / by_idea
    left, right = np.zeros((judges + 1, judges + 1)), np.zeros(judges + 1)
    left[-1, -1] = (load * (1 - keeps)).sum()
    right[-1] = (weight * (value - said[of.idea])).sum()
    if judges:
        left[:-1, :-1] = _between(of, by_idea)
        left[np.arange(judges), np.arange(judges)] += found.rest / found.judge
        left[-1, :-1] = left[:-1, -1] = np.bincount(of.judge, weight * (1 - keeps[of.idea]), judges)
        right[:-1] = np.bincount(of.judge, weight * (value - said[of.idea]), judges)
    return System(left, right, by_idea)


def _between(of: Panel, by_idea) -> "numpy.ndarray":
    """Reviewers against reviewers, over the ideas that they share."""
    import numpy as np

    judges, weight = len(of.judges), of.weight
    flat = np.bincount(of.judge * (judges + 1), weight - weight**2 / by_idea[of.idea], judges * judges)
    apart = 1
    while (same := of.idea[apart:] == of.idea[:-apart]).any():
        one, other = of.judge[apart:][same], of.judge[:-apart][same]
        shared = weight[apart:][same] * weight[:-apart][same] / by_idea[of.idea[apart:][same]]
        for place in (one * judges + other, other * judges + one):
            flat -= np.bincount(place, shared, judges * judges)
        apart += 1
    return flat.reshape(judges, judges)


def spreads(of: Panel) -> Spreads | None:
    """Of ideas, reviewers and the rest, each review counting once. None without comparisons to spare."""
    import numpy as np

    n, judges, reviews, parts = len(of.ideas), len(of.judges), len(of.value), of.n_groups
    if of.spare < 1:
        return None
    within_ideas = _within(of.value, of.idea, n)
    within_judges = _within(of.value, of.judge, judges)
    both = _left_by_both(of._replace(weight=np.ones(reviews)))
    rest = both / of.spare
    judge = (within_ideas - both - (judges - parts) * rest) / max(1, reviews - n)
    idea = (within_judges - both - (n - parts) * rest) / max(1, reviews - judges)
    return _held(idea, judge, rest, of.value.var())


def one_way(of: Panel) -> Spreads | None:
    """Of ideas and of all the rest, by the analysis of variance."""
    import numpy as np

    n, reviews = len(of.ideas), len(of.value)
    if reviews <= n or n < 2:
        return None
    counts = np.bincount(of.idea, minlength=n)
    within = _within(of.value, of.idea, n)
    rest = within / (reviews - n)
    between = (((of.value - of.value.mean()) ** 2).sum() - within) / (n - 1)
    idea = (between - rest) / usual(counts)
    return _held(idea, 0.0, rest, of.value.var())


def usual(counts) -> float:
    """Reviews an idea, as the analysis of variance counts them where their numbers differ."""
    total = counts.sum()
    return float((total - (counts**2).sum() / total) / (len(counts) - 1))


def _held(idea: float, judge: float, rest: float, whole: float) -> Spreads:
    """An estimate below nothing is nothing, and nothing is a very little, to be divided by."""
    least = max(whole, LEAST) * LEAST
    rest, judge = max(rest, least), max(judge, least)
    return Spreads(float(max(idea, THIN * (judge + rest))), float(judge), float(rest))


def _within(value, group, n: int) -> float:
    import numpy as np

    means = np.bincount(group, value, n) / np.bincount(group, minlength=n)
    return float(((value - means[group]) ** 2).sum())


def _left_by_both(of: Panel) -> float:
    """What the least squares fit of ideas and reviewers leaves: one reviewer of each group is held at 0."""
    import numpy as np

    n, judges = len(of.ideas), len(of.judges)
    counts = np.bincount(of.idea, minlength=n).astype(float)
    means = np.bincount(of.idea, of.value, n) / counts
    held = {number: judge for judge, number in enumerate(of.groups)}  # the last one of each
    kept = np.setdiff1d(np.arange(judges), list(held.values()))
    effect = np.zeros(judges)
    if len(kept):
        left = _between(of, counts)[np.ix_(kept, kept)]
        right = np.bincount(of.judge, of.value - means[of.idea], judges)[kept]
        effect[kept] = np.linalg.solve(left, right)
    left_over = of.value - effect[of.judge]
    return _within(left_over, of.idea, n)
