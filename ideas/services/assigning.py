"""Who judges what in a round: asked for, computed once, laid on the desks all at once."""

from collections import defaultdict
from datetime import datetime

from django.core.exceptions import ValidationError
from django.db import transaction
from django.db.models import Count, Max, Q
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext as _

from accounts.audit import audit
from accounts.models import User
from ideas.assigning import facts as frozen
from ideas.assigning.places import in_own_order
from ideas.assigning.solving import solve
from ideas.assigning.standing import Pair, Standing, standing
from ideas.models import AssigningRun, Idea, ReviewTask, Round
from ideas.services.decided import refuse_decided
from ideas.services.desks import hold
from ideas.services.states import change_states
from ideas.services.taking import JUDGED, ON_A_DESK, to_judge
from jobs.models import Job
from jobs.services import enqueue

JOB = "ideas.compute_assigning"
AT_ONCE = 20_000  # pairs of ideas and reviewers up to which nobody has to wait for it


@transaction.atomic
def assign_now(*, by: User | None, round: Round, now: datetime) -> AssigningRun:
    """Freeze what is known, compute and lay in one go: for a round of at most AT_ONCE pairs."""
    round = hold(round)
    facts = _facts(round, now)
    run = _new(by, round, facts, now)
    _keep(run, solve(facts))
    _lay(by, run, run.result["pairs"], facts, now)
    return run


def share_out(*, by: User | None, round: Round, now: datetime) -> AssigningRun:
    """At once where that takes a moment; else computed in the background, to be looked at and laid."""
    pairs = to_judge(round.programme, now, round=round).count() * round.seats.filter(left_at=None).count()
    if pairs <= AT_ONCE:
        return assign_now(by=by, round=round, now=now)
    return request_assigning(by=by, round=round, now=now)


@transaction.atomic
def request_assigning(*, by: User | None, round: Round, now: datetime) -> AssigningRun:
    """Freeze what is known now and have it computed in the background. The same question again, while the
    first still waits for its answer, is that one."""
    round = hold(round)
    if round.closes_at <= now:
        raise ValidationError(_("This round is over."), code="over")
    facts = _facts(round, now)
    newest = round.runs.select_related("job").first()
    is_waiting = newest and not newest.fingerprint and newest.job and newest.job.state in Job.OPEN
    if is_waiting and newest.facts_fingerprint == frozen.fingerprint(facts):
        return newest
    run = _new(by, round, facts, now)
    run.job = enqueue(JOB, tenant=round.programme.tenant, by=by, run=run.pk)
    run.save(update_fields=["job"])
    audit(by, "assign", run, ["facts"], tenant=round.programme.tenant)
    return run


@transaction.atomic
def keep_assigning(*, by: User | None, run: AssigningRun, result: dict) -> AssigningRun:
    """What came out, once."""
    if _keep(run, result):
        audit(by, "compute", run, ["result", "fingerprint"], tenant=run.round.programme.tenant)
    return run


@transaction.atomic
def lay_on_desks(*, by: User | None, run: AssigningRun, confirmed: str = "", now: datetime) -> AssigningRun:
    """Every pair that the records of now allow becomes a review asked for. A run that was laid stays so.

    Where the records changed since the run, `confirmed` is the fingerprint of what she was shown
    (`Standing.fingerprint`). Raises ValidationError with code `waiting`, `over`, `laid`, `stale` or `empty`.
    """
    round = hold(run.round)
    run = AssigningRun.objects.select_related("laid_by").get(pk=run.pk)
    run.round = round
    if run.laid_at:
        return run
    refuse_laying(run, now)
    stand = standing_now(run, now)
    if stand.is_stale and confirmed != stand.fingerprint:
        words = _("The records have changed since this run was made: look at what changed, and confirm.")
        raise ValidationError({"confirmed": ValidationError(words, code="stale")})
    if not stand.possible:
        raise ValidationError(_("This run lays nothing on a desk: no pair of it is possible."), code="empty")
    _lay(by, run, stand.possible, stand.facts, now)
    return run


