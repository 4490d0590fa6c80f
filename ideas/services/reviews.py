"""The verbs of a review: save it, hand it in, step back from an idea."""

from collections.abc import Mapping
from datetime import datetime
from decimal import Decimal
from zoneinfo import ZoneInfo

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext as _

from accounts.audit import audit
from accounts.models import User
from ideas.models import Criterion, DeclaredConflict, Review, ReviewTask, Round, Score
from ideas.models.judging import plain
from ideas.scoring import weighted_mean
from ideas.services.decided import refuse_decided
from ideas.services.desks import step_back
from lib.saying import Sentence

LONGEST_COMMENT, LONGEST_REASON = 10_000, 300
Number = int | Decimal


@transaction.atomic
def save_review(*, by: User, task: ReviewTask, scores: Mapping[int, Number], now: datetime, **said) -> Review:
    """Keep a draft: the scores given so far (criterion pk to number) and what she says beside (`said`:
    comment, recommendation, confidence)."""
    given, values = cleaned(task, scores, now, **said)
    _hold(task)
    return _keep(task, given, now, **values)


@transaction.atomic
def hand_in_review(
    *, by: User, task: ReviewTask, scores: Mapping[int, Number], now: datetime, **said
) -> Review:
    """The review counts from now on. Handed in twice it is handed in once: the first one stands."""
    if task.state == ReviewTask.State.DONE:
        return task.review
    given, values = cleaned(task, scores, now, **said)
    _check_whole(task, given, values)
    if not _hold(task, ReviewTask.State.DONE, now):
        return Review.objects.get(task=task)
    review = _keep(task, given, now, score=_mean(task, given), handed_in_at=now, **values)
    audit(by, "handed in", review, ["scores", "comment"])
    return review


@transaction.atomic
def revise_review(
    *, by: User, task: ReviewTask, scores: Mapping[int, Number], now: datetime, **said
) -> Review:
    """She thinks better of it while the round is open and not decided on. The review counts on, with its new
    numbers; that and when it was revised is in the trail of audit. A comment that was cleared for the
    entrepreneur is to be cleared again when its words are others."""
    given, values = cleaned(task, scores, now, **said)
    _check_whole(task, given, values)
    held = ReviewTask.objects.select_for_update(of=("self",), no_key=True).filter(state=ReviewTask.State.DONE)
    if not held.filter(pk=task.pk).exists():
        raise ValidationError(_("This review is not handed in yet."))
    before = Review.objects.get(task=task)
    if before.comment != values["comment"]:
        values |= {"cleared_at": None, "cleared_by": None}
    review = _keep(task, given, now, score=_mean(task, given), **values)
    audit(by, "revised", review, ["scores", "comment"])
    return review


@transaction.atomic
def declare_conflict(*, by: User, task: ReviewTask, reason: str, now: datetime) -> ReviewTask:
    """She says that she may not judge this idea: it leaves her desk, in this and every later round."""
    reason = _clean_reason(reason)
    if step_back(by, task, ReviewTask.State.CONFLICT, reason, now):
        DeclaredConflict.objects.get_or_create(
            reviewer=task.seat.reviewer, idea_id=task.idea_id, defaults={"reason": reason, "at": now}
        )
        audit(by, "declared conflict", task, ["state", "reason"])
    return task


@transaction.atomic
def cannot_judge(*, by: User, task: ReviewTask, reason: str, now: datetime) -> ReviewTask:
    """She does not know enough of the matter: somebody else gets it."""
    if step_back(by, task, ReviewTask.State.CANNOT, _clean_reason(reason), now):
        audit(by, "cannot judge", task, ["state", "reason"])
    return task


def _criteria(task: ReviewTask) -> list[Criterion]:
    return [one for one in task.seat.round.criteria.all() if one.retired_at is None]


def _mean(task: ReviewTask, given: Mapping[int, Number]):
    return weighted_mean((given[one.pk], one.weight) for one in _criteria(task))


def cleaned(
    task: ReviewTask,
    scores: Mapping[int, Number],
    now: datetime,
    comment: str = "",
    recommendation: str = "",
    confidence: int | None = None,
) -> tuple[dict[int, Number], dict]:
    """The scores by criterion, and what stands beside them. Raises ValidationError by field before anything
    is written."""
    round = task.seat.round
    if not round.is_open(now):
        raise ValidationError(round_is_not_open(round, now))
    refuse_decided(round)
    given, wrong = _clean_scores(task, scores)
    comment = comment.replace("\r\n", "\n").strip()
    if len(comment) > LONGEST_COMMENT:
        wrong["comment"] = _("At most %(most)s characters; these are %(count)s.") % {
            "most": LONGEST_COMMENT, "count": len(comment)
        }  # fmt: skip
    if "\x00" in comment:
        wrong["comment"] = _("This text holds a character that is none.")
    if recommendation and (
        recommendation not in Review.Recommendation.values or not round.asks_recommendation
    ):
        wrong["recommendation"] = _("This round does not know this recommendation.")
    if confidence is not None and (confidence not in Review.Confidence.values or not round.asks_confidence):
        wrong["confidence"] = _("This round does not know this answer.")
    if wrong:
        raise ValidationError(wrong)
    return given, {"comment": comment, "recommendation": recommendation, "confidence": confidence}


