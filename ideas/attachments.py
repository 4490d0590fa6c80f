"""Files that may hang on an idea: what each is by its content, whatever its name says."""

import io
import zipfile
from pathlib import PurePath

from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _

from lib import filekinds, pictures

MOST_BYTES = 10 * 1024 * 1024
MOST_FILES = 10  # on one idea
PICTURES = (".jpg", ".jpeg", ".png", ".webp")
TEXTS = (".txt", ".csv")
PACKED = {".xlsx": "xlsx", ".ods": "ods", ".docx": "docx", ".odt": "odt"}
ENDINGS = (".pdf", *PICTURES, *PACKED, *TEXTS)
_MACROS = ("vbaproject.bin", "basic/script-lc.xml")


def made_safe(name: str, content: bytes) -> tuple[str, bytes]:
    """Name and content as they are kept: pictures are made anew from their points. Raises ValidationError in
    words for what is too large, empty, of no kind that is taken, or not what its name says. May take a
    second: never inside a transaction."""
    ending = PurePath(name).suffix.lower()
    if len(content) > MOST_BYTES:
        raise ValidationError(_("The file is larger than 10 MB."), code="size")
    if not content:
        raise ValidationError(_("The file is empty."), code="empty")
    if ending not in ENDINGS:
        words = _("“%(name)s” is of no kind that is taken: %(kinds)s.")
        kinds = ", ".join(one.removeprefix(".").upper() for one in ENDINGS)
        raise ValidationError(words % {"name": name, "kinds": kinds}, code="kind")
    if ending in PICTURES:
        content = pictures.smaller(content)
        return PurePath(name).stem + pictures.ending(content), content
    if not _is_what_it_says(ending, content):
        words = _("“%(name)s” is not what its ending says. Save it anew and send that.")
        raise ValidationError(words % {"name": name}, code="kind")
    return name, content


def _is_what_it_says(ending: str, content: bytes) -> bool:
    if ending == ".pdf":
        return content.startswith(b"%PDF-") and b"%%EOF" in content[-2048:]
    if ending in TEXTS:
        return filekinds.kind_of(content) == "text"
    if not content.startswith(b"PK\x03\x04") or _packed_kind(content) != PACKED[ending]:
        return False
    if filekinds.is_bomb(content, members=10_000, unpacked=200 * 1024 * 1024, ratio=200):
        raise ValidationError(_("This file unpacks to far too much."), code="bomb")
    return filekinds.is_whole(content)


def _packed_kind(content: bytes) -> str:
    """xlsx, ods, docx, odt, or another packed file. Raises ValidationError where it brings macros."""
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as package:
            names = {entry.lower() for entry in package.namelist()}
    except (zipfile.BadZipFile, ValueError, OSError):
        return "zip"
    if any(name.endswith(_MACROS) for name in names):
        raise ValidationError(_("This file brings macros. Save it without them."), code="macros")
    if "word/document.xml" in names:
        return "docx"
    if b"application/vnd.oasis.opendocument.text" in content[:120]:
        return "odt"
    return filekinds.kind_of(content)
