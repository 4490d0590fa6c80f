"""Ideas in order: by the weighted mean, or by what is left of it without their reviewers' strictness."""

from collections.abc import Sequence

from ideas.ranking import overlap as meeting
from ideas.ranking.agreement import agreement
from ideas.ranking.intervals import LEVEL, draws_for, places
from ideas.ranking.panel import Panel, panel
from ideas.ranking.severity import Fit, fit

MEAN, ADJUSTED = METHODS = ("mean", "adjusted")
DIGITS = 6  # alike to so many is a tie
LOW = "low"


def rank(data: dict, method: str = MEAN, *, seed: int = 0, weighted: bool = False) -> dict:
    """`data` as `ideas.ranking.gather` makes it. Returns

        {"method", "weighted", "level", "draws", "agreement", "overlap", "spreads",
         "ideas": [{"idea", "place", "score", "mean", "adjusted", "place_mean", "place_adjusted",
                    "low", "high", "reviews", "spread"}],   # in order; without a review: last, place None
         "judges": [{"seat", "reviews", "mean", "off"}]}    # off: how much milder (+) or stricter (-)

    `adjusted` is None for all where the overlap is too small (`overlap` says why); the method is then the
    mean, whatever was asked. Equal scores share a place: 1, 2, 2, 4. Raises ValueError for another method.
    """
    if method not in METHODS:
        raise ValueError(f"no such method: {method}")
    of = panel(data, weighted=weighted)
    if of.is_empty:
        return _nothing(data, weighted)
    met = meeting.overlap(of)
    adjusting = fit(of) if met["verdict"] != meeting.NONE else None
    method = method if adjusting else MEAN
    sign = direction(data)
    used = adjusting if method == ADJUSTED else fit(of, adjusts=False)
    drawn = places(of, used, sign, seed, adjusts=method == ADJUSTED) if used else None
    found = {"method": method, "weighted": weighted, "level": LEVEL, "draws": draws_for(len(of.ideas))}
    found |= {"agreement": agreement(of), "overlap": met, "spreads": _spreads(adjusting)}
    found["ideas"] = _rows(data, of, adjusting, method, sign, drawn)
    return found | {"judges": _judges(of, adjusting, sign)}


def direction(data: dict) -> int:
    """+1 where a high number is good, -1 where a low one is: the only place that asks."""
    return -1 if data["better"] == LOW else 1


def standing(scores: Sequence[float], sign: int) -> list[int]:
    """The place of each score, the best first; equal ones share it: 1, 2, 2, 4."""
    better: dict[float, int] = {}
    for number, score in enumerate(sorted(scores, key=lambda score: -sign * score), 1):
        better.setdefault(score, number)
    return [better[score] for score in scores]


def _rows(data: dict, of: Panel, adjusting: Fit | None, method: str, sign: int, drawn) -> list[dict]:
    import numpy as np

    n = len(of.ideas)
    load = np.bincount(of.idea, of.weight, n)
    mean = np.round(np.bincount(of.idea, of.weight * of.value, n) / load, DIGITS).tolist()
    adjusted = np.round(adjusting.middle + adjusting.idea, DIGITS).tolist() if adjusting else [None] * n
    by_mean = standing(mean, sign)
    by_adjusted = standing(adjusted, sign) if adjusting else [None] * n
    place = by_adjusted if method == ADJUSTED else by_mean
    score = adjusted if method == ADJUSTED else mean
    low, high = drawn or ([None] * n, [None] * n)
    counts = np.bincount(of.idea, minlength=n).tolist()
    rows = [
        {
            "idea": of.ideas[at], "place": place[at], "score": score[at], "mean": mean[at],
            "adjusted": adjusted[at], "place_mean": by_mean[at], "place_adjusted": by_adjusted[at],
            "low": None if low[at] is None else min(low[at], place[at]),
            "high": None if high[at] is None else max(high[at], place[at]),
            "reviews": counts[at], "spread": spread,
        }
        for at, spread in enumerate(_disagreement(of, counts))
    ]  # fmt: skip
    numbers = {pk: number for number, pk in enumerate(data["ideas"])}
    rows.sort(key=lambda row: (row["place"], numbers.get(row["idea"], row["idea"])))
    return rows + _unjudged(data, set(of.ideas))


def _disagreement(of: Panel, counts: list[int]) -> list[float | None]:
    """How far the reviews of an idea lie apart: their standard deviation; None for a single one."""
    import numpy as np

    n = len(of.ideas)
    means = np.bincount(of.idea, of.value, n) / np.bincount(of.idea, minlength=n)
    squares = np.bincount(of.idea, (of.value - means[of.idea]) ** 2, n).tolist()
    return [
        round((square / (count - 1)) ** 0.5, 3) if count > 1 else None
        for square, count in zip(squares, counts, strict=True)
    ]


def _judges(of: Panel, adjusting: Fit | None, sign: int) -> list[dict]:
    """`off` is signed so that more is milder, whatever the direction of the scale."""
    import numpy as np

    n = len(of.judges)
    counts = np.bincount(of.judge, minlength=n)
    means = np.bincount(of.judge, of.value, n) / counts
    off = [round(sign * float(one), 3) for one in adjusting.judge] if adjusting else [None] * n
    rows = zip(of.judges, counts.tolist(), means.tolist(), off, strict=True)
    return [
        {"seat": seat, "reviews": count, "mean": round(mean, 3), "off": one}
        for seat, count, mean, one in rows
    ]


def _unjudged(data: dict, judged: set[int]) -> list[dict]:
    """Ideas of the round without a review: they have no place, and none is made up for them."""
    nothing = ("place", "score", "mean", "adjusted", "place_mean", "place_adjusted", "low", "high")
    return [
        {"idea": pk} | dict.fromkeys(nothing) | {"reviews": 0, "spread": None}
        for pk in data["ideas"]
        if pk not in judged
    ]


def _spreads(adjusting: Fit | None) -> dict | None:
    if adjusting is None:
        return None
    found = adjusting.spreads
    return {name: round(value**0.5, 4) for name, value in found._asdict().items()} | {
        "share": round(found.share, 4)
    }


def _nothing(data: dict, weighted: bool) -> dict:
    met = {"verdict": meeting.NONE, "why": "no_reviews", "groups": [], "comparisons": 0, "needed": 0}
    found = {"method": MEAN, "weighted": weighted, "level": LEVEL, "draws": 0, "spreads": None, "judges": []}
    found["agreement"] = {"icc": None, "of_mean": None, "reviews": None}
    return found | {"overlap": met | {"reviewers": 0}, "ideas": _unjudged(data, set())}