def refuse_laying(run: AssigningRun, now: datetime) -> None:
    """Not computed, decided on, too late, or another run was laid after this one was asked for: it knows
    nothing of that."""
    if not run.fingerprint:
        raise ValidationError(_("This run is not computed yet."), code="waiting")
    refuse_decided(run.round)
    if run.round.closes_at <= now:
        raise ValidationError(_("This round is over."), code="over")
    others = AssigningRun.objects.filter(round=run.round_id, laid_at__gte=run.made_at).exclude(pk=run.pk)
    other = others.select_related("laid_by").order_by("laid_at").first()
    if other is None:
        return
    said = {
        "who": other.laid_by or _("Somebody"),
        "n": other.number,
        "at": date_format(timezone.localtime(other.laid_at), "SHORT_DATETIME_FORMAT"),
    }
    words = _("%(who)s laid run %(n)s on the desks on %(at)s, after this one was made: assign again.")
    raise ValidationError(words % said, code="laid")


def standing_now(run: AssigningRun, now: datetime) -> Standing:
    """What has changed since a computed run, and which of its pairs the records of now allow."""
    return standing(run, _facts(run.round, now))


def lacking_now(round: Round, now: datetime) -> dict[str, int]:
    """{"ideas": how many wait to be judged, "short": of these lack reviews, "lacking": reviews in all}."""
    on_desks = Count("tasks", filter=Q(tasks__seat__round=round, tasks__state__in=ON_A_DESK))
    rows = to_judge(round.programme, now, round=round).annotate(on_desks=on_desks).order_by()
    counts = [round.coverage - n for n in rows.values_list("on_desks", flat=True)]
    short = [n for n in counts if n > 0]
    return {"ideas": len(counts), "short": len(short), "lacking": sum(short)}


def _facts(round: Round, now: datetime) -> dict:
    ideas = to_judge(round.programme, now, round=round).select_related("text")
    return frozen.gather(round, ideas, now)


def _new(by: User | None, round: Round, facts: dict, now: datetime) -> AssigningRun:
    last = round.runs.aggregate(last=Max("number"))["last"] or 0
    said = frozen.fingerprint(facts)
    return AssigningRun.objects.create(
        round=round, number=last + 1, facts=facts, facts_fingerprint=said, made_at=now, made_by=by
    )


def _keep(run: AssigningRun, result: dict) -> bool:
    said = frozen.fingerprint(run.facts, result)
    rows = AssigningRun.objects.filter(pk=run.pk, fingerprint="")
    kept = rows.update(result=result, fingerprint=said)
    if kept:
        run.result, run.fingerprint = result, said
    return bool(kept)


def _lay(by: User | None, run: AssigningRun, pairs: list[Pair], facts: dict, now: datetime) -> None:
    AssigningRun.objects.filter(pk=run.pk, laid_at=None).update(laid_at=now, laid_by=by)
    run.laid_at, run.laid_by = now, by
    ReviewTask.objects.bulk_create(_placed(run, pairs, facts, now), batch_size=1000)
    ideas = Idea.objects.filter(programme=run.round.programme_id).select_related("programme__tenant")
    keys = {row["idea"] for row in facts["ideas"]}
    waiting = ideas.filter(state__in=JUDGED).exclude(state=Idea.State.IN_REVIEW)
    moved = [idea for idea in waiting if idea.pk in keys]
    change_states(by=by, ideas=moved, state=Idea.State.IN_REVIEW, now=now)
    audit(by, "lay", run, ["laid_at", "tasks"], tenant=run.round.programme.tenant)


def _placed(run: AssigningRun, pairs: list[Pair], facts: dict, now: datetime) -> list[ReviewTask]:
    """Beneath what lies on each desk already, in the reviewer's own order."""
    numbers = {row["idea"]: row["number"] for row in facts["ideas"]}
    hers, points = defaultdict(dict), {}
    for seat, idea, added in pairs:
        hers[seat][numbers[idea]] = idea
        points[seat, idea] = added
    last = dict(run.round.seats.annotate(last=Max("tasks__place")).values_list("pk", "last"))
    found = []
    for row in facts["seats"]:
        seat, mine = row["seat"], hers[row["seat"]]
        order = in_own_order(mine, f"{facts['programme']}/{facts['round']}", row["n"])
        found += [
            ReviewTask(
                seat_id=seat, idea_id=mine[number], place=place, state_at=now, run=run,
                points=points[seat, mine[number]],
            )
            for place, number in enumerate(order, (last[seat] or 0) + 1)
        ]  # fmt: skip
    return found
