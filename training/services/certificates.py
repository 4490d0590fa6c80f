"""Certificates: issued by the rule of completing, issued again under the same number, revoked."""

from collections.abc import Iterable
from datetime import datetime
from typing import NamedTuple

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils.translation import gettext as _

from accounts.audit import audit
from accounts.keeping import keep, take_away
from accounts.models import Tenant, User
from jobs.models import Job
from jobs.services import enqueue
from people.models import Programme
from training.certificates import content
from training.hours import NONE, progress
from training.models import Certificate, CertificateEdition, Enrolment, Signatory


class Issued(NamedTuple):
    made: list[Certificate]
    refused: dict[int, str]  # by key of the enrolment, in words


@transaction.atomic
def issue_certificate(*, by: User | None, enrolment: Enrolment, now: datetime) -> Certificate:
    """Give her a certificate. ValidationError with the numbers while the rule is not met."""
    issued = issue_certificates(by=by, programme=enrolment.programme, enrolments=[enrolment.pk], now=now)
    if issued.refused:
        raise ValidationError(issued.refused[enrolment.pk])
    return issued.made[0]


@transaction.atomic
def issue_certificates(
    *, by: User | None, programme: Programme, enrolments: Iterable[int], now: datetime
) -> Issued:
    """Give certificates to all of these (keys of enrolments) who completed the programme, numbered in the
    order of names. Whoever may not have one is named with the reason."""
    tenant = _hold(programme)
    wanted = set(enrolments)
    standing = {one.enrolment.pk: one for one in content.standings(programme)}
    refused = {}
    for pk in wanted:
        if words := _no_new_one(standing.get(pk)):
            refused[pk] = words
    takers = [one.enrolment for pk, one in standing.items() if pk in wanted and pk not in refused]
    said = content.drafts(programme, takers, now)
    numbers = _next_numbers(tenant, programme, len(takers))
    made = []
    for enrolment, number in zip(takers, numbers, strict=True):
        row = Certificate.objects.create(tenant=tenant, enrolment=enrolment, number=number)
        row.editions.create(edition=1, said=said[enrolment.pk], at=now, by=by)
        audit(by, "issue", row, ["enrolment", "number"], tenant=tenant)
        made.append(row)
    return Issued(made, refused)


def _hold(programme: Programme) -> Tenant:
    """Numbers are given one after the other: whoever gives them holds the organisation's row."""
    return Tenant.objects.select_for_update(no_key=True).get(pk=programme.tenant_id)


def _no_new_one(standing: content.Standing | None) -> str:
    if standing is None:
        return _("She does not take part in this programme.")
    if found := getattr(standing.enrolment, "certificate", None):
        what = {"name": str(standing.enrolment.person), "number": found.number}
        return _("%(name)s has certificate %(number)s already.") % what
    return standing.refusal


def _next_numbers(tenant: Tenant, programme: Programme, count: int) -> list[str]:
    """`STARTUP-2017-0007`: the ones after the largest that was given; called while the tenant is held."""
    start = f"{programme.code.upper()[:32].rstrip('-_')}-"
    given = Certificate.objects.filter(tenant=tenant, number__startswith=start)
    tails = [number.removeprefix(start) for number in given.values_list("number", flat=True)]
    last = max((int(tail) for tail in tails if tail.isdecimal()), default=0)
    return [f"{start}{number:04}" for number in range(last + 1, last + 1 + count)]


@transaction.atomic
def request_certificates(*, by: User, programme: Programme) -> Job:
    """Have all certificates issued that may be and are not yet; asking again meanwhile gives the same job."""
    job = enqueue("training.issue_all", tenant=programme.tenant, by=by, programme=programme.pk)
    audit(by, "request_certificates", programme, tenant=programme.tenant)
    return job


