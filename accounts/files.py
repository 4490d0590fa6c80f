"""Stored files: kept under names of ours, in a folder or in S3-compatible storage, as STORAGES says.

Whoever opens one asks the room that knows who may have it; `attachment` is the only way it reaches a browser.
"""

import hashlib
import mimetypes
import re
from collections.abc import Iterator
from pathlib import PurePath

from django.core.exceptions import ValidationError
from django.core.files import File
from django.core.files.base import ContentFile
from django.db import transaction
from django.http import Http404, StreamingHttpResponse
from django.template.defaultfilters import filesizeformat
from django.utils.http import content_disposition_header
from django.utils.text import Truncator
from django.utils.translation import gettext as _

from accounts.audit import audit
from accounts.models import StoredFile, Tenant, User

MAX_BYTES = 10 * 1024 * 1024
CHUNK = 64 * 1024
# control signs, separators of paths, and the marks that turn the direction of writing: "exe.xslx" backwards
_UNFIT = re.compile(r"[\x00-\x1f\x7f-\x9f\u200e\u200f\u2028-\u202e\u2066-\u2069\ud800-\udfff]")


def keep(
    *,
    by: User | None,
    tenant: Tenant,
    purpose: str,
    name: str,
    content: bytes | File,
    limit: int = MAX_BYTES,
) -> StoredFile:
    """Store `content` (bytes, or an open or uploaded file) and return its row, digest and size in it.

    Raises ValidationError when it is larger than `limit` bytes or empty. A caller's transaction that is
    rolled back later takes the row away and leaves the content behind, under a name that nothing points to.
    """
    file = ContentFile(content) if isinstance(content, bytes) else content
    digest, size = _measured(file, limit)
    row = StoredFile(tenant=tenant, by=by, purpose=purpose, name=shown_name(name), size=size, digest=digest)
    file.seek(0)
    row.content.save(row.name, file, save=False)
    try:
        with transaction.atomic():
            row.save()
            audit(by, "kept file", row, ["content", "name", "purpose", "size"], tenant=tenant)
    except BaseException:
        row.content.storage.delete(row.content.name)
        raise
    return row


def _measured(file: File, limit: int) -> tuple[str, int]:
    """SHA-256 and size; what is too large is not read to its end."""
    file.seek(0)
    sha, size = hashlib.sha256(), 0
    while part := file.read(CHUNK):
        size += len(part)
        if size > limit:
            raise ValidationError(
                _("The file is larger than %(limit)s.") % {"limit": filesizeformat(limit)}, code="size"
            )
        sha.update(part)
    if not size:
        raise ValidationError(_("The file is empty."), code="empty")
    return sha.hexdigest(), size


def shown_name(name: str) -> str:
    """What it is called on pages: no folder of somebody's machine, no signs that mislead, the ending kept."""
    last = PurePath(_UNFIT.sub("", name).replace("\\", "/")).name.strip(" .") or "file"
    ending = PurePath(last).suffix[:20]
    return last if len(last) <= 255 else Truncator(last).chars(255 - len(ending)) + ending


def open_file(row: StoredFile) -> File:
    """The content, opened for reading bytes: close it, or use `with`. Raises FileNotFoundError."""
    return row.content.storage.open(row.content.name, "rb")


def drop(row: StoredFile, *, by: User | None) -> None:
    """Take away the row and, once that is sure, the content."""
    storage, name = row.content.storage, row.content.name
    with transaction.atomic():
        audit(by, "dropped file", row, ["content"], tenant=row.tenant)
        row.delete()
        transaction.on_commit(lambda: storage.delete(name))


def attachment(row: StoredFile, name: str = "") -> StreamingHttpResponse:
    """The answer that hands the file over, under its own or another name: to be saved, never shown, guessed
    at or kept in between. A file whose content is lost is not there: raises Http404."""
    name = name or row.name
    kind = mimetypes.guess_type(name)[0] or "application/octet-stream"
    if kind.startswith("text/") and kind != "text/csv" or "xml" in kind and "openxml" not in kind:
        kind = "application/octet-stream"  # a page or a drawing could run what is written in it
    try:
        content = open_file(row)
    except FileNotFoundError:
        raise Http404 from None
    response = StreamingHttpResponse(_parts(content), content_type=kind)
    response["Content-Length"] = row.size
    response["Content-Disposition"] = content_disposition_header(as_attachment=True, filename=name)
    response["X-Content-Type-Options"] = "nosniff"
    response["Cache-Control"] = "no-store"
    response["Content-Security-Policy"] = "default-src 'none'; frame-ancestors 'none'; sandbox"
    return response


def _parts(file: File) -> Iterator[bytes]:
    with file:
        while part := file.read(CHUNK):
            yield part
