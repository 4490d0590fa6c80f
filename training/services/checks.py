"""Somebody is asked to check a certificate. The letter leaves from the reminders, which read these rows."""

from datetime import datetime

from django.core.exceptions import ValidationError
from django.core.validators import validate_email
from django.db import transaction
from django.utils.formats import date_format
from django.utils.translation import gettext as _

from accounts.audit import audit
from accounts.models import User
from lib import clock
from training.models import Certificate, CheckInvitation

MOST = 20  # of one certificate: nobody writes to the world from here


@transaction.atomic
def invite_to_check(
    *,
    by: User | None,
    certificate: Certificate,
    email: str,
    now: datetime,
    language: str = User.Language.ENGLISH,
) -> CheckInvitation:
    """Ask whoever reads this address to check it; once for each address. `by` is nobody where the holder did
    it by the link that she has. Raises ValidationError by field."""
    email = email.strip()
    try:
        validate_email(email)
    except ValidationError as error:
        raise ValidationError({"email": error.messages}) from error
    if language not in User.Language.values:
        raise ValidationError({"language": _("There is no such language.")})
    rows = Certificate.objects.select_for_update(of=("self",), no_key=True)
    row = rows.select_related("tenant", "enrolment__programme").get(pk=certificate.pk)
    _check(row, email)
    made = row.invitations.create(email=email, language=language, at=now, by=by)
    audit(by, "invite", row, ["invitations"], tenant=row.tenant)
    return made


def _check(row: Certificate, email: str) -> None:
    if row.revoked_at:
        raise ValidationError(_("It was revoked: there is nothing to check."), code="revoked")
    if not row.editions.last().said:
        raise ValidationError(_("What it said was erased: there is nothing to check."), code="erased")
    if known := row.invitations.filter(email__iexact=email).first():
        day = date_format(clock.local(known.at, row.enrolment.programme.zone), "DATE_FORMAT")
        words = _("%(email)s was asked already, on %(day)s.") % {"email": known.email, "day": day}
        raise ValidationError({"email": words}, code="asked")
    if row.invitations.count() >= MOST:
        words = _("%(most)s people were asked to check it already; that is as many as can be.")
        raise ValidationError(words % {"most": MOST}, code="many")
