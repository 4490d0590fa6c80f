"""The chain of a session's marks: each seal covers what the mark says and the seal before it.

Whoever edits, removes or adds a row behind the services breaks it, and `training.verifying` names the row.
Nothing here reads or writes. What erasure empties is held as digests: the reason under the row's own random
salt, and whose hand it was, so that a chain survives both.
"""

import hashlib
import hmac
import json
from collections.abc import Iterable
from datetime import UTC, datetime, time
from secrets import token_hex

from training.models import Mark

HALF = 32  # hexadecimal signs: `reason_digest` is the reason's digest and the hand's, side by side


def seal(head: str, marks: Iterable[Mark]) -> str:
    """Give these new marks their salt, digests and seals, in the order given; the new head of the chain."""
    for mark in marks:
        mark.salt = token_hex(16)
        mark.reason_digest = digest_of_reason(mark) + digest_of_hand(mark)
        mark.chain = head = link(head, mark)
    return head


def link(before: str, mark: Mark) -> str:
    """The seal of this mark after the seal `before` (empty: the first of its session)."""
    return hashlib.sha256(f"{before}\n{canonical(mark)}".encode()).hexdigest()


def canonical(mark: Mark) -> str:
    """What the seal covers, the same bytes whichever database the row was read from.

    `unsettled` is not in it: it says where she stands on the roster, and that changes rightly.
    """
    said = [
        str(mark.operation),
        mark.session_id,
        mark.enrolment_id,
        mark.source,
        mark.status,
        _clock(mark.arrival),
        _clock(mark.leaving),
        mark.minutes,
        mark.reason_digest,
        _moment(mark.at_device),
        _moment(mark.at_server),
        mark.device,
        mark.seen,
        str(mark.differs_from.operation) if mark.differs_from_id else None,
        mark.paper_id,
    ]
    return json.dumps(said, ensure_ascii=True, separators=(",", ":"))


def digest_of_reason(mark: Mark) -> str:
    """Without the salt, which is erased with the reason, nobody can find the reason by trying."""
    return hmac.new(mark.salt.encode(), mark.reason.encode(), "sha256").hexdigest()[:HALF]


def digest_of_hand(mark: Mark) -> str:
    """Who marked. The number of an account that is gone says nothing of anybody."""
    return hashlib.sha256(f"{mark.operation}:{mark.by_id or ''}".encode()).hexdigest()[:HALF]


def is_erased(mark: Mark) -> bool:
    return not mark.salt and not mark.reason


def _moment(at: datetime | None) -> str | None:
    return at.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%S.%fZ") if at else None


def _clock(at: time | None) -> str | None:
    return at.strftime("%H:%M:%S.%f") if at else None
