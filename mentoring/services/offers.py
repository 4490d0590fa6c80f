"""Asking a mentor, her answer, and what happens when she gives none."""

from datetime import date, datetime

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils.formats import date_format
from django.utils.translation import gettext as _

from accounts.keeping import keep
from accounts.models import User
from lib import clock
from mentoring.models import Assignment, Mentor
from mentoring.pairs import steps
from mentoring.services.assignments import insist_active, propose, standing, within_capacity
from mentoring.services.states import State, held, put_state


@transaction.atomic
def offer(
    *,
    by: User,
    assignment: Assignment,
    until: datetime,
    beside: bool = False,
    reason: str = "",
    now: datetime,
) -> Assignment:
    """Ask the mentor; she answers until then. While another mentor guides this person or is asked, only
    whoever says `beside` offers her a second one."""
    row = held(assignment)
    if row.state == State.OFFERED and row.offered_until == until:
        return row  # a second tap
    if until <= now:
        raise ValidationError({"until": _("This has passed already: give her time to answer.")})
    _may_be_asked(row, now)
    if not beside:
        _nobody_else(row)
    put_state(row, State.OFFERED, by=by, reason=reason, now=now, offered_until=until)
    assignment.refresh_from_db()
    return assignment


def _may_be_asked(row: Assignment, now: datetime) -> None:
    mentor, today = row.mentor, clock.local(now, row.programme.zone).date()
    if mentor.state != Mentor.State.ACTIVE:
        words = _("%(mentor)s is “%(state)s” as a mentor: nobody can be offered to her now.")
        raise ValidationError(words % {"mentor": mentor, "state": mentor.get_state_display()})
    if mentor.away_until and mentor.away_until > today:
        words = _("%(mentor)s is not available until %(day)s.")
        raise ValidationError(words % {"mentor": mentor, "day": date_format(mentor.away_until)})
    _still_right(row, today)


def _still_right(row: Assignment, today: date) -> None:
    """What was right when it was proposed may not be right any more."""
    if row.enrolment.state not in row.enrolment.TAKING_PART:
        raise ValidationError(_("She does not take part in this programme any more."))
    within_capacity(row.mentor, row.programme)
    if not row.conflict_accepted and (grave := standing(row.mentor, row.enrolment, today)):
        raise ValidationError([conflict.words for conflict in grave], code="conflict")


def _nobody_else(row: Assignment) -> None:
    others = Assignment.objects.filter(
        enrolment=row.enrolment_id, state__in=(State.OFFERED, *Assignment.ALIVE)
    )
    others = others.exclude(pk__in=[pk for pk in (row.pk, row.goes_on_from_id) if pk])
    if other := others.select_related("mentor__person").first():
        said = {"mentor": other.mentor, "person": row.enrolment}
        if other.state == State.OFFERED:
            words = _("%(mentor)s is asked about %(person)s already: say so if she shall have both.") % said
        else:
            words = _("%(mentor)s guides %(person)s already: say so if she shall have both.") % said
        raise ValidationError({"beside": words}, code="beside")


@transaction.atomic
def answer_offer(
    *,
    by: User,
    assignment: Assignment,
    accept: bool,
    reason: str = "",
    away_until: date | None = None,
    now: datetime,
) -> Assignment:
    """Her yes or no, in time. A yes takes one of the places that she offered; a no says why, and may say
    until when she takes nobody. The same answer again changes nothing."""
    row = held(assignment)
    state = State.ACCEPTED if accept else State.DECLINED
    if row.state == state:
        return row
    if row.state != State.OFFERED:
        raise ValidationError(_answered(row.state))
    if row.offered_until and row.offered_until <= now:
        raise ValidationError(_answered(State.EXPIRED))
    if accept:
        _accept(row, by, now)
    else:
        put_state(row, State.DECLINED, by=by, reason=reason, now=now)
        _away(row, by, away_until, now)
    assignment.refresh_from_db()
    return assignment


def _answered(state: str) -> str:
    if state == State.PROPOSED:
        return _("This was not offered yet.")
    if state == State.EXPIRED:
        return _("The time to answer is over.")
    return _("This offer was answered already.")


def _accept(row: Assignment, by: User, now: datetime) -> None:
    today = clock.local(now, row.programme.zone).date()
    _still_right(row, today)
    why = row.reason
    put_state(row, State.ACCEPTED, by=by, now=now)
    before = row.goes_on_from
    if before and before.state in Assignment.ALIVE:
        words = why or _("Handed over to %(mentor)s.") % {"mentor": row.mentor}
        put_state(before, State.ENDED, by=by, reason=words, now=now, end=max(today, before.start or today))


def _away(row: Assignment, by: User, until: date | None, now: datetime) -> None:
    if until is None:
        return
    if until <= clock.local(now, row.programme.zone).date():
        raise ValidationError({"away_until": _("Give a day to come.")})
    keep(by=by, row=row.mentor, said={"away_until": until}, tenant=row.programme.tenant)


def expire_offers(now: datetime) -> int:
    """Offers that nobody answered in time; return how many. Any number of sweeps may run."""
    late = Assignment.objects.filter(state=State.OFFERED, offered_until__lte=now)
    return sum(_expire(row, now) for row in late.select_related("programme").order_by("pk"))


@transaction.atomic
def _expire(late: Assignment, now: datetime) -> bool:
    row = held(late)
    if row.state != State.OFFERED or row.offered_until is None or row.offered_until > now:
        return False  # she answered, or got more time, while we came
    put_state(row, State.EXPIRED, by=None, now=now)
    return True


@transaction.atomic
def offer_on(
    *,
    by: User,
    assignment: Assignment,
    mentor: Mentor,
    until: datetime,
    conflict_accepted: str = "",
    now: datetime,
) -> Assignment:
    """What one mentor declined or left unanswered goes to another: the same person, need and agreement."""
    row = held(assignment)
    if row.state not in steps.PASSED:
        raise ValidationError(_("Only what was declined or left unanswered is offered on."))
    insist_active(mentor, row.programme, now)
    made = propose(
        by=by,
        programme=row.programme,
        mentor=mentor,
        enrolment=row.enrolment,
        need=row.need,
        run=row.run,
        goes_on_from=row.goes_on_from,
        agreed_hours=row.agreed_hours,
        share_on_premises=row.share_on_premises,
        conflict_accepted=conflict_accepted,
        now=now,
    )
    return offer(by=by, assignment=made, until=until, now=now)
