"""The public form of a programme: when it is open, and its door (lib.doors)."""

from datetime import datetime

from lib import clock
from lib.doors import FROM_ONE_ADDRESS, KEPT, LARGEST, MAIL_PERIOD, TO_ONE_MAILBOX, Door
from people.models import Programme
from training.models import Application

__all__ = ["DOOR", "FROM_ONE_ADDRESS", "KEPT", "LARGEST", "MAIL_PERIOD", "TO_ONE_MAILBOX"]

DOOR = Door("training.application", "training:apply")


def is_open(programme: Programme, now: datetime) -> bool:
    """Half-open, in the programme's zone. Without a first day nobody applies."""
    today = clock.local(now, programme.zone).date()
    first, after = programme.applies_from, programme.applies_until
    return first is not None and first <= today and (after is None or today < after)


def comes_later(programme: Programme, now: datetime) -> bool:
    return clock.local(now, programme.zone).date() < programme.applies_from


def is_late(application: Application, now: datetime) -> bool:
    """Nobody confirmed it within a week."""
    return application.confirmed_at is None and application.created_at + KEPT <= now


def opened(programme: Programme, now: datetime) -> str:
    return DOOR.opened(programme.pk, now)


def check_opened(token: str, programme: Programme, now: datetime) -> None:
    DOOR.check_opened(token, programme.pk, now)


def token_of(application: Application) -> str:
    return DOOR.token_of(application.pk, application.revision)
