"""From the public form to an enrolment: written down, confirmed by the link, or forgotten after a week."""

from datetime import datetime
from uuid import UUID

from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction
from django.db.models import Q
from django.utils import translation
from django.utils.translation import gettext as _

from accounts.audit import audit
from lib import clock
from lib.doors import earlier, is_late
from people.models import Consent, Funding, Programme
from training.eligibility import applying
from training.models import Application, EligibilityRule, Enrolment
from training.services import applicants
from training.services.enrolments import enrol, set_enrolment_state
from training.services.findings import check
from training.services.states import State, held


@transaction.atomic
def apply(
    *, programme: Programme, operation: UUID, email: str, language: str, said: dict, now: datetime
) -> Application:
    """Write an application down. The same operation is one application; sent again with other words, or anew
    by somebody who has not confirmed yet, it takes the new words, and a new link goes out: the old one dies.
    """
    if not applying.is_open(programme, now):
        raise ValidationError(_("Applications are not open."), code="closed")
    known = Application.objects.filter(Q(programme=programme) | Q(operation=operation))
    row = earlier(known, operation=operation, email=email, name=said["name"], path="said__name")
    if row is None:
        what = {"programme": programme, "email": email, "language": language, "said": said}
        try:
            with transaction.atomic():
                row = Application.objects.create(operation=operation, created_at=now, **what)
        except IntegrityError:  # the same form arrived twice in this moment
            return Application.objects.get(operation=operation)
        audit(None, "apply", row, tenant=programme.tenant)
        return row
    is_same = row.operation == operation and (row.email, row.language, row.said) == (email, language, said)
    if row.confirmed_at or row.programme_id != programme.pk or is_same:
        return row
    row.operation, row.email, row.language, row.said = operation, email, language, said
    row.revision, row.created_at = row.revision + 1, now
    row.save()
    audit(None, "apply again", row, ["said", "revision"], tenant=programme.tenant)
    return row


@transaction.atomic
def confirm_application(*, pk: int, revision: int, now: datetime) -> tuple[Application, bool]:
    """She pressed the button behind the link: person, enterprise, enrolment, consents, findings. Returns the
    application, and whether this press did it: the second one changes nothing. Raises ValidationError for a
    link that a newer one replaced, or that is a week old."""
    programme = held(_of(pk, now).programme)
    row = Application.objects.select_for_update(of=("self",), no_key=True).get(pk=pk)
    row.programme = programme
    if row.revision != revision:
        raise ValidationError(_("A newer letter was sent after this one: use the link in that."), code="old")
    if row.confirmed_at:
        return row, False
    said = row.said
    person = applicants.person_of(row)
    enterprise = applicants.enterprise_of(row, person, now)
    row.enrolment = _enrolment(row, person, enterprise, now)
    row.confirmed_at = now
    row.save(update_fields=["enrolment", "confirmed_at"])
    audit(None, "confirm", row, ["confirmed_at", "enrolment"], tenant=programme.tenant)
    _consents(row, person, said.get("consents", []), now)
    enrolment = Enrolment.objects.get(programme=programme, person=person)
    check(
        programme=programme, enrolments=[enrolment.pk], answers=_answers(programme, enrolment, said), now=now
    )
    return row, True


def _of(pk: int, now: datetime) -> Application:
    row = Application.objects.select_related("programme").filter(pk=pk).first()
    if row is None or is_late(row, now):
        words = _("This application was not confirmed within a week and is gone. You can apply again.")
        raise ValidationError(words, code="gone")
    return row


def _enrolment(row: Application, person, enterprise, now: datetime) -> Enrolment | None:
    """Her enrolment in this programme. None where it came from an earlier application of hers: that one keeps
    it."""
    enrolment = row.programme.enrolments.filter(person=person).first()
    day = clock.local(row.created_at, row.programme.zone).date()
    if enrolment is None:
        state = {"state": State.APPLIED, "applied_on": day}
        return enrol(by=None, programme=row.programme, person=person, enterprise=enterprise, now=now, **state)
    if enrolment.state in (State.WITHDRAWN, State.DECLINED):
        with translation.override(row.programme.language):
            reason = _("applied again")
        set_enrolment_state(by=None, enrolment=enrolment, state=State.APPLIED, reason=reason, now=now)
    if enterprise and enrolment.enterprise_id is None:
        Enrolment.objects.filter(pk=enrolment.pk).update(enterprise=enterprise)
    return None if Application.objects.filter(enrolment=enrolment).exists() else enrolment


def _consents(row: Application, person, given: list[dict], now: datetime) -> None:
    """Each as she gave it; what she agreed to before stays as it is."""
    hers = Consent.objects.filter(person=person, programme=row.programme, withdrawn_at=None)
    there = set(hers.values_list("purpose", "funding_id"))
    fundings = set(Funding.objects.filter(scopes__programme=row.programme).values_list("pk", flat=True))
    for one in given:
        if (one["purpose"], one["funding"]) in there or one["funding"] not in {None, *fundings}:
            continue
        made = Consent.objects.create(
            person=person,
            programme=row.programme,
            purpose=one["purpose"],
            funding_id=one["funding"],
            text_version=one["version"],
            given_at=row.created_at,
        )
        audit(None, "add", made, ["purpose", "funding", "given_at"], tenant=row.programme.tenant)


def _answers(programme: Programme, enrolment: Enrolment, said: dict) -> dict[tuple[int, int], bool]:
    rules = set(EligibilityRule.objects.filter(programme=programme).values_list("pk", flat=True))
    answers = {int(pk): answer for pk, answer in said.get("answers", {}).items()}
    return {(pk, enrolment.pk): answer for pk, answer in answers.items() if pk in rules}


def forget_applications(*, now: datetime) -> int:
    """What nobody confirmed within a week is gone; return how many."""
    late = Application.objects.filter(confirmed_at=None, created_at__lte=now - applying.KEPT)
    return late.delete()[0]
