"""A round is decided once: the ranking, the cut-off and the data are frozen, the ideas move on."""

from collections import defaultdict
from collections.abc import Mapping
from datetime import datetime
from decimal import Decimal

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop, ngettext

from accounts.audit import audit
from accounts.models import User
from ideas.models import Decision, Idea, ReviewTask, Round, Selection
from ideas.ranking import Choice
from ideas.ranking.facts import gather
from ideas.ranking.kept import reviews_in, seen_now
from ideas.ranking.plan import Plan, planned
from ideas.services.decided import refuse_decided
from ideas.services.rubric import hold_undecided
from ideas.services.states import LONGEST_REASON, change_states
from lib.fingerprints import fingerprint
from lib.saying import sentence

A_PART = 5_000  # rows written at once
DECIDED = gettext_noop("The round was decided.")


def decide(
    *,
    by: User,
    round: Round,
    choice: Choice,
    seen: str,
    exceptions: Mapping[int, tuple[str, str]] | None = None,
    declined_reason: str = "",
    conflict_reason: str = "",
    now: datetime,
) -> Selection:
    """Shortlisted, waiting or declined: by the order and the cut-offs, and by hand with a reason where
    `exceptions` says so (idea to verdict and reason). Ideas that nobody judged stay as they are, unless
    decided by hand; ideas carried on already keep their state.

    `seen` is what the ranking rested on when she looked (`ideas.ranking.ranked(...).seen`): where that is not
    so any more, it is refused with what is new. Raises ValidationError with the code `decided`, `stale`,
    `tied`, `conflict`, or by field.
    """
    refuse_decided(round)
    plan = planned(by=by, round=round, choice=choice, exceptions=exceptions, now=now)
    _insist(round, plan, seen, exceptions or {}, declined_reason, conflict_reason)
    frozen = {"data": gather(round), "found": plan.ranked.found, "line": choice._asdict()}
    with transaction.atomic():
        return _freeze(by, round, plan, frozen, declined_reason.strip(), conflict_reason.strip(), now)


def _freeze(by: User, round: Round, plan: Plan, frozen: dict, declined: str, conflict: str, now) -> Selection:
    """One after the other in a round: the second who decides is told who was first. Whatever waits is taken
    from its desk before the facts are compared, so that no review comes in between."""
    hold_undecided(round)
    owed = ReviewTask.objects.waiting().filter(seat__round=round)
    owed.update(state=ReviewTask.State.WITHDRAWN, state_at=now, reason=sentence(DECIDED))
    if seen_now(round) != plan.ranked.seen:
        raise ValidationError({"seen": ValidationError(_changed(plan.ranked.seen, round), code="stale")})
    selection = Selection(
        round=round,
        method=plan.ranked.found["method"],
        shortlisted=plan.counted(Decision.Verdict.SHORTLISTED),
        waiting=plan.counted(Decision.Verdict.WAITING),
        ranking=frozen,
        at=now,
        by=by,
    )
    decisions = [_decision(selection, idea, said, declined) for idea, said in plan.said.items()]
    selection.fingerprint = sealed(selection, decisions)
    selection.save()
    Decision.objects.bulk_create(decisions, batch_size=A_PART)
    _move_on(by, round, decisions, plan.conflicts, conflict, now)
    audit(by, "decide", selection, ["decisions", "method", "ranking"], tenant=round.programme.tenant)
    return selection


def _decision(selection: Selection, idea: int, said, declined: str) -> Decision:
    by_order = declined if said.verdict == Decision.Verdict.DECLINED else ""
    score = said.row["score"]
    return Decision(
        selection=selection,
        idea_id=idea,
        verdict=said.verdict,
        place=said.row["place"],
        score=None if score is None else Decimal(f"{score:.3f}"),
        by_hand=said.by_hand,
        reason=said.reason.strip() or by_order,
    )


