"""The verbs of a rubric: reword a line, retire it, take it out. What scores amount to follows at once."""

from collections import defaultdict
from collections.abc import Iterable, Mapping
from datetime import datetime
from decimal import Decimal

from django.core.exceptions import ValidationError
from django.db import transaction
from django.db.models import F, Max
from django.utils.translation import gettext as _

from accounts.audit import audit
from accounts.models import User
from ideas.models import Criterion, Review, ReviewTask, Round, Score
from ideas.scoring import weighted_mean
from ideas.services import desks
from ideas.services.decided import refuse_decided
from lib import bulk

WORDS = ("name", "name_sr", "help", "help_sr", "described")
MOST_CRITERIA, LONGEST_MEANING = 12, 200
A_PART = 5000


def make_rubric(round: Round, criteria: Iterable[Mapping]) -> None:
    """The lines of a new round, in order. Raises ValidationError under `criteria`."""
    criteria = list(criteria)
    if not criteria:
        raise ValidationError({"criteria": _("A rubric has at least one criterion.")})
    for said in criteria:
        _add(round, said)


@transaction.atomic
def add_criterion(*, by: User, round: Round, now: datetime, **said) -> Criterion:
    """One more line, as long as nothing was scored: reviews that are in would lack it."""
    round = hold_undecided(round)
    if is_scored(round):
        words = _("Scores are given in this round already: a new criterion would be missing from them.")
        raise ValidationError(words)
    made = _add(round, said)
    _noted(by, round, "added criterion", made, said)
    return made


@transaction.atomic
def change_criterion(*, by: User, criterion: Criterion, now: datetime, **said) -> Criterion:
    """Other words at any time before the decision; another weight only while nothing was scored, because
    reviewers judged by the one they saw."""
    round = hold_undecided(criterion.round)
    changed = [name for name, value in said.items() if getattr(criterion, name) != value]
    if "weight" in changed and is_scored(round):
        words = _("Scores are given in this round already: its weights stay. A criterion can be retired.")
        raise ValidationError({"weight": words})
    for name in changed:
        setattr(criterion, name, said[name])
    if changed:
        _check(round, criterion)
        criterion.save()
        _noted(by, round, "changed criterion", criterion, changed)
    return criterion


@transaction.atomic
def retire_criterion(*, by: User, criterion: Criterion, now: datetime) -> Criterion:
    """It is asked for no more and counts no more; what was given on it stays on record. The scores of the
    reviews that are in are worked out anew from the criteria that are left."""
    round = hold_undecided(criterion.round)
    held = round.criteria.filter(pk=criterion.pk, retired_at=None)
    if not round.criteria.filter(retired_at=None).exclude(pk=criterion.pk).exists():
        raise ValidationError(_("A rubric has at least one criterion: the last one stays."))
    if held.update(retired_at=now):
        criterion.retired_at = now
        _work_out(round)
        _noted(by, round, "retired criterion", criterion, ["retired_at"])
    return criterion


@transaction.atomic
def remove_criterion(*, by: User, criterion: Criterion) -> None:
    """Only one that nobody has scored, not even in a draft."""
    round = hold_undecided(criterion.round)
    if criterion.scores.exists():
        words = _("“%(name)s” has scores: it cannot be removed. Retire it; then it counts no more.")
        raise ValidationError(words % {"name": criterion.title})
    if not round.criteria.filter(retired_at=None).exclude(pk=criterion.pk).exists():
        raise ValidationError(_("A rubric has at least one criterion: the last one stays."))
    _noted(by, round, "removed criterion", criterion, WORDS)
    criterion.delete()


def hold_undecided(round: Round) -> Round:
    """The round, locked until the transaction ends. Raises ValidationError once it is decided on."""
    round = desks.hold(round)
    refuse_decided(round)
    return round


def is_scored(round: Round) -> bool:
    """Has anybody handed in a review?"""
    return ReviewTask.objects.filter(seat__round=round, state=ReviewTask.State.DONE).exists()


def _add(round: Round, said: Mapping) -> Criterion:
    rows = round.criteria.aggregate(last=Max("position"))
    if (rows["last"] or 0) >= MOST_CRITERIA:
        raise ValidationError({"criteria": _("At most %(most)s criteria.") % {"most": MOST_CRITERIA}})
    row = Criterion(round=round, position=(rows["last"] or 0) + 1, **said)
    _check(round, row)
    row.save()
    return row


def _check(round: Round, row: Criterion) -> None:
    row.described = described(round, row.described)
    row.full_clean(exclude=["round"], validate_unique=False)
    if not row.name.strip():
        raise ValidationError({"name": _("Give the criterion a name.")})


def described(round: Round, said: Mapping) -> dict:
    """What numbers stand for: {"1": {"en": …, "sr": …}}, cleaned. Raises ValidationError for a number that is
    not on the scale, for what is no text, and for a text that is too long."""
    found, shape = {}, _("Say what numbers mean as {number: {en: words, sr: words}}.")
    if not isinstance(said, Mapping):
        raise ValidationError({"described": shape})
    for number, words in said.items():
        if not str(number).isdecimal() or int(number) not in round.scale:
            told = {"number": number, "scale": round.spoken_scale}
            raise ValidationError({"described": _("%(number)s is not on the scale: %(scale)s.") % told})
        if not isinstance(words, Mapping) or not words.keys() <= {"en", "sr"}:
            raise ValidationError({"described": shape})
        kept = {code: " ".join(text.split()) for code, text in words.items() if isinstance(text, str)}
        if len(kept) != len(words) or any(len(text) > LONGEST_MEANING for text in kept.values()):
            told = _("At most %(most)s characters.") % {"most": LONGEST_MEANING}
            raise ValidationError({"described": told})
        if kept := {code: text for code, text in kept.items() if text}:
            found[str(int(number))] = kept
    return found


def _work_out(round: Round) -> None:
    marks: dict[int, list[tuple[Decimal, int]]] = defaultdict(list)
    scores = Score.objects.filter(criterion__round=round, criterion__retired_at=None)
    scores = scores.filter(review__task__state=ReviewTask.State.DONE)
    for pk, value, weight in scores.values_list("review", "value", "criterion__weight"):
        marks[pk].append((value, weight))
    rows = [(pk, weighted_mean(given)) for pk, given in marks.items()]
    for start in range(0, len(rows), A_PART):
        bulk.update(Review, ("score",), rows[start : start + A_PART])


def _noted(by: User, round: Round, verb: str, criterion: Criterion, fields: Iterable[str]) -> None:
    Round.objects.filter(pk=round.pk).update(revision=F("revision") + 1)
    audit(by, verb, criterion, fields, tenant=round.programme.tenant)
