"""People counted without names: how many of what, how that is known, and by which evidence."""

from collections.abc import Iterable
from datetime import datetime

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils.translation import gettext as _

from accounts import files
from accounts.audit import audit
from accounts.keeping import keep, take_away
from accounts.models import StoredFile, User
from lib import countries
from people.models import Programme
from training.models import Headcount, Session

SAID = ("session", "number", "of_what", "country", "how", "evidence")


@transaction.atomic
def add_headcount(
    *, by: User, programme: Programme, now: datetime, file: StoredFile | None = None, **said
) -> Headcount:
    """`said`: session, number (None is unknown), of_what, country, how, evidence."""
    row = Headcount(programme=programme, by=by, at=now)
    keep(by=by, row=row, said=checked(programme, said) | {"file": file}, tenant=programme.tenant)
    return row


@transaction.atomic
def change_headcount(*, by: User, headcount: Headcount, file: StoredFile | None = None, **said) -> Headcount:
    """Put it right; a new file takes the place of the one before."""
    before = headcount.file
    said = checked(headcount.programme, said) | ({"file": file} if file else {})
    keep(by=by, row=headcount, said=said, tenant=headcount.programme.tenant)
    if file and before:
        files.drop(before, by=by)
    return headcount


@transaction.atomic
def remove_headcount(*, by: User, headcount: Headcount) -> None:
    file, tenant = headcount.file, headcount.programme.tenant
    take_away(by=by, row=headcount, words=_("Something is built on this headcount."), tenant=tenant)
    if file:
        files.drop(file, by=by)


@transaction.atomic
def keep_headcounts(
    *, by: User | None, programme: Programme, rows: Iterable[dict], now: datetime
) -> list[Headcount]:
    """Many at once, in their order. Each row: session, number, of_what, country, how, evidence, source,
    source_id; what is not given is unknown or blank. One that is known by its source is changed to what is
    said now, so that the same rows may come twice. Raises ValidationError in the words of the first row that
    is not right."""
    rows = [dict(row) for row in rows]
    known = {(row.source, row.source_id): row for row in _known(programme, rows)}
    kept, new, changed = [], [], []
    for said in rows:
        key = said.pop("source", ""), said.pop("source_id", "")
        row = known.get(key)
        if row is None:
            row = Headcount(programme=programme, by=by, at=now, source=key[0], source_id=key[1])
            new.append(row)
        if _take(row, checked(programme, said)) and row.pk:
            changed.append(row)
        row.clean_fields(exclude=["programme", "session", "by", "file"])
        if key[1]:
            known[key] = row
        kept.append(row)
    Headcount.objects.bulk_create(new, batch_size=500)
    Headcount.objects.bulk_update(changed, SAID, batch_size=500)
    if new or changed:
        audit(by, "kept headcounts", programme, SAID, tenant=programme.tenant)
    return kept


def _known(programme: Programme, rows: list[dict]) -> list[Headcount]:
    sources = {row.get("source", "") for row in rows if row.get("source_id")}
    return list(programme.headcounts.filter(source__in=sources).exclude(source_id=""))


def _take(row: Headcount, said: dict) -> bool:
    """Put on the row what is said; whether that changed it."""
    changed = [name for name, value in said.items() if getattr(row, name) != value]
    for name in changed:
        setattr(row, name, said[name])
    return bool(changed)


def checked(programme: Programme, said: dict) -> dict:
    """What is said, trimmed; raises ValidationError by field."""
    said = {name: value.strip() if isinstance(value, str) else value for name, value in said.items()}
    session: Session | None = said.get("session")
    if session and session.programme_id != programme.pk:
        raise ValidationError({"session": _("This session belongs to another programme.")})
    if "of_what" in said and not said["of_what"]:
        raise ValidationError({"of_what": _("Say who or what was counted.")})
    if "country" in said:
        said["country"] = said["country"].upper()
        if said["country"] and said["country"] not in countries.codes():
            words = _("“%(code)s” is no country: write the two letters of ISO 3166-1, as RS.")
            raise ValidationError({"country": words % {"code": said["country"]}})
    return said
