"""What a person chose for herself: by which way she is told of something, and how often."""

from collections.abc import Iterable
from datetime import datetime

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils.translation import gettext as _

from accounts.audit import audit
from accounts.models import User
from people.models import Person
from reminders.kinds import KINDS
from reminders.models import Channel, Gateway, Preference, Reminder, Rhythm


def takes_messages(person: Person) -> bool:
    """Can a short message reach her: has she a number, and her organisation a gateway?"""
    return bool(person.phone) and Gateway.objects.filter(tenant=person.tenant_id, is_on=True).exists()


@transaction.atomic
def choose(
    *, person: Person, kind: str, channel: str, rhythm: str, now: datetime, by: User | None = None
) -> Preference:
    """Her way ("": as the rule says) and rhythm for one kind, or, with kind "", for all without a choice of
    their own. What is planned for her and not sent yet is planned anew by the next sweep. `by` is None when
    she came by her own link."""
    _check(person, kind, channel, rhythm)
    said = {"channel": channel, "rhythm": rhythm, "at": now}
    Preference(person=person, kind=kind, **said).full_clean(validate_unique=False, validate_constraints=False)
    rows = Preference.objects.select_for_update()
    row, is_new = rows.get_or_create(person=person, kind=kind, defaults=said)
    if not is_new and (row.channel, row.rhythm) == (channel, rhythm):
        return row
    row.channel, row.rhythm, row.at = channel, rhythm, now
    row.save()
    _plan_anew(person, kind)
    audit(by, "choose", row, ["channel", "rhythm"], tenant=person.tenant)
    return row


@transaction.atomic
def unchoose(*, person: Person, kind: str, by: User | None = None) -> None:
    """No choice of her own for this kind any more: it goes as all others do."""
    row = Preference.objects.select_for_update().filter(person=person, kind=kind).first()
    if row is None:
        return
    audit(by, "unchoose", row, ["channel", "rhythm"], tenant=person.tenant)
    row.delete()
    _plan_anew(person, kind)


@transaction.atomic
def stop(*, person: Person, kinds: Iterable[str], now: datetime, by: User | None = None) -> None:
    """No more of these; without kinds, of nothing that is not essential. Asked twice it is the same."""
    free, asked = [kind for kind, one in KINDS.items() if not one.is_essential], list(kinds)
    wanted = [kind for kind in asked if kind in free]
    if not asked:
        theirs = Preference.objects.filter(person=person).exclude(kind="").values_list("kind", flat=True)
        wanted = ["", *(kind for kind in theirs if kind in free)]
    for kind in wanted:
        nothing, each = Preference.NOTHING, Rhythm.AT_ONCE
        choose(person=person, kind=kind, channel=nothing, rhythm=each, now=now, by=by)


def _check(person: Person, kind: str, channel: str, rhythm: str) -> None:
    if kind and kind not in KINDS:
        raise ValidationError({"kind": _("There is no such kind of reminder.")})
    is_other = channel == Preference.NOTHING or rhythm != Rhythm.AT_ONCE
    if kind and KINDS[kind].is_essential and is_other:
        words = _("These are essential: they always come, each by itself.")
        raise ValidationError({"channel": words})
    if channel == Channel.MESSAGE and not takes_messages(person):
        words = _("No short message reaches her: it takes a telephone number, and a gateway that is on.")
        raise ValidationError({"channel": words})


def _plan_anew(person: Person, kind: str) -> None:
    """Way and rhythm are settled when a reminder is planned. Locked, so that none is taken away that a sender
    has in hand."""
    rows = Reminder.objects.filter(person=person, state=Reminder.State.PLANNED, attempts=0, carrier=None)
    if kind:
        rows = rows.filter(rule__kind=kind)
    else:
        own = Preference.objects.filter(person=person).exclude(kind="").values_list("kind", flat=True)
        rows = rows.exclude(rule__kind__in=list(own))
    locked = list(rows.order_by().select_for_update(of=("self",)).values_list("pk", flat=True))
    Reminder.objects.filter(pk__in=locked).delete()