def sealed(selection: Selection, decisions) -> str:
    """The fingerprint of a decision: of the data, the method, the cut-offs and every verdict."""
    said = sorted([row.idea_id, row.verdict, row.place, _plain(row.score), row.by_hand] for row in decisions)
    counts = [selection.shortlisted, selection.waiting]
    return fingerprint([selection.round_id, selection.method, counts, selection.ranking, said])


def _plain(score: Decimal | None) -> str | None:
    return None if score is None else f"{score:.3f}"


def _move_on(by: User, round: Round, decisions: list[Decision], conflicts: dict, conflict: str, now) -> None:
    """The state of each idea is its verdict, with the reason on record; in spite of a conflict, with hers."""
    ideas = Idea.objects.select_related("programme__tenant")
    ideas = ideas.filter(programme=round.programme_id).exclude(state__in=Idea.CARRIED_ON)
    rows = ideas.in_bulk() if len(decisions) > 500 else ideas.in_bulk([row.idea_id for row in decisions])
    steps = defaultdict(list)
    for row in decisions:
        if row.idea_id in rows:
            reason = conflict if row.idea_id in conflicts else row.reason
            steps[row.verdict, reason or row.reason].append(rows[row.idea_id])
    for (verdict, reason), moved in steps.items():
        change_states(by=by, ideas=moved, state=verdict, reason=reason, now=now)


def _insist(
    round: Round, plan: Plan, seen: str, exceptions, declined_reason: str, conflict_reason: str
) -> None:
    """What must be said first, each at its field."""
    _check_exceptions(plan, exceptions)
    if not plan.said:
        raise ValidationError(_("No idea has a review yet: there is nothing to decide."), code="empty")
    if seen != plan.ranked.seen:
        raise ValidationError({"seen": ValidationError(_changed(seen, round), code="stale")})
    wrong = {}
    if plan.unsettled:
        numbers = Idea.objects.filter(pk__in=plan.unsettled[:200]).order_by("number")
        said = ", ".join(str(number) for number in numbers.values_list("number", flat=True))
        words = _("Ideas %(numbers)s have the same score: move the cut-off, or decide on each by hand.")
        wrong["shortlisted"] = ValidationError(words % {"numbers": said}, code="tied")
    by_order = [
        one for one in plan.said.values() if one.verdict == Decision.Verdict.DECLINED and not one.by_hand
    ]
    if by_order and not declined_reason.strip():
        wrong["declined_reason"] = ValidationError(
            _("Say why the others are declined: their nominators read it.")
        )
    if len(declined_reason.strip()) > LONGEST_REASON:
        wrong["declined_reason"] = ValidationError(_("At most 300 characters."))
    if plan.conflicts and not 0 < len(conflict_reason.strip()) <= LONGEST_REASON:
        words = _("Say in at most 300 characters why you decide on these ideas all the same.")
        wrong["conflict_reason"] = ValidationError(words, code="conflict")
    if wrong:
        raise ValidationError(wrong)


def _check_exceptions(plan: Plan, exceptions: Mapping[int, tuple[str, str]]) -> None:
    known = {row["idea"] for row in plan.ranked.found["ideas"]}
    for idea, (verdict, reason) in exceptions.items():
        if idea not in known:
            raise ValidationError({"exceptions": _("This idea is not part of the round.")})
        if verdict not in Decision.Verdict.values:
            words = _("“%(verdict)s” is no decision.")
            raise ValidationError({"exceptions": words % {"verdict": verdict}})
        if not 0 < len(reason.strip()) <= LONGEST_REASON:
            words = _("Say in at most 300 characters why this idea is decided on by hand.")
            raise ValidationError({"exceptions": words})


def _changed(seen: str, round: Round) -> str:
    new = reviews_in(seen_now(round)) - reviews_in(seen)
    if new > 0:
        words = ngettext(
            "%(n)s review came in since you opened this page: look at the ranking now, and confirm.",
            "%(n)s reviews came in since you opened this page: look at the ranking now, and confirm.",
            new,
        )
        return words % {"n": new}
    return _("The round has changed since you opened this page: look at the ranking now, and confirm.")
