"""What stands in a locked period: no file changes it, and no import of it is taken back."""

from collections.abc import Iterable
from datetime import date, datetime

from django.db import models

from desk.loading.built_on import some
from lib import clock
from outcomes.locks import hold, insist_open
from outcomes.models import Answer, Cost, Grant, GrantAmount, Invitation, Party, PeriodLock, Result
from people.models import Programme

PATHS = {
    Result: ("programme", "day"),
    Cost: ("programme", "day"),
    Grant: ("programme", "day"),
    GrantAmount: ("grant__programme", "grant__day"),
    Party: ("result__programme", "result__day"),
    Invitation: ("wave__programme", "answered_at"),
    Answer: ("invitation__wave__programme", "invitation__answered_at"),
}


def refuse_if_locked(model: type[models.Model], ids: Iterable[int]) -> None:
    """Raises ValidationError that names the period."""
    if model not in PATHS:
        return
    days = set()
    for part in some(list(ids)):
        rows = model._base_manager.filter(pk__in=part).order_by()
        days |= set(rows.values_list(*PATHS[model]).distinct())
    programmes = Programme.objects.in_bulk({pk for pk, day in days if pk and day})
    for pk, day in days:
        if pk in programmes:
            at = isinstance(day, datetime)
            insist_open(programmes[pk], clock.local(day, programmes[pk].zone).date() if at else day)


class Locks:
    """Those of a programme, read once; until the transaction ends there are no others."""

    def __init__(self, programme: Programme):
        hold(programme)
        self.programme = programme
        self.periods = list(
            PeriodLock.objects.holding().filter(programme=programme).values_list("start", "end")
        )

    def insist_open(self, *days: date | None) -> None:
        """Raises ValidationError that names the period. A day that nobody knows is in none."""
        for day in days:
            if day and any(start <= day < end for start, end in self.periods):
                insist_open(self.programme, day)
