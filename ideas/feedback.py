"""What the nominators of an idea are shown once its round is decided: its scores against the field, words
that were cleared for them, and why. Never who judged, never the place of another idea."""

from statistics import median, quantiles
from typing import NamedTuple

from django.core.cache import cache

from ideas.models import Criterion, Decision, Review, Round, Selection
from ideas.ranking.panel import weighted_mean

FIELD = 5  # ideas; in a smaller field one could read off another's scores
COUNTED = 3  # reviews; fewer recommendations could be told apart
KEPT = 3600


class Line(NamedTuple):
    """One criterion: the mean that the idea got, and where the field lies. None: nothing is known, or the
    field is too small."""

    title: str
    weight: int | None
    hers: float | None
    low: float | None
    middle: float | None
    high: float | None
    lowest: int
    highest: int

    @property
    def span(self) -> int:
        return self.highest - self.lowest

    def share(self, value: float) -> float:
        """How far along the scale, for a drawing."""
        return value - self.lowest

    @property
    def drawn(self) -> dict:
        known = {"hers": self.hers, "low": self.low, "middle": self.middle, "high": self.high}
        return {name: None if value is None else self.share(value) for name, value in known.items()}


class Sheet(NamedTuple):
    lines: list[Line]  # the whole first, then by criterion
    reviews: int
    field: int  # ideas judged in the round
    recommended: list[tuple[str, int]]  # how many said so; empty where too few did
    comments: list[str]
    best: int  # the good end of the scale
    worst: int


def sheet(decision: Decision) -> Sheet:
    selection = decision.selection
    round = selection.round
    known = means_of(selection)
    hers = known["ideas"].get(decision.idea_id)
    titles = {
        one.pk: one.title for one in Criterion.objects.filter(pk__in=[pk for pk, _w in known["criteria"]])
    }
    scale = (round.lowest, round.highest)
    lines = [Line("", None, hers and hers[0], *known["columns"][0], *scale)]
    for at, (pk, weight) in enumerate(known["criteria"], 1):
        lines.append(Line(titles.get(pk, ""), weight, hers and hers[at], *known["columns"][at], *scale))
    low_is_good = round.better == Round.Better.LOW
    return Sheet(
        lines=lines,
        reviews=known["reviews"].get(decision.idea_id, 0),
        field=len(known["ideas"]),
        recommended=_recommended(decision, round),
        comments=_comments(decision, round),
        best=round.lowest if low_is_good else round.highest,
        worst=round.highest if low_is_good else round.lowest,
    )


def means_of(selection: Selection) -> dict:
    """Of what was frozen: {"criteria", "ideas": {idea: [whole, by criterion…]}, "columns": the field's
    [(low, middle, high)], "reviews": {idea: n}}. Kept: it is the same for every sheet of the round."""
    key = f"ideas.field:{selection.fingerprint}"
    found = cache.get(key)
    if found is None:
        found = means(selection.ranking["data"])
        cache.set(key, found, KEPT)
    return found


def means(data: dict) -> dict:
    weights = [weight for _pk, weight in data["criteria"]]
    given: dict[int, list[list]] = {}
    for idea, _seat, _sure, values in data["reviews"]:
        given.setdefault(idea, []).append([weighted_mean(values, weights), *values])
    ideas = {idea: [_mean(column) for column in zip(*rows, strict=True)] for idea, rows in given.items()}
    columns = [
        [value for value in column if value is not None] for column in zip(*ideas.values(), strict=True)
    ]
    return {
        "criteria": data["criteria"],
        "ideas": ideas,
        "columns": [parts(column) for column in columns] or [(None, None, None)] * (1 + len(weights)),
        "reviews": {idea: len(rows) for idea, rows in given.items()},
    }


def parts(values: list[float]) -> tuple[float | None, float | None, float | None]:
    """The quarter points and the middle of a field; nothing of a small one."""
    if len(values) < FIELD:
        return None, None, None
    low, _middle, high = quantiles(values, n=4, method="inclusive")
    return low, median(values), high


def _mean(values) -> float | None:
    known = [value for value in values if value is not None]
    return sum(known) / len(known) if known else None


def _reviews(decision: Decision, round: Round):
    tasks = {"task__seat__round": round, "task__idea": decision.idea_id, "task__state": "done"}
    return Review.objects.filter(**tasks, handed_in_at__isnull=False)


def _recommended(decision: Decision, round: Round) -> list[tuple[str, int]]:
    if not round.asks_recommendation:
        return []
    said = list(_reviews(decision, round).exclude(recommendation="").values_list("recommendation", flat=True))
    if len(said) < COUNTED:
        return []
    return [(words, said.count(code)) for code, words in Review.Recommendation.choices]


def _comments(decision: Decision, round: Round) -> list[str]:
    """In an order that says nothing of who wrote them."""
    cleared = _reviews(decision, round).filter(cleared_at__isnull=False).exclude(shared_comment="")
    return sorted(cleared.values_list("shared_comment", flat=True))
