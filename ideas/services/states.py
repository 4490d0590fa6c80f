"""The way of an idea: every step with its date, person and reason, for one or for many at once."""

from collections.abc import Iterable
from datetime import datetime

from django.core.exceptions import ValidationError
from django.db import transaction
from django.db.models import F
from django.utils.translation import gettext as _

from accounts.audit import audit
from accounts.models import User
from ideas import conflicts
from ideas.models import Idea, IdeaChange
from lib import clock

NEEDS_REASON = (Idea.State.DECLINED, Idea.State.STOPPED)
DECISIONS = (Idea.State.SHORTLISTED, Idea.State.WAITING, *NEEDS_REASON)
LONGEST_REASON = 300
A_PART = 5000  # SQLite takes 32,766 parameters at once


@transaction.atomic
def set_idea_state(
    *,
    by: User | None,
    idea: Idea,
    state: str,
    reason: str = "",
    decided_elsewhere: bool = False,
    now: datetime,
) -> Idea:
    """Another state, with its date, person and reason. Declining and stopping need a reason, and so does a
    decision in spite of a conflict of interest with a nominator; not what was decided elsewhere and is only
    written down here."""
    reason = checked(state, reason)
    if state in DECISIONS and not reason and not decided_elsewhere:
        _check_decision(by, idea, now)
    if put_states(by, [idea.pk], state, reason, now):
        audit(by, "set state", idea, ["state", "reason"], tenant=idea.programme.tenant)
    idea.refresh_from_db()
    return idea


@transaction.atomic
def change_states(
    *, by: User | None, ideas: Iterable[Idea], state: str, reason: str = "", now: datetime
) -> int:
    """The same step for many ideas of one programme; return how many of them changed. Those that are there
    already stay as they are, with the date and the reason that they have. Does not ask about conflicts of
    interest: who decides says so for each. As many queries for 10 ideas as for 4,000."""
    reason, ideas = checked(state, reason), list(ideas)
    if len({idea.programme_id for idea in ideas}) > 1:
        raise ValidationError(_("These ideas are of several programmes."))
    changed = put_states(by, [idea.pk for idea in ideas], state, reason, now, same=False)
    if changed:
        programme = ideas[0].programme
        audit(by, "set states", programme, ["ideas", "state", "reason"], tenant=programme.tenant)
    return changed


def checked(state: str, reason: str) -> str:
    """The reason as it is kept. Raises ValidationError by field."""
    reason = reason.strip()
    if state not in Idea.State.values:
        raise ValidationError({"state": _("“%(state)s” is no state of an idea.") % {"state": state}})
    if state in NEEDS_REASON and not reason:
        raise ValidationError({"reason": _("Say why: the entrepreneur may ask.")})
    if len(reason) > LONGEST_REASON:
        raise ValidationError({"reason": _("At most 300 characters.")})
    return reason


def put_states(
    by: User | None, keys: list[int], state: str, reason: str, now: datetime, *, same: bool = True
) -> int:
    """Where the state differs (or, with `same`, only its reason): the new one, and a step of its history.
    Rows are held in order of their keys, so two who do this at once wait for each other."""
    keys, done = sorted(keys), 0
    for start in range(0, len(keys), A_PART):
        part = keys[start : start + A_PART]
        rows = Idea.objects.select_for_update(no_key=True).filter(pk__in=part).order_by("pk")
        rows = rows.exclude(state=state, reason=reason) if same else rows.exclude(state=state)
        moved = list(rows.values_list("pk", flat=True))
        Idea.objects.filter(pk__in=moved).update(
            state=state, reason=reason, state_at=now, state_by=by, revision=F("revision") + 1
        )
        IdeaChange.objects.bulk_create(
            [IdeaChange(idea_id=pk, state=state, at=now, by=by, reason=reason) for pk in moved],
            batch_size=1000,
        )
        done += len(moved)
    return done


def tell(idea: Idea) -> None:
    """The first step of a new idea's way; a second one where it came to another state elsewhere."""
    steps = [(idea.state, idea.reason)]
    if idea.state != Idea.State.NOMINATED:
        steps.insert(0, (Idea.State.NOMINATED, ""))
    IdeaChange.objects.bulk_create(
        IdeaChange(idea=idea, state=state, at=idea.state_at, by=idea.state_by, reason=reason)
        for state, reason in steps
    )


def _check_decision(by: User | None, idea: Idea, now: datetime) -> None:
    if words := conflicts.deciding(by, idea, clock.local(now, idea.programme.zone).date()):
        raise ValidationError({"reason": [*words, _("Say why you decide on it all the same.")]})
