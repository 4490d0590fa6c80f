"""Where sessions take place, and the parts of a programme."""

from collections.abc import Iterable

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils.translation import gettext as _

from accounts.audit import audit
from accounts.keeping import keep
from accounts.models import Tenant, User
from lib import clock
from people.models import Funding, Programme
from training.models import Module, Venue


@transaction.atomic
def save_venue(*, by: User, venue: Venue | None = None, tenant: Tenant, **said) -> Venue:
    """Add a venue, or change what is known of it. Sessions that are planned there keep their own zone."""
    row = venue or Venue(tenant=tenant)
    said = {name: value.strip() for name, value in said.items()}
    if said.get("zone") and not clock.is_zone(said["zone"]):
        raise ValidationError({"zone": _("“%(zone)s” is no time zone.") % {"zone": said["zone"]}})
    keep(by=by, row=row, said=said, tenant=tenant)
    return row


@transaction.atomic
def save_module(
    *,
    by: User,
    module: Module | None = None,
    programme: Programme | None = None,
    fundings: Iterable[Funding] | None = None,
    **said,
) -> Module:
    """A part of a programme; `fundings` pay for it, each of them one of the programme's project."""
    row = module or Module(programme=programme)
    tenant = row.programme.tenant
    if said.get("venue") and said["venue"].tenant_id != tenant.pk:
        raise ValidationError({"venue": _("This venue belongs to another organisation.")})
    keep(by=by, row=row, said=said, tenant=tenant)
    if fundings is not None:
        fundings = list(fundings)
        if any(funding.project_id != row.programme.project_id for funding in fundings):
            raise ValidationError({"fundings": _("This funding belongs to another project.")})
        if set(row.fundings.all()) != set(fundings):
            row.fundings.set(fundings)
            audit(by, "change", row, ["fundings"], tenant=tenant)
    return row
