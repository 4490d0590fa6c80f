"""Files that people bring: kept under names of ours, in a folder or in S3-compatible storage."""

from uuid import uuid4

from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from accounts.models.users import Tenant, User


def place_of(file: "StoredFile", _filename: str) -> str:
    """A name of ours: what came from outside is never part of a path."""
    return f"{file.tenant_id}/{file.purpose}/{uuid4().hex}"


class StoredFile(models.Model):
    """One file of a tenant. The row is the record of it; `name` is what it was called where it came from, and
    is only ever shown. It is served as an attachment, by the room that knows who may have it."""

    class Purpose(models.TextChoices):
        IMPORT = "import", _("brought to be imported")
        LOGO = "logo", _("logo of a funding")
        PHOTO = "photo", _("photograph of a session")
        SHEET = "sheet", _("photograph of a signed sheet")
        EVIDENCE = "evidence", _("evidence of a headcount or of a result")
        PACK = "pack", _("pack of evidence")
        IDEA = "idea", _("attached to an idea")

    tenant = models.ForeignKey(Tenant, models.PROTECT, related_name="files")
    by = models.ForeignKey(User, models.SET_NULL, null=True, related_name="+")
    purpose = models.CharField(max_length=20, choices=Purpose)
    name = models.CharField(max_length=255)
    content = models.FileField(upload_to=place_of, max_length=200)
    size = models.PositiveBigIntegerField()  # in bytes
    digest = models.CharField(max_length=64)  # SHA-256 of the content, in hex
    created_at = models.DateTimeField(default=timezone.now)

    class Meta:
        ordering = ["-id"]

    def __str__(self) -> str:
        return self.name
