"""What a register has beside plain taps: check-ins by code, tries turned away, two phones that differ, a
correction after closing."""

from datetime import timedelta

from accounts.models import User
from desk.demo.rows import operation
from desk.demo.steps import Seen
from training import services as training
from training.models import Enrolment, Mark, Session, Status, TurnedAway

HERS, THEIRS = "the trainer's phone", "a phone without a network"
OLD, UNKNOWN = TurnedAway.Why.LATE, TurnedAway.Why.UNKNOWN


def by_code(session: Session, came: dict[str, Enrolment]) -> None:
    """They scan the wall before the start, each with her own phone; three others are turned away."""
    begun = session.starts_at - timedelta(minutes=20)
    for place, (key, enrolment) in enumerate(came.items()):
        way = "name" if place % 3 == 2 else "row"
        training.check_in(
            session=session,
            enrolment=enrolment,
            operation=operation("code", session.programme.code, session.source_id, key),
            device=f"{way}:{operation('phone', key).hex[:8]}",
            now=begun + timedelta(seconds=75 * place),
        )
    for place, why in enumerate((OLD, UNKNOWN, OLD)):
        training.turn_away(session=session, why=why, now=session.starts_at + timedelta(minutes=4 * place))


def two_phones(by: User, session: Session, enrolment: Enrolment, seen: Seen) -> None:
    """A second phone said present while it had no network; what the trainer saw counts, and both are kept."""
    words = (session.programme.code, session.source_id, enrolment.person.source_id)
    for place, (device, said) in enumerate(((THEIRS, Seen(Status.PRESENT)), (HERS, seen))):
        mark = {
            "operation": operation("differs", device, *words),
            "enrolment": enrolment.pk,
            "device": device,
            "seen": "",
            "at_device": session.starts_at + timedelta(minutes=12 + place),
            **said._asdict(),
        }
        training.record_marks(by=by, session=session, marks=[mark], now=session.ends_at)


def corrected(by: User, session: Session, reason: str) -> None:
    """Who was absent without a word explained it later: the first of them on the roster."""
    last = session.closed_at or session.ends_at
    absent = session.roster.filter(attendance__status=Status.ABSENT).order_by("enrolment__row_code").first()
    if absent is None:
        return
    mark = {
        "operation": operation("corrected", session.programme.code, session.source_id),
        "enrolment": absent.enrolment_id,
        "status": Status.EXCUSED,
        "reason": reason,
        "source": Mark.Source.TAP,
    }
    training.record_marks(by=by, session=session, marks=[mark], now=last + timedelta(days=1))
