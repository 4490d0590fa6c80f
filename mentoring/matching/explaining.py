"""Why this mentor, why not that one, what would change it, what would help. Values only: pages make words of
them. Whatever is said to change or to help was tried by solving again.
"""

from collections.abc import Iterator
from typing import NamedTuple

from mentoring.matching import fit
from mentoring.matching.changing import (
    Change,
    Told,
    changes,
    least,
    listening,
    mentor_of,
    person_of,
    rules_between,
    silent,
    what_would_change,
    with_places,
)
from mentoring.matching.solving import solve

__all__ = ["Change", "Help", "Standing", "changes", "for_person", "help_for", "what_would_change"]

MOST_HELP = 5  # mentors tried for one who was not placed, best fit first
HARD = tuple(kind for kind in fit.BARRIERS if kind != "full")


class Standing(NamedTuple):
    """How one mentor stands to one person in a result.

    `kind`: "chosen"; "barred" (`barriers` says by what); "full_of" (her places went to `holders`, who may fit
    less: the whole counts); "less_fit" (she had a place; `than` is the fit with the chosen one, equal or
    higher); "pinned" (the person is pinned to another).
    """

    mentor: int
    kind: str
    fit: int
    points: dict[str, int]
    barriers: list[fit.Barrier] = []
    holders: list[dict] = []  # {"enrolment", "fit", "pinned"}, best fit first
    than: int | None = None


class Help(NamedTuple):
    """What would place somebody who was not placed.

    `kind` and `fact`: "no_mentors" {}; "barred" {"by": {rule: mentors it bars}, "mentors": how many there
    are}; "language" {"language"}: no mentor speaks it; "places" {"mentor", "places"}: so many more with her;
    "rule" {"mentor", "rules"}: lifted for this pair.
    """

    kind: str
    fact: dict


def for_person(facts: dict, weights: dict, result: dict, enrolment: int) -> list[Standing]:
    """One Standing a mentor: the chosen one, then by fit, then by key."""
    person = person_of(facts, enrolment)
    mine = next((pair for pair in result["pairs"] if pair["enrolment"] == enrolment), None)
    holders: dict[int, list[dict]] = {}
    for pair in sorted(result["pairs"], key=lambda each: (-each["fit"], each["enrolment"])):
        holders.setdefault(pair["mentor"], []).append({k: pair[k] for k in ("enrolment", "fit", "pinned")})
    narrow = _narrowed(facts, enrolment)
    found = [
        _standing(person, m, weights, narrow, mine, holders.get(m["mentor"], [])) for m in facts["mentors"]
    ]
    return sorted(found, key=lambda each: (each.kind != "chosen", -each.fit, each.mentor))


def _standing(person, mentor, weights, facts, mine, holders) -> Standing:
    counted = fit.points(person, mentor, weights)
    stands = Standing(mentor["mentor"], "less_fit", sum(counted.values()), counted)
    if mine and mine["mentor"] == mentor["mentor"]:
        return stands._replace(kind="chosen")
    if barriers := fit.barriers(person, mentor, facts):
        return stands._replace(kind="barred", barriers=barriers)
    if mine and mine["pinned"]:
        return stands._replace(kind="pinned", than=mine["fit"])
    if len(holders) >= fit.places(mentor):
        return stands._replace(kind="full_of", holders=holders, than=mine["fit"] if mine else None)
    return stands._replace(than=mine["fit"] if mine else None)


def help_for(facts: dict, weights: dict, result: dict, enrolment: int, told: Told = silent) -> list[Help]:
    """What would place a person who was not: see Help. Empty for who was placed. `told` is called again and
    again while it is tried, and may raise."""
    if enrolment not in result["unplaced"]:
        return []
    if not facts["mentors"]:
        return [Help("no_mentors", {})]
    person, pins = person_of(facts, enrolment), _pins(result)
    narrow = _narrowed(facts, enrolment)
    rules = {mentor["mentor"]: rules_between(person, mentor, narrow) for mentor in facts["mentors"]}
    by_fit = sorted(
        facts["mentors"],
        key=lambda each: (-sum(fit.points(person, each, weights).values()), each["mentor"]),
    )
    free = [mentor["mentor"] for mentor in by_fit if not rules[mentor["mentor"]]]
    if free:
        return list(_more_places(facts, weights, pins, enrolment, free[:MOST_HELP], told))
    counts = {kind: sum(kind in each for each in rules.values()) for kind in HARD}
    found = [Help("barred", {"by": {k: n for k, n in counts.items() if n}, "mentors": len(rules)})]
    if counts["language"] == len(rules):
        found.append(Help("language", {"language": person["language"]}))
    barred = [each["mentor"] for each in by_fit if "guided" not in rules[each["mentor"]]]
    return found + list(_lifting(facts, weights, pins, enrolment, barred[:MOST_HELP], rules, told))


def _more_places(facts, weights, pins, enrolment, mentors, told) -> Iterator[Help]:
    for mentor in mentors:
        guide = mentor_of(facts, mentor)

        def helps(more: int, guide=guide) -> bool:
            tried = solve(with_places(facts, guide, more), weights, pins, listening(told))
            return enrolment not in tried["unplaced"]

        if more := least(helps, len(facts["people"])):
            yield Help("places", {"mentor": mentor, "places": more})


def _lifting(facts, weights, pins, enrolment, mentors, rules, told) -> Iterator[Help]:
    for mentor in mentors:
        tried = solve(facts, weights, pins, listening(told), lifted=[(enrolment, mentor)])
        if enrolment not in tried["unplaced"]:
            yield Help("rule", {"mentor": mentor, "rules": rules[mentor]})


def _narrowed(facts: dict, enrolment: int) -> dict:
    """Only what concerns this person, so that it is not searched for each mentor anew."""
    narrow = {name: [row for row in facts[name] if row[0] == enrolment] for name in ("conflicts", "guided")}
    return {**narrow, "tried": facts.get("tried", {})}


def _pins(result: dict) -> list[tuple[int, int]]:
    return [(pair["enrolment"], pair["mentor"]) for pair in result["pairs"] if pair["pinned"]]
