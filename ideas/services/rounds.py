"""The verbs of a round: open it, change it while it runs, a reviewer comes or leaves."""

from collections.abc import Iterable, Mapping
from datetime import datetime
from decimal import Decimal

from django.core.exceptions import ValidationError
from django.db import transaction
from django.db.models import F, Max
from django.utils.translation import gettext as _

from accounts.audit import audit
from accounts.models import User
from ideas.models import ReviewTask, Round, Seat
from ideas.services.assigning import share_out
from ideas.services.desks import lay_elsewhere, put
from ideas.services.rubric import hold_undecided, is_scored, make_rubric
from ideas.services.taking import to_judge, why_none
from people.models import Membership, Person, Programme

SCALE = ("lowest", "highest", "step", "better")
ASKED = ("guidance", "asks_recommendation", "asks_confidence")
CHANGED = ("opens_at", "closes_at", "coverage", "is_blind", *ASKED, *SCALE)
LONGEST_REASON, LONGEST_GUIDANCE = 300, 2_000


@transaction.atomic
def open_round(
    *,
    by: User | None,
    programme: Programme,
    opens_at: datetime,
    closes_at: datetime,
    coverage: int,
    criteria: Iterable[Mapping],
    reviewers: Iterable[Person],
    is_blind: bool = True,
    caps: Mapping[int, int | None] | None = None,
    now: datetime,
    **more,
) -> Round:
    """A round over the ideas that wait to be judged, each on the desks of `coverage` reviewers without a
    conflict, in each reviewer's own order. Ideas that lie in another open round stay there.

    `criteria`: {"name", "weight", "help"?, "name_sr"?, "help_sr"?, "described"?} in order; `caps`: most ideas
    by person; `more`: lowest, highest, step, better, guidance, asks_recommendation, asks_confidence.
    An idea that cannot have enough reviewers is on record as short (ideas.board), not refused.
    """
    held = Programme.objects.select_for_update(of=("self",), no_key=True).select_related("tenant")
    programme = held.get(pk=programme.pk)
    reviewers = list(reviewers)
    if not reviewers:
        raise ValidationError({"reviewers": _("Choose who judges.")})
    round = Round(
        programme=programme,
        number=(programme.rounds.aggregate(last=Max("number"))["last"] or 0) + 1,
        opens_at=opens_at,
        closes_at=closes_at,
        coverage=coverage,
        is_blind=is_blind,
        **more,
    )
    check_round(round)
    _check_mentors(programme, reviewers)
    round.save()
    make_rubric(round, criteria)
    _seat(round, reviewers, caps or {})
    if not to_judge(programme, now, round=round).exists():
        raise ValidationError(why_none(programme, now))
    share_out(by=by, round=round, now=now)
    audit(by, "opened round", round, ["criteria", "reviewers", "tasks"], tenant=programme.tenant)
    return round


@transaction.atomic
def change_round(
    *,
    by: User,
    round: Round,
    reviewers: Iterable[Person] = (),
    caps: Mapping[int, int | None] | None = None,
    revision: int | None = None,
    now: datetime,
    **said,
) -> Round:
    """Other dates, coverage, guidance or questions, before and while it is judged; `reviewers` join those who
    judge (nothing is laid on their desks yet), `caps` are by person. The scale and the blindness stay as they
    are once somebody may have judged by them. `revision`: the one that was read; another one is refused."""
    round = hold_undecided(round)
    if revision is not None and revision != round.revision:
        raise ValidationError(_("Somebody else has changed this round meanwhile. Look at it and try again."))
    changed = [name for name in CHANGED if name in said and getattr(round, name) != said[name]]
    _check_change(round, changed, said, now)
    for name in changed:
        setattr(round, name, said[name])
    check_round(round)
    reviewers = list(reviewers)
    _check_mentors(round.programme, reviewers)
    seats = _seat(round, reviewers, caps or {}) + _cap(round, caps or {})
    if changed or seats:
        round.revision += 1
        round.save()
        fields = [*changed, *(["seats"] if seats else [])]
        audit(by, "changed round", round, fields, tenant=round.programme.tenant)
    return round


