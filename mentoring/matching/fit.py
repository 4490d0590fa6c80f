"""How well a mentor fits an entrepreneur, fact by fact, and what stands between them. Values in, values out.

Shapes are those of frozen facts (`facts.gather`). What is not known on a side earns nothing and forbids
nothing. Availability counts as yes or no: whoever offers one hour earns as much as who offers twenty, never
more. `grid` says the same for whole blocks of pairs at once; a test holds the two together.
"""

from functools import lru_cache
from typing import NamedTuple

from lib.folding import fold

FACTORS = ("sector", "functions", "language", "place", "windows", "wish", "mentor_wish")
DEFAULT_WEIGHTS = {
    "sector": 25,
    "functions": 40,
    "language": 10,
    "place": 15,
    "windows": 10,
    "wish": 20,
    "mentor_wish": 10,
}
BARRIERS = ("conflict", "no", "guided", "language", "place", "full")
folded = lru_cache(4096)(fold)  # places are few, and asked for again and again
PLACES_UNSAID = 1  # nobody asked her how many: one more person a run, until she says


class Barrier(NamedTuple):
    """A hard rule that forbids a pair, with the fact (a JSON-able dict) that it follows from."""

    kind: str
    fact: dict


def points(person: dict, mentor: dict, weights: dict[str, int]) -> dict[str, int]:
    """What each factor adds to the fit of a pair; every factor is there, 0 where it adds nothing."""
    wanted = set(person["functions"])
    hits = len(wanted & set(mentor["functions"]))
    holds = {
        "sector": bool(person["sector"]) and person["sector"] in mentor["sectors"],
        "language": bool(person["language"]) and person["language"] in mentor["languages"],
        "place": meets(person, mentor) is True,
        "windows": overlap(person["windows"], mentor["windows"]),
        "wish": mentor["mentor"] in person["wishes"],
        "mentor_wish": person["enrolment"] in mentor["wishes"],
    }
    found = {factor: weights[factor] if held else 0 for factor, held in holds.items()}
    found["functions"] = weights["functions"] * hits // len(wanted) if wanted else 0
    return {factor: found[factor] for factor in FACTORS}


def barriers(person: dict, mentor: dict, facts: dict) -> list[Barrier]:
    """Every hard rule that forbids this pair, in the order of BARRIERS."""
    pair = [person["enrolment"], mentor["mentor"]]
    found = [
        Barrier("conflict", {"kind": kind, "since": since})
        for *between, kind, since in facts["conflicts"]
        if between == pair
    ]
    if mentor["mentor"] in person["noes"]:
        found.append(Barrier("no", {"side": "entrepreneur"}))
    if person["enrolment"] in mentor["noes"]:
        found.append(Barrier("no", {"side": "mentor"}))
    if pair in [list(each) for each in facts["guided"]]:
        found.append(Barrier("guided", {}))
    if person["language"] and mentor["languages"] and person["language"] not in mentor["languages"]:
        found.append(Barrier("language", {"wants": person["language"], "speaks": mentor["languages"]}))
    if meets(person, mentor) is False:
        found.append(Barrier("place", {"wants": person["place"], "why": _hinders(person, mentor)}))
    if places(mentor) == 0:
        found.append(Barrier("full", {"capacity": mentor["capacity"], "load": mentor["load"]}))
    lifted = facts.get("tried", {}).get("lifted", ())  # what a run tries without: `facts.trying`
    return [one for one in found if [*pair, one.kind] not in lifted] if lifted else found


def lifted_pairs(facts: dict) -> list[tuple[int, int]]:
    """(enrolment, mentor) between whom a run tries to do without a rule, and no other rule is left."""
    tried = sorted({(e, m) for e, m, _kind in facts.get("tried", {}).get("lifted", ())})
    if not tried:
        return []
    people = {row["enrolment"]: row for row in facts["people"]}
    mentors = {row["mentor"]: row for row in facts["mentors"]}
    return [
        (e, m) for e, m in tried if {one.kind for one in barriers(people[e], mentors[m], facts)} <= {"full"}
    ]


def places(mentor: dict) -> int:
    """How many more people she can take."""
    if mentor["capacity"] is None:
        return PLACES_UNSAID
    return max(mentor["capacity"] - mentor["load"], 0)


def meets(person: dict, mentor: dict) -> bool | None:
    """Can they meet where the person would like to? None: not known."""
    comes, online = comes_to(person, mentor), mentor["online"]
    if person["place"] == "premises":
        return comes
    if person["place"] == "online":
        return online
    if comes or online:
        return True
    return False if comes is False and online is False else None


def comes_to(person: dict, mentor: dict) -> bool | None:
    """Does the mentor come to the person's premises? None: not known."""
    if mentor["on_premises"] is False:
        return False
    reached = mentor["reach"] == "country" or same(person["municipality"], mentor["municipality"])
    if not reached and mentor["reach"] == "region":
        reached = same(person["region"], mentor["region"])
    if not mentor["reach"]:
        reached = reached or None  # how far she comes is not known: her own town at least
    return mentor["on_premises"] if reached else reached


def overlap(one: list[dict], other: list[dict]) -> bool:
    """Is there a moment of the week at which both have time? Windows are half-open."""
    return any(
        a["weekday"] == b["weekday"] and a["start"] < b["end"] and b["start"] < a["end"]
        for a in one
        for b in other
    )


def same(one: str, other: str) -> bool | None:
    return folded(one) == folded(other) if one and other else None


def _hinders(person: dict, mentor: dict) -> str:
    """What keeps them from meeting: "online" is hers to offer, the rest is about coming."""
    if person["place"] == "online":
        return "online"
    return "on_premises" if mentor["on_premises"] is False else mentor["reach"]
