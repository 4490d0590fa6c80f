"""What a form to log a meeting knows already: an office hour that is over, else how the two met last."""

from datetime import datetime, timedelta
from typing import NamedTuple

from django.db.models import Exists, OuterRef

from lib import clock
from mentoring.models import Assignment, Meeting, Slot

USUAL = {"minutes": 60, "place": Meeting.Place.PREMISES}
LOOK_BACK = timedelta(days=14)
OFFERED = 6  # topics


class Prefilled(NamedTuple):
    initial: dict
    topics: list[str]  # of earlier meetings; offered, never filled in: funders read what stands there
    about: str = ""  # what she wrote when she booked: shown beside, never a topic by itself


def prefilled(assignment: Assignment, now: datetime) -> Prefilled:
    known = _met(assignment=assignment)
    slot = _slot(assignment, now)
    initial = USUAL | {"day": clock.local(now, assignment.programme.zone).date()}
    if known:
        initial |= {name: getattr(known[0], name) for name in ("minutes", "place")}
    if slot:
        begins = clock.local(slot.starts_at, assignment.programme.zone)
        minutes = int((slot.ends_at - slot.starts_at).total_seconds() // 60)
        initial |= {"slot": slot.pk, "day": begins.date(), "start": begins.time()}
        initial |= {"minutes": min(minutes, Meeting.LONGEST), "place": slot.place}
    return Prefilled(initial, _topics(known), slot.about if slot else "")


def of_slot(slot: Slot) -> Prefilled:
    """Beside the form of one office hour, whose day and place stand."""
    known = _met(assignment__mentor=slot.mentor_id, assignment__enrolment=slot.booked_by_id)
    return Prefilled({}, _topics(known), slot.about)


def _met(**whose) -> list[Meeting]:
    return list(Meeting.objects.counting().filter(**whose).order_by("-day", "-id")[:20])


def _topics(known: list[Meeting]) -> list[str]:
    return list(dict.fromkeys(row.topic for row in known))[:OFFERED]


def _slot(assignment: Assignment, now: datetime) -> Slot | None:
    """The newest office hour that the two of them had and nobody logged."""
    logged = Meeting.objects.counting().filter(slot=OuterRef("pk"))
    rows = Slot.objects.filter(mentor=assignment.mentor_id, booked_by=assignment.enrolment_id)
    rows = rows.filter(cancelled_at=None, ends_at__lte=now, ends_at__gt=now - LOOK_BACK)
    return rows.exclude(Exists(logged)).order_by("-starts_at").first()
