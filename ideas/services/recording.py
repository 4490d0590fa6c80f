"""Judging that happened elsewhere, put on record as it was: a round, who judged, what she gave."""

from collections.abc import Mapping
from datetime import datetime
from decimal import Decimal

from django.core.exceptions import ValidationError
from django.db import transaction
from django.db.models import Max
from django.utils.translation import gettext as _

from accounts.audit import audit
from accounts.models import User
from ideas.models import Criterion, Idea, Review, ReviewTask, Round, Score, Seat
from ideas.scoring import weighted_mean
from ideas.services.decided import refuse_decided
from ideas.services.reviews import LONGEST_COMMENT, off_scale
from people.models import Person, Programme


@transaction.atomic
def record_round(
    *,
    by: User | None,
    programme: Programme,
    source: str,
    source_id: str,
    opens_at: datetime,
    closes_at: datetime,
    number: int | None = None,
    now: datetime,
    **scale,
) -> Round:
    """A round that was judged elsewhere. It lays nothing on a desk and leaves the states of ideas alone.
    `scale`: lowest, highest, step, better. Raises ValidationError by field."""
    held = Programme.objects.select_for_update(of=("self",), no_key=True).get(pk=programme.pk)
    last = held.rounds.aggregate(last=Max("number"))["last"] or 0
    row = Round(
        programme=programme,
        number=number or last + 1,
        opens_at=opens_at,
        closes_at=closes_at,
        coverage=1,
        source=source,
        source_id=source_id,
        **scale,
    )
    if row.highest <= row.lowest:
        raise ValidationError({"highest": _("The highest score is above the lowest one.")})
    row.full_clean(exclude=["programme"])
    row.save()
    audit(by, "recorded round", row, ["criteria", "reviews"], tenant=programme.tenant)
    return row


@transaction.atomic
def record_criterion(
    *, round: Round, name: str, weight: int, retired_at: datetime | None = None
) -> Criterion:
    """One more line of a recorded round's rubric. One that only stands beside an overall score is made as
    retired: it is read, and does not count."""
    last = round.criteria.aggregate(last=Max("position"))["last"] or 0
    row = Criterion(round=round, position=last + 1, name=name, weight=weight, retired_at=retired_at)
    row.full_clean(exclude=["round"])
    row.save()
    return row


@transaction.atomic
def record_review(
    *,
    by: User | None,
    round: Round,
    idea: Idea,
    reviewer: Person,
    given: Mapping[Criterion, Decimal],
    comment: str = "",
    recommendation: str = "",
    confidence: int | None = None,
    handed_in_at: datetime | None = None,
    now: datetime,
) -> Review:
    """What a reviewer gave an idea elsewhere: it counts at once. On her desk it is done with that.
    Raises ValidationError for a number outside the scale, a criterion without one, and a second review."""
    refuse_decided(round)
    check_scores(round, given)
    if len(comment) > LONGEST_COMMENT:
        words = _("At most %(most)s characters; these are %(count)s.")
        raise ValidationError({"comment": words % {"most": LONGEST_COMMENT, "count": len(comment)}})
    seat, _is_new = Seat.objects.get_or_create(round=round, reviewer=reviewer)
    last = seat.tasks.aggregate(last=Max("place"))["last"] or 0
    at, done = handed_in_at or now, ReviewTask.State.DONE
    task, is_new = ReviewTask.objects.get_or_create(
        seat=seat, idea=idea, defaults={"place": last + 1, "state": done, "state_at": at}
    )
    waiting = ReviewTask.objects.filter(pk=task.pk, state=ReviewTask.State.WAITING)
    if not is_new and not waiting.update(state=done, state_at=at):
        raise ValidationError(_("She has judged this idea in this round already, or stepped back from it."))
    values = {
        "comment": comment, "recommendation": recommendation, "confidence": confidence,
        "score": score_of(given), "saved_at": now, "handed_in_at": at,
    }  # fmt: skip
    review, _is_new = Review.objects.update_or_create(task=task, defaults=values)
    review.scores.all().delete()  # of a draft
    Score.objects.bulk_create(
        Score(review=review, criterion=one, value=value) for one, value in given.items()
    )
    audit(by, "recorded review", review, ["comment", "scores"], tenant=round.programme.tenant)
    return review


@transaction.atomic
def rerecord_review(
    *,
    by: User | None,
    round: Round,
    review: Review,
    given: Mapping[Criterion, Decimal],
    now: datetime,
    **said,
) -> None:
    """The source of a recorded round says other things by now. `said`: fields of the review."""
    check_scores(round, given)
    for name, value in said.items():
        setattr(review, name, value)
    review.score, review.saved_at = score_of(given), now
    review.save()
    Score.objects.bulk_create(
        [Score(review=review, criterion=one, value=value) for one, value in given.items()],
        update_conflicts=True,
        unique_fields=["review", "criterion"],
        update_fields=["value"],
    )
    audit(by, "recorded review again", review, ["scores", *said], tenant=round.programme.tenant)


def check_scores(round: Round, given: Mapping[Criterion, Decimal]) -> None:
    """Raises ValidationError by criterion (`criterion-<pk>`)."""
    for one, value in given.items():
        if not round.takes(value):
            raise ValidationError({f"criterion-{one.pk}": off_scale(round, one, value)})
    if not any(one.retired_at is None for one in given):
        raise ValidationError(_("A review has a score."))


def score_of(given: Mapping[Criterion, Decimal]) -> Decimal:
    return weighted_mean((value, one.weight) for one, value in given.items() if one.retired_at is None)
