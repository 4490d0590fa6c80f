"""What is proposed in a programme: the pairs found, as groups, without what was decided already.

Up to AT_ONCE ideas the pairs are found when somebody asks, and kept until an idea or its words change. More
are compared in the background, when somebody wants it.
"""

from dataclasses import dataclass
from datetime import datetime

from django.core.cache import cache
from django.db.models import Count, Max

from ideas import duplicates
from ideas.duplicates.groups import Group, between_heads, count_different, grouped
from ideas.models import Compared, Idea, Join
from jobs.models import Job
from jobs.services import newest
from people.models import Programme

AT_ONCE = 3_000
LOOSE = 0.55  # so alike is enough for a third to come to two that are proposed
KEPT = 5_000  # pairs of the background work, the likest
COMPARE = "ideas.compare_all"
Pairs = list[tuple[int, int, float]]


@dataclass(frozen=True)
class Known:
    """The pairs, or None where nobody compared them yet; how many ideas came or were reworded since; the
    background work, if it was asked for."""

    pairs: Pairs | None
    newer: int = 0
    job: Job | None = None
    at: datetime | None = None


def known(programme: Programme) -> Known:
    """What is known of the pairs now. One query for a small programme."""
    state = Idea.objects.filter(programme=programme).aggregate(n=Count("pk"), words=Max("text"))
    if state["n"] <= AT_ONCE:
        key = f"ideas:alike:{programme.pk}:{state['n']}:{state['words']}"
        pairs = cache.get(key)
        if pairs is None:
            pairs = duplicates.pairs(programme, LOOSE)
            cache.set(key, pairs, 24 * 3600)
        return Known(pairs)
    job = newest(COMPARE, tenant=programme.tenant, programme=programme.pk)
    result = job.result if job and job.state == Job.State.DONE else {}
    if not result:
        return Known(None, job=job)
    newer = Idea.objects.filter(programme=programme, text__gt=result["words"]).count()
    return Known([tuple(pair) for pair in result["pairs"]], newer, job, job.ended_at)


@dataclass(frozen=True)
class Decided:
    """What each joined idea stands under, and what was said of which two."""

    heads: dict[int, int]
    said: dict[frozenset[int], str]

    def without(self, *says: str) -> dict:
        """As groups.grouped wants it: what is joined, and the pairs of which this was said."""
        return {"heads": self.heads, "apart": {pair for pair, said in self.said.items() if said in says}}


def decided(programme: Programme) -> Decided:
    """Two queries."""
    joins = Join.objects.open().filter(idea__programme=programme).values_list("idea", "into")
    said = Compared.objects.filter(one__programme=programme).values_list("one", "other", "says")
    return Decided(dict(joins), {frozenset((one, other)): says for one, other, says in said})


def groups(pairs: Pairs, so_far: Decided, at_least: float = duplicates.PROPOSED) -> list[Group]:
    """What to decide on, the likest first; set aside for later is not among it."""
    return grouped(pairs, at_least, **so_far.without(*Compared.Says.values))


def undecided(pairs: Pairs, so_far: Decided) -> Pairs:
    """The pairs that nobody decided on, as those that stand, the likest first."""
    found = between_heads(pairs, **so_far.without(*Compared.Says.values))
    rows = [(*sorted(pair), value) for pair, value in found.items() if value >= duplicates.PROPOSED]
    return sorted(rows, key=lambda row: (-row[2], row[0], row[1]))


def later(so_far: Decided) -> list[Group]:
    """What somebody set aside, if it is not decided since."""
    pairs = [(*sorted(pair), 1.0) for pair, says in so_far.said.items() if says == Compared.Says.LATER]
    return grouped(pairs, 0, **so_far.without(Compared.Says.NOT_SAME))


def different(total: int, pairs: Pairs, so_far: Decided) -> int:
    """About how many different ideas `total` are: what is joined counts once, what was said to be different
    counts twice."""
    standing = total - len(so_far.heads)
    return count_different(standing, pairs, duplicates.PROPOSED, **so_far.without(Compared.Says.NOT_SAME))
