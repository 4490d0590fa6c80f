"""The one place that answers: may A judge, mentor or decide about B; if not, by which fact, since when.

Facts come from what the tracker knows (stakes, ties), and stand in the way of what `purposes` says. Who
nominated an idea, and what a reviewer declared about an idea, the ideas room adds.
"""

from collections import defaultdict
from collections.abc import Iterable
from datetime import date

from mentoring.conflicts import ties
from mentoring.conflicts.missing import missing_facts
from mentoring.conflicts.purposes import BARS, DECIDE, JUDGE, MENTOR, PURPOSES, Conflict
from people.models import Person

__all__ = [
    "BARS", "DECIDE", "JUDGE", "MENTOR", "PURPOSES", "Conflict", "Pairs", "between", "may_judge",
    "missing_facts", "on_record",
]  # fmt: skip
Pairs = dict[tuple[int, int], list[Conflict]]


def between(judges: Iterable[Person], persons: Iterable[Person], on: date, purpose: str = JUDGE) -> Pairs:
    """What stands in the way of this purpose between each judge and each person on a day, and the hints, by
    (judge.pk, person.pk). Pairs without are absent. A constant number of queries, whatever the number of
    people."""
    if purpose not in PURPOSES:
        raise ValueError(purpose)
    found = {
        pair: [conflict for conflict in conflicts if purpose in BARS[conflict.kind]]
        for pair, conflicts in on_record(judges, persons, on).items()
    }
    return {pair: conflicts for pair, conflicts in found.items() if conflicts}


def on_record(judges: Iterable[Person], persons: Iterable[Person], on: date) -> Pairs:
    """As `between`, whatever it stands in the way of: the gravest first, each fact once."""
    sides = ties.Sides({j.pk: j for j in judges}, {p.pk: p for p in persons})
    found: dict[tuple[int, int], dict[tuple[str, str], Conflict]] = defaultdict(dict)
    for judge, person, conflict in ties.between(sides, on):
        known = found[judge, person].setdefault(conflict[:2], conflict)
        if known.since and conflict.since and conflict.since < known.since:
            found[judge, person][conflict[:2]] = conflict
    return {pair: sorted(facts.values(), key=_gravity) for pair, facts in found.items()}


def may_judge(judge: Person, person: Person, on: date, purpose: str = JUDGE) -> list[Conflict]:
    """What stands between the two; an empty list means that she may. Hints do not count."""
    found = between([judge], [person], on, purpose).get((judge.pk, person.pk), [])
    return [conflict for conflict in found if not conflict.is_hint]


_ORDER = {kind: place for place, kind in enumerate(BARS)}


def _gravity(conflict: Conflict) -> tuple[int, str]:
    return _ORDER[conflict.kind], conflict.words
