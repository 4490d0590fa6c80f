"""Values handed to outsiders: signed, never stored, revoked by raising the row's revision."""

import re

from django.core import signing

KEY_VERSION = 1  # raised, all that was ever handed out is void
_SIGNED = re.compile(r"(\d+-\d+-\d+)\.[A-Za-z0-9_-]{20,}")


def _signer(purpose: str) -> signing.Signer:
    return signing.Signer(salt=f"rasadnik.{purpose}", sep=".")  # knows SECRET_KEY_FALLBACKS by itself


def sign(purpose: str, row_id: int, revision: int) -> str:
    """A text for an address (about 50 signs that need no escaping), bound to one purpose, row and revision.

    It hides nothing: the row's number can be read from it. Raises ValueError for a negative number.
    """
    if row_id < 0 or revision < 0:
        raise ValueError("only rows and revisions counted from 0 can be signed")
    return _signer(purpose).sign(f"{KEY_VERSION}-{row_id}-{revision}")


def read(token: str, purpose: str) -> tuple[int, int]:
    """(row id, revision) of a value that we signed for this purpose. Raises `signing.BadSignature` else.

    The caller compares the revision with the row's: an older one was revoked.
    """
    version, row_id, revision = (int(part) for part in _signer(purpose).unsign(token).split("-"))
    if version != KEY_VERSION:
        raise signing.BadSignature("signed under another key version")
    return row_id, revision


def masked(text: str) -> str:
    """The same without the signatures in it: one can read which row an address is about, not open it."""
    return _SIGNED.sub(r"\1.…", text)