@transaction.atomic
def reissue_certificate(*, by: User | None, certificate: Certificate, now: datetime) -> CertificateEdition:
    """The same number as the next edition, saying what is so now. A revoked one is valid again: that it was,
    and why, stays written in the new edition."""
    row = _held(certificate)
    last = row.editions.last()
    if not last.said:
        words = _("What %(number)s said was erased with the person: it cannot be issued again.")
        raise ValidationError(words % {"number": row.number})
    standing = progress(row.enrolment.programme, [row.enrolment_id]).get(row.enrolment_id, NONE)
    if words := content.refusal(row.enrolment, standing):
        raise ValidationError(words)
    said = content.drafts(row.enrolment.programme, [row.enrolment], now)[row.enrolment_id]
    if row.revoked_at is None and _facts(last.said) == _facts(said):
        raise ValidationError(_("It would say the same again: nothing has changed since it was issued."))
    if row.revoked_at:
        said["after"] = {"revoked_at": row.revoked_at.isoformat(), "reason": row.reason}
    edition = row.editions.create(edition=last.edition + 1, said=said, at=now, by=by)
    row.revoked_at, row.revoked_by, row.reason = None, None, ""
    row.save(update_fields=["revoked_at", "revoked_by", "reason"])
    audit(by, "reissue", row, ["editions", "revoked_at"], tenant=row.tenant)
    return edition


def _facts(said: dict) -> dict:
    return {name: value for name, value in said.items() if name not in ("issued_on", "after")}


def _held(certificate: Certificate) -> Certificate:
    rows = Certificate.objects.select_for_update(of=("self",), no_key=True)
    return rows.select_related("tenant", "enrolment__programme__tenant", "enrolment__person").get(
        pk=certificate.pk
    )


@transaction.atomic
def revoke_certificate(*, by: User | None, certificate: Certificate, reason: str, now: datetime) -> None:
    """From now on the check page says that it was revoked, and when; the reason stays with us."""
    reason = reason.strip()
    if not reason:
        raise ValidationError({"reason": _("Say why: revoking needs a reason.")})
    valid = Certificate.objects.filter(pk=certificate.pk, revoked_at=None)
    if not valid.update(revoked_at=now, revoked_by=by, reason=reason[:300]):
        raise ValidationError(_("This certificate was revoked already."))
    audit(by, "revoke", certificate, ["reason", "revoked_at"], tenant=certificate.tenant)


@transaction.atomic
def choose_what_shows(*, by: User | None, certificate: Certificate, shows: Iterable[str]) -> Certificate:
    """What the check page may say beside that the certificate is valid. Hers to choose, or by staff on her
    word: the trail keeps who it was."""
    wanted = set(shows)
    if strange := wanted - set(content.SHOWS):
        what = {"name": ", ".join(sorted(strange))}
        raise ValidationError({"shows": _("The check page cannot show this: %(name)s.") % what})
    row = _held(certificate)
    chosen = [name for name in content.SHOWS if name in wanted]
    if chosen != row.shows:
        row.shows = chosen
        row.save(update_fields=["shows"])
        audit(by, "choose", row, ["shows"], tenant=row.tenant)
    return row


@transaction.atomic
def save_signatory(
    *, by: User, signatory: Signatory | None = None, programme: Programme | None = None, **said
) -> Signatory:
    """Who signs the certificates of a programme. Those issued already stay as they are."""
    row = signatory or Signatory(programme=programme, position=programme.signatories.count() + 1)
    if signatory is None and programme.signatories.count() >= MOST_SIGN:
        raise ValidationError(_("More than %(most)s signatures do not fit.") % {"most": MOST_SIGN})
    said = {name: value.strip() if isinstance(value, str) else value for name, value in said.items()}
    keep(by=by, row=row, said=said, tenant=row.programme.tenant)
    return row


MOST_SIGN = 4


@transaction.atomic
def remove_signatory(*, by: User, signatory: Signatory) -> None:
    words = _("This signatory is still needed.")
    take_away(by=by, row=signatory, words=words, tenant=signatory.programme.tenant)
