"""Taking what is due, a batch at a time, so that of many senders one has each reminder; giving it back."""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from datetime import datetime, timedelta
from uuid import UUID, uuid4

from django.db import transaction
from django.db.models import F, Q, QuerySet
from django.utils import translation
from django.utils.translation import gettext as _

from reminders.kinds import KINDS
from reminders.models import Reminder, Rhythm

BATCH = 50  # what a killed sender keeps from others until its lease ends
# longer than the wait for the last answer of a mail server (600 s), the text before it, and two clocks that
# are 90 s wrong
LEASE = timedelta(minutes=20)
BREATH = timedelta(minutes=5)  # before what may have arrived goes once more
ONCE_MORE = timedelta(hours=2)  # an uncertain one goes again only if so much time is left before its subject
MOST_CLAIMS = 30  # more often nobody dies by chance
NEEDED = ("rule__programme", "person")
State = Reminder.State


def due(rows: Q, now: datetime) -> QuerySet[Reminder]:
    return Reminder.objects.due(now).filter(rows).order_by("due_at", "pk")


def claim(rows: Q, now: datetime, most: int = BATCH) -> list[Reminder]:
    """The next of these, ours until the lease ends; empty when none is due that is not in other hands.
    What goes together in one message is taken together, and knows its carrier."""
    token = uuid4()
    with transaction.atomic():
        # where there are row locks, senders pass each other by; what counts is the compare-and-set
        fields = ("pk", "person", "rule__programme", "rhythm", "carrier")
        free = due(rows, now).select_for_update(skip_locked=True, of=("self",))
        found = list(free.values_list(*fields)[:most])
        keys = {row[0] for row in found} | _companions(free, found)
        _take(keys, token, now)
        mine = list(Reminder.objects.filter(claim=token, state=State.CLAIMED).select_related(*NEEDED))
        _give_carriers(mine, token)
    return sorted(mine, key=lambda row: (row.due_at, row.pk))


def _companions(free: QuerySet, found: list[tuple]) -> set[int]:
    """The rest of each message of which a part was found."""
    carriers = {carrier for *_rest, carrier in found if carrier}
    together = {row[1:3] for row in found if row[3] != Rhythm.AT_ONCE and not row[4]}
    if not carriers and not together:
        return set()
    people = {person for person, _programme in together}
    fresh = Q(carrier=None, person__in=people) & ~Q(rhythm=Rhythm.AT_ONCE)
    more = free.filter(Q(carrier__in=carriers) | fresh).values_list(
        "pk", "person", "rule__programme", "carrier"
    )
    return {pk for pk, *whose, carrier in more if carrier or tuple(whose) in together}


def _take(keys: set[int], token: UUID, now: datetime) -> None:
    rows = Reminder.objects.filter(pk__in=keys, state=State.PLANNED)
    rows.update(state=State.CLAIMED, claim=token, lease_until=now + LEASE, attempts=F("attempts") + 1)


def _give_carriers(mine: list[Reminder], token: UUID) -> None:
    """At the first try, and never changed after it: the carrier's is the id of the message."""
    together = defaultdict(list)
    for row in mine:
        if row.rhythm != Rhythm.AT_ONCE and row.carrier_id is None and row.person_id:
            together[row.person_id, row.rule.programme_id].append(row)
    for rows in together.values():
        carrier = min(row.pk for row in rows)
        for row in rows:
            row.carrier_id = carrier
    changed = [row for rows in together.values() for row in rows]
    if changed:
        Reminder.objects.filter(claim=token).bulk_update(changed, ["carrier"])


def messages(rows: Iterable[Reminder]) -> list[list[Reminder]]:
    """Those that go in one message together."""
    found: dict[int, list[Reminder]] = {}
    for row in rows:
        found.setdefault(row.carrier_id or row.pk, []).append(row)
    return list(found.values())


def settle(rows: Sequence[Reminder], **fields) -> int:
    """One step of what is in our hands, as far as it still is; returns how many."""
    mine = Reminder.objects.filter(
        pk__in=[row.pk for row in rows], claim=rows[0].claim, state__in=(State.CLAIMED, State.HANDING_OVER)
    )
    return mine.update(**fields)


def give_back(rows: Sequence[Reminder], **fields) -> int:
    """Not tried: no attempt is spent. What is being handed over stays."""
    if not rows:
        return 0
    mine = Reminder.objects.filter(
        pk__in=[row.pk for row in rows], claim__in={row.claim for row in rows}, state=State.CLAIMED
    )
    return mine.update(state=State.PLANNED, claim=None, attempts=F("attempts") - 1, **fields)


def recover(now: datetime) -> None:
    """What a dead sender left: a claimed one is certainly unsent; one that was being handed over is not."""
    late = Reminder.objects.filter(lease_until__lt=now)
    with translation.override("en"):  # as all our reasons are kept; shown in the reader's own language
        often = _("Whoever sent it stopped again and again before it was handed over.")
        said = _("The sender stopped while it was being handed over.")
    claimed = late.filter(state=State.CLAIMED)
    claimed.filter(attempts__gte=MOST_CLAIMS).update(state=State.HELD, claim=None, reason=often)
    claimed.update(state=State.PLANNED, claim=None)
    for rows in messages(late.filter(state=State.HANDING_OVER).select_related("rule")):
        unsure(rows, now, said)


def has_time(row: Reminder, now: datetime) -> bool:
    """Enough before its subject for what may have arrived to go once more."""
    return not row.send_before or row.send_before - now >= ONCE_MORE


def unsure(rows: Sequence[Reminder], now: datetime, said: str) -> str:
    """It may have arrived. Once more if there is time before its subject and a second copy does no harm; else
    a person decides. Returns the state; all parts of a message come to the same."""
    if any(KINDS[row.rule.kind].holds_unsure for row in rows):
        state = State.HELD
    elif all(row.unsure == 0 and has_time(row, now) for row in rows):
        state = State.PLANNED
    else:
        state = State.UNCERTAIN
    fields = {"claim": None, "unsure": F("unsure") + 1, "reason": said[:500], "try_after": now + BREATH}
    mine = Reminder.objects.filter(
        pk__in=[row.pk for row in rows], state=State.HANDING_OVER, claim__in={row.claim for row in rows}
    )
    mine.update(state=state, **fields)
    return state
