"""Each guard of the sending, taken away: for the bench, which has to notice. Only a sender that the bench
starts ever imports this."""

import time
from datetime import timedelta
from uuid import uuid4

from django.db.models import F

from reminders.models import Reminder
from reminders.services import claiming, sending
from reminders.services.preparing import untrue_of

State = Reminder.State


def take_away(name: str) -> None:
    if name:
        GUARDS[name]()


def _claims_anything() -> None:
    """What was free when it was read is taken, whoever took it meanwhile."""

    def claim(rows, now, most=claiming.BATCH):
        keys = list(claiming.due(rows, now).values_list("pk", flat=True)[:most])
        time.sleep(0.3)  # the machine is busy with something else
        token = uuid4()
        lease = {"lease_until": now + claiming.LEASE, "attempts": F("attempts") + 1}
        Reminder.objects.filter(pk__in=keys).update(state=State.CLAIMED, claim=token, **lease)
        return list(Reminder.objects.filter(claim=token).select_related(*claiming.NEEDED))

    sending.claim = claim


def _one_stage() -> None:
    """Nothing says that the text is about to leave."""

    def hand_over(parcel, clock):
        return not untrue_of(parcel.rows, clock())

    sending.hand_over = hand_over


def _no_lease() -> None:
    """Whatever is in anybody's hands is taken for left behind."""
    recover = claiming.recover

    def impatient(now):
        Reminder.objects.filter(state__in=[State.CLAIMED, State.HANDING_OVER]).update(
            lease_until=now - timedelta(seconds=1)
        )
        recover(now)

    sending.recover = impatient


def _new_id_each_time() -> None:
    Reminder.message_id = property(lambda row: f"<{uuid4()}@rasadnik>")


def _no_recovery() -> None:
    sending.recover = lambda now: None


def _no_second_look() -> None:
    """What was true when it was claimed is sent."""

    def hand_over(parcel, clock):
        rows = Reminder.objects.filter(
            pk__in=[row.pk for row in parcel.rows], state=State.CLAIMED, claim=parcel.rows[0].claim
        )
        return bool(rows.update(state=State.HANDING_OVER, lease_until=clock() + claiming.LEASE))

    sending.hand_over = hand_over


def _not_asked_whether_still_ours() -> None:
    """Who slept over its lease goes on where it was."""

    def hand_over(parcel, clock):
        if untrue_of(parcel.rows, clock()):
            return False
        rows = Reminder.objects.filter(pk__in=[row.pk for row in parcel.rows])
        rows.update(
            state=State.HANDING_OVER, claim=parcel.rows[0].claim, lease_until=clock() + claiming.LEASE
        )
        return True

    sending.hand_over = hand_over


GUARDS = {
    "the claim is a compare-and-set": _claims_anything,
    "a mark before the text leaves": _one_stage,
    "a lease before others take over": _no_lease,
    "one Message-ID over all tries": _new_id_each_time,
    "what the dead left is taken up": _no_recovery,
    "asked again at hand-over: true?": _no_second_look,
    "asked again at hand-over: ours?": _not_asked_whether_still_ours,
}
