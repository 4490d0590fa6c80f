"""How many of those who were asked answered, by wave. No answer is not "no"."""

from collections.abc import Iterable
from dataclasses import dataclass

from django.db.models import Count

from outcomes.models import Invitation, Wave

State = Invitation.State


@dataclass(frozen=True)
class Response:
    """Numbers of persons asked in one wave, by what came of it. Who withdrew her consent may not be asked:
    she is listed, and in no rate."""

    waiting: int = 0
    partial: int = 0
    answered: int = 0
    refused: int = 0
    unreachable: int = 0
    withdrawn: int = 0

    @property
    def asked(self) -> int:
        return self.waiting + self.partial + self.answered + self.refused + self.unreachable

    @property
    def said(self) -> int:
        """From whom something is known."""
        return self.answered + self.partial

    @property
    def rate(self) -> float | None:
        """In per cent; nobody asked is no rate."""
        return 100 * self.said / self.asked if self.asked else None


def response(waves: Iterable[Wave]) -> dict[int, Response]:
    """By wave, in one query."""
    waves = list(waves)
    asked = Invitation.objects.filter(wave__in=waves).once_a_person()
    rows = asked.order_by().values_list("wave", "state")
    found: dict[int, dict[str, int]] = {wave.pk: {} for wave in waves}
    for wave, state, count in rows.annotate(n=Count("pk")):
        found[wave][state] = count
    return {pk: Response(**counts) for pk, counts in found.items()}
