"""A kept run and the records of today: what has changed since, and what laying it would do."""

from collections import Counter
from typing import NamedTuple

from ideas.assigning.facts import Facts, fingerprint
from ideas.assigning.problem import COUNT
from ideas.models import AssigningRun

Pair = tuple[int, int, dict]  # seat, idea, points


class Change(NamedTuple):
    """So many of `what` (ideas, seats, conflicts, tasks, coverage) came, went, or are not as they were."""

    what: str
    how: str  # added, removed, changed
    n: int


class Standing(NamedTuple):
    facts: Facts  # of now
    fingerprint: str  # of them
    is_stale: bool
    changes: list[Change]
    possible: list[Pair]
    left_out: list[Pair]  # what the records of now do not allow, or the idea needs no more


def standing(run: AssigningRun, facts: Facts) -> Standing:
    """Of a computed run beside the facts of now."""
    said = fingerprint(facts)
    is_stale = said != run.facts_fingerprint
    possible, left_out = parted(run.result["pairs"], facts) if is_stale else (run.result["pairs"], [])
    return Standing(facts, said, is_stale, changes(run.facts, facts) if is_stale else [], possible, left_out)


def parted(pairs: list[Pair], facts: Facts) -> tuple[list[Pair], list[Pair]]:
    """Which of the pairs these facts allow, in their order, and which not."""
    seats, ideas = {row["seat"]: row for row in facts["seats"]}, {row["idea"] for row in facts["ideas"]}
    never = {tuple(pair) for pair in facts["conflicts"]} | {(s, i) for s, i, _state in facts["tasks"]}
    held = [(seat, idea) for seat, idea, state in facts["tasks"] if state in COUNT]
    loads, reviews = Counter(seat for seat, _i in held), Counter(idea for _s, idea in held)
    possible, left_out = [], []
    for seat, idea, points in pairs:
        may = seat in seats and idea in ideas and (seat, idea) not in never
        may = may and reviews[idea] < facts["coverage"]
        if may and (seats[seat]["cap"] is None or loads[seat] < seats[seat]["cap"]):
            loads[seat] += 1
            reviews[idea] += 1
            possible.append((seat, idea, points))
        else:
            left_out.append((seat, idea, points))
    return possible, left_out


def changes(one: Facts, other: Facts) -> list[Change]:
    found = []
    for what, key in (("ideas", "idea"), ("seats", "seat")):
        was, now = ({row[key]: row for row in facts[what]} for facts in (one, other))
        found += _differ(what, was, now)
    was, now = (dict.fromkeys(map(tuple, facts["conflicts"])) for facts in (one, other))
    found += _differ("conflicts", was, now)
    was, now = ({(s, i): state for s, i, state in facts["tasks"]} for facts in (one, other))
    found += _differ("tasks", was, now)
    if one["coverage"] != other["coverage"]:
        found.append(Change("coverage", "changed", other["coverage"]))
    return found


def _differ(what: str, was: dict, now: dict) -> list[Change]:
    counts = {
        "added": len(now.keys() - was.keys()),
        "removed": len(was.keys() - now.keys()),
        "changed": sum(was[key] != now[key] for key in was.keys() & now.keys()),
    }
    return [Change(what, how, n) for how, n in counts.items() if n]
