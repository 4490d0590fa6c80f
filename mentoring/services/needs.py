"""What an entrepreneur asks a mentor for, and what either side wishes."""

from datetime import datetime

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils.translation import gettext as _

from accounts.keeping import keep, take_away
from accounts.models import User
from mentoring.models import Mentor, Need, Preference
from mentoring.profiles import windows
from training.models import Enrolment


@transaction.atomic
def save_need(
    *, by: User | None, need: Need | None = None, enrolment: Enrolment | None = None, **said
) -> Need:
    """What an entrepreneur asks a mentor for. She may state several over time: the newest counts."""
    row = need or Need(enrolment=enrolment)
    if "windows" in said:
        said["windows"] = windows.checked(said["windows"])
    if not any(said.get(name, getattr(row, name)) for name in ("sector", "functions", "text")):
        raise ValidationError({"text": _("Say what she needs: a sector, a function, or in her own words.")})
    keep(by=by, row=row, said=said, tenant=row.enrolment.programme.tenant)
    return row


def newest_need(enrolment: Enrolment) -> Need | None:
    """What counts when somebody gives her a mentor by hand, as it counts in a run."""
    return Need.objects.newest().filter(enrolment=enrolment).first()


@transaction.atomic
def prefer(
    *,
    by: User,
    mentor: Mentor,
    enrolment: Enrolment,
    side: str,
    says: str,
    reason: str = "",
    now: datetime,
) -> Preference | None:
    """One side would like the other, or will not have her; "" takes back what she said. What each side says
    is hers alone: the other one never sees it."""
    if not mentor.offers.filter(programme=enrolment.programme_id).exists():
        raise ValidationError({"mentor": _("She is no mentor of this programme.")})
    tenant = enrolment.programme.tenant
    row = Preference.objects.filter(mentor=mentor, enrolment=enrolment, side=side).first()
    if not says:
        if row:
            take_away(by=by, row=row, words="", tenant=tenant)
        return None
    row = row or Preference()
    said = {"mentor": mentor, "enrolment": enrolment, "side": side, "says": says, "reason": reason.strip()}
    if row.pk is None or (row.says, row.reason) != (says, said["reason"]):
        keep(by=by, row=row, said=said | {"at": now, "by": by}, tenant=tenant)
    return row
