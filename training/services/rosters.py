"""Who stands on the roster of a session."""

from collections.abc import Iterable

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from accounts.audit import audit
from accounts.models import User
from training.models import Enrolment, Mark, RosterEntry, Session
from training.services.attendance import derive_again


@transaction.atomic
def fill_roster(
    *,
    by: User | None,
    session: Session,
    enrolments: Iterable[Enrolment] | None = None,
    at_the_door: bool = False,
) -> int:
    """Put people on the roster; return how many are new. Default: everybody who takes part, and nobody where
    it is by invitation only. More than it has seats for are refused, but not who is `at_the_door` already.

    Marks that were kept for somebody who did not stand on it count from now on.
    """
    wanted = list(enrolments) if enrolments is not None else _everybody(session)
    if any(enrolment.programme_id != session.programme_id for enrolment in wanted):
        raise ValidationError(_("This person does not take part in this programme."), code="stranger")
    there = set(session.roster.values_list("enrolment_id", flat=True))
    entries = [
        RosterEntry(session=session, enrolment=enrolment, planned_minutes=session.minutes)
        for enrolment in wanted
        if enrolment.pk not in there
    ]
    if not at_the_door:
        _check_seats(session, len(there), entries)
    RosterEntry.objects.bulk_create(entries)
    if entries:
        audit(by, "fill roster", session, ["roster"], tenant=session.programme.tenant)
        waiting = Mark.objects.filter(
            session=session, unsettled=True, enrolment__in=[e.enrolment_id for e in entries]
        )
        if waiting.update(unsettled=False):
            derive_again(session, entries)
    return len(entries)


def _everybody(session: Session) -> Iterable[Enrolment]:
    return [] if session.by_invitation else session.programme.enrolments.taking_part()


def _check_seats(session: Session, there: int, entries: list[RosterEntry]) -> None:
    """Raises ValidationError where the session, or its venue, has fewer seats. Who was there had one."""
    seats = [n for n in (session.capacity, session.venue and session.venue.capacity) if n is not None]
    if not seats or not entries:
        return
    came = Mark.objects.filter(session=session, enrolment__in=[entry.enrolment_id for entry in entries])
    new = len(entries) - came.values("enrolment").distinct().count()
    if new and there + len(entries) > min(seats):
        said = {"seats": min(seats), "people": there + len(entries)}
        words = ngettext(
            "There is %(seats)s seat; %(people)s people would stand on the roster.",
            "There are %(seats)s seats; %(people)s people would stand on the roster.",
            min(seats),
        )
        raise ValidationError(words % said, code="seats")
