"""What every kind of reminder speaks of: who must hear of what, when, and what a message says."""

from collections.abc import Iterable, Iterator, Mapping
from datetime import UTC, date, datetime, time, timedelta
from typing import NamedTuple
from zoneinfo import ZoneInfo

from django.conf import settings
from django.core.exceptions import ValidationError
from django.urls import reverse
from django.utils.translation import gettext as _

from lib import clock
from people.models import Person
from reminders.models import Reminder, Rule

AHEAD = timedelta(days=14)  # how far the plan looks


class Due(NamedTuple):
    """One person who must hear of one subject at one moment, unless that passed `send_before`. No person:
    the subject itself knows an address."""

    person_id: int | None
    subject_id: int
    revision: int
    due_at: datetime
    send_before: datetime | None
    passes: bool | None = None  # also at night; None: as its kind says


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
    phone: str = ""
    zone: str = ""  # empty: the programme's


class Kind:
    """One kind of reminder. What is due is read from the records; whether it is still true, too."""

    subject_type: str  # "training.session"
    hour, days = 0, 0  # of the rule that a new programme starts with

    # which fields of a rule mean something, and what the days are
    takes_hour, takes_days, takes_module = False, False, False
    days_mean = ""
    audiences: Mapping[str, str] = {}  # code: words; whom of those it knows a rule may name alone
    conditions: Mapping[str, str] = {}  # code: words; under which condition alone
    placeholders: tuple[str, ...] = ()  # of a programme's own text: the keys of `values`

    is_essential = False  # she cannot do without: sent whatever she chose, never in a digest
    passes_quiet = False  # also at night: it is for now, or she waits for it herself
    starts_on = True  # in a new programme; else it waits until somebody switches it on
    holds_unsure = False  # may it have arrived, then a person decides whether it goes again

    def due(self, rule: Rule, now: datetime) -> Iterator[Due]:
        """Who must hear of what by the records, under the rule's audience, condition and module."""
        raise NotImplementedError

    def untrue(self, reminder: Reminder, now: datetime) -> str:
        """Why it is not true any more, in the language that is active; empty: it is true."""
        raise NotImplementedError

    def untrue_of(self, reminders: Iterable[Reminder], now: datetime) -> dict[int, str]:
        """`untrue` of many by key, those that are still true left out. Asked one by one unless the kind knows
        better."""
        asked = ((row.pk, self.untrue(row, now)) for row in reminders)
        return {pk: words for pk, words in asked if words}

    def passes(self, subject_id: int, now: datetime) -> bool:
        """May it go at night? Asked at hand-over; for the plan `Due.passes` says it."""
        return self.passes_quiet

    def to(self, reminder: Reminder) -> Recipient:
        """To somebody of the address book."""
        person = reminder.person
        return Recipient(person.email, person.language, person.phone, person.zone)

    def subjects(self, ids: Iterable[int]) -> dict:
        """The records behind many reminders, read at once."""
        raise NotImplementedError

    def about(self, subject) -> str:
        """What it is about, in a list."""
        return str(subject)

    def values(self, subject, person: Person | None = None) -> dict[str, str]:
        """What the placeholders of a programme's own text stand for."""
        return {}

    def words(self, subject, person: Person | None = None) -> Words:
        """What it says to one person, or, without one, on a list; in the language that is active."""
        raise NotImplementedError


def evening(day: date, hour: int, zone: str) -> datetime:
    """A local hour as an instant; in the night of a clock change the first that exists and is not before it.
    Raises ValidationError, code `zone`, for a zone that is none."""
    if not clock.is_zone(zone):
        raise ValidationError(_("“%(zone)s” is no time zone.") % {"zone": zone}, code="zone")
    return datetime.combine(day, time(hour), ZoneInfo(zone)).astimezone(UTC)


def link(name: str, *args) -> str:
    return settings.SITE_URL.rstrip("/") + reverse(name, args=args)
