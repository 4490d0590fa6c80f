"""Who marked what, when, from which device, and what it was before. Nothing here writes."""

from collections.abc import Iterable
from datetime import datetime
from typing import NamedTuple

from django.db.models import QuerySet
from django.utils.translation import gettext as _

from training.models import Enrolment, Mark, Session
from training.register import differences
from training.register.checkin import how


class Act(NamedTuple):
    """One mark as it is told: `before` is what stood until then, as words too."""

    mark: Mark
    enrolment: Enrolment
    at: datetime  # when the server had it
    at_device: datetime | None  # when the device says it was
    by: str  # who; empty where she checked in herself
    source: str  # how it came: tapped, by code, from paper, loaded
    device: str  # which phone, or how she checked in
    said: str
    before: str
    reason: str
    is_correction: bool  # after the session was closed
    differs: str  # another device's mark that it overrode, and nobody has settled it; in words, or empty
    is_unsettled: bool


def history(session: Session) -> list[Act]:
    """Every mark of the session, oldest first. One query."""
    return told(session.marks)


def of_enrolment(enrolment: Enrolment) -> list[Act]:
    """Every mark of one person, session by session."""
    return told(enrolment.marks.order_by("session__starts_at", "session_id", "pk"))


def told(marks: QuerySet[Mark]) -> list[Act]:
    rows = marks.select_related(
        "session", "enrolment__person", "by", "differs_from__by", "differs_from__session"
    )
    return list(_acts(rows))


def _acts(marks: Iterable[Mark]) -> Iterable[Act]:
    before: dict[tuple[int, int], Mark] = {}
    for mark in marks:
        about = (mark.session_id, mark.enrolment_id)
        yield _act(mark, before.get(about))
        if not mark.unsettled:
            before[about] = mark


def _act(mark: Mark, before: Mark | None) -> Act:
    closed_at = mark.session.closed_at
    return Act(
        mark=mark,
        enrolment=mark.enrolment,
        at=mark.at_server,
        at_device=mark.at_device,
        by=str(mark.by or ""),
        source=str(mark.get_source_display()),
        device=how(mark),
        said=differences.words(mark),
        before=differences.words(before),
        reason=mark.reason,
        is_correction=closed_at is not None and mark.at_server >= closed_at,
        differs=_differs(mark),
        is_unsettled=mark.unsettled,
    )


def _differs(mark: Mark) -> str:
    if mark.differs_from is None:
        return ""
    other = mark.differs_from
    said = {"what": differences.words(other), "whose": differences.whose(other)}
    return _("differs from “%(what)s”, %(whose)s") % said
