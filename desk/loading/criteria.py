"""What a sheet of reviews speaks of: ideas, and headings that are criteria, “Customer need (40 %)”."""

import re

from desk.loading.kinds import Target
from ideas.models import Criterion, Idea, Round
from lib.folding import fold

OVERALL = "\x00overall"  # no heading can be called so
WEIGHT = re.compile(r"\s*\(\s*(\d{1,3})\s*%\s*\)\s*$")


def weight_in(header: str) -> int | None:
    """The weight that a heading gives in brackets, in per cent."""
    found = WEIGHT.search(header)
    return int(found[1]) if found and 1 <= int(found[1]) <= 100 else None


def criterion_in(header: str) -> str:
    return WEIGHT.sub("", header).strip()


class Rubric:
    """The criteria of a round, found by name in either language and script."""

    def __init__(self, round: Round):
        self.round = round
        self._rows: list[Criterion] = list(round.criteria.all())

    @property
    def counting(self) -> list[Criterion]:
        return [row for row in self._rows if row.retired_at is None]

    def find(self, name: str) -> Criterion | None:
        if name == OVERALL:
            return self.counting[0] if len(self.counting) == 1 else None
        key = fold(name)
        names = ((row, {fold(row.name), fold(row.name_sr)}) for row in self._rows)
        return next((row for row, known in names if key and key in known), None)

    def add(self, row: Criterion) -> None:
        self._rows.append(row)


def ideas_said(target: Target, said: set[str]) -> dict[str, Idea]:
    """By what the file calls them: the id of the source, else the number, else the title."""
    rows = Idea.objects.filter(programme=target.programme).select_related("text")
    found = {fold(word): [] for word in said}
    for idea in rows.filter(text__title_key__in=[key[:600] for key in found]):
        found[idea.text.title_key].append(idea)
    ideas = {word: found[fold(word)][0] for word in said if len(found[fold(word)]) == 1}
    numbers = {word.strip().removeprefix("#"): word for word in said}
    known = {int(n): word for n, word in numbers.items() if n.isdecimal() and len(n) < 7}
    ideas |= {known[idea.number]: idea for idea in rows.filter(number__in=known)}
    return ideas | {idea.source_id: idea for idea in rows.filter(source=target.source, source_id__in=said)}
