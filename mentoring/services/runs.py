"""Matching runs: asked for, computed once, pairs pinned for the next one."""

from collections import Counter
from collections.abc import Iterable
from datetime import datetime

from django.core.exceptions import ValidationError
from django.db import transaction
from django.db.models import Max
from django.utils.translation import gettext as _

from accounts.audit import audit
from accounts.models import User
from jobs.models import Job
from jobs.services import enqueue
from mentoring.matching import facts as frozen
from mentoring.matching import fit
from mentoring.matching.words import Names, barrier_words
from mentoring.models import MatchingRun, Mentor, Need, Proposal
from mentoring.services.holding import hold
from people.models import Programme
from training.models import Enrolment

JOB = "mentoring.compute_run"
HEAVIEST = 100


@transaction.atomic
def request_run(
    *,
    by: User | None,
    programme: Programme,
    weights: dict[str, int] | None = None,
    pinned: Iterable[tuple[int, int]] = (),
    tried: dict | None = None,
    now: datetime,
) -> MatchingRun:
    """Freeze what is known now and have it computed in the background. The same question again, while the
    first still waits for its answer, is that one. `tried`: see `mentoring.matching.facts`."""
    row = prepared(programme=programme, weights=weights, pinned=pinned, tried=tried, now=now)
    if row.pk:
        return row
    last = MatchingRun.objects.filter(programme=programme).aggregate(last=Max("number"))["last"]
    row.number, row.made_by = (last or 0) + 1, by
    row.save()
    row.job = enqueue(JOB, tenant=programme.tenant, by=by, run=row.pk)
    row.save(update_fields=["job"])
    audit(by, "match", row, ["weights", "facts", "pinned"], tenant=programme.tenant)
    return row


def prepared(*, programme: Programme, weights=None, pinned=(), tried=None, now: datetime) -> MatchingRun:
    """A run with everything but its number and result, not saved; or the open one that asks the same. Inside
    a transaction: the programme is held."""
    hold(programme)
    weights = checked_weights(weights or {})
    facts = frozen.trying(frozen.gather(programme, now), checked_trial(tried or {}))
    pins = _checked_pins(programme, facts, pinned)
    asked = frozen.fingerprint(facts, weights, pins)
    newest = MatchingRun.objects.filter(programme=programme).select_related("job").first()
    is_waiting = newest and newest.job and newest.job.state in Job.OPEN
    if is_waiting and newest.facts_fingerprint == asked:
        return newest
    return MatchingRun(
        programme=programme,
        weights=weights,
        facts=facts,
        pinned=pins,
        facts_fingerprint=asked,
        made_at=now,
    )


@transaction.atomic
def keep_result(*, by: User | None, run: MatchingRun, result: dict) -> MatchingRun:
    """What came out, once: who was deleted meanwhile is in the result and has no proposal."""
    said = frozen.fingerprint(run.facts, run.weights, run.pinned, result)
    kept = MatchingRun.objects.filter(pk=run.pk, fingerprint="").update(result=result, fingerprint=said)
    run.refresh_from_db()
    if not kept:
        return run
    Proposal.objects.bulk_create(_proposals(run))
    audit(by, "compute", run, ["result", "fingerprint"], tenant=run.programme.tenant)
    return run


def _proposals(run: MatchingRun) -> list[Proposal]:
    keys = [row["mentor"] for row in run.facts["mentors"]]
    mentors = set(Mentor.objects.filter(pk__in=keys).values_list("pk", flat=True))
    people = set(Enrolment.objects.filter(programme=run.programme_id).values_list("pk", flat=True))
    needs = dict(
        Need.objects.filter(enrolment__programme=run.programme_id)
        .order_by("pk")
        .values_list("enrolment", "pk")
    )
    return [
        Proposal(
            run=run,
            enrolment_id=pair["enrolment"],
            mentor_id=pair["mentor"],
            need_id=needs.get(pair["enrolment"]),
            fit=pair["fit"],
            factors=pair["points"],
            is_pinned=pair["pinned"],
        )
        for pair in run.result["pairs"]
        if pair["enrolment"] in people and pair["mentor"] in mentors
    ]


@transaction.atomic
def pin(*, by: User, proposal: Proposal, is_pinned: bool) -> Proposal:
    """A pair that the next run keeps, or that it may part again. This run stays as it came out."""
    if proposal.run.published_at:
        raise ValidationError(_("This run was published: its pairs are assignments now."))
    if Proposal.objects.filter(pk=proposal.pk, is_pinned=not is_pinned).update(is_pinned=is_pinned):
        proposal.is_pinned = is_pinned
        audit(
            by, "pin" if is_pinned else "unpin", proposal, ["is_pinned"], tenant=proposal.run.programme.tenant
        )
    return proposal


def pins_of(run: MatchingRun) -> list[tuple[int, int]]:
    """The pairs that somebody pinned on the run's page, for the next one."""
    return list(run.proposals.filter(is_pinned=True).order_by("enrolment").values_list("enrolment", "mentor"))


def checked_weights(weights: dict) -> dict[str, int]:
    """Every factor with a whole number from 0 to 100; what is not said is as usual."""
    wrong = {}
    for name, value in weights.items():
        if name not in fit.FACTORS:
            wrong["weights"] = _("There is no factor “%(name)s”.") % {"name": name}
        elif not isinstance(value, int) or isinstance(value, bool) or not 0 <= value <= HEAVIEST:
            wrong["weights"] = _("A weight is a whole number from 0 to 100.")
    if wrong:
        raise ValidationError(wrong)
    return fit.DEFAULT_WEIGHTS | weights


def checked_trial(tried: dict) -> dict:
    """Whole numbers of people, and rules that there are."""
    for _mentor, capacity in tried.get("capacities", ()):
        if not 0 <= capacity <= 1000:
            raise ValidationError({"tried": _("How many people is a whole number from 0 to 1000.")})
    if any(kind not in fit.BARRIERS or kind == "full" for _e, _m, kind in tried.get("lifted", ())):
        raise ValidationError({"tried": _("There is no such rule to lift.")})
    return tried


def _checked_pins(programme: Programme, facts: dict, pinned: Iterable[tuple[int, int]]) -> list[list[int]]:
    """Pinned pairs come out whatever else: so they must be possible. Who is gone is left out."""
    people = {row["enrolment"]: row for row in facts["people"]}
    mentors = {row["mentor"]: row for row in facts["mentors"]}
    pins = sorted({(e, m) for e, m in pinned if e in people and m in mentors})
    wrong = [(e, m, found[0]) for e, m in pins if (found := fit.barriers(people[e], mentors[m], facts))]
    if wrong:
        names = Names.of(programme, facts)
        raise ValidationError(
            [
                _("%(person)s and %(mentor)s are pinned, and cannot be: %(why)s")
                % (names.pair(e, m) | {"why": barrier_words(why)})
                for e, m, why in wrong
            ]
        )
    if any(n > 1 for n in Counter(e for e, _m in pins).values()):
        raise ValidationError(_("Somebody is pinned to two mentors."))
    if any(n > fit.places(mentors[m]) for m, n in Counter(m for _e, m in pins).items()):
        raise ValidationError(_("More people are pinned to a mentor than she has places."))
    return [list(pair) for pair in pins]