@transaction.atomic
def leave_seat(*, by: User, seat: Seat, reason: str, now: datetime) -> Seat:
    """She judges no more. What she has not judged goes to others who may and can take it; her reviews stay,
    and so do her drafts. Twice is once."""
    round = hold_undecided(seat.round)
    reason = " ".join(reason.split())
    if not reason:
        raise ValidationError({"reason": _("Say in a few words why.")})
    if len(reason) > LONGEST_REASON:
        raise ValidationError({"reason": _("At most %(most)s characters.") % {"most": LONGEST_REASON}})
    if not Seat.objects.filter(pk=seat.pk, left_at=None).update(left_at=now, left_reason=reason):
        return Seat.objects.get(pk=seat.pk)
    seat.left_at, seat.left_reason = now, reason
    waiting = list(seat.tasks.waiting().select_related("idea__text"))
    moved = [task for task in waiting if put(task, ReviewTask.State.WITHDRAWN, reason, now)]
    lay_elsewhere(round, moved, now)
    Round.objects.filter(pk=round.pk).update(revision=F("revision") + 1)
    audit(by, "left seat", seat, ["left_at", "left_reason"], tenant=round.programme.tenant)
    return seat


def check_round(round: Round) -> None:
    """Raises ValidationError by field."""
    wrong = {}
    if round.closes_at <= round.opens_at:
        wrong["closes_at"] = _("A round closes after it opens.")
    if round.coverage < 1:
        wrong["coverage"] = _("An idea gets at least one review.")
    if not 0 <= round.lowest < round.highest <= 100:
        wrong["highest"] = _("A scale goes up, and lies between 0 and 100.")
    elif round.step <= 0 or Decimal(round.highest - round.lowest) % Decimal(str(round.step)):
        wrong["step"] = _("From the lowest to the highest number it must be a whole number of steps.")
    if len(round.guidance) > LONGEST_GUIDANCE:
        wrong["guidance"] = _("At most %(most)s characters.") % {"most": LONGEST_GUIDANCE}
    if wrong:
        raise ValidationError(wrong)
    round.full_clean(exclude=["programme"], validate_unique=False, validate_constraints=False)


def _check_change(round: Round, changed: list[str], said: Mapping, now: datetime) -> None:
    if any(name in changed for name in SCALE) and is_scored(round):
        raise ValidationError({"better": _("Scores are given on this scale already: it stays.")})
    if "is_blind" in changed and now >= round.opens_at:
        raise ValidationError({"is_blind": _("The round has begun: who is hidden in it stays as it is.")})
    if "opens_at" in changed and said["opens_at"] > now and is_scored(round):
        raise ValidationError({"opens_at": _("Reviews are in already: it cannot open later.")})


def _check_mentors(programme: Programme, reviewers: list[Person]) -> None:
    mentors = set(
        Membership.objects.filter(programme=programme, role="mentor").values_list("person", flat=True)
    )
    if strangers := [str(person) for person in reviewers if person.pk not in mentors]:
        raise ValidationError(
            {"reviewers": _("Not a mentor of this programme: %(names)s.") % {"names": ", ".join(strangers)}}
        )


def _seat(round: Round, reviewers: Iterable[Person], caps: Mapping[int, int | None]) -> int:
    """Those who have no seat get one; who had left it sits down again."""
    reviewers = {person.pk: person for person in reviewers}
    back = round.seats.filter(reviewer__in=reviewers).exclude(left_at=None)
    back = back.update(left_at=None, left_reason="")
    there = set(round.seats.filter(reviewer__in=reviewers).values_list("reviewer", flat=True))
    new = [Seat(round=round, reviewer_id=pk, cap=caps.get(pk)) for pk in reviewers if pk not in there]
    return len(Seat.objects.bulk_create(new)) + back


def _cap(round: Round, caps: Mapping[int, int | None]) -> int:
    rows = round.seats.filter(reviewer__in=caps)
    differ = [seat for seat in rows if seat.cap != caps[seat.reviewer_id]]
    for seat in differ:
        seat.cap = caps[seat.reviewer_id]
    return Seat.objects.bulk_update(differ, ["cap"]) if differ else 0
