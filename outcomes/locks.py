"""Periods of a programme whose facts stay as they are: asked by every service that writes such a fact."""

from datetime import date, timedelta

from django.core.exceptions import ValidationError
from django.db import connection
from django.utils.formats import date_format
from django.utils.translation import gettext as _

from outcomes.models import PeriodLock
from people.models import Programme

_LOCK = 0x140A  # a number of ours among the database's advisory locks
_TOGETHER = "SELECT pg_advisory_xact_lock_shared(%s, %s)"
_ALONE = "SELECT pg_advisory_xact_lock(%s, %s)"


def hold(programme: Programme, *, alone: bool = False) -> None:
    """Until the transaction ends no period of the programme is locked; `alone`, by who locks one: nor is a
    fact of it written. Whoever writes facts does not wait for others who do. (SQLite has one writer at a time
    anyway.)"""
    if connection.vendor == "postgresql":
        with connection.cursor() as cursor:
            cursor.execute(_ALONE if alone else _TOGETHER, [_LOCK, programme.pk])


def is_locked(programme: Programme, day: date | None) -> bool:
    """Is the day in a period that is locked? A day that nobody knows is in none. One query, or none; the
    answer holds until the transaction ends."""
    return day is not None and _holding(programme, day).exists()


def insist_open(programme: Programme, day: date | None) -> None:
    """Raises ValidationError (code `locked`) that names the period the day is in. One query, or none; what is
    open stays so until the transaction ends."""
    lock = None if day is None else _holding(programme, day).first()
    if lock is not None:
        words = _("The period from %(start)s to %(end)s is locked: its facts stay as they are.")
        last = lock.end - timedelta(days=1)
        said = {"start": _told(lock.start), "end": _told(last)}
        raise ValidationError(words % said, code="locked")


def _holding(programme: Programme, day: date):
    hold(programme)
    return PeriodLock.objects.holding().filter(programme=programme, start__lte=day, end__gt=day)


def _told(day: date) -> str:
    return date_format(day, "DATE_FORMAT")
