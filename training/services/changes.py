"""What a session was before it was moved, cancelled or restored: kept for whoever must hear of it."""

from datetime import datetime
from typing import Any

from accounts.models import User
from training.models import Session, SessionChange

KEPT = ("day", "start", "end", "zone", "venue_id", "starts_at")


def was(session: Session) -> dict[str, Any]:
    """As it stands, to be called before anything is changed."""
    return {f"was_{name}": getattr(session, name) for name in KEPT}


def note_change(
    *, by: User | None, session: Session, before: dict[str, Any], step: str, now: datetime
) -> SessionChange | None:
    """Written in the transaction that raised the revision; nothing where it had no time and has none."""
    if before["was_starts_at"] is None and session.starts_at is None:
        return None
    return SessionChange.objects.create(
        session=session, revision=session.revision, step=step, at=now, by=by, **before
    )
