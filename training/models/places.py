"""Where sessions take place."""

from django.db import models
from django.utils.translation import gettext_lazy as _

from accounts.models import Tenant
from people.models import TenantQuerySet


class Venue(models.Model):
    tenant = models.ForeignKey(Tenant, models.PROTECT, related_name="venues")
    name = models.CharField(_("name"), max_length=200)
    address = models.CharField(_("address"), max_length=200, blank=True)
    municipality = models.CharField(_("municipality"), max_length=100, blank=True)
    zone = models.CharField(_("time zone"), max_length=64, blank=True)
    is_shared = models.BooleanField(
        _("several sessions at once"), default=False, help_text=_("A building, or online.")
    )
    capacity = models.PositiveIntegerField(_("seats"), null=True, blank=True)

    objects = TenantQuerySet.as_manager()

    class Meta:
        ordering = ["name"]
        constraints = [models.UniqueConstraint(fields=["tenant", "name"], name="venue_once_by_name")]

    def __str__(self) -> str:
        return self.name
