"""Which fact stands in the way of what: the one table.

A fact stands between two persons, whichever of them is asked about. What bars judging bars deciding as well;
a mentor may be of the same trade, and may have trained her: that is what one looks for in a mentor.
"""

from datetime import date, timedelta
from typing import NamedTuple

PURPOSES = JUDGE, MENTOR, DECIDE = "judge", "mentor", "decide"
ALL, NOT_MENTOR = frozenset(PURPOSES), frozenset((JUDGE, DECIDE))

BARS: dict[str, frozenset[str]] = {
    "self": ALL,
    "enterprise": ALL,  # both own, founded or run it
    "organisation": ALL,  # both work for it
    "cluster": ALL,  # one works for the cluster, or the union above it, of the other's enterprise
    "proposed": ALL,  # one works for the partner that proposed the other's enterprise
    "declared": ALL,  # one of them said so, and has not withdrawn it
    "related": ALL,  # a coordinator confirmed the hint
    "members": NOT_MENTOR,  # the enterprises of both are in one cluster
    "trained": NOT_MENTOR,  # one attended a session that the other led, in the last three years
    "mentors": NOT_MENTOR,  # one guides the other
    "family": ALL,  # a hint: the same family name and municipality
}
TRAINED_FOR = timedelta(days=3 * 365)  # after the last session it counts no more


class Conflict(NamedTuple):
    """One fact that stands between two persons. `since` is None where nobody wrote down when."""

    kind: str  # a key of BARS
    words: str
    since: date | None
    is_hint: bool = False  # shown, waits for a coordinator's answer, never stands in the way

    @property
    def bars(self) -> list[str]:
        """What it stands in the way of; a hint of nothing."""
        return [] if self.is_hint else [purpose for purpose in PURPOSES if purpose in BARS[self.kind]]


def later(*days: date | None) -> date | None:
    """Since when all of it holds, as far as somebody wrote it down."""
    return max((day for day in days if day), default=None)
