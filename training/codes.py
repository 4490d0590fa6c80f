"""The code on the wall: a signed value for the camera and a short one for the fingers.

Neither is stored. Both are bound to one session and its `code_revision` (raising it kills them), and open
only in a window around it.
"""

from datetime import datetime, timedelta

import segno
from django.core.signing import BadSignature
from django.utils.crypto import salted_hmac
from django.utils.safestring import mark_safe

from lib import signing
from lib.folding import fold
from training.models import Session

BEFORE, AFTER = timedelta(minutes=60), timedelta(minutes=30)
PURPOSE = "training.wall"
ALPHABET = "23456789ABCDEFGHJKMNPQRSTUVWXYZ"  # nothing that reads like something else
LENGTH = 5


def token_of(session: Session) -> str:
    """What the QR code carries."""
    return signing.sign(PURPOSE, session.pk, session.code_revision)


def short_code_of(session: Session) -> str:
    """What one can read from the wall and type: five letters and digits, 28 million of them."""
    digest = salted_hmac(PURPOSE, f"{session.pk}:{session.code_revision}", algorithm="sha256").digest()
    number, letters = int.from_bytes(digest[:8], "big"), ""
    for _place in range(LENGTH):
        number, letter = divmod(number, len(ALPHABET))
        letters += ALPHABET[letter]
    return letters


def is_open(session: Session, now: datetime) -> bool:
    """From an hour before the start until half an hour after the end; never when cancelled or unscheduled."""
    if session.cancelled_at or session.starts_at is None:
        return False
    return session.starts_at - BEFORE <= now < session.ends_at + AFTER


def is_short(code: str) -> bool:
    return len(code) <= LENGTH


def session_for(code: str, now: datetime) -> Session | None:
    """The session that this code opens now. None: wrong, made for an older revision, or not its time."""
    code = code.strip()
    session = _by_short_code(fold(code).upper(), now) if is_short(code) else _by_token(code)
    return session if session and is_open(session, now) else None


def _by_token(token: str) -> Session | None:
    try:
        pk, revision = signing.read(token, PURPOSE)
    except BadSignature:
        return None
    sessions = Session.objects.select_related("programme__tenant", "venue")
    return sessions.filter(pk=pk, code_revision=revision).first()


def _by_short_code(code: str, now: datetime) -> Session | None:
    """Among the few whose time it is. Two with the same code: neither, the camera's one is unique."""
    sessions = Session.objects.filter(
        starts_at__lte=now + BEFORE, ends_at__gt=now - AFTER, cancelled_at=None
    ).select_related("programme__tenant", "venue")
    found = [session for session in sessions if short_code_of(session) == code]
    return found[0] if len(found) == 1 else None


def drawn(address: str) -> str:
    """The address as a QR code: inline SVG of dark modules, to stand on white with a quiet zone."""
    code = segno.make(address, error="m", micro=False)
    return mark_safe(
        code.svg_inline(omitsize=True, border=4, dark="#000", light="#fff", svgclass="qr", lineclass=None)
    )
