"""What deciding a round would do, before anybody does it: verdicts, what is against the order, and what has
to be said first."""

from collections.abc import Mapping
from datetime import datetime
from typing import NamedTuple

from accounts.models import User
from ideas import conflicts
from ideas.models import Idea, ReviewTask, Round
from ideas.ranking.cutting import Choice, Cut, cut
from ideas.ranking.kept import Ranked, ranked
from lib import clock
from people.models import Person


class Said(NamedTuple):
    """Of one idea. `row`: its row of the ranking."""

    verdict: str
    row: dict
    by_hand: bool = False
    reason: str = ""


class Plan(NamedTuple):
    choice: Choice
    ranked: Ranked
    cut: Cut
    said: dict[int, Said]  # by idea, in order; without the ideas that are left as they are
    unsettled: list[int]  # of one score on both sides of a line, and nobody said what becomes of them
    left: list[int]  # ideas nobody judged, and nobody decided on
    conflicts: dict[int, list[str]]  # what stands between who decides and the nominators, by idea
    owed: int  # reviews that are not in: they will not count

    def counted(self, verdict: str) -> int:
        return sum(one.verdict == verdict for one in self.said.values())


def planned(
    *,
    by: User | None,
    round: Round,
    choice: Choice,
    exceptions: Mapping[int, tuple[str, str]] | None = None,
    now: datetime,
) -> Plan:
    """`exceptions`: by idea the verdict and the reason. Nothing is written and nothing is refused."""
    exceptions = exceptions or {}
    found = ranked(round, choice.method, weighted=choice.weighted)
    line = cut(found.found, shortlisted=choice.shortlisted, waiting=choice.waiting)
    said = {}
    for row in found.found["ideas"]:
        verdict, reason = exceptions.get(row["idea"], ("", ""))
        by_order = line.verdicts.get(row["idea"])
        if verdict and (verdict != by_order or row["idea"] in line.tied):
            said[row["idea"]] = Said(verdict, row, by_hand=True, reason=reason)
        elif by_order:
            said[row["idea"]] = Said(by_order, row)
    return Plan(
        choice=choice,
        ranked=found,
        cut=line,
        said=said,
        unsettled=[pk for pk in dict.fromkeys(line.tied) if not said[pk].by_hand],
        left=[pk for pk in line.unjudged if pk not in said],
        conflicts=in_conflict(by, list(said), clock.local(now, round.programme.zone).date()),
        owed=ReviewTask.objects.waiting().filter(seat__round=round).count(),
    )


def in_conflict(by: User | None, ideas: list[int], on) -> dict[int, list[str]]:
    """By idea, what stands between her and those who nominated it (as `conflicts.deciding` says of one)."""
    person = Person.objects.filter(user=by, joined_to=None).first() if by else None
    if person is None:
        return {}
    rows = Idea.objects.in_bulk(ideas).values()
    found = conflicts.found([person], rows, on, conflicts.DECIDE)
    return {idea: words for (_person, idea), words in found.items()}
