"""The public form for mentors of a programme: when it is open, and its door (lib.doors)."""

from datetime import datetime

from django.db.models import Q, QuerySet

from lib import clock
from lib.doors import KEPT, Door
from mentoring.models import MentorApplication
from people.models import Programme

DOOR = Door("mentoring.application", "mentoring:apply")


def public() -> QuerySet[Programme]:
    """Programmes that have a face to the public: those that somebody can apply to, now or some day."""
    return Programme.objects.filter(~Q(applies_from=None)).select_related("tenant")


def is_open(programme: Programme, now: datetime) -> bool:
    """From the day on which entrepreneurs can apply until the programme is over: a mentor is welcome later
    too. Half-open, in the programme's zone."""
    today = clock.local(now, programme.zone).date()
    first, after = programme.applies_from, programme.end
    return first is not None and first <= today and (after is None or today < after)


def comes_later(programme: Programme, now: datetime) -> bool:
    return clock.local(now, programme.zone).date() < programme.applies_from


def is_late(row: MentorApplication, now: datetime) -> bool:
    """Nobody confirmed it within a week."""
    return row.confirmed_at is None and row.created_at + KEPT <= now


def token_of(row: MentorApplication) -> str:
    return DOOR.token_of(row.pk, row.revision)
