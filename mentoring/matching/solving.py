"""A matching run: who gets which mentor. Frozen facts in, a JSON-able result out; nothing is saved here.

In this order: as many placed as possible, then the highest total fit, then the highest fit of whoever is
served worst. The result follows from facts, weights and pins alone, not from their order or anybody's name.
"""

from collections import Counter
from collections.abc import Callable, Iterable

import numpy as np
from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _

from mentoring.matching import fit
from mentoring.matching.flow import solved
from mentoring.matching.grid import Fits, Grid

STAGES = 4  # what `progress` counts: facts read, start found, proved, written


def solve(
    facts: dict,
    weights: dict[str, int],
    pinned: Iterable[tuple[int, int]] = (),
    progress: Callable[[int, int], None] | None = None,
    *,
    lifted: Iterable[tuple[int, int]] = (),
) -> dict:
    """{"pairs": [{"enrolment", "mentor", "fit", "points", "pinned"}], "unplaced": [enrolment], "placed": n,
    "fit": total, "worst": fit of the worst-served or None}, pairs and unplaced by enrolment.

    `pinned`: pairs (enrolment, mentor) that must come out; ValidationError where a hard rule forbids one.
    `lifted`: pairs that no hard rule but the mentor's capacity forbids. `progress(done, of)` is told now and
    then and may raise.
    """
    told = _Told(progress)
    pins = sorted({(int(enrolment), int(mentor)) for enrolment, mentor in pinned})
    check_pins(facts, pins)
    if not facts["people"]:
        return {"pairs": [], "unplaced": [], "placed": 0, "fit": 0, "worst": None}
    grid = Grid(facts)
    told(1)
    held = columns(grid, weights, pins, lifted, lambda: told(2))
    told(3)
    result = _result(grid, weights, held, set(pins))
    told(4)
    return result


def columns(
    grid: Grid, weights: dict, pins: Iterable, lifted: Iterable = (), told: Callable = lambda: None
) -> np.ndarray:
    """The column of each row's mentor in the grid; one past the last for nobody. Pins are not checked."""
    return placed(grid.under(weights, lifted), pins, told)


def placed(fits: Fits, pins: Iterable = (), told: Callable = lambda: None) -> np.ndarray:
    """As `columns`."""
    grid, held = fits.grid, np.full(*fits.shape)
    places = grid.places.copy()
    for enrolment, mentor in pins:
        held[grid.row[enrolment]] = grid.column[mentor]
        places[grid.column[mentor]] -= 1
    free = (held == grid.shape[1]).nonzero()[0]
    held[free] = solved(fits, places, free, told)
    return held


def check_pins(facts: dict, pinned: Iterable[tuple[int, int]]) -> None:
    """ValidationError in words where a pinned pair cannot be."""
    people = {person["enrolment"]: person for person in facts["people"]}
    mentors = {mentor["mentor"]: mentor for mentor in facts["mentors"]}
    taken: Counter = Counter()
    for enrolment, mentor in pinned:
        pair = {"enrolment": enrolment, "mentor": mentor}
        if enrolment not in people or mentor not in mentors:
            raise ValidationError(
                _("The pinned pair of enrolment %(enrolment)s and mentor %(mentor)s does not take part.")
                % pair
            )
        if broken := fit.barriers(people[enrolment], mentors[mentor], facts):
            raise ValidationError(
                _("Enrolment %(enrolment)s cannot be pinned to mentor %(mentor)s: %(rule)s.")
                % {**pair, "rule": rule_in_words(broken[0].kind)}
            )
        taken[enrolment] += 1
        taken[f"mentor {mentor}"] += 1
        if taken[enrolment] > 1:
            raise ValidationError(_("Enrolment %(enrolment)s is pinned to two mentors.") % pair)
        if taken[f"mentor {mentor}"] > fit.places(mentors[mentor]):
            raise ValidationError(
                _("More people are pinned to mentor %(mentor)s than she has places for.") % pair
            )


def rule_in_words(kind: str) -> str:
    return {
        "conflict": _("a conflict of interest"),
        "no": _("one side said no"),
        "guided": _("she guides her already"),
        "language": _("they have no language in common"),
        "place": _("they cannot meet where she would like to"),
        "full": _("she has no free place"),
    }[kind]


class _Told:
    """Says how far the work is, each stage once, and lets whoever listens stop it at any time."""

    def __init__(self, progress: Callable[[int, int], None] | None):
        self._progress = progress

    def __call__(self, stage: int) -> None:
        if self._progress:
            self._progress(stage, STAGES)


def _result(grid: Grid, weights: dict[str, int], held: np.ndarray, pins: set[tuple[int, int]]) -> dict:
    pairs, unplaced = [], []
    for person, column in zip(grid.people, held.tolist(), strict=True):
        if column == grid.shape[1]:
            unplaced.append(person["enrolment"])
            continue
        mentor = grid.mentors[column]
        counted = fit.points(person, mentor, weights)
        pair = person["enrolment"], mentor["mentor"]
        pairs.append(
            {
                "enrolment": pair[0],
                "mentor": pair[1],
                "fit": sum(counted.values()),
                "points": counted,
                "pinned": pair in pins,
            }
        )
    fits = [pair["fit"] for pair in pairs]
    return {
        "pairs": pairs,
        "unplaced": unplaced,
        "placed": len(pairs),
        "fit": sum(fits),
        "worst": min(fits, default=None),
    }
