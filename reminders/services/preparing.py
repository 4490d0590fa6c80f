"""What is claimed, made ready: what is no use is settled, the rest becomes messages. No server is asked."""

import logging
from collections import Counter, defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from django.core.exceptions import ValidationError
from django.db import DatabaseError
from django.utils import translation
from django.utils.translation import gettext as _

from reminders import quiet
from reminders.choices import hers
from reminders.kinds import KINDS
from reminders.kinds.due import Kind, Recipient
from reminders.models import Preference, QuietHours, Reminder
from reminders.services.around import Around
from reminders.services.claiming import State, give_back, messages, settle
from reminders.ways import Route

log = logging.getLogger(__name__)


@dataclass
class Parcel:
    """One message: the reminders that go in it, to whom, and what the way takes."""

    rows: list[Reminder]
    to: Recipient
    address: str
    message: Any
    refusable: set[str]  # the kinds, "" for all, of a choice by which she would not want it
    untrue: dict[int, str] = field(default_factory=dict)  # found at hand-over


class Preparing:
    """The batches of one run by one route."""

    def __init__(self, route: Route, counts: Counter):
        self.route, self.counts, self.around = route, counts, Around()

    def parcels(self, rows: Sequence[Reminder], now: datetime) -> list[Parcel]:
        """Each message of these. What does not become one is settled here, with the reason."""
        with translation.override("en"):  # reasons are kept so, and shown in the reader's own language
            alive = list(self._still_due(rows, now))
            written = self._written(alive)
            return [one for some in messages(alive) if (one := self._parcel(some, written, now))]

    def end(self, rows: Sequence[Reminder], state: str, reason: str) -> None:
        changed = settle(rows, state=state, claim=None, reason=reason[:500])
        self.counts.update({state: changed} if changed else {})

    def _still_due(self, rows: Sequence[Reminder], now: datetime) -> Iterator[Reminder]:
        self._choices = choices_of(rows)
        unwilling = {row.pk for row in rows if is_unwilling(row, self._choices.get(row.person_id, ()))}
        untrue = untrue_of_many(rows, now)
        for row in rows:
            if row.send_before and row.send_before <= now:
                self.end([row], State.EXPIRED, _("Its hour had passed before it could be sent."))
            elif not row.rule.is_on:
                self.end([row], State.DROPPED, _("The rule was switched off."))
            elif row.pk in unwilling:
                self.end([row], State.DROPPED, _("She does not want these messages."))
            elif row.pk in untrue:
                self.end([row], State.DROPPED, untrue[row.pk])
            elif self._is_awake(row, now):
                yield row

    def _is_awake(self, row: Reminder, now: datetime) -> bool:
        """Is it no quiet hour where she is? Else it waits; if only quiet hours are left, it is too late."""
        kind, programme = KINDS[row.rule.kind], row.rule.programme
        if kind.passes_quiet:
            return True
        try:
            starts, ends = self.around.hours(programme)
        except ValidationError:  # the planner says that they are none
            starts, ends = QuietHours.STARTS, QuietHours.ENDS
        zone = quiet.zone_of(row.person.zone if row.person else "", programme.zone)
        at = quiet.allowed(now, zone=zone, starts=starts, ends=ends, before=row.send_before, after=now)
        if at == now or kind.passes(row.subject_id, now):
            return True
        if at is None:
            self.end([row], State.EXPIRED, _("Only quiet hours were left before it."))
        else:
            give_back([row], try_after=at)
        return False

    def _written(self, rows: Sequence[Reminder]) -> dict[int, Any]:
        """Their messages. One that cannot be written takes no other with it."""
        if not rows:
            return {}
        try:
            return self.route.messages_of(rows)
        except DatabaseError:
            raise
        except Exception:
            log.exception("a batch could not be written at once")
        found: dict[int, Any] = {}
        for some in messages(rows):
            try:
                found |= self.route.messages_of(some)
            except DatabaseError:
                raise
            except Exception:
                log.exception("reminder %s could not be written", some[0].pk)
                words = ValidationError(_("It could not be written: an error in the program."))
                found |= {row.pk: words for row in some}
        return found

    def _parcel(self, rows: list[Reminder], written: dict[int, Any], now: datetime) -> Parcel | None:
        first = min(rows, key=lambda row: row.pk)
        to, message = KINDS[first.rule.kind].to(first), written[first.pk]
        if not self.route.address(to):
            self.end(rows, State.FAILED, self.route.nowhere)
        elif not isinstance(message, ValidationError):
            refusable = refusable_by(rows, self._choices.get(first.person_id, ()))
            return Parcel(rows, to, self.route.address(to), message, refusable)
        elif untrue := untrue_of(rows, now):  # what it was about is gone
            self.drop(rows, untrue, try_after=None)
        else:
            self.end(rows, State.FAILED, " ".join(message.messages))
        return None

    def drop(self, rows: Sequence[Reminder], untrue: dict[int, str], try_after: datetime | None) -> None:
        """Those that are no longer true; the rest of their message goes without them, next time."""
        for row in rows:
            if row.pk in untrue:
                self.end([row], State.DROPPED, untrue[row.pk])
        give_back([row for row in rows if row.pk not in untrue], try_after=try_after)


def choices_of(rows: Sequence[Reminder]) -> dict[int, list[Preference]]:
    choices = defaultdict(list)
    for one in Preference.objects.filter(person__in={row.person_id for row in rows} - {None}):
        choices[one.person_id].append(one)
    return choices


def refusable_by(rows: Sequence[Reminder], choices: Sequence[Preference]) -> set[str]:
    """By a choice for which kinds it would not be wanted; the one for all counts where she made no other."""
    kinds = {row.rule.kind for row in rows if not KINDS[row.rule.kind].is_essential}
    return kinds if kinds <= {one.kind for one in choices} else kinds | {""}


def is_unwilling(row: Reminder, choices: Sequence[Preference]) -> bool:
    if KINDS[row.rule.kind].is_essential:
        return False
    choice = hers(row.rule.kind, choices)
    return choice is not None and choice.channel == Preference.NOTHING


def untrue_of(rows: Sequence[Reminder], now: datetime) -> dict[int, str]:
    """Why which of them are no longer true."""
    by_kind = defaultdict(list)
    for row in rows:
        by_kind[row.rule.kind].append(row)
    found: dict[int, str] = {}
    for kind, some in by_kind.items():
        found |= {pk: words for pk, words in KINDS[kind].untrue_of(some, now).items() if words}
    return found


def untrue_of_many(rows: Sequence[Reminder], now: datetime) -> dict[int, str]:
    """Asked ahead where it costs little, or where an untrue one would spoil the message of others."""
    cheap = [row for row in rows if row.carrier_id or type(KINDS[row.rule.kind]).untrue_of != Kind.untrue_of]
    return untrue_of(cheap, now)
