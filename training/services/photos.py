"""Photographs of a session: kept once, told who is on them, taken down."""

import hashlib
from collections.abc import Iterable
from datetime import datetime
from uuid import UUID, uuid5

from django.core.exceptions import ValidationError
from django.core.files import File
from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _

from accounts import files
from accounts.audit import audit
from accounts.models import StoredFile, Tenant, User
from lib import pictures
from people.models import Person
from training.evidence.photographs import may_be_on
from training.models import PaperSheet, Photo, PhotoSubject, Session
from training.services.marks import said_otherwise
from training.services.sessions import write_log

MOST_BYTES = 14 * 1024 * 1024  # as it comes from a camera; what is kept is made anew, and much smaller


def keep_photo(
    *,
    by: User,
    session: Session,
    operation: UUID,
    file: bytes | File,
    caption: str = "",
    caption_sr: str = "",
    now: datetime,
) -> tuple[Photo, bool]:
    """Keep a photograph, made anew without what the camera wrote beside it; and whether it is new.

    The same operation with the same picture is the same photograph. With another one, or for another session,
    ValidationError with the code `conflict`. Not to be called in a transaction: it works on the picture.
    """
    content = made_anew(file)
    digest = hashlib.sha256(content).hexdigest()
    if known := Photo.objects.select_related("file").filter(operation=operation).first():
        return _same(known, session, digest), False
    words = {"caption": caption.strip()[:300], "caption_sr": caption_sr.strip()[:300]}
    stored = None
    try:
        with transaction.atomic():
            stored = _store(by, session.programme.tenant, StoredFile.Purpose.PHOTO, operation, content)
            photo = Photo.objects.create(
                operation=operation, session=session, file=stored, by=by, at=now, **words
            )
            audit(by, "keep photo", photo, ["file", *words], tenant=session.programme.tenant)
    except IntegrityError:  # the same operation in this moment; what it stored here belongs to nobody
        if stored is not None:
            stored.content.storage.delete(stored.content.name)
        known = Photo.objects.select_related("file").get(operation=operation)
        return _same(known, session, digest), False
    return photo, True


def made_anew(file: bytes | File) -> bytes:
    """The picture in a file that was sent. Raises ValidationError in words."""
    content = file if isinstance(file, bytes) else file.read(MOST_BYTES + 1)
    if len(content) > MOST_BYTES:
        raise ValidationError(_("This picture is larger than 14 MB. Make it smaller."), code="size")
    return pictures.smaller(content)


def _store(by: User, tenant: Tenant, purpose: str, operation: UUID, content: bytes) -> StoredFile:
    name = f"{purpose}-{str(operation)[:8]}{pictures.ending(content)}"
    return files.keep(by=by, tenant=tenant, purpose=purpose, name=name, content=content)


def _same(known: Photo, session: Session, digest: str) -> Photo:
    if known.session_id != session.pk or known.file.digest != digest:
        raise ValidationError(said_otherwise(), code="conflict")
    return known


@transaction.atomic
def name_people(*, by: User, photo: Photo, people: Iterable[Person] = (), nobody: bool = False) -> Photo:
    """Say who is on it, all of them; or that nobody can be recognised. Without either it is unknown again."""
    photo = _locked(photo)
    people = {person.pk: person for person in people}
    if nobody and people:
        raise ValidationError(_("Either somebody can be recognised, or nobody."))
    known = may_be_on(photo.session).filter(pk__in=people).order_by().values_list("pk", flat=True)
    if strangers := people.keys() - set(known):
        names = ", ".join(str(people[pk]) for pk in sorted(strangers))
        raise ValidationError(_("Not in this programme: %(names)s.") % {"names": names})
    photo.subjects.exclude(person__in=people).delete()
    there = set(photo.subjects.values_list("person_id", flat=True))
    PhotoSubject.objects.bulk_create(
        PhotoSubject(photo=photo, person_id=pk) for pk in people if pk not in there
    )
    photo.nobody = nobody
    photo.save(update_fields=["nobody"])
    audit(by, "name people", photo, ["nobody", "subjects"], tenant=photo.session.programme.tenant)
    return photo


@transaction.atomic
def take_down(*, by: User, photo: Photo, reason: str, now: datetime) -> Photo:
    """Delete the picture for good. The session's log keeps that there was one, who took it down, and why."""
    photo = _locked(photo)
    if not (reason := reason.strip()):
        raise ValidationError({"reason": _("Say why it is taken down.")})
    photo.taken_down_at = now
    photo.save(update_fields=["taken_down_at"])
    said = _("Photograph #%(number)s was taken down: %(reason)s") % {"number": photo.pk, "reason": reason}
    write_log(by=by, session=photo.session, operation=uuid5(photo.operation, "down"), text=said, now=now)
    audit(by, "take down photo", photo, ["file", "taken_down_at"], tenant=photo.session.programme.tenant)
    storage, name = photo.file.content.storage, photo.file.content.name
    transaction.on_commit(lambda: storage.delete(name))
    return photo


def _locked(photo: Photo) -> Photo:
    rows = Photo.objects.select_for_update(of=("self",)).select_related("session__programme__tenant", "file")
    found = rows.get(pk=photo.pk)
    if found.taken_down_at:
        raise ValidationError(_("This photograph was taken down already."), code="gone")
    return found


def keep_sheet(*, by: User, session: Session, file: bytes | File, now: datetime) -> tuple[PaperSheet, bool]:
    """Keep the photograph of a signed sheet; and whether it is new: the same picture is the same sheet."""
    content = made_anew(file)
    digest = hashlib.sha256(content).hexdigest()
    with transaction.atomic():
        Session.objects.select_for_update(of=("self",), no_key=True).get(pk=session.pk)
        if known := session.papers.filter(file__digest=digest).first():
            return known, False
        tenant = session.programme.tenant
        number = uuid5(UUID(int=session.pk), digest)
        stored = _store(by, tenant, StoredFile.Purpose.SHEET, number, content)
        sheet = PaperSheet.objects.create(session=session, file=stored, by=by, at=now)
        audit(by, "keep sheet", sheet, ["file"], tenant=tenant)
    return sheet, True
