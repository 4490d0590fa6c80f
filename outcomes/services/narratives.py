"""Verbs of narratives: what is told of a period, also what went wrong and what changes next."""

from datetime import datetime

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils.translation import gettext as _

from accounts.keeping import keep
from accounts.models import User
from outcomes import registry
from outcomes.composing.narratives import TEXTS, named
from outcomes.models import Narrative
from people.models import Funding


@transaction.atomic
def save_narrative(
    *,
    by: User | None,
    narrative: Narrative | None = None,
    funding: Funding | None = None,
    now: datetime,
    **said,
) -> Narrative:
    """What is told of a funding in a period: of one indicator, or (with none) of the whole.

    `said`: indicator (a code), start, end (the day after the last), happened, went_wrong, changes_next. A
    text may name figures, `{OP-01}`: a summary puts there what it says of them.
    Raises ValidationError by field.
    """
    row = narrative or Narrative(funding=funding)
    said = {name: value.strip() if isinstance(value, str) else value for name, value in said.items()}
    tenant = row.funding.project.tenant
    code = said.get("indicator", row.indicator)
    if code and code != row.indicator and code not in registry.definitions(tenant):
        raise ValidationError({"indicator": _("There is no such indicator.")})
    for name in TEXTS:
        if unknown := named(said.get(name) or "") - registry.definitions(tenant).keys():
            words = _("There is no figure %(code)s.") % {"code": ", ".join(sorted(unknown))}
            raise ValidationError({name: words})
    if not any(said.get(name, getattr(row, name)) for name in TEXTS):
        raise ValidationError({"happened": _("Say at least one of the three.")})
    row.by, row.at = (by, now) if _differs(row, said) else (row.by, row.at)
    keep(by=by, row=row, said=said, tenant=tenant)
    return row


def _differs(row: Narrative, said: dict) -> bool:
    return any(getattr(row, name) != value for name, value in said.items())
