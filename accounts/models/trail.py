"""The trail of what was done."""

from django.db import models
from django.utils import timezone

from accounts.models.users import Tenant, User
from lib.walls import Walled


class AuditEntryQuerySet(Walled):
    def visible_to(self, user: User) -> "AuditEntryQuerySet":
        """The trail of an organisation is read by its administrator."""
        if not user.is_authenticated or not user.is_active or not user.is_administrator:
            return self.none()
        return self.filter(tenant_id=user.tenant_id)


class AuditEntry(models.Model):
    """Who did what to which row, when: ids and names of fields, never personal values.

    Entries are appended plain and sealed into a hash chain in batches (`accounts.audit.seal`), so that
    writing one never waits for another.
    """

    tenant = models.ForeignKey(Tenant, models.PROTECT, related_name="+")
    at = models.DateTimeField(default=timezone.now)
    by = models.ForeignKey(User, models.SET_NULL, null=True, related_name="+")
    verb = models.CharField(max_length=60)
    object_type = models.CharField(max_length=60)
    object_id = models.BigIntegerField(null=True)
    fields = models.JSONField(default=list)
    place = models.BigIntegerField(null=True, unique=True)  # in the chain, from 1; none while not sealed
    digest = models.CharField(max_length=64, blank=True)

    objects = AuditEntryQuerySet.as_manager()

    class Meta:
        ordering = ["id"]
        indexes = [
            models.Index(fields=["object_type", "object_id"], name="audit_by_object"),
            models.Index(fields=["id"], condition=models.Q(place=None), name="audit_unsealed"),
        ]

    def __str__(self) -> str:
        return f"{self.verb} {self.object_type} {self.object_id}"
