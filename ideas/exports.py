"""Lists of ideas to take along. Who nominated stands in none of them; scores only for who may see them."""

from decimal import Decimal

from django.db.models import (
    BooleanField,
    Case,
    DecimalField,
    F,
    OuterRef,
    Q,
    QuerySet,
    Subquery,
    TextField,
    Value,
    When,
)
from django.utils.translation import gettext_lazy as _

from accounts.models import User
from ideas.models import Aim, Criterion, Idea, Review, ReviewTask, Round, Score
from ideas.models.judging import plain
from ideas.sectors import SECTORS
from lib.exports import Column, Export, Joined, parted
from people.exports import called, who
from people.models import Programme


def rounded(score) -> float | None:
    """To three places, as it is kept: a mean has as many as the database likes."""
    return None if score is None else round(float(score), 3)


def ideas(programme: Programme) -> Export:
    aims = {aim.code: aim.title for aim in programme.aims.all()}
    return Export(
        "ideas",
        _("Ideas"),
        (
            Column("number", _("Number")),
            Column("title", _("Title"), "text__title"),
            Column("summary", _("In one or two sentences"), "text__summary"),
            Column("problem", _("Problem"), "text__problem"),
            Column("customer", _("Customer"), "text__customer"),
            Column("language", _("Language"), "text__language"),
            Column("sector", _("Sector"), words=SECTORS),
            Column("stage", _("Stage"), words=dict(Idea.Stage.choices)),
            Column("cluster", _("Cluster"), "cluster__name"),
            Column("aims", _("Aims"), "aim_codes", parted, words=aims),
            Column("state", _("State"), words=dict(Idea.State.choices)),
            Column("state_at", _("State since")),
            Column("reason", _("Reason")),
            Column("nominators", _("Nominators")),
            Column("asked", _("Reviews asked for")),
            Column("judged", _("Reviews in")),
            Column("score", _("Mean score"), "shown_score", rounded),
            Column("sees_scores", _("Score open to you")),
            Column("nominated_at", _("Nominated"), "created_at"),
        ),
    )


def with_aims(ideas: QuerySet[Idea]) -> QuerySet[Idea]:
    codes = Aim.objects.filter(ideas=OuterRef("pk")).order_by().values("ideas")
    return ideas.annotate(aim_codes=Subquery(codes.annotate(codes=Joined("code")).values("codes")))


RECOMMENDED = dict(Review.Recommendation.choices)
SURE = dict(Review.Confidence.choices)


def scored(value: Decimal | None) -> int | float | None:
    return None if value is None else plain(value)


def weighed(criterion: Criterion) -> str:
    if criterion.retired_at:
        return _("%(name)s (retired)") % {"name": criterion.title}
    return f"{criterion.title} ({criterion.weight} %)"


def reviews(round: Round) -> Export:
    """One column a criterion of its rubric, its weight in the heading: `load reviews` reads it back. The
    scale with its direction stands in the heading of the score."""
    criteria = [
        Column(f"criterion_{one.position}", weighed(one), f"value_{one.position}", scored)
        for one in round.criteria.all()
    ]
    beside = [
        Column("recommendation", _("Recommendation"), "shown_recommendation", words=RECOMMENDED),
        Column("confidence", _("How sure"), "shown_confidence", words=SURE),
    ]
    return Export(
        "reviews",
        _("Reviews"),
        (
            Column("number", _("Number"), "idea__number"),
            Column("title", _("Title"), "idea__text__title"),
            Column("reviewer", _("Reviewer"), who("seat__reviewer"), called),
            Column("state", _("State"), words=dict(ReviewTask.State.choices)),
            Column("state_at", _("State since")),
            Column("reason", _("Reason")),
            Column("score", f"{_('Score')} ({round.spoken_scale})", "shown_score", rounded),
            *criteria,
            *beside,
            Column("comment", _("Comment"), "shown_comment"),
            Column("handed_in_at", _("Handed in"), "review__handed_in_at"),
        ),
    )


def review_tasks(user: User, round: Round) -> QuerySet[ReviewTask]:
    """What lies on the desks of a round, as far as this reader sees it. What a review says is open to who
    wrote it and to who may see the scores of its idea, once it is in; a draft to nobody."""
    ideas = Idea.objects.filter(programme=round.programme_id).order_by()
    ideas = ideas.annotate(score=Value(None, DecimalField())).with_sight_of(user)  # the sight without a mean
    sees = Q(seat__reviewer__user=user) | Q(idea__in=ideas.filter(sees_scores=True).values("pk"))
    is_in = Q(state=ReviewTask.State.DONE, review__handed_in_at__isnull=False)
    found = ReviewTask.objects.visible_to(user).filter(seat__round=round)
    found = found.annotate(
        is_shown=Case(When(is_in & sees, then=True), default=False, output_field=BooleanField())
    ).annotate(
        shown_score=Case(When(is_shown=True, then=F("review__score"))),
        shown_comment=Case(
            When(is_shown=True, then=F("review__comment")), default=Value(""), output_field=TextField()
        ),
        shown_recommendation=Case(
            When(is_shown=True, then=F("review__recommendation")), default=Value(""), output_field=TextField()
        ),
        shown_confidence=Case(When(is_shown=True, then=F("review__confidence"))),
    )
    for criterion in round.criteria.all():
        given = Score.objects.filter(review=OuterRef("review"), criterion=criterion).values("value")
        shown = Case(When(is_shown=True, then=Subquery(given)))
        found = found.annotate(**{f"value_{criterion.position}": shown})
    return found.order_by("idea__number", "pk")
