"""Sending once. The row is the record; whatever nudges this may do so twice."""

import random
import time
from collections import Counter
from collections.abc import Callable, Sequence
from contextlib import suppress
from datetime import datetime, timedelta
from functools import partial

from django.db import DatabaseError, transaction
from django.db.models import Exists, F, OuterRef, Q
from django.utils import translation

from lib import halting, mail
from people.models import Person
from reminders.models import Attempt, Preference, Reminder, Rule
from reminders.services import hosts, watching
from reminders.services.claiming import BATCH, LEASE, State, claim, due, give_back, recover, settle, unsure
from reminders.services.preparing import Parcel, Preparing, untrue_of
from reminders.ways import Route, routes

MOST_TRIES = 6
SOON, LATER = timedelta(minutes=2), timedelta(minutes=10)  # doubled with each try
IN_A_ROW = 10  # refusals without one message taken: it is the server, or we, not those ten people
MOMENT = timedelta(seconds=5)
BROKEN = 5  # what a broken connection counts for

Clock = Callable[[], datetime]


def send_due(now: datetime) -> dict[str, int]:
    """Send what is due; returns how many came to which state. Safe to run twice, side by side, or killed.
    Told to halt, it ends after the message in hand."""
    begun = time.monotonic()

    def clock() -> datetime:
        """A run may take a while, and a lease that began in the past would be none."""
        return now + timedelta(seconds=time.monotonic() - begun)

    recover(now)
    counts: Counter[str] = Counter()
    for route in routes():
        if not halting.asked() and due(route.rows, now).exists() and hosts.is_open(route.host, now):
            Run(route, clock, counts).all()
    return dict(counts)


class Run:
    """What one sender does at one server until nothing is due, or it takes nothing."""

    def __init__(self, route: Route, clock: Clock, counts: Counter):
        self.route, self.clock, self.counts = route, clock, counts
        self.preparing = Preparing(route, counts)
        self.on_trial = hosts.is_on_trial(route.host)
        self.refused = 0  # in a row

    def all(self) -> None:
        with self.route.opened() as way, halting.in_hand():
            goes_on = True
            while goes_on and not halting.asked():
                rows = claim(self.route.rows, self.clock(), 1 if self.on_trial else BATCH)
                goes_on = bool(rows) and self._batch(rows, way)
                watching.seen(self.clock())

    def _batch(self, rows: Sequence[Reminder], way) -> bool:
        """False: the server takes nothing now. What was not tried is given back, whatever happens."""
        rest = list(rows)
        try:
            parcels = self.preparing.parcels(rows, self.clock())
            rest = [row for parcel in parcels for row in parcel.rows]
            for parcel in parcels:
                if halting.asked():
                    return False
                outcome = way.deliver(parcel.message, before_body=partial(hand_over, parcel, self.clock))
                rest = rest[len(parcel.rows) :]
                self._conclude(parcel, outcome)
                if not self._goes_on(outcome):
                    return False
            return True
        finally:
            with suppress(DatabaseError):  # then the lease does it
                give_back(rest)

    def _goes_on(self, outcome: mail.Outcome) -> bool:
        """Does the server take messages? What it says of one address is nothing against it."""
        match outcome:
            case mail.Sent():
                if self.on_trial:
                    hosts.worked(self.route.host)
                self.on_trial, self.refused = False, 0
                return True
            case mail.HostDown() | mail.Uncertain():
                self.refused = IN_A_ROW
            case mail.Never() | mail.Later() if not outcome.is_of_one:
                self.refused += BROKEN if isinstance(outcome, mail.Broken) else 1
        if self.refused >= (1 if self.on_trial else IN_A_ROW):
            hosts.failed(self.route.host, outcome.reason, self.clock())
            return False
        return True

    def _conclude(self, parcel: Parcel, outcome: mail.Outcome) -> None:
        """Write down what came of it, for all parts of the message and with the server's words."""
        now, said = self.clock(), outcome.reason[:500]
        match outcome:
            case mail.Abandoned():
                self._abandon(parcel)
                return
            case mail.HostDown():
                fields = {"state": State.PLANNED, "claim": None, "attempts": F("attempts") - 1}
            case mail.Sent():
                fields = {"state": State.SENT, "sent_at": now, "reason": ""}
            case mail.Later() if (tries := _tries(parcel)) < MOST_TRIES:
                wait = _patience(outcome, tries)
                fields = {"state": State.PLANNED, "claim": None, "try_after": now + wait, "reason": said}
            case _:
                fields = {"state": State.FAILED, "reason": said}
        with transaction.atomic():
            if isinstance(outcome, mail.Uncertain):
                state = unsure(parcel.rows, now, said)
            else:
                settle(parcel.rows, **fields)
                state = fields["state"]
            _note(parcel, outcome, said, now)
        self.counts["host_down" if isinstance(outcome, mail.HostDown) else state] += len(parcel.rows)

    def _abandon(self, parcel: Parcel) -> None:
        """It was about to leave, and is not as it was read. What has changed otherwise than by being untrue
        is read anew with the next batch, and settled there."""
        self.preparing.drop(parcel.rows, parcel.untrue, try_after=self.clock() + MOMENT)


def hand_over(parcel: Parcel, clock: Clock) -> bool:
    """Just before the text leaves: still ours, still true, still hers, in one transaction with the mark."""
    now = clock()
    with transaction.atomic():
        if any(row.send_before and row.send_before <= now for row in parcel.rows):
            return False
        with translation.override("en"):
            parcel.untrue = untrue_of(parcel.rows, now)
        if parcel.untrue:
            return False
        rows = [row.pk for row in parcel.rows]
        mine = Reminder.objects.filter(pk__in=rows, state=State.CLAIMED, claim=parcel.rows[0].claim)
        marked = mine.filter(_as_read(parcel)).update(state=State.HANDING_OVER, lease_until=now + LEASE)
        if marked != len(rows):
            transaction.set_rollback(True)
        return marked == len(rows)


def _as_read(parcel: Parcel) -> Q:
    """Its rule is on, she has the address it goes to, and did not say no in the meantime."""
    asked = Q(Exists(Rule.objects.filter(pk=OuterRef("rule"), is_on=True)))
    if parcel.rows[0].person_id is None:
        return asked
    person = parcel.rows[0].person
    here = Person.objects.filter(pk=OuterRef("person"), email=person.email, phone=person.phone)
    asked &= Q(Exists(here))
    if parcel.refusable:
        no = Preference.objects.filter(person=OuterRef("person"), channel=Preference.NOTHING)
        asked &= ~Q(Exists(no.filter(kind__in=parcel.refusable)))
    return asked


def _tries(parcel: Parcel) -> int:
    """How often it was tried, this time too: claims by senders that died are none."""
    return parcel.rows[0].tries.count() + 1


def _patience(outcome: mail.Outcome, tries: int) -> timedelta:
    """Growing, and scattered, so that what was refused together does not come back together."""
    return (SOON if isinstance(outcome, mail.Soon) else LATER) * 2 ** (tries - 1) * random.uniform(1, 1.25)


def _note(parcel: Parcel, outcome: mail.Outcome, said: str, now: datetime) -> None:
    name = "later" if isinstance(outcome, mail.Later) else type(outcome).__name__.lower()
    what = {"at": now, "address": parcel.address, "outcome": name, "words": said}
    if len(parcel.rows) == 1:
        Attempt.objects.create(reminder=parcel.rows[0], **what)
    else:
        Attempt.objects.bulk_create(Attempt(reminder=row, **what) for row in parcel.rows)
