"""What the pages of matching show: values of a run, joined with names."""

from collections import Counter
from collections.abc import Iterable
from datetime import date
from typing import NamedTuple

from mentoring.forms.matching import said_of
from mentoring.matching import changes_words, facts, fit
from mentoring.matching.standing import Standing
from mentoring.matching.words import FACTORS, Names, barrier_words, counted, lift_words
from mentoring.models import MatchingRun, Mentor, Proposal
from people.models import Programme


class Factor(NamedTuple):
    label: str
    points: int
    most: int  # what it could have added
    fact: str


class Unplaced(NamedTuple):
    enrolment: int
    name: str
    why: list[str]  # what stood in the way at how many mentors, the most frequent first


def looking(programme: Programme) -> int:
    """How many people look for a mentor now."""
    return len(facts._looking(programme))


def pairs(run: MatchingRun, proposals: Iterable[Proposal]) -> list[tuple[Proposal, list[Factor]]]:
    """Each proposal with the factors that counted, the heaviest first."""
    return [(row, factors(run, row.enrolment_id, row.mentor_id, row.factors)) for row in proposals]


def factors(run: MatchingRun, enrolment: int, mentor: int, points: dict) -> list[Factor]:
    person, guide = _row(run, "people", "enrolment", enrolment), _row(run, "mentors", "mentor", mentor)
    found = [
        Factor(FACTORS[name], points[name], run.weights[name], counted(name, person, guide))
        for name in fit.FACTORS
        if points.get(name)
    ]
    return sorted(found, key=lambda one: -one.points)


def _row(run: MatchingRun, rows: str, key: str, pk: int) -> dict:
    """A row of its facts by its key; they are looked up many times for one page."""
    index = run.__dict__.setdefault("_rows", {})
    if rows not in index:
        index[rows] = {row[key]: row for row in run.facts[rows]}
    return index[rows][pk]


def unplaced(run: MatchingRun, names: Names) -> list[Unplaced]:
    """Who has no mentor in it. Why: the hard rules, and that every mentor who was possible is full."""
    if not run.fingerprint:
        return []
    found = []
    for pk in run.result["unplaced"]:
        person = _row(run, "people", "enrolment", pk)
        found.append(Unplaced(pk, names.person(pk), _stood(run, person)))
    return found


def _stood(run: MatchingRun, person: dict) -> list[str]:
    kinds = Counter()
    for mentor in run.facts["mentors"]:
        stand = fit.barriers(person, mentor, run.facts)
        kinds[stand[0].kind if stand else "taken"] += 1
    found = kinds.most_common() or [("none", 0)]
    return [changes_words.stood(kind, n) for kind, n in found]


def mentors(run: MatchingRun, names: Names) -> list[tuple[str, int, int | None]]:
    """Each mentor: how many people the run gives her, and how many she could take."""
    given = Counter(pair["mentor"] for pair in run.result.get("pairs", ()))
    rows = [(names.mentor(m["mentor"]), given[m["mentor"]], fit.places(m)) for m in run.facts["mentors"]]
    return rows if run.fingerprint else []


def absent(run: MatchingRun, names: Names) -> list[tuple[str, str, date | None]]:
    """Mentors of the programme who could not be asked: name, state in words, until when."""
    states = dict(Mentor.State.choices)
    return [
        (names.mentor(pk), states.get(state, state), date.fromisoformat(until) if until else None)
        for pk, state, until in run.facts["absent"]
    ]


def trials(tried: dict, names: Names) -> list[tuple[str, str]]:
    """What a run tries that is not so: as the form says it, and in words."""
    words = [changes_words.capacity(names, mentor, n) for mentor, n in tried.get("capacities", ())]
    words += [lift_words(kind, names, e, m) for e, m, kind in tried.get("lifted", ())]
    return list(zip(said_of(tried), words, strict=True))


def changed(run: MatchingRun, stand: Standing) -> list[str]:
    """What is not as it was when the run was made; empty while it is fresh."""
    if not stand.is_stale:
        return []
    then = Names.of(run.programme, run.facts, {"mentors": [{"mentor": d.mentor} for d in stand.changed]})
    return [changes_words.difference(one, then) for one in stand.changed]


def left_out(stand: Standing) -> list[tuple[Proposal, str]]:
    """Who would not be proposed, and why."""
    return [(line.proposal, barrier_words(line.barriers[0])) for line in stand.left_out]
