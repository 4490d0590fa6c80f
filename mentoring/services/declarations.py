"""What people say themselves about a conflict of interest, and what a coordinator answers to a hint."""

from datetime import date, datetime

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils.translation import gettext as _

from accounts.audit import audit
from accounts.models import User
from lib import clock
from mentoring import conflicts
from mentoring.models import Declared, Hint
from mentoring.services.holding import hold
from people.models import Person, Programme


@transaction.atomic
def declare(
    *, by: User | None, person: Person, about: Person, words: str, since: date | None = None, now: datetime
) -> Declared:
    """What stands between two persons, as one of them says. The same again changes nothing."""
    words = " ".join(words.split())
    if person.tenant_id != about.tenant_id:
        raise ValidationError({"about": _("This person belongs to another organisation.")})
    if person.pk == about.pk:
        raise ValidationError({"about": _("Choose somebody else: this is yourself.")})
    if not words:
        raise ValidationError({"words": _("Say what stands between you.")})
    if since and since > clock.local(now, person.tenant.zone).date():
        raise ValidationError({"since": _("This day is still to come.")})
    Person.objects.select_for_update(of=("self",), no_key=True).get(pk=person.pk)  # of two taps one
    said = {"person": person, "about": about, "words": words, "since": since}
    if known := Declared.objects.standing().filter(**said).first():
        return known
    row = Declared(**said, at=now, by=by)
    row.full_clean()
    row.save()
    audit(by, "declare", row, ["about", "words", "since"], tenant=person.tenant)
    return row


@transaction.atomic
def withdraw(*, by: User | None, declared: Declared, now: datetime) -> Declared:
    """It stands no more; that it was said stays on record. Twice is once."""
    standing = Declared.objects.standing().filter(pk=declared.pk)
    if standing.update(withdrawn_at=now, withdrawn_by=by):
        audit(by, "withdraw", declared, ["withdrawn_at"], tenant=declared.person.tenant)
    declared.refresh_from_db()
    return declared


@transaction.atomic
def answer_hint(
    *, by: User | None, programme: Programme, person: Person, other: Person, answer: str, now: datetime
) -> Hint:
    """Whether two of the same family name and municipality are related. Another answer replaces the first."""
    if answer not in Hint.Answer.values:
        raise ValidationError({"answer": _("They are related, or they are not.")})
    hold(programme)
    one, two = sorted((person, other), key=lambda row: row.pk)
    known = Hint.objects.filter(person=one, other=two).order_by("pk")
    row = known.filter(programme=programme).first()
    if row is None and not known and not _is_hinted(one, two, clock.local(now, programme.zone).date()):
        raise ValidationError(_("Nothing hints that these two are related."))
    if row and row.answer == answer:
        return row
    row = row or Hint(programme=programme, person=one, other=two)
    row.answer, row.at, row.by = answer, now, by
    row.full_clean()
    row.save()
    audit(by, "answer hint", row, ["answer"], tenant=programme.tenant)
    return row


def _is_hinted(one: Person, other: Person, on: date) -> bool:
    found = conflicts.between([one], [other], on).get((one.pk, other.pk), [])
    return any(conflict.is_hint for conflict in found)
