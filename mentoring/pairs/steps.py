"""The way of an assignment: what may follow what, and what has to be said with it. Values in, values out."""

from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _

from mentoring.models import Assignment

State = Assignment.State

NEXT: dict[str, tuple[str, ...]] = {
    State.PROPOSED: (State.OFFERED, State.ACTIVE, State.DECLINED),
    State.OFFERED: (State.ACCEPTED, State.DECLINED, State.EXPIRED),
    State.ACCEPTED: (State.ACTIVE, State.PAUSED, State.COMPLETED, State.ENDED),
    State.ACTIVE: (State.PAUSED, State.COMPLETED, State.ENDED),
    State.PAUSED: (State.ACTIVE, State.COMPLETED, State.ENDED),
    State.DECLINED: (),
    State.EXPIRED: (),
    State.COMPLETED: (),
    State.ENDED: (),
}
ASKED = (State.PROPOSED, State.OFFERED)  # nobody said yes yet
TAKES_A_PLACE = (*ASKED, *Assignment.ALIVE)  # what is over takes none of a mentor's places
PASSED = (State.DECLINED, State.EXPIRED)  # asked in vain: the same mentor may be proposed anew
OVER = (State.COMPLETED, State.ENDED)
NEEDS_A_REASON = (State.DECLINED, State.PAUSED, State.ENDED)


def by_hand(state: str) -> tuple[str, ...]:
    """What a coordinator may choose next: to offer needs a day, and offers expire by themselves."""
    return tuple(s for s in NEXT[state] if s not in (State.OFFERED, State.EXPIRED, State.ACCEPTED))


def check(before: str, state: str, reason: str) -> None:
    """May an assignment go from one state to the other? Raises ValidationError by field."""
    if state not in State.values:
        raise ValidationError({"state": _("There is no such state: %(state)s.") % {"state": state}})
    if state not in NEXT[before]:
        raise ValidationError(_not_so(before, state))
    if state in NEEDS_A_REASON and not reason.strip():
        raise ValidationError({"reason": _why(state)})


def _not_so(before: str, state: str) -> str:
    if before in OVER:
        return _("This assignment has ended already.")
    if before == State.DECLINED:
        return _("This offer was declined: propose the mentor anew.")
    if before == State.EXPIRED:
        return _("The time to answer is over: propose the mentor anew.")
    said = {"state": State(before).label, "next": State(state).label}
    return _("What is “%(state)s” cannot become “%(next)s”.") % said


def _why(state: str) -> str:
    if state == State.PAUSED:
        return _("Say why it pauses.")
    return _("Say why it ends.") if state == State.ENDED else _("Say why.")
