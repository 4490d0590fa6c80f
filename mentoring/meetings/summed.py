"""What funders read of mentoring: months, minutes, places, topics, business functions. Nobody's name, no
note, no next step, nothing that one of the two said about the other."""

from collections.abc import Iterable
from datetime import date
from typing import NamedTuple

from django.db.models import Case, CharField, Count, F, Q, QuerySet, Sum, Value, When
from django.db.models.functions import TruncMonth

from accounts.models import User
from mentoring.meetings import places
from mentoring.models import Function, Meeting
from people.access import access
from people.models import Programme
from training.register.sheet import duration

SHOWN = ("month", "minutes", "told_place", "topic", "function")


class Part(NamedTuple):
    """The share of a place, a function or a month: its label, meetings and minutes."""

    label: str | date
    meetings: int
    minutes: int

    @property
    def hours(self) -> float:
        return self.minutes / 60

    @property
    def length(self) -> str:
        """In hours and minutes: rounded hours would not add up to their sum."""
        return duration(self.minutes)


class Summed(NamedTuple):
    """Without places, these are withheld."""

    meetings: int
    minutes: int
    months: list[Part]
    places: list[Part]
    functions: list[Part]

    @property
    def hours(self) -> float:
        return self.minutes / 60

    @property
    def length(self) -> str:
        """In hours and minutes: rounded hours would not add up to their sum."""
        return duration(self.minutes)


def readable(user: User) -> QuerySet[Programme]:
    """Programmes whose hours she may read: her organisation's, those that she runs, those that she pays for,
    whole or in part."""
    if not user.is_authenticated:
        return Programme.objects.none()
    may = access(user)
    if may.is_administrator:
        return Programme.objects.filter(tenant_id=user.tenant_id)
    paid = Programme.objects.filter(
        Q(scopes__funding__in=may.fundings) | Q(modules__fundings__in=may.fundings)
    )
    mine = Q(pk__in=may.programmes("coordinator")) | Q(pk__in=paid.order_by().values("pk"))
    return Programme.objects.filter(mine, tenant_id=user.tenant_id)


def rows(programme: Programme, told: places.Told) -> QuerySet:
    """One row a meeting, as dicts of SHOWN. By month, and in it by what is said, not by when or by whom it
    was logged: an order of days would tell the pairs apart."""
    counting = Meeting.objects.counting().filter(assignment__programme=programme)
    hidden = When(month__in=told.hidden, then=Value(places.WITHHELD))
    told_place = Case(hidden, default=F("place"), output_field=CharField())
    said = counting.annotate(month=TruncMonth("day"), told_place=told_place).values(*SHOWN)
    return said.order_by("-month", "topic", "told_place", "minutes", "function")


def summed(programme: Programme, told: places.Told) -> Summed:
    counting = Meeting.objects.counting().filter(assignment__programme=programme).order_by()

    def parts(name: str) -> list[tuple]:
        found = counting.annotate(month=TruncMonth("day")).values(name)
        found = found.annotate(meetings=Count("pk"), minutes_met=Sum("minutes"))
        return list(found.order_by(name).values_list(name, "meetings", "minutes_met"))

    months = [Part(*part) for part in parts("month")]
    return Summed(
        meetings=sum(part.meetings for part in months),
        minutes=sum(part.minutes for part in months),
        months=months,
        places=_called(parts("place"), dict(Meeting.Place.choices)) if told.sums else [],
        functions=_called(parts("function"), dict(Function.choices) | {"": None}),
    )


def _called(parts: Iterable[tuple], words: dict) -> list[Part]:
    """By label, the most minutes first; what was not said comes last, with no label."""
    found = [Part(words[key] or "", meetings, minutes) for key, meetings, minutes in parts]
    return sorted(found, key=lambda part: (not part.label, -part.minutes))
