"""The verbs of a review: save it, hand it in, step back from an idea."""

from collections.abc import Mapping
from datetime import datetime
from zoneinfo import ZoneInfo

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext as _

from accounts.audit import audit
from accounts.models import User
from ideas.models import Criterion, DeclaredConflict, Review, ReviewTask, Round, Score
from ideas.scoring import weighted_mean
from ideas.services.rounds import step_back

LONGEST_COMMENT, LONGEST_REASON = 10_000, 300


@transaction.atomic
def save_review(
    *, by: User, task: ReviewTask, scores: Mapping[int, int], comment: str = "", now: datetime
) -> Review:
    """Keep a draft: the scores given so far (criterion pk to number) and the comment."""
    given, comment = _clean(task, scores, comment, now)
    _hold(task)
    return _keep(task, given, comment, now)


@transaction.atomic
def hand_in_review(
    *, by: User, task: ReviewTask, scores: Mapping[int, int], comment: str = "", now: datetime
) -> Review:
    """The review counts from now on. Handed in twice it is handed in once: the first one stands."""
    if task.state == ReviewTask.State.DONE:
        return task.review
    given, comment = _clean(task, scores, comment, now)
    missing = [criterion for criterion in _criteria(task) if criterion.pk not in given]
    if missing:
        raise ValidationError(
            {f"criterion-{one.pk}": _("Give “%(name)s” a score.") % {"name": one.title} for one in missing}
        )
    if not _hold(task, ReviewTask.State.DONE, now):
        return Review.objects.get(task=task)
    score = weighted_mean((given[one.pk], one.weight) for one in _criteria(task))
    review = _keep(task, given, comment, now, score=score, handed_in_at=now)
    audit(by, "handed in", review, ["scores", "comment"])
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


def _clean(
    task: ReviewTask, scores: Mapping[int, int], comment: str, now: datetime
) -> tuple[dict[int, int], str]:
    """The scores by criterion. Raises ValidationError by field before anything is written."""
    round = task.seat.round
    if not round.is_open(now):
        raise ValidationError(round_is_not_open(round, now))
    known, wrong, given = {one.pk: one for one in _criteria(task)}, {}, {}
    for pk, value in scores.items():
        if pk not in known:
            wrong[f"criterion-{pk}"] = _("This criterion is not part of the round's rubric.")
        elif isinstance(value, bool) or not isinstance(value, int) or value not in round.scale:
            words = _("%(name)s: %(value)s is outside %(lowest)s to %(highest)s.")
            wrong[f"criterion-{pk}"] = words % {
                "name": known[pk].title, "value": value, "lowest": round.lowest, "highest": round.highest
            }  # fmt: skip
        else:
            given[pk] = value
    comment = comment.replace("\r\n", "\n").strip()
    if len(comment) > LONGEST_COMMENT:
        wrong["comment"] = _("At most %(most)s characters; these are %(count)s.") % {
            "most": LONGEST_COMMENT, "count": len(comment)
        }  # fmt: skip
    if "\x00" in comment:
        wrong["comment"] = _("This text holds a character that is none.")
    if wrong:
        raise ValidationError(wrong)
    return given, comment


def round_is_not_open(round: Round, now: datetime) -> str:
    """In words: when it opens, or that it is over."""
    zone = ZoneInfo(round.programme.zone)
    if now < round.opens_at:
        when = date_format(timezone.localtime(round.opens_at, zone), "DATETIME_FORMAT")
        return _("This round opens on %(when)s.") % {"when": when}
    when = date_format(timezone.localtime(round.closes_at, zone), "DATETIME_FORMAT")
    return _("This round closed on %(when)s; nothing can be changed any more.") % {"when": when}


def _clean_reason(reason: str) -> str:
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


def _keep(task: ReviewTask, given: dict[int, int], comment: str, now: datetime, **more) -> Review:
    """Write it down. The task is held by this transaction, so nobody else makes the review meanwhile."""
    values = {"comment": comment, "saved_at": now} | more
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
