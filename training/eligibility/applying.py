"""The public form of a programme: when it is open, and its door (lib.doors)."""

from datetime import datetime

from lib import doors
from lib.doors import FROM_ONE_ADDRESS, KEPT, LARGEST, MAIL_PERIOD, TO_ONE_MAILBOX, Door
from people.models import Programme
from training.models import Application

__all__ = ["DOOR", "FROM_ONE_ADDRESS", "KEPT", "LARGEST", "MAIL_PERIOD", "TO_ONE_MAILBOX"]

DOOR = Door("training.application", "training:apply")


def is_open(programme: Programme, now: datetime) -> bool:
    """Without a first day nobody applies."""
    return doors.is_open(programme.applies_from, programme.applies_until, programme.zone, now)


def opened(programme: Programme, now: datetime) -> str:
    return DOOR.opened(programme.pk, now)


def check_opened(token: str, programme: Programme, now: datetime) -> None:
    DOOR.check_opened(token, programme.pk, now)


def token_of(application: Application) -> str:
    return DOOR.token_of(application.pk, application.revision)
