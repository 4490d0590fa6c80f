"""Every figure of a programme that was loaded, counted a second time, row by row: the core set, and of what
its people answered each choice as a share and each number as a mean and a median, wave by wave."""

from collections.abc import Iterator
from typing import NamedTuple

from django.utils import timezone

from outcomes.definitions import Definition
from outcomes.models import Answer
from outcomes.recounting import every
from people.models import Programme

ASKED = ("question__code", "invitation__wave__code")


class Recounted(NamedTuple):
    programme: str
    figures: int
    rows: int
    differing: tuple[str, ...]  # codes of figures

    @property
    def is_equal(self) -> bool:
        return not self.differing

    def __str__(self) -> str:
        said = "equal" if self.is_equal else f"DIFFERS: {', '.join(self.differing)}"
        return (
            f"recount.{self.programme}  figures {self.figures}  rows {self.rows}  "
            f"mismatches {len(self.differing)}  {said}"
        )


def compare() -> Iterator[Recounted]:
    now = timezone.now()
    for programme in Programme.objects.select_related("tenant").order_by("pk"):
        both = [one for _name, one in every(programme, now, own(programme))]
        wrong = tuple(one.code for one in both if not one.agrees)
        yield Recounted(programme.code, len(both), sum(one.rows for one in both), wrong)


def own(programme: Programme) -> Iterator[Definition]:
    """Figures of the programme's own questions."""
    said = Answer.objects.filter(invitation__wave__programme=programme, is_unread=False)
    said = said.order_by("question", "invitation__wave").values_list(*ASKED)
    for question, wave, choice in said.exclude(choice="").values_list(*ASKED, "choice").distinct():
        how = {"aggregation": "share", "numerator": ["is", "now", choice], "denominator": ["known", "now"]}
        yield _definition(question, wave, choice, how)
    for question, wave in said.exclude(number=None).distinct():
        for way in ("mean", "median"):
            yield _definition(question, wave, way, {"aggregation": way, "value": ["now"]})


def _definition(question: str, wave: str, what: str, how: dict) -> Definition:
    spec = {"count": "answers", "values": {"now": {"question": question, "at": [wave]}}} | how
    name = f"{question}.{wave}.{what}"
    return Definition(name, name, "number", name, spec=spec)
