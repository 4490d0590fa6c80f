"""Where messages are handed over: the organisation's own gateway, and whether a host takes any now."""

from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from accounts.models import Tenant
from lib.walls import Walled


class GatewayQuerySet(Walled):
    def visible_to(self, user) -> "GatewayQuerySet":
        """An administrator's, of her organisation."""
        if not user.is_authenticated or not user.is_administrator:
            return self.none()
        return self.filter(tenant_id=user.tenant_id)


class Gateway(models.Model):
    """Where short messages go: a webhook of the organisation's own, which knows its SMS or chat provider.
    What we send is signed with a key derived from the revision, shown once and never stored."""

    tenant = models.OneToOneField(Tenant, models.CASCADE, related_name="gateway")
    url = models.URLField(_("address"), max_length=500)
    is_on = models.BooleanField(_("on"), default=True)
    revision = models.PositiveIntegerField(default=1)  # of the key
    tried_at = models.DateTimeField(null=True)
    words = models.CharField(max_length=500, blank=True)  # what it answered to the last trial; empty: taken

    objects = GatewayQuerySet.as_manager()

    def __str__(self) -> str:
        return self.url


class Host(models.Model):
    """A server that refused us altogether: it is left in peace until then. A row only while in trouble."""

    name = models.CharField(max_length=300, unique=True)  # "smtp:mail.example:587", "gateway:3"
    failures = models.PositiveIntegerField(default=0)  # in a row
    failed_at = models.DateTimeField(default=timezone.now)  # the first of them
    closed_until = models.DateTimeField(null=True)
    words = models.CharField(max_length=500, blank=True)

    def __str__(self) -> str:
        return self.name


class Sweep(models.Model):
    """When work that returns by itself was last seen at it: so that its standing still is noticed."""

    REMINDERS = "reminders"

    name = models.CharField(max_length=30, unique=True)
    at = models.DateTimeField()

    def __str__(self) -> str:
        return self.name
