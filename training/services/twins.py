"""Two rows that are one person: joined, parted again, or kept apart for good."""

from datetime import datetime

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils.translation import gettext as _

from accounts.audit import audit
from accounts.models import User
from people import joining
from people.models import Person, Twin
from training.models import Certificate, Enrolment, Mark, RosterEntry, StateChange
from training.services.enrolments import set_enrolment_state

OVER = (Enrolment.State.DECLINED, Enrolment.State.WITHDRAWN)


@transaction.atomic
def join_persons(*, by: User | None, kept: Person, other: Person, now: datetime) -> Twin:
    """All that is known of `other` is of `kept` from now on; `other` stays, joined to her, and can be parted.

    Where both are enrolled in a programme, the enrolment with marks stays, the other is declined with that
    reason. Raises ValidationError where both were marked in one programme, or both sign in.
    """
    kept, other = _held(kept, other)
    _check(kept, other)
    steps = [step for mine, hers in _both_enrolled(kept, other) for step in _settle(by, mine, hers, now)]
    steps += joining.move(kept, other)
    twin = Twin.objects.create(kept=kept, other=other, state=Twin.State.JOINED, moved=steps, by=by, at=now)
    audit(by, "join", kept, ["joined_to"], tenant=kept.tenant)
    return twin


@transaction.atomic
def part_persons(*, by: User | None, twin: Twin, now: datetime) -> Twin:
    """Two again: every row points where it pointed, unless somebody changed it since. Twice is once."""
    twin = Twin.objects.select_for_update(of=("self",), no_key=True).get(pk=twin.pk)
    if twin.state != Twin.State.JOINED:
        return twin
    kept, other = _held(twin.kept, twin.other)
    if kept.joined_to_id:
        words = _("“%(kept)s” was joined to somebody else since: part those two first.")
        raise ValidationError(words % {"kept": kept})
    other.joined_to = None
    other.save(update_fields=["joined_to"])
    for step in reversed(twin.moved):
        if step["what"] in BACK:
            BACK[step["what"]](step, by, now)
        else:
            joining.put_back(kept, other, step)
    twin.state, twin.parted_by, twin.parted_at = Twin.State.PARTED, by, now
    twin.save(update_fields=["state", "parted_by", "parted_at"])
    audit(by, "part", kept, ["joined_to"], tenant=kept.tenant)
    return twin


@transaction.atomic
def keep_apart(*, by: User | None, one: Person, other: Person, now: datetime) -> Twin:
    """Two persons: nobody is asked about them again."""
    one, other = _held(one, other)
    _check_two(one, other)
    known = Twin.objects.filter(
        kept__in=(one, other), other__in=(one, other), state=Twin.State.DIFFERENT
    ).first()
    if known:
        return known
    twin = Twin.objects.create(kept=one, other=other, state=Twin.State.DIFFERENT, by=by, at=now)
    audit(by, "keep apart", one, ["twins"], tenant=one.tenant)
    return twin


def _held(one: Person, other: Person) -> tuple[Person, Person]:
    """Both as they are now, until the transaction ends; always in one order, so that two never wait."""
    rows = Person.objects.select_for_update(of=("self",)).select_related("tenant").order_by("pk")
    found = {row.pk: row for row in rows.filter(pk__in=(one.pk, other.pk))}
    return found[one.pk], found[other.pk]


def _check_two(one: Person, other: Person) -> None:
    if one.pk == other.pk:
        raise ValidationError(_("This is one row already."))
    if one.tenant_id != other.tenant_id:
        raise ValidationError(_("This person belongs to another organisation."), code="stranger")


def _check(kept: Person, other: Person) -> None:
    _check_two(kept, other)
    if row := next((row for row in (other, kept) if row.joined_to_id), None):
        raise ValidationError(_("“%(who)s” was joined to somebody already.") % {"who": row})
    if kept.user_id and other.user_id:
        raise ValidationError(
            _("Both sign in with an address of their own: take one of the two sign-ins away first.")
        )


