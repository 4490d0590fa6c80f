"""Whom to ask next, when a mentor said no or nothing. Values in, values out."""

from collections.abc import Iterable, Mapping
from typing import NamedTuple

from mentoring.matching import fit


class NextBest(NamedTuple):
    """The mentor (her key) who fits this entrepreneur best of those who were not asked yet."""

    mentor: int
    fit: int


def next_best(facts: Mapping, passed: Mapping[int, Iterable[int]]) -> dict[int, NextBest]:
    """By key of the enrolment, for those of `passed` who look for a mentor and for whom somebody is left.

    `facts` as frozen for a matching run; `passed`: which mentors were asked about her in vain. Equal fit: who
    has the most places left, then the lower key.
    """
    found = {}
    for person in facts["people"]:
        key = person["enrolment"]
        if key not in passed:
            continue
        asked, hers = set(passed[key]), _about(facts, key)
        rows = [
            (
                sum(fit.points(person, mentor, fit.DEFAULT_WEIGHTS).values()),
                fit.places(mentor),
                mentor["mentor"],
            )
            for mentor in facts["mentors"]
            if mentor["mentor"] not in asked and not fit.barriers(person, mentor, hers)
        ]
        if rows:
            best, _places, mentor = min(rows, key=lambda row: (-row[0], -row[1], row[2]))
            found[key] = NextBest(mentor, best)
    return found


def _about(facts: Mapping, enrolment: int) -> dict:
    """What stands between her and anybody: the rest of a large programme need not be looked through."""
    return {name: [row for row in facts[name] if row[0] == enrolment] for name in ("conflicts", "guided")}
