"""A kept run and the records of today: what has changed since, and what its publication would do."""

from collections import defaultdict
from datetime import datetime
from typing import NamedTuple

from mentoring.matching import fit
from mentoring.matching.comparing import Difference, differences
from mentoring.matching.facts import Facts, fingerprint, gather, trying
from mentoring.models import MatchingRun, Proposal

ON_THE_PAGE_ONLY = (
    "language",
    "place",
)  # rules that a coordinator may lift; the records know of no exception


class Line(NamedTuple):
    """One proposal, and what forbids it today: nothing, or `barriers` of `fit`, also of kind `gone`, whose
    fact says who is not there any more ({"who": "person" or "mentor"})."""

    proposal: Proposal
    barriers: list[fit.Barrier]
    needs_words: bool  # a conflict on record that the run was to look past: why, has to be said


class Standing(NamedTuple):
    fingerprint: str  # of the facts of now, tried and weighed as the run's
    is_stale: bool
    changed: list[Difference]
    lines: list[Line]

    @property
    def possible(self) -> list[Line]:
        return [line for line in self.lines if not line.barriers or line.needs_words]

    @property
    def left_out(self) -> list[Line]:
        return [line for line in self.lines if line.barriers and not line.needs_words]

    @property
    def needing_words(self) -> list[Line]:
        return [line for line in self.lines if line.needs_words]


def standing(run: MatchingRun, now: datetime) -> Standing:
    """Of a computed run. A constant number of queries."""
    facts, tried = gather(run.programme, now), run.facts["tried"]
    tried_now = trying(facts, tried)
    of_now = fingerprint(tried_now, run.weights, run.pinned)
    is_stale = of_now != run.facts_fingerprint
    changed = differences(run.facts, tried_now) if is_stale else []
    return Standing(of_now, is_stale, changed, _lines(run, facts, tried))


def _lines(run: MatchingRun, facts: Facts, tried: dict) -> list[Line]:
    """The better fit first: where a mentor has fewer places by now, it is the others who are left out."""
    lifted = {(e, m) for e, m, kind in tried["lifted"] if kind == "conflict"}
    facts = trying(facts, {"lifted": [row for row in tried["lifted"] if row[2] in ON_THE_PAGE_ONLY]})
    people = {row["enrolment"]: row for row in facts["people"]}
    mentors = {row["mentor"]: row for row in facts["mentors"]}
    taken, lines = defaultdict(int), []
    rows = run.proposals.select_related("enrolment__person", "mentor__person", "need").order_by("-fit", "pk")
    for row in rows:
        person, mentor = people.get(row.enrolment_id), mentors.get(row.mentor_id)
        found = _barriers(person, mentor, facts, taken[row.mentor_id])
        is_conflict_only = bool(found) and {one.kind for one in found} == {"conflict"}
        needs_words = is_conflict_only and (row.enrolment_id, row.mentor_id) in lifted
        if not found or needs_words:
            taken[row.mentor_id] += 1
        lines.append(Line(row, found, needs_words))
    return lines


def _barriers(person: dict | None, mentor: dict | None, facts: Facts, taken: int) -> list[fit.Barrier]:
    if person is None or mentor is None:
        return [fit.Barrier("gone", {"who": "mentor" if person else "person"})]
    found = fit.barriers(person, mentor, facts)
    if not found and taken >= fit.places(mentor):
        found = [fit.Barrier("full", {"capacity": mentor["capacity"], "load": mentor["load"] + taken})]
    return found
