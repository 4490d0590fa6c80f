"""The trail of what was done: written by every service that changes something, sealed by a sweep."""

import hashlib
import json
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from contextvars import ContextVar

from django.db import models, transaction

from accounts.models import AuditEntry, Tenant, User

_is_folded: ContextVar[bool] = ContextVar("audit_is_folded", default=False)


@contextmanager
def folded() -> Iterator[None]:
    """What services do under it has no entries of its own: whoever opens it writes one for the whole, as an
    import does with a digest of its rows."""
    token = _is_folded.set(True)
    try:
        yield
    finally:
        _is_folded.reset(token)


def audit(
    by: User | None, verb: str, obj: models.Model, fields: Iterable[str] = (), *, tenant: Tenant | None = None
) -> AuditEntry | None:
    """Append one entry; none under `folded`. `by` is None for what the machine did itself; then `tenant` must
    be given.

    `fields` are names (for an import: one digest of its rows), never values of a person.
    """
    if _is_folded.get():
        return None
    return AuditEntry.objects.create(
        tenant_id=tenant.pk if tenant else by.tenant_id,
        by=by,
        verb=verb,
        object_type=obj._meta.label_lower,
        object_id=obj.pk,
        fields=sorted(fields),
    )


def _digest(previous: str, entry: AuditEntry) -> str:
    what = [
        previous,
        entry.place,
        entry.pk,
        entry.tenant_id,
        entry.at.isoformat(),
        entry.verb,
        entry.object_type,
        entry.object_id,
        entry.fields,
    ]
    return hashlib.sha256(json.dumps(what, ensure_ascii=True).encode()).hexdigest()


def seal(limit: int = 5000) -> int:
    """Seal the oldest plain entries into the chain; return how many. Any number of sweeps may run:
    the unique place in the chain lets only one of them win."""
    with transaction.atomic():
        last = AuditEntry.objects.exclude(place=None).order_by("-place").first()
        place, digest = (last.place, last.digest) if last else (0, "")
        entries = list(AuditEntry.objects.filter(place=None).order_by("id")[:limit])
        for entry in entries:
            place += 1
            entry.place = place
            entry.digest = digest = _digest(digest, entry)
        AuditEntry.objects.bulk_update(entries, ["place", "digest"], batch_size=500)
    return len(entries)


def broken_link() -> int | None:
    """The place of the first entry that does not follow from the one before; None when the chain holds."""
    digest, expected = "", 1
    for entry in AuditEntry.objects.exclude(place=None).order_by("place").iterator(2000):
        if entry.place != expected or entry.digest != _digest(digest, entry):
            return expected
        digest, expected = entry.digest, expected + 1
    return None
