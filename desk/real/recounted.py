"""Every figure of a programme that was loaded, counted a second time, row by row."""

from collections.abc import Iterator
from typing import NamedTuple

from django.utils import timezone

from outcomes.recounting import compared, definitions_of, scopes_of
from people.models import Programme


class Recounted(NamedTuple):
    programme: str
    figures: int
    differing: tuple[str, ...]  # codes of figures

    @property
    def is_equal(self) -> bool:
        return not self.differing

    def __str__(self) -> str:
        said = "equal" if self.is_equal else f"DIFFERS: {', '.join(self.differing)}"
        return f"recount.{self.programme} figures {self.figures} mismatches {len(self.differing)} {said}"


def compare() -> Iterator[Recounted]:
    now = timezone.now()
    for programme in Programme.objects.select_related("tenant").order_by("pk"):
        both = [
            compared(definition, scope)
            for _name, scope in scopes_of(programme, now)
            for definition in definitions_of(programme)
        ]
        yield Recounted(programme.code, len(both), tuple(one.code for one in both if not one.agrees))
