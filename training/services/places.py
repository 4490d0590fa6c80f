"""Where sessions take place, and the parts of a programme."""

from collections.abc import Iterable

from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _

from accounts.audit import audit
from accounts.keeping import keep
from accounts.models import Tenant, User
from lib import clock
from lib.folding import fold
from people.models import Funding, Programme
from training.models import Module, Venue
from training.planning import guards


@transaction.atomic
def save_venue(*, by: User | None, venue: Venue | None = None, tenant: Tenant, **said) -> Venue:
    """Add a venue, or change what is known of it. Sessions that are planned there keep their own zone; they
    hold the place from now on, or let go of it, when it becomes one for a single session at a time, or for
    several."""
    row = venue or Venue(tenant=tenant)
    said = {name: value.strip() if isinstance(value, str) else value for name, value in said.items()}
    if said.get("zone") and not clock.is_zone(said["zone"]):
        raise ValidationError({"zone": _("“%(zone)s” is no time zone.") % {"zone": said["zone"]}})
    if "is_shared" in keep(by=by, row=row, said=said, tenant=tenant):
        _hold_anew(row)
    return row


@transaction.atomic
def kept_venue(*, by: User | None, tenant: Tenant, venue: Venue | None) -> Venue | None:
    """The venue as it is kept: one that is only named yet is that of this name, in any script, or made."""
    if venue is None or venue.pk:
        return venue
    if known := venue_named(tenant, venue.name):
        return known
    return save_venue(by=by, tenant=tenant, name=venue.name, address=venue.address, is_shared=venue.is_shared)


def venue_named(tenant: Tenant, name: str) -> Venue | None:
    """The venue that is written alike."""
    key = fold(name)
    return next((row for row in Venue.objects.filter(tenant=tenant) if fold(row.name) == key), None)


def _hold_anew(venue: Venue) -> None:
    """Raises ValidationError where two sessions that are planned there are on at the same time."""
    try:
        with transaction.atomic():
            venue.sessions.update(holds_venue=not venue.is_shared)
    except IntegrityError as error:
        if not guards.refused(error):
            raise
        words = _("Sessions are planned there at the same time: move them first.")
        raise ValidationError({"is_shared": words}) from error


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
