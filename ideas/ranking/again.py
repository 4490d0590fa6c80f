"""Whether a decision still follows from what it was decided from."""

from typing import NamedTuple

from ideas.models import Selection
from ideas.ranking.cutting import Choice, cut
from ideas.ranking.facts import gather
from ideas.ranking.order import rank

NEAR = 1e-5  # another machine may add up in another order


class Checked(NamedTuple):
    """Each is True where it holds."""

    is_sealed: bool  # what is kept has the fingerprint that it was given
    is_computed: bool  # the ranking follows from the data
    is_decided: bool  # the verdicts follow from the ranking, the cut-offs and what was decided by hand
    is_current: bool  # the records still say what they said then

    @property
    def holds(self) -> bool:
        """What was frozen is whole. The records may have changed since."""
        return self.is_sealed and self.is_computed and self.is_decided


def check(selection: Selection, sealed: str) -> Checked:
    """`sealed`: the fingerprint of what is kept (`services.deciding.sealed`)."""
    kept = selection.ranking
    found, choice = kept["found"], Choice(**kept["line"])
    again = rank(kept["data"], found["method"], seed=selection.round_id, weighted=found["weighted"])
    return Checked(
        is_sealed=sealed == selection.fingerprint,
        is_computed=alike(found["ideas"], again["ideas"]),
        is_decided=_follows(selection, cut(found, shortlisted=choice.shortlisted, waiting=choice.waiting)),
        is_current=gather(selection.round) == kept["data"],
    )


def alike(one: list[dict], other: list[dict]) -> bool:
    """The same ideas in the same order with the same places and scores."""
    return [(row["idea"], row["place"]) for row in one] == [
        (row["idea"], row["place"]) for row in other
    ] and all(
        (left["score"] is None) == (right["score"] is None)
        and (left["score"] is None or abs(left["score"] - right["score"]) <= NEAR)
        for left, right in zip(one, other, strict=True)
    )


def _follows(selection: Selection, line) -> bool:
    rows = selection.decisions.values_list("idea", "verdict", "by_hand")
    said = {idea: (verdict, by_hand) for idea, verdict, by_hand in rows}
    by_order = all(
        said.get(idea) in ((verdict, False), None) or said[idea][1] for idea, verdict in line.verdicts.items()
    )
    return by_order and set(line.verdicts) <= set(said)
