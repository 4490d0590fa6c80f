"""The code on the wall: a signed value for the camera and a short one for the fingers.

Neither is stored. Both are bound to one session, its `code_revision` (raising it kills them) and a slot of
two minutes: the current and the one before open, in a window around the session. A photograph of the wall
that is sent on opens nothing a few minutes later.

A trainer may put up codes by which one phone checks in several people: they are others, signed for that.
"""

from datetime import UTC, datetime, timedelta
from typing import NamedTuple

import segno
from django.core.signing import BadSignature
from django.db.models import QuerySet
from django.utils import timezone
from django.utils.crypto import salted_hmac
from django.utils.safestring import mark_safe

from lib import signing
from lib.folding import fold
from training.models import Session

BEFORE, AFTER = timedelta(minutes=60), timedelta(minutes=30)
SLOT = 120  # seconds
RECOGNISED = 8 * 3600 // SLOT  # so many slots back a short code is known to be old, not guessed
ONE, SHARED = "training.wall", "training.wall.shared"  # purposes: one person a phone, or several
ALPHABET = "23456789ABCDEFGHJKMNPQRSTUVWXYZ"  # nothing that reads like something else
LENGTH = 5
OLD, WRONG = "old", "wrong"  # why a code does not open


class Read(NamedTuple):
    """What a code says. `why` is empty when it opens; a code that is wrong has no session."""

    session: Session | None
    why: str = WRONG
    is_shared: bool = False


def slot_of(now: datetime) -> int:
    return int(now.timestamp()) // SLOT


def changes_at(now: datetime) -> datetime:
    """When other codes stand on the wall. These still open for as long again."""
    return datetime.fromtimestamp((slot_of(now) + 1) * SLOT, UTC)


def token_of(session: Session, now: datetime | None = None, *, purpose: str = ONE) -> str:
    """What the QR code carries now."""
    slot = slot_of(now or timezone.now())
    return f"{slot:x}.{signing.sign(f'{purpose}.{slot}', session.pk, session.code_revision)}"


def short_code_of(session: Session, now: datetime | None = None, *, purpose: str = ONE) -> str:
    """What one can read from the wall now and type: five letters and digits, 28 million of them."""
    return _short(session, slot_of(now or timezone.now()), purpose)


def is_its_time(session: Session, now: datetime) -> bool:
    """From an hour before the start until half an hour after the end; never when cancelled or unscheduled."""
    if session.cancelled_at or session.starts_at is None:
        return False
    return session.starts_at - BEFORE <= now < session.ends_at + AFTER


def is_open(session: Session, now: datetime) -> bool:
    """Does a code stand on its wall? Not once the register is closed."""
    return session.closed_at is None and is_its_time(session, now)


def open_now(now: datetime) -> QuerySet[Session]:
    """The few whose time it is."""
    found = Session.objects.filter(starts_at__lte=now + BEFORE, ends_at__gt=now - AFTER, cancelled_at=None)
    return found.select_related("programme__tenant", "venue")


def is_short(code: str) -> bool:
    return len(code) <= LENGTH


def read(code: str, now: datetime) -> Read:
    """Which session the code is of, and whether it opens it now."""
    code = code.strip()
    return _by_short_code(fold(code).upper(), now) if is_short(code) else _by_token(code, now)


def _by_token(token: str, now: datetime) -> Read:
    written, _dot, signed = token.partition(".")
    for purpose in (ONE, SHARED):
        try:
            slot = int(written, 16)
            pk, revision = signing.read(signed, f"{purpose}.{slot}")
        except (BadSignature, ValueError):
            continue
        session = Session.objects.select_related("programme__tenant", "venue").filter(pk=pk).first()
        if session is None:
            return Read(None)
        is_current = revision == session.code_revision and _is_current(slot, now)
        return Read(session, "" if is_current and is_open(session, now) else OLD, purpose == SHARED)
    return Read(None)


def _by_short_code(code: str, now: datetime) -> Read:
    """Among the few whose time it is. Two with the same code: neither, the camera's one is unique."""
    current, sessions = slot_of(now), list(open_now(now))
    found = [
        Read(session, "" if is_open(session, now) else OLD, purpose == SHARED)
        for session in sessions
        for purpose in (ONE, SHARED)
        if code in {_short(session, slot, purpose) for slot in (current, current - 1)}
    ]
    if found:
        return found[0] if len(found) == 1 else Read(None)
    return next(
        (Read(session, OLD) for session in sessions if _was_there(session, code, current)), Read(None)
    )


def _was_there(session: Session, code: str, current: int) -> bool:
    """Did this stand on its wall earlier? Then somebody sent it on, or was slow, and guessed nothing."""
    slots = range(max(slot_of(session.starts_at - BEFORE), current - RECOGNISED), current - 1)
    return any(_short(session, slot, purpose) == code for slot in slots for purpose in (ONE, SHARED))


def _is_current(slot: int, now: datetime) -> bool:
    return 0 <= slot_of(now) - slot <= 1


def _short(session: Session, slot: int, purpose: str) -> str:
    value = f"{session.pk}:{session.code_revision}:{slot}"
    number, letters = int.from_bytes(salted_hmac(purpose, value, algorithm="sha256").digest()[:8], "big"), ""
    for _place in range(LENGTH):
        number, letter = divmod(number, len(ALPHABET))
        letters += ALPHABET[letter]
    return letters


def drawn(address: str) -> str:
    """The address as a QR code: inline SVG of dark modules, to stand on white with a quiet zone."""
    code = segno.make(address, error="m", micro=False)
    return mark_safe(
        code.svg_inline(omitsize=True, border=4, dark="#000", light="#fff", svgclass="qr", lineclass=None)
    )
