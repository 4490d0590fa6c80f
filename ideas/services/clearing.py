"""What of a reviewer's comment the entrepreneurs may read: worded and cleared by who runs the round."""

from collections.abc import Iterable
from datetime import datetime

from django.core.exceptions import ValidationError
from django.db import transaction
from django.db.models import F
from django.utils.translation import gettext as _

from accounts.audit import audit
from accounts.models import User
from ideas.models import Decision, Review, ReviewTask, Round

LONGEST = 10_000


@transaction.atomic
def clear_comment(*, by: User, task: ReviewTask, words: str, now: datetime) -> Review:
    """The nominators may read these words of a review that is in. The reviewer's own stay as they are."""
    words = words.replace("\r\n", "\n").strip()
    if not words:
        raise ValidationError({"words": _("Write what the entrepreneur may read.")})
    if len(words) > LONGEST:
        raise ValidationError({"words": _("At most 10,000 characters.")})
    if "\x00" in words:
        raise ValidationError({"words": _("This text holds a character that is none.")})
    found = Review.objects.filter(task=task, handed_in_at__isnull=False, task__state=ReviewTask.State.DONE)
    if not found.update(shared_comment=words, cleared_at=now, cleared_by=by):
        raise ValidationError(_("This review is not in: there is nothing to clear."))
    review = Review.objects.get(task=task)
    audit(by, "clear comment", review, ["shared_comment"], tenant=task.seat.round.programme.tenant)
    return review


@transaction.atomic
def clear_comments(*, by: User, round: Round, tasks: Iterable[int], now: datetime) -> int:
    """Clear the comments of these reviews of the round in the reviewers' own words; return how many. What is
    cleared already, empty or not in stays as it is."""
    tasks = list(tasks)
    cleared = 0
    for start in range(0, len(tasks), 5_000):
        cleared += (
            uncleared(round)
            .filter(task__in=tasks[start : start + 5_000])
            .update(shared_comment=F("comment"), cleared_at=now, cleared_by=by)
        )
    if cleared:
        audit(by, "clear comments", round, ["shared_comment"], tenant=round.programme.tenant)
    return cleared


@transaction.atomic
def take_back_comment(*, by: User, task: ReviewTask, now: datetime) -> Review:
    """Nobody outside reads it any more. The wording stays, to be cleared again."""
    found = Review.objects.filter(task=task, cleared_at__isnull=False)
    if found.update(cleared_at=None, cleared_by=by):
        audit(by, "take back comment", task.review, ["cleared_at"], tenant=task.seat.round.programme.tenant)
    return Review.objects.get(task=task)


def uncleared(round: Round):
    """Reviews of the round with a comment that is not cleared. Update them by their keys."""
    return Review.objects.filter(
        task__seat__round=round,
        task__state=ReviewTask.State.DONE,
        handed_in_at__isnull=False,
        cleared_at=None,
    ).exclude(comment="")


@transaction.atomic
def renew_feedback(*, by: User, decision: Decision, now: datetime) -> Decision:
    """The links to this feedback sheet that were handed out are dead; a new one takes their place."""
    Decision.objects.filter(pk=decision.pk).update(revision=F("revision") + 1)
    decision.refresh_from_db(fields=["revision"])
    audit(by, "renew link", decision, ["revision"], tenant=decision.selection.round.programme.tenant)
    return decision
