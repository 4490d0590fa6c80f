"""What who runs a round lays on a desk herself, and takes back."""

from datetime import datetime

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from accounts.audit import audit
from accounts.models import User
from ideas.assigning import fit
from ideas.assigning.facts import idea_row
from ideas.models import Idea, ReviewTask, Round, Seat
from ideas.services.decided import refuse_decided
from ideas.services.desks import conflicts_in, hold, laid, put, rows_of, seats_of
from ideas.services.states import put_states
from ideas.services.taking import JUDGED

WAITING, DONE = ReviewTask.State.WAITING, ReviewTask.State.DONE


@transaction.atomic
def lay_by_hand(*, by: User, seat: Seat, idea: Idea, now: datetime) -> ReviewTask:
    """One more reviewer for an idea, as who runs the round says. No conflict and no cap is looked past; the
    language is. What was taken back from her comes back. Again it is what it was."""
    round = hold(seat.round)
    seat, task = seats_of(round).filter(pk=seat.pk).first(), seat.tasks.filter(idea=idea).first()
    if task and task.state in (WAITING, DONE):
        return task
    _check_by_hand(round, seat, idea, task, now)
    points = fit.points(idea_row(idea), rows_of([seat])[seat.pk])
    if task:
        task.place, task.state, task.state_at, task.reason = seat.last + 1, WAITING, now, ""
        task.points = points
        task.save(update_fields=["place", "state", "state_at", "reason", "points"])
    else:
        task = laid(seat, idea, points, now)
        task.save()
    if idea.state != Idea.State.IN_REVIEW:
        put_states(by, [idea.pk], Idea.State.IN_REVIEW, "", now)
    audit(by, "laid by hand", task, ["seat", "idea"], tenant=round.programme.tenant)
    return task


def _check_by_hand(round: Round, seat: Seat | None, idea: Idea, task: ReviewTask | None, now) -> None:
    refuse_decided(round)
    if round.closes_at <= now:
        raise ValidationError(_("This round is over."), code="over")
    standing = Idea.objects.standing().filter(pk=idea.pk, programme=round.programme_id, state__in=JUDGED)
    if not standing.exists():
        raise ValidationError({"idea": _("This idea does not wait to be judged.")})
    if seat is None:
        raise ValidationError({"seat": _("She does not judge in this round any more.")})
    if task and task.state != ReviewTask.State.WITHDRAWN:
        raise ValidationError({"seat": _("She gave this idea back: %(why)s") % {"why": task.reason}})
    if words := conflicts_in(round, [seat.reviewer], [idea], now).get((seat.reviewer_id, idea.pk)):
        raise ValidationError({"seat": words})
    if seat.cap is not None and seat.load >= seat.cap:
        words = ngettext(
            "She has %(n)s idea, and takes no more in this round.",
            "She has %(n)s ideas, and takes no more in this round.",
            seat.load,
        )
        raise ValidationError({"seat": words % {"n": seat.load}})


@transaction.atomic
def take_back(*, by: User, task: ReviewTask, reason: str, now: datetime) -> ReviewTask:
    """What she has not judged leaves her desk, and is laid on no other by this. Twice is once."""
    if not (reason := reason.strip()):
        raise ValidationError({"reason": _("Say why it leaves her desk.")})
    if len(reason) > 300:
        raise ValidationError({"reason": _("At most 300 characters.")})
    round = hold(task.seat.round)
    if put(task, ReviewTask.State.WITHDRAWN, reason, now):
        audit(by, "took back", task, ["state", "reason"], tenant=round.programme.tenant)
    return task
