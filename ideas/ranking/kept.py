"""A ranking is computed once for the same facts: moving the cut-off or turning the page asks for it again."""

from typing import NamedTuple

from django.core.cache import cache
from django.db.models import F

from ideas.models import Round, Selection
from ideas.ranking.facts import gather, stamp
from ideas.ranking.order import rank
from lib.fingerprints import fingerprint

KEPT = 3600  # seconds


class Ranked(NamedTuple):
    """`found`: what `rank` returns. `seen`: which facts it rests on, to be sent back by who decides.
    `selection`: the decision, if there is one, with its cut-offs as `line`; what it froze is not loaded."""

    found: dict
    seen: str
    selection: Selection | None

    @property
    def reviews(self) -> int:
        return reviews_in(self.seen)


def ranked(round: Round, method: str, *, weighted: bool = False) -> Ranked:
    """Of a decided round what was decided from, whatever became of the records since."""
    selections = Selection.objects.filter(round=round).defer("ranking").select_related("by")
    selection = selections.annotate(line=F("ranking__line")).first()
    seen = selection.fingerprint if selection else seen_now(round)
    key = f"ideas.ranking:{round.pk}:{method}:{int(weighted)}:{seen}"
    found = cache.get(key)
    if found is None:
        data = selection.ranking["data"] if selection else gather(round)
        found = rank(data, method, seed=round.pk, weighted=weighted)
        if selection or seen_now(round) == seen:  # nothing came in while it was read
            cache.set(key, found, KEPT)
    return Ranked(found, seen, selection)


def seen_now(round: Round) -> str:
    """How many reviews, and a digest of all that the ranking follows from: "558-3f2a…"."""
    now = stamp(round)
    return f"{now[0]}-{fingerprint(now)[:16]}"


def reviews_in(seen: str) -> int:
    """How many reviews there were for whoever saw it; 0 for what we never said."""
    number = seen.partition("-")[0]
    return int(number) if number.isdecimal() and len(number) < 10 else 0
