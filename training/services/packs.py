"""Packs of evidence: asked for, and kept when they are built."""

from datetime import date, datetime

from django.core.exceptions import ValidationError
from django.core.files import File
from django.db import transaction
from django.utils.translation import gettext as _

from accounts import files
from accounts.audit import audit
from accounts.models import StoredFile, User
from jobs.models import Job
from jobs.services import enqueue
from people.models import Funding, Programme
from training.models import EvidencePack, Module

PACK_BYTES = 512 * 1024 * 1024


@transaction.atomic
def request_pack(
    *,
    by: User,
    programme: Programme,
    module: Module | None = None,
    funding: Funding | None = None,
    start: date | None = None,
    end: date | None = None,
) -> Job:
    """Have the evidence of a module, or of what a funding pays for between two days (the second not in it),
    put together. Without days: the funding's period. Asking again while it is built gives the same job."""
    if (module is None) == (funding is None):
        raise ValidationError(_("A pack is of a module, or for a funder."))
    if module and module.programme_id != programme.pk:
        raise ValidationError({"module": _("This module belongs to another programme.")})
    if funding:
        start, end = start or funding.start, end or funding.end
        if end <= start:
            raise ValidationError({"end": _("A period ends after it starts.")})
    job = enqueue(
        "training.build_pack",
        tenant=programme.tenant,
        by=by,
        programme=programme.pk,
        module=module and module.pk,
        funding=funding and funding.pk,
        start=start.isoformat() if funding else None,
        end=end.isoformat() if funding else None,
    )
    audit(by, "request pack", module or funding, ["packs"], tenant=programme.tenant)
    return job


@transaction.atomic
def add_pack(
    *,
    by: User | None,
    programme: Programme,
    module: Module | None,
    funding: Funding | None,
    language: str,
    job: Job | None,
    name: str,
    content: File,
    now: datetime,
) -> EvidencePack:
    """Keep a pack that was built: its file and its row, both or neither."""
    tenant = programme.tenant
    stored = files.keep(
        by=by, tenant=tenant, purpose=StoredFile.Purpose.PACK, name=name, content=content, limit=PACK_BYTES
    )
    pack = EvidencePack.objects.create(
        programme=programme, module=module, funding=funding, language=language, job=job, file=stored, by=by,
        at=now,
    )  # fmt: skip
    audit(by, "add pack", pack, ["file"], tenant=tenant)
    return pack
