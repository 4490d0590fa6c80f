"""How far judges agree: the intraclass correlation."""

from ideas.ranking.panel import Panel
from ideas.ranking.severity import _within, usual


def agreement(of: Panel) -> dict:
    """{"icc", "of_mean", "reviews"}: of one review, of the mean of as many as an idea usually has, and how
    many that are. None where no idea has two reviews, or there is one idea.

    `icc` is the one-way ICC(1,1) of Shrout and Fleiss (1979): each idea is judged by other reviewers. Of the
    real reviews of grant applications (Gallo 2021, doi 10.6084/m9.figshare.12728087) it is the published
    0.371 (0.3711); the two-way ICC(A,1) would be 0.3696 and ICC(C,1) 0.3670.
    """
    import numpy as np

    n, reviews = len(of.ideas), len(of.value)
    nothing = {"icc": None, "of_mean": None, "reviews": None}
    if n < 2 or reviews <= n:
        return nothing
    within = _within(of.value, of.idea, n)
    whole = float(((of.value - of.value.mean()) ** 2).sum())
    if whole <= 0:
        return nothing
    usually = usual(np.bincount(of.idea, minlength=n))
    rest, between = within / (reviews - n), (whole - within) / (n - 1)
    icc = (between - rest) / (between + (usually - 1) * rest)
    of_mean = (between - rest) / between if between > 0 else None
    return {"icc": round(icc, 4), "of_mean": _four(of_mean), "reviews": round(usually, 2)}


def _four(value: float | None) -> float | None:
    return None if value is None else round(value, 4)
