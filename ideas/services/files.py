"""Files that hang on an idea: attached, taken away."""

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
from ideas.models import Idea, IdeaFile
from ideas.services.words import hold


def attach(*, by: User, idea: Idea, file: bytes | File, name: str, now: datetime) -> tuple[IdeaFile, bool]:
    """Hang a file on an idea; and whether it is new: the same content again is the same file. Pictures are
    made anew, without what the camera wrote beside them. Raises ValidationError in words. Not to be called in
    a transaction: it works on the content."""
    content = file if isinstance(file, bytes) else file.read(attachments.MOST_BYTES + 1)
    name, content = attachments.made_safe(files.shown_name(name), content)
    digest = hashlib.sha256(content).hexdigest()
    stored, tenant = None, idea.programme.tenant
    try:
        with transaction.atomic():
            hold(idea.programme_id)
            there = idea.files.filter(removed_at=None)
            if known := there.filter(file__digest=digest).first():
                return known, False
            if there.count() >= attachments.MOST_FILES:
                raise ValidationError(_("An idea has at most 10 files. Take one away first."))
            stored = files.keep(
                by=by, tenant=tenant, purpose=StoredFile.Purpose.IDEA, name=name, content=content
            )
            row = idea.files.create(file=stored, name=stored.name, by=by, at=now)
            audit(by, "attached", idea, ["files"], tenant=tenant)
    except Exception:
        if stored is not None:
            stored.content.storage.delete(stored.content.name)
        raise
    return row, True


@transaction.atomic
def detach(*, by: User, attachment: IdeaFile, now: datetime) -> IdeaFile:
    """Take the content away for good. That there was a file, and who took it away, stays. Twice is once."""
    rows = IdeaFile.objects.select_for_update(of=("self",)).select_related("idea__programme__tenant", "file")
    row = rows.get(pk=attachment.pk)
    if row.removed_at:
        return row
    stored, row.file = row.file, None
    row.removed_at, row.removed_by = now, by
    row.save(update_fields=["file", "removed_at", "removed_by"])
    audit(by, "took away file", row.idea, ["files"], tenant=row.idea.programme.tenant)
    if stored:
        files.drop(stored, by=by)
    return row
