"""What every kind of reminder speaks of: who must hear of what, when, and what a message says."""

from datetime import date, datetime, time, timedelta
from typing import NamedTuple

from django.conf import settings
from django.urls import reverse

from lib import clock
from reminders.models import Reminder

AHEAD = timedelta(days=14)  # how far the plan looks


class Due(NamedTuple):
    """One person who must hear of one subject at one moment, unless that passed `send_before`. No person:
    the subject itself knows an address."""

    person_id: int | None
    subject_id: int
    revision: int
    due_at: datetime
    send_before: datetime | None


class Words(NamedTuple):
    """What a message says: a subject, plain paragraphs, where its link leads, and why she gets it (nothing:
    she takes part)."""

    subject: str
    lines: list[str]
    action: str
    url: str
    why: str = ""


class Recipient(NamedTuple):
    email: str
    language: str


class ToPerson:
    """A kind that goes to somebody of the address book."""

    def to(self, reminder: Reminder) -> Recipient:
        return Recipient(reminder.person.email, reminder.person.language)


def evening(day: date, hour: int, zone: str) -> datetime:
    """A local hour as an instant; in the night of a clock change the nearest one that exists."""
    return clock.instant(day, time(hour), zone, fold=0)


def link(name: str, *args) -> str:
    return settings.SITE_URL.rstrip("/") + reverse(name, args=args)
