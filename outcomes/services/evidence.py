"""Verbs of evidence: what shows a result, a file that is kept or an address."""

import hashlib
from datetime import datetime

from django.core.exceptions import ValidationError
from django.core.files import File
from django.db import transaction
from django.utils.translation import gettext as _

from accounts import files
from accounts.audit import audit
from accounts.models import StoredFile, User
from ideas import attachments
from outcomes.locks import insist_open
from outcomes.models import Evidence, Result
from outcomes.services.results import insist_counting

MOST = 20  # of one result


def add_evidence(
    *,
    by: User | None,
    result: Result,
    file: bytes | File | None = None,
    name: str = "",
    address: str = "",
    caption: str = "",
    now: datetime,
) -> Evidence:
    """A file (its content and what it is called) or an address. The same content again is the same evidence;
    pictures are made anew, without what the camera wrote beside them. Raises ValidationError by field. Not to
    be called in a transaction: it works on the content."""
    address, caption = address.strip(), caption.strip()
    content = None
    if file is not None:
        content = file if isinstance(file, bytes) else file.read(attachments.MOST_BYTES + 1)
        try:
            name, content = attachments.made_safe(files.shown_name(name), content)
        except ValidationError as error:
            raise ValidationError({"file": error.messages}) from None
    if (content is None) == (not address):
        raise ValidationError({"file": _("Add a file or an address, one of them.")})
    if address and not address.lower().startswith(("http://", "https://")):
        raise ValidationError({"address": _("An address begins with https:// or http://.")})
    return _kept(by, result, content, name, Evidence(address=address, caption=caption, by=by, at=now))


def _kept(by: User | None, result: Result, content: bytes | None, name: str, row: Evidence) -> Evidence:
    stored = None
    try:
        with transaction.atomic():
            held = Result.objects.select_for_update(of=("self",), no_key=True)
            row.result = result = held.select_related("programme__tenant").get(pk=result.pk)
            insist_counting(result)
            insist_open(result.programme, result.day)
            if known := _there(result, content, row.address):
                return known
            if result.evidence.count() >= MOST:
                raise ValidationError(_("A result has at most 20 pieces of evidence. Take one away first."))
            tenant = result.programme.tenant
            if content is not None:
                kept_as = {"purpose": StoredFile.Purpose.EVIDENCE, "name": name, "content": content}
                stored = row.file = files.keep(by=by, tenant=tenant, **kept_as)
            row.full_clean(exclude=["result", "by", "file"])
            row.save()
            audit(by, "add", row, ["address", "caption", "file"], tenant=tenant)
    except Exception:
        if stored is not None:
            stored.content.storage.delete(stored.content.name)
        raise
    return row


def _there(result: Result, content: bytes | None, address: str) -> Evidence | None:
    if content is None:
        return result.evidence.filter(address=address).first()
    return result.evidence.filter(file__digest=hashlib.sha256(content).hexdigest()).first()


@transaction.atomic
def remove_evidence(*, by: User | None, evidence: Evidence) -> None:
    """Take it away, a file's content for good. That it was there stands in the trail. Twice is once."""
    rows = Evidence.objects.select_for_update(of=("self",)).select_related(
        "result__programme__tenant", "file"
    )
    row = rows.filter(pk=evidence.pk).first()
    if row is None:
        return
    insist_counting(row.result)
    insist_open(row.result.programme, row.result.day)
    audit(by, "remove", row, ["address", "caption", "file"], tenant=row.result.programme.tenant)
    row.delete()
    if row.file:
        files.drop(row.file, by=by)
