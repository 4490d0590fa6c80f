"""Office hours: opened by a mentor, booked by one person, moved, given back, cancelled.

A booking is a compare-and-set: of many at once exactly one gets the slot. That a mentor and a person are in
one place at a time is the database's to refuse (`mentoring.slots.apart`)."""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date, datetime, time

from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction
from django.db.models import F
from django.utils.translation import gettext as _

from accounts.audit import audit
from accounts.models import User
from lib import clock
from mentoring.models import Assignment, Meeting, Mentor, Slot, SlotChange
from mentoring.slots import apart, series
from people.models import Person, Programme
from training.models import Enrolment

BOOKING = ["booked_by", "booked_at", "about"]
Step = SlotChange.Step


@transaction.atomic
def open_slots(
    *,
    by: User | None,
    mentor: Mentor,
    programme: Programme,
    day: date,
    start: time,
    end: time,
    zone: str = "",
    fold: int | None = None,
    until: date | None = None,
    each: int | None = None,
    place: str = Meeting.Place.ONLINE,
    where: str = "",
    is_open: bool = False,
    now: datetime,
) -> list[Slot]:
    """Hold time free: once, or each week up to `until`; as one slot, or as many of `each` minutes. All of
    them or none: what overlaps another slot of hers, or does not exist on the clocks, refuses it."""
    if not Mentor.objects.active_in(programme).filter(pk=mentor.pk).exists():
        raise ValidationError({"mentor": _("She is no mentor of this programme.")})
    zone = zone or programme.zone
    if not clock.is_zone(zone):
        raise ValidationError({"zone": _("“%(zone)s” is no time zone.") % {"zone": zone}})
    found = series.times(day=day, start=start, end=end, zone=zone, fold=fold, until=until, each=each)
    if found[0].starts_at <= now:
        raise ValidationError({"day": _("This time has passed already.")})
    plain = {"mentor": mentor, "programme": programme, "zone": zone, "place": place, "is_open": is_open}
    rows = [Slot(where=where.strip(), **plain, **one._asdict()) for one in found]
    Mentor.objects.select_for_update(no_key=True, of=("self",)).only("pk").get(pk=mentor.pk)
    with refused_in_words():
        for row in rows:
            row.full_clean()
            row.save()
    for row in rows:
        audit(by, "open", row, ["day", "start", "end", "zone", "place", "is_open"], tenant=programme.tenant)
    return rows


@transaction.atomic
def book_slot(
    *,
    by: User | None,
    slot: Slot,
    enrolment: Enrolment,
    about: str = "",
    instead: Slot | None = None,
    now: datetime,
) -> Slot:
    """Somebody takes a free slot, or moves there from the one she has (`instead`). The same tap again finds
    it hers. Raises ValidationError with code `taken` where somebody was quicker."""
    _may_take(slot, enrolment)
    # her bookings one after the other, also of two programmes: nobody is in two places
    Person.objects.select_for_update(no_key=True).only("pk").get(pk=enrolment.person_id)
    row = Slot.objects.get(pk=slot.pk)
    if row.booked_by_id == enrolment.pk and row.cancelled_at is None:
        return row
    if instead is not None:
        release_slot(by=by, slot=_hers(instead, enrolment), moved_to=row, now=now)
    _is_free_then(enrolment, row)
    free = Slot.objects.filter(pk=row.pk, booked_by=None, cancelled_at=None, starts_at__gt=now)
    with refused_in_words():
        said = {"booked_by": enrolment, "booked_at": now, "about": about.strip()[:200]}
        taken = free.update(**said, revision=F("revision") + 1)
    if not taken:
        raise _why_not(Slot.objects.get(pk=row.pk), now)
    row.refresh_from_db()
    audit(by, "book", row, BOOKING, tenant=row.programme.tenant)
    return row


