"""Seats and the waiting list: who moves up when a seat is free."""

from datetime import datetime

from django.db import transaction
from django.db.models import Count, Exists, F, OuterRef, Q
from django.utils.translation import gettext as _

from accounts.audit import audit
from accounts.models import User
from people.models import Programme
from training.models import Enrolment
from training.services import findings
from training.services.states import State, held, put_states


def free(programme: Programme) -> int | None:
    """Seats that nobody has; None: as many as there are people. Below nothing is nothing."""
    if programme.capacity is None:
        return None
    return max(0, programme.capacity - programme.enrolments.taking_part().order_by().count())


def is_full(programme: Programme) -> bool:
    return free(programme) == 0


@transaction.atomic
def fill_seats(*, programme: Programme, by: User | None = None, now: datetime) -> list[Enrolment]:
    """Free seats go to who waits longest and fits the rules; return who moved up, as they were before.

    Nobody's act: the history says so. To be called whenever a seat may have become free, also twice.
    """
    programme = held(programme)
    return move_up(programme, now)


def fill_all_seats(*, now: datetime) -> int:
    """Every programme in which a seat is free and somebody waits, as after its capacity was raised; return
    how many people moved up."""
    taken = Count("enrolments", filter=Q(enrolments__state__in=Enrolment.TAKING_PART))
    waiting = Exists(Enrolment.objects.filter(programme=OuterRef("pk"), state=State.WAITLISTED))
    rows = Programme.objects.exclude(capacity=None).annotate(taken=taken).filter(waiting)
    found = rows.filter(taken__lt=F("capacity")).order_by("pk")
    return sum(len(fill_seats(programme=programme, now=now)) for programme in found)


def move_up(programme: Programme, now: datetime) -> list[Enrolment]:
    """The same, while the programme's row is held."""
    seats = free(programme)
    if not seats:
        return []
    waiting = list(programme.enrolments.filter(state=State.WAITLISTED).order_by("state_at", "pk"))
    if not waiting:
        return []
    pks = [row.pk for row in waiting]
    findings.check(programme=programme, enrolments=pks, now=now)
    fit = findings.fitting(pks)
    up = [row for row in waiting if row.pk in fit][:seats]
    if up:
        reason = _("A seat became free: the first of the waiting list moved up.")
        put_states(programme.pk, {row.pk: (State.ENROLLED, reason) for row in up}, by=None, now=now)
        for row in up:
            audit(None, "move up", row, ["state", "reason"], tenant=programme.tenant)
    return up