def _clean_scores(task: ReviewTask, scores: Mapping[int, Number]) -> tuple[dict[int, Number], dict[str, str]]:
    round, known = task.seat.round, {one.pk: one for one in _criteria(task)}
    given, wrong = {}, {}
    for pk, value in scores.items():
        is_number = isinstance(value, int | Decimal) and not isinstance(value, bool)
        if pk not in known:
            wrong[f"criterion-{pk}"] = _("This criterion is not part of the round's rubric.")
        elif not is_number or not Decimal(value).is_finite() or not round.takes(value):
            wrong[f"criterion-{pk}"] = off_scale(round, known[pk], value)
        else:
            given[pk] = value
    return given, wrong


def _check_whole(task: ReviewTask, given: Mapping[int, Number], values: Mapping) -> None:
    """Nothing that the round asks for may be missing when a review is handed in."""
    round = task.seat.round
    missing = {
        f"criterion-{one.pk}": _("Give “%(name)s” a score.") % {"name": one.title}
        for one in _criteria(task)
        if one.pk not in given
    }
    if round.asks_recommendation and not values["recommendation"]:
        missing["recommendation"] = _("Say what you would do with the idea.")
    if round.asks_confidence and values["confidence"] is None:
        missing["confidence"] = _("Say how sure you are.")
    if missing:
        raise ValidationError(missing)


def off_scale(round: Round, criterion: Criterion, value) -> str:
    """In words: which number of which criterion is outside which scale."""
    if isinstance(value, Decimal) and value.is_finite():
        value = plain(value)
    said = {
        "name": criterion.title, "value": value, "lowest": round.lowest, "highest": round.highest,
        "step": plain(Decimal(round.step)),
    }  # fmt: skip
    if round.step == 1:
        return _("%(name)s: %(value)s is outside %(lowest)s to %(highest)s.") % said
    return _("%(name)s: %(value)s is outside %(lowest)s to %(highest)s in steps of %(step)s.") % said


def round_is_not_open(round: Round, now: datetime) -> str:
    """In words: when it opens, or that it is over."""
    zone = ZoneInfo(round.programme.zone)
    if now < round.opens_at:
        when = date_format(timezone.localtime(round.opens_at, zone), "DATETIME_FORMAT")
        return _("This round opens on %(when)s.") % {"when": when}
    when = date_format(timezone.localtime(round.closes_at, zone), "DATETIME_FORMAT")
    return _("This round closed on %(when)s; nothing can be changed any more.") % {"when": when}


def _clean_reason(reason: str) -> str:
    if isinstance(reason, Sentence):
        return reason
    reason = " ".join(reason.split())
    if not reason:
        raise ValidationError({"reason": _("Say in a few words why.")})
    if len(reason) > LONGEST_REASON:
        raise ValidationError({"reason": _("At most %(most)s characters.") % {"most": LONGEST_REASON}})
    return reason


def _hold(task: ReviewTask, state: str = ReviewTask.State.WAITING, now: datetime | None = None) -> bool:
    """Take the task while it waits: of two taps one wins. False when it was handed in already."""
    moved = ReviewTask.objects.filter(pk=task.pk, state=ReviewTask.State.WAITING)
    if moved.update(state=state, state_at=now or task.state_at):
        task.state = state
        return True
    task.refresh_from_db(fields=["state", "reason"])
    if task.state == state == ReviewTask.State.DONE:
        return False
    if task.state == ReviewTask.State.DONE:
        raise ValidationError(_("This review is handed in already."))
    raise ValidationError(_("This idea is not on your desk any more."))


def _keep(task: ReviewTask, given: dict[int, Number], now: datetime, **values) -> Review:
    """Write it down. The task is held by this transaction, so nobody else makes the review meanwhile."""
    values["saved_at"] = now
    if not Review.objects.filter(task=task).update(**values):
        Review.objects.create(task=task, **values)
    review = Review.objects.get(task=task)
    Score.objects.bulk_create(
        [Score(review=review, criterion_id=pk, value=value) for pk, value in given.items()],
        update_conflicts=True,
        unique_fields=["review", "criterion"],
        update_fields=["value"],
    )
    return review
