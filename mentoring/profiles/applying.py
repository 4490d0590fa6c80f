"""The public form for mentors of a programme: when it is open, and its door (lib.doors)."""

from datetime import datetime

from django.db.models import Q, QuerySet

from lib import doors
from lib.doors import Door
from mentoring.models import MentorApplication
from people.models import Programme

DOOR = Door("mentoring.application", "mentoring:apply")


def public() -> QuerySet[Programme]:
    """Programmes that have a face to the public: those that somebody can apply to, now or some day."""
    return Programme.objects.filter(~Q(applies_from=None)).select_related("tenant")


def is_open(programme: Programme, now: datetime) -> bool:
    """From the day on which entrepreneurs can apply until the programme is over: a mentor is welcome later
    too."""
    return doors.is_open(programme.applies_from, programme.end, programme.zone, now)


def token_of(row: MentorApplication) -> str:
    return DOOR.token_of(row.pk, row.revision)