@transaction.atomic
def release_slot(*, by: User | None, slot: Slot, moved_to: Slot | None = None, now: datetime) -> Slot:
    """She gives her slot back, or moves: it is free for others again, and the mentor hears of it. Twice is
    once."""
    whose = slot.booked_by_id
    hers = Slot.objects.filter(pk=slot.pk, booked_by=slot.booked_by_id, cancelled_at=None, starts_at__gt=now)
    gone = {"booked_by": None, "booked_at": None, "about": ""}
    if slot.booked_by_id is None or not hers.update(**gone, revision=F("revision") + 1):
        slot.refresh_from_db()
        if slot.booked_by_id is None:
            return slot
        if slot.cancelled_at is None and slot.starts_at > now:
            raise ValidationError(_("Somebody else has this slot by now."), code="taken")
        raise _why_not(slot, now)
    slot.refresh_from_db()
    step = Step.MOVED if moved_to else Step.RELEASED
    SlotChange.objects.create(slot=slot, step=step, enrolment_id=whose, moved_to=moved_to, at=now, by=by)
    audit(by, "release", slot, BOOKING, tenant=slot.programme.tenant)
    return slot


@transaction.atomic
def cancel_slot(*, by: User | None, slot: Slot, reason: str = "", now: datetime) -> Slot:
    """The mentor has no time after all. Whoever booked it stays on it, and hears why; twice is
    once."""
    reason = reason.strip()
    if slot.cancelled_at:
        return slot
    if slot.booked_by_id and not reason:
        raise ValidationError({"reason": _("Somebody booked this slot: say why it is cancelled.")})
    same = Slot.objects.filter(pk=slot.pk, booked_by=slot.booked_by_id, cancelled_at=None, ends_at__gt=now)
    if not same.update(cancelled_at=now, cancelled_reason=reason[:300], revision=F("revision") + 1):
        slot.refresh_from_db()
        if slot.cancelled_at:
            return slot
        if slot.ends_at <= now:
            raise _why_not(slot, now)
        raise ValidationError(
            _("It was booked or given back in this moment: look at it again."), code="taken"
        )
    slot.refresh_from_db()
    if slot.booked_by_id:
        SlotChange.objects.create(
            slot=slot, step=Step.CANCELLED, enrolment_id=slot.booked_by_id, at=now, by=by
        )
    audit(by, "cancel", slot, ["cancelled_at", "cancelled_reason"], tenant=slot.programme.tenant)
    return slot


@contextmanager
def refused_in_words() -> Iterator[None]:
    """What the database refuses, said so that one knows what to do."""
    try:
        with transaction.atomic():
            yield
    except IntegrityError as error:
        whose = apart.refused(error)
        if whose == "mentor":
            words = _("The mentor has another slot at that time.")
            raise ValidationError(words, code="clash") from error
        if whose == "person":
            raise ValidationError(_("She has booked another slot at that time."), code="clash") from error
        raise


def _may_take(slot: Slot, enrolment: Enrolment) -> None:
    if enrolment.programme_id != slot.programme_id or enrolment.state not in Enrolment.TAKING_PART:
        raise ValidationError({"enrolment": _("She does not take part in this programme.")})
    if slot.is_open:
        return
    guided = Assignment.objects.alive().filter(mentor=slot.mentor_id, enrolment=enrolment)
    if not guided.exists():
        raise ValidationError({"enrolment": _("This mentor holds the slot for those whom she guides.")})


def _is_free_then(enrolment: Enrolment, slot: Slot) -> None:
    """Over all programmes in which she takes part; within one of them the database watches as well."""
    hers = Slot.objects.filter(booked_by__person=enrolment.person_id, cancelled_at=None)
    if hers.filter(starts_at__lt=slot.ends_at, ends_at__gt=slot.starts_at).exists():
        raise ValidationError(_("She has booked another slot at that time."), code="clash")


def _hers(slot: Slot, enrolment: Enrolment) -> Slot:
    slot = Slot.objects.get(pk=slot.pk)
    if slot.booked_by_id != enrolment.pk:
        raise ValidationError(_("The slot that she moves from is not hers."), code="moved")
    return slot


def _why_not(slot: Slot, now: datetime) -> ValidationError:
    if slot.cancelled_at:
        return ValidationError(_("This slot was cancelled."), code="cancelled")
    if slot.starts_at <= now:
        return ValidationError(_("This time has passed already."), code="past")
    return ValidationError(
        _("Somebody else was quicker: this slot is taken. Choose another one."), code="taken"
    )
