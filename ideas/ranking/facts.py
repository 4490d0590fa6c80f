"""What a ranking follows from, read from the records: row keys and numbers, no names."""

from django.db.models import Count, FloatField, Max, Sum
from django.db.models.functions import Cast

from ideas.models import Idea, ReviewTask, Round, Score


def gather(round: Round) -> dict:
    """{"round", "better", "lowest", "highest", "criteria": [[pk, weight]], "ideas": [pk],
    "reviews": [[idea, seat, confidence, [value by criterion or None]]]}: the handed-in reviews of the ideas
    that stand for themselves, by the criteria that are not retired. Four queries at any size."""
    criteria = list(round.criteria.filter(retired_at=None).values_list("pk", "weight"))
    ideas = list(ideas_of(round).order_by("number").values_list("pk", flat=True))
    place = {pk: at for at, (pk, _weight) in enumerate(criteria)}
    rows = _handed_in(round).values_list("review", "idea", "seat", "review__confidence")
    given = {pk: [idea, seat, sure, [None] * len(criteria)] for pk, idea, seat, sure in rows}
    # a criterion is of one round: by it the scores are found without a join that could be planned badly
    scores = Score.objects.filter(criterion__in=place).order_by()
    values = scores.values_list("review", "criterion", Cast("value", FloatField()))
    for review, criterion, value in values.iterator(chunk_size=5_000):
        if review not in given:
            continue  # a draft, or it came in while this was read
        given[review][3][place[criterion]] = int(value) if value == int(value) else round_(value)
    standing = set(ideas)
    return {
        "round": round.pk,
        "better": round.better,
        "lowest": round.lowest,
        "highest": round.highest,
        "criteria": [list(row) for row in criteria],
        "ideas": ideas,
        "reviews": sorted(row for row in given.values() if row[0] in standing),
    }


def ideas_of(round: Round):
    """What a round judges: ideas that lie, or lay, on one of its desks and stand for themselves."""
    on_desks = ReviewTask.objects.filter(seat__round=round).values("idea")
    return Idea.objects.standing().filter(pk__in=on_desks)


def stamp(round: Round) -> list:
    """A few numbers that differ when the facts do: a ranking is kept under them. Three queries."""
    reviews = _handed_in(round).aggregate(
        n=Count("pk"), newest=Max("review__saved_at"), scores=Sum("review__score")
    )
    newest = reviews["newest"] and reviews["newest"].isoformat()
    scores = None if reviews["scores"] is None else f"{reviews['scores']:.3f}"
    rubric = [list(row) for row in round.criteria.filter(retired_at=None).values_list("pk", "weight")]
    ideas = ideas_of(round).order_by().aggregate(n=Count("pk"), sum=Sum("pk"))
    kept = [reviews["n"], newest, scores, rubric, ideas["n"], int(ideas["sum"] or 0)]
    return [*kept, round.better, round.lowest, round.highest]


def round_(value: float) -> float:
    """Two places, as a score has: a float of the database may have more."""
    return float(f"{value:.2f}")


def _handed_in(round: Round):
    done = ReviewTask.objects.filter(seat__round=round, state=ReviewTask.State.DONE)
    return done.filter(review__handed_in_at__isnull=False).order_by()
