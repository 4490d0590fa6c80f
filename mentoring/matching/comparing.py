"""Two runs side by side: who moved, and which changed weights, facts and pins touch her. Values, no words."""

from typing import NamedTuple

from mentoring.matching import fit


class Difference(NamedTuple):
    """One thing that is not as it was. `what`: weight, pin, tried, person, mentor, conflict, guided;
    `name`: the factor, field or kind; both keys where it is of a pair. None on a side: not there."""

    what: str
    name: str = ""
    enrolment: int | None = None
    mentor: int | None = None
    before: object = None
    after: object = None


class Moved(NamedTuple):
    """Somebody whose mentor is another than before; None: no mentor. `why` is empty where nothing of hers
    changed: places were passed on."""

    enrolment: int
    before: int | None
    after: int | None
    why: list[Difference]


class Comparison(NamedTuple):
    weights: list[Difference]
    facts: list[Difference]
    pins: list[Difference]
    moved: list[Moved]
    same: int  # how many of those in both runs have the same mentor in both, or none in both

    @property
    def is_equal(self) -> bool:
        return not (self.weights or self.facts or self.pins or self.moved)


def compare(one, other) -> Comparison:
    """From a run to another one (with `facts`, `weights`, `pinned`, `result`), both computed."""
    weights = weight_differences(one.weights, other.weights)
    facts = differences(one.facts, other.facts)
    pins = _pairs("pin", "", {tuple(p) for p in one.pinned}, {tuple(p) for p in other.pinned})
    before, after = mentors_of(one), mentors_of(other)
    moved, same = [], 0
    for enrolment in sorted(before.keys() | after.keys()):
        was, now = before.get(enrolment), after.get(enrolment)
        if was == now:
            same += 1
            continue
        why = [d for d in [*facts, *pins] if _touches(d, enrolment, was, now)]
        why += _telling(weights, other.facts, enrolment, was, now)
        moved.append(Moved(enrolment, was, now, why))
    return Comparison(weights, facts, pins, moved, same)


def mentors_of(run) -> dict[int, int | None]:
    """By person of the run: her mentor in it, or None."""
    hers = {row["enrolment"]: None for row in run.facts["people"]}
    return hers | {pair["enrolment"]: pair["mentor"] for pair in run.result["pairs"]}


def weight_differences(one: dict, other: dict) -> list[Difference]:
    names = [*fit.FACTORS, *sorted((one.keys() | other.keys()) - set(fit.FACTORS))]
    return [
        Difference("weight", name, before=one.get(name, 0), after=other.get(name, 0))
        for name in names
        if one.get(name, 0) != other.get(name, 0)
    ]


def differences(one: dict, other: dict) -> list[Difference]:
    """What is not the same in two sets of facts: people, mentors, what stands between them, what is tried."""
    found = _rows("person", "enrolment", one["people"], other["people"])
    found += _rows("mentor", "mentor", one["mentors"], other["mentors"])
    kinds = sorted({row[2] for facts in (one, other) for row in facts["conflicts"]})
    for kind in kinds:
        was, now = ({(e, m) for e, m, k, _s in f["conflicts"] if k == kind} for f in (one, other))
        found += _pairs("conflict", kind, was, now)
    found += _pairs("guided", "", {tuple(g) for g in one["guided"]}, {tuple(g) for g in other["guided"]})
    return found + _tried(one.get("tried", {}), other.get("tried", {}))


def _tried(one: dict, other: dict) -> list[Difference]:
    lifted = [{tuple(row) for row in tried.get("lifted", ())} for tried in (one, other)]
    return [
        Difference("tried", kind, e, m, (e, m, kind) in lifted[0], (e, m, kind) in lifted[1])
        for e, m, kind in sorted(lifted[0] ^ lifted[1])
    ]


def _rows(what: str, key: str, before: list[dict], after: list[dict]) -> list[Difference]:
    was, now = ({row[key]: row for row in rows} for rows in (before, after))
    found = []
    for pk in sorted(was.keys() | now.keys()):
        if pk not in was or pk not in now:
            found.append(Difference(what, "", **{key: pk}, before=pk in was, after=pk in now))
            continue
        for name, value in now[pk].items():
            if name != key and was[pk].get(name) != value:
                found.append(Difference(what, name, **{key: pk}, before=was[pk].get(name), after=value))
    return found


def _pairs(what: str, name: str, before: set, after: set) -> list[Difference]:
    return [
        Difference(what, name, e, m, (e, m) in before, (e, m) in after) for e, m in sorted(before ^ after)
    ]


def _touches(one: Difference, enrolment: int, *mentors: int | None) -> bool:
    """Is it hers, or of one of her two mentors and of nobody else?"""
    if one.enrolment is not None:
        return one.enrolment == enrolment
    return one.mentor is not None and one.mentor in mentors


def _telling(
    weights: list[Difference], facts: dict, enrolment: int, *mentors: int | None
) -> list[Difference]:
    """The changed weights of factors in which her two mentors differ for her."""
    person = next((row for row in facts["people"] if row["enrolment"] == enrolment), None)
    guides = [row for row in facts["mentors"] if row["mentor"] in mentors]
    if person is None:
        return []
    even = dict.fromkeys(fit.FACTORS, 100)
    points = [fit.points(person, guide, even) for guide in guides]
    return [d for d in weights if len({found.get(d.name, 0) for found in points}) > 1 or len(points) == 1]
