"""What a file is by its content, whatever its name says, and whether it may be unpacked."""

import io
import lzma
import re
import zipfile
import zlib

from django.utils.translation import gettext as _

from lib.encodings import BOMS

# The names that are taken, and the content that each must have.
EXPECTED = {
    ".csv": "text",
    ".tsv": "text",
    ".txt": "text",
    ".tab": "text",
    ".ssv": "text",
    ".psv": "text",
    ".xlsx": "xlsx",
    ".ods": "ods",
    ".xls": "xls",
}
_ZIP = b"PK\x03\x04"
# what unpacking raises: a lie, a password, a method of packing that we do not know
_DAMAGE = (
    zipfile.BadZipFile,
    zlib.error,
    lzma.LZMAError,
    RuntimeError,
    NotImplementedError,
    ValueError,
    OSError,
)
_MARKUP = re.compile(rb"\s*<(!doctype|html|head|body|table|\?xml|svg|!--)", re.IGNORECASE)
_OTHERS = (
    b"%PDF",
    b"\x89PNG",
    b"\xff\xd8\xff",
    b"GIF8",
    b"\x7fELF",
    b"\x1f\x8b",
    b"Rar!",
    b"7z\xbc\xaf",
    b"{\\rtf",
)


def kind_of(data: bytes) -> str:
    """`xlsx`, `ods`, `xls`, `zip` (another packed file), `markup`, `text`, or `other`."""
    if data.startswith(_ZIP):
        return _packed_kind(data)
    if data.startswith(b"\xd0\xcf\x11\xe0"):
        return "xls"
    if data.startswith(_OTHERS):
        return "other"
    if any(data.startswith(mark) for mark, _encoding in BOMS[:2] + BOMS[3:]):
        return "text"
    if _MARKUP.match(data.removeprefix(b"\xef\xbb\xbf")):
        return "markup"
    return "other" if b"\x00" in data else "text"


def _packed_kind(data: bytes) -> str:
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as package:
            if _is_workbook(package):
                return "xlsx"
    except _DAMAGE:
        return "zip"
    return "ods" if b"application/vnd.oasis.opendocument.spreadsheet" in data[:120] else "zip"


def _is_workbook(package: zipfile.ZipFile) -> bool:
    """By its usual place, else by the list of types: some programs keep the workbook elsewhere."""
    names = set(package.namelist())
    if "xl/workbook.xml" in names or "[Content_Types].xml" not in names:
        return "xl/workbook.xml" in names
    with package.open("[Content_Types].xml") as types:
        return b"spreadsheetml.sheet.main+xml" in types.read(65_536)


def kind_words(kind: str) -> str:
    """How a reader calls it."""
    return {
        "xlsx": _("an XLSX workbook"),
        "ods": _("an ODS workbook"),
        "xls": _("an old Excel workbook, or one with a password"),
        "zip": _("a packed file"),
        "markup": _("a web page"),
        "text": _("plain text"),
    }.get(kind, _("something that is no table"))


def is_bomb(data: bytes, *, members: int, unpacked: int, ratio: int) -> bool:
    """Would a packed file grow beyond these limits? Asks its table of contents only, unpacks nothing."""
    with zipfile.ZipFile(io.BytesIO(data)) as package:
        entries = package.infolist()
    size = sum(entry.file_size for entry in entries)
    return len(entries) > members or size > unpacked or size > ratio * max(len(data), 10_000)


def is_whole(data: bytes) -> bool:
    """Does each member unpack to what the table of contents says? One that lies about its size does not."""
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as package:
            return package.testzip() is None
    except _DAMAGE:
        return False