def _both_enrolled(kept: Person, other: Person) -> list[tuple[Enrolment, Enrolment]]:
    rows = (
        Enrolment.objects.filter(person__in=(kept, other))
        .select_related("programme__tenant")
        .order_by("programme_id")
    )
    hers = {row.programme_id: row for row in rows if row.person_id == other.pk}
    return [
        (row, hers[row.programme_id]) for row in rows if row.person_id == kept.pk and row.programme_id in hers
    ]


def _settle(by: User | None, mine: Enrolment, hers: Enrolment, now: datetime) -> list[dict]:
    """One of the two enrolments stays hers, the other is declined and stays with the row that goes."""
    weights = [_weight(mine), _weight(hers)]
    if weights[0][0] and weights[1][0]:
        words = _(
            "Both were marked in “%(programme)s”, as %(one)s and as %(other)s: clear the marks of one first."
        )
        said = {"programme": mine.programme, "one": mine.row_code, "other": hers.row_code}
        raise ValidationError(words % said)
    is_hers = weights[1] > weights[0]
    stays, goes = (hers, mine) if is_hers else (mine, hers)
    steps = _decline(by, goes, stays, now)
    if is_hers:
        _swap(mine.pk, hers.pk)
        steps.append({"what": "swapped", "ids": [mine.pk, hers.pk]})
    return steps


def _weight(row: Enrolment) -> tuple:
    was_there = (
        Mark.objects.filter(enrolment=row).exists() or Certificate.objects.filter(enrolment=row).exists()
    )
    return was_there, row.state in Enrolment.TAKING_PART, row.state not in OVER


def _decline(by: User | None, goes: Enrolment, stays: Enrolment, now: datetime) -> list[dict]:
    if goes.state in OVER:
        return []
    before = {"state": goes.state, "state_at": goes.state_at.isoformat(), "state_by_id": goes.state_by_id}
    before |= {"reason": goes.reason}
    names = ("id", "session_id", "enrolment_id", "planned_minutes")
    entries = list(RosterEntry.objects.filter(enrolment=goes).order_by("pk").values(*names))
    reason = _("the same person as %(code)s") % {"code": stays.row_code}
    set_enrolment_state(by=by, enrolment=goes, state=Enrolment.State.DECLINED, reason=reason, now=now)
    there = set(RosterEntry.objects.filter(enrolment=goes).values_list("pk", flat=True))
    gone = [entry for entry in entries if entry["id"] not in there]
    after = {"state": str(Enrolment.State.DECLINED), "reason": reason}
    return [
        {"what": "declined", "id": goes.pk, "before": before, "after": after},
        {"what": "off roster", "rows": gone},
    ]


def _swap(one: int, other: int) -> None:
    """Two enrolments of one programme change persons; she is there once at any moment, so a third one holds
    the place meanwhile."""
    rows = {row.pk: row for row in Enrolment.objects.filter(pk__in=(one, other)).select_related("person")}
    first, second = rows[one].person, rows[other].person
    holder = Person.objects.create(tenant_id=first.tenant_id, source="twins", source_id=f"swap:{one}:{other}")
    for pk, person in ((one, holder), (other, first), (one, second)):
        Enrolment.objects.filter(pk=pk).update(person=person)
    holder.delete()


def _again_swapped(step: dict, by: User | None, now: datetime) -> None:
    if Enrolment.objects.filter(pk__in=step["ids"]).count() == 2:
        _swap(*step["ids"])


def _again_enrolled(step: dict, by: User | None, now: datetime) -> None:
    rows = Enrolment.objects.filter(pk=step["id"], **step["after"])
    if rows.update(**step["before"]):
        reason = _("not the same person after all")
        StateChange.objects.create(
            enrolment_id=step["id"], state=step["before"]["state"], at=now, by=by, reason=reason
        )


def _again_expected(step: dict, by: User | None, now: datetime) -> None:
    RosterEntry.objects.bulk_create([RosterEntry(**row) for row in step["rows"]], ignore_conflicts=True)


BACK = {"declined": _again_enrolled, "off roster": _again_expected, "swapped": _again_swapped}
