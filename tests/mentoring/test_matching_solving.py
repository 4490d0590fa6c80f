"""The best set of pairs, held against every other set there is, and what must never change it."""

import json
from random import Random

import pytest
from django.core.exceptions import ValidationError
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from mentoring.matching import fit, flow
from mentoring.matching.solving import solve
from tests.mentoring import frozen as make

WEIGHTS = fit.DEFAULT_WEIGHTS
EMPTY = {"pairs": [], "unplaced": [], "placed": 0, "fit": 0, "worst": None}
often = settings(max_examples=30, deadline=None)


def figures(result: dict) -> tuple[int, int, int]:
    return result["placed"], result["fit"], result["worst"] or 0


def of(result: dict, mentor: int) -> set[int]:
    return {pair["enrolment"] for pair in result["pairs"] if pair["mentor"] == mentor}


def sound(facts: dict, weights: dict, result: dict, pinned=()) -> None:
    """No rule broken, nobody twice, never over capacity, everybody accounted for, figures that add up."""
    known, pairs = make.fits(facts, weights), result["pairs"]
    assert [known.get((p["enrolment"], p["mentor"])) for p in pairs] == [p["fit"] for p in pairs]
    assert [sum(p["points"].values()) for p in pairs] == [p["fit"] for p in pairs]
    matched = [pair["enrolment"] for pair in pairs]
    assert sorted(matched + result["unplaced"]) == sorted(p["enrolment"] for p in facts["people"])
    assert all(len(of(result, m["mentor"])) <= fit.places(m) for m in facts["mentors"])
    assert (result["placed"], result["fit"]) == (len(pairs), sum(p["fit"] for p in pairs))
    assert result["worst"] == min((p["fit"] for p in pairs), default=None)
    assert {(p["enrolment"], p["mentor"]) for p in pairs if p["pinned"]} == set(pinned)


@often
@given(make.facts(), make.weights)
def test_no_set_of_pairs_is_better(facts, weights):
    result = solve(facts, weights)
    sound(facts, weights, result)
    assert figures(result) == make.exhaustive(facts, weights)


@often
@given(make.facts(), make.weights)
def test_no_set_of_pairs_is_better_where_not_every_pair_is_looked_at(facts, weights):
    """The way of large programmes, down to one candidate a person: the proof finds what they leave out."""
    before = flow.ALL, flow.BEST
    flow.ALL, flow.BEST = 0, 1
    try:
        result = solve(facts, weights)
    finally:
        flow.ALL, flow.BEST = before
    sound(facts, weights, result)
    assert figures(result) == make.exhaustive(facts, weights)


@often
@given(make.facts(), make.weights, st.data())
def test_pins_come_out_and_the_rest_is_the_best_around_them(facts, weights, data):
    possible = sorted(make.fits(facts, weights))
    assume(possible)
    pinned = [data.draw(st.sampled_from(possible))]
    result = solve(facts, weights, pinned)
    sound(facts, weights, result, pinned)
    assert figures(result) == make.exhaustive(facts, weights, tuple(pinned))


@pytest.mark.parametrize(("people", "mentors", "capacity"), [(31, 10, 3), (60, 12, 4), (186, 30, 8)])
def test_the_total_is_that_of_an_independent_method(people, mentors, capacity):
    facts = make.large(people, mentors, capacity)
    result = solve(facts, WEIGHTS)
    sound(facts, WEIGHTS, result)
    assert (result["placed"], result["fit"]) == make.optimum(facts, WEIGHTS)


def test_candidates_alone_reach_the_same_as_all_pairs(monkeypatch):
    facts = make.large(900, 90, 10)
    everything = solve(facts, WEIGHTS)
    monkeypatch.setattr(flow, "ALL", 0)
    monkeypatch.setattr(flow, "SAMPLE", 100)
    result = solve(facts, WEIGHTS)
    sound(facts, WEIGHTS, result)
    assert figures(result) == figures(everything)


@often
@given(make.facts(), make.weights, st.randoms(use_true_random=False))
def test_the_order_of_anything_changes_nothing(facts, weights, random):
    assert solve(_shuffled(facts, random), weights) == solve(facts, weights)


@often
@given(make.facts(), make.weights)
def test_other_keys_change_nothing_that_matters(facts, weights):
    """Keys only tell apart what is equally good: whoever joined last has the same chances."""
    people = {p["enrolment"]: 900 - 7 * p["enrolment"] for p in facts["people"]}
    mentors = {m["mentor"]: 3000 - m["mentor"] for m in facts["mentors"]}
    assert figures(solve(_renamed(facts, people, mentors), weights)) == figures(solve(facts, weights))


@often
@given(make.facts(least=1), make.weights, st.data())
def test_taking_fewer_people_gives_a_mentor_nobody_new_to_gain_from(facts, weights, data):
    guide = data.draw(st.sampled_from(facts["mentors"]))
    assume(fit.places(guide))
    fewer = guide["load"] + data.draw(st.integers(0, fit.places(guide) - 1))
    less = _with(facts, guide, capacity=fewer)
    before, after = solve(facts, weights), solve(less, weights)
    assert len(of(after, guide["mentor"])) <= len(of(before, guide["mentor"]))
    if make.ways(facts, weights) == make.ways(less, weights) == 1:
        assert of(after, guide["mentor"]) <= of(before, guide["mentor"])


@often
@given(make.facts(least=1), make.weights, st.data())
def test_little_availability_gives_no_advantage(facts, weights, data):
    """Fewer hours never raise the fit of a pair, nor the number of people a mentor gets."""
    guide = data.draw(st.sampled_from(facts["mentors"]))
    less = _with(facts, guide, windows=guide["windows"][:-1])
    before, after = solve(facts, weights), solve(less, weights)
    wide, thin = make.fits(facts, weights), make.fits(less, weights)
    assert wide.keys() == thin.keys()
    assert all(thin[pair] <= wide[pair] for pair in wide)
    assert after["fit"] <= before["fit"] and after["placed"] == before["placed"]
    assert len(of(after, guide["mentor"])) <= len(of(before, guide["mentor"]))


def test_many_are_placed_before_few_fit_well():
    """1 fits both, 2 only the one who suits 1 better: both are placed, though the total is lower."""
    people = [make.person(1, sector="C", language="sr"), make.person(2, language="en")]
    mentors = [make.mentor(5, sectors=["C"], languages=["sr", "en"]), make.mentor(6, languages=["sr"])]
    result = solve(make.frozen(people, mentors), {**WEIGHTS, "sector": 100})
    assert [(p["enrolment"], p["mentor"]) for p in result["pairs"]] == [(1, 6), (2, 5)]


def test_of_equal_totals_the_one_that_serves_the_worst_served_better():
    """Wishes 40 + 0 or 20 + 20: the same total."""
    people = [make.person(1, sector="C", functions=["export"]), make.person(2, functions=["export"])]
    mentors = [make.mentor(5, sectors=["C"], functions=["export"]), make.mentor(6, sectors=["C"])]
    result = solve(make.frozen(people, mentors), {**WEIGHTS, "sector": 20, "functions": 20})
    assert [(p["enrolment"], p["mentor"], p["fit"]) for p in result["pairs"]] == [(1, 6, 20), (2, 5, 20)]


def test_a_mentor_who_did_not_say_how_many_gets_one():
    people = [make.person(1), make.person(2)]
    result = solve(make.frozen(people, [make.mentor(5, capacity=None, load=4)]), WEIGHTS)
    assert (result["placed"], len(result["unplaced"])) == (1, 1)


@pytest.mark.parametrize(
    "facts",
    [
        make.frozen(),
        make.frozen([], [make.mentor(5)]),
        make.frozen([make.person(1)]),
        make.frozen([make.person(1)], [make.mentor(5, capacity=0)]),
        make.frozen([make.person(1)], [make.mentor(5)], conflicts=[[1, 5, "enterprise", None]]),
        make.frozen([make.person(1)], [make.mentor(5)], [[9, 99, "enterprise", None]], [[1, 5]]),
    ],
    ids=["nothing", "no people", "no mentors", "capacity 0", "in conflict", "strangers in the records"],
)  # fmt: skip
def test_where_nobody_can_be_placed_that_is_the_result(facts):
    assert solve(facts, WEIGHTS) == {**EMPTY, "unplaced": [p["enrolment"] for p in facts["people"]]}


def test_no_weight_at_all_still_places():
    facts = make.large(31, 10, 5)
    assert solve(facts, make_zero())["placed"] == solve(facts, WEIGHTS)["placed"]


def make_zero() -> dict[str, int]:
    return dict.fromkeys(fit.FACTORS, 0)


@pytest.mark.parametrize(
    ("pinned", "words"),
    [
        ([(1, 9)], "does not take part"),
        ([(9, 5)], "does not take part"),
        ([(1, 5)], "a conflict of interest"),
        ([(1, 6)], "no language in common"),
        ([(1, 7)], "no free place"),
        ([(1, 8), (2, 8)], "More people are pinned to mentor 8"),
        ([(2, 6), (2, 8)], "pinned to two mentors"),
    ],
)
def test_a_pin_that_breaks_a_rule_is_refused(pinned, words):
    facts = make.frozen(
        [make.person(1, language="sr"), make.person(2)],
        [make.mentor(5), make.mentor(6, languages=["en"]), make.mentor(7, capacity=0), make.mentor(8)],
        conflicts=[[1, 5, "enterprise", None]],
    )
    with pytest.raises(ValidationError, match=words):
        solve(facts, WEIGHTS, pinned)


def test_a_lifted_pair_may_come_out():
    facts = make.frozen([make.person(1, sector="C")], [make.mentor(5, sectors=["C"])], [[1, 5, "x", None]])
    assert solve(facts, WEIGHTS)["unplaced"] == [1]
    assert solve(facts, WEIGHTS, lifted=[(1, 5)])["fit"] == WEIGHTS["sector"]


def test_progress_is_told_and_may_stop_it():
    told = []
    solve(make.large(31, 10, 5), WEIGHTS, progress=lambda *far: told.append(far))
    assert told[0] == (1, 4) and told[-1] == (4, 4)
    assert told == sorted(told)

    def stop(done: int, of: int) -> None:
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        solve(make.large(31, 10, 5), WEIGHTS, progress=stop)


def test_the_result_is_plain_json_and_repeats():
    facts = make.large(186, 30, 8)
    once = json.dumps(solve(facts, WEIGHTS))
    assert json.dumps(solve(json.loads(json.dumps(facts)), WEIGHTS)) == once
    assert json.loads(once) == solve(facts, WEIGHTS)


def _with(facts: dict, guide: dict, **changed) -> dict:
    mentors = [{**each, **changed} if each is guide else each for each in facts["mentors"]]
    return {**facts, "mentors": mentors}


def _shuffled(facts: dict, random: Random) -> dict:
    def mixed(rows: list) -> list:
        return random.sample(rows, len(rows))

    rows = {
        side: mixed(
            [{k: mixed(v) if isinstance(v, list) else v for k, v in row.items()} for row in facts[side]]
        )
        for side in ("people", "mentors")
    }
    return {**facts, **rows, "conflicts": mixed(facts["conflicts"]), "guided": mixed(facts["guided"])}


def _renamed(facts: dict, people: dict, mentors: dict) -> dict:
    def sides(row: dict, key: str, own: dict, other: dict) -> dict:
        named = {name: [other[each] for each in row[name]] for name in ("wishes", "noes")}
        return {**row, key: own[row[key]], **named}

    return {
        **facts,
        "people": [sides(row, "enrolment", people, mentors) for row in facts["people"]],
        "mentors": [sides(row, "mentor", mentors, people) for row in facts["mentors"]],
        "conflicts": [[people[e], mentors[m], *fact] for e, m, *fact in facts["conflicts"]],
        "guided": [[people[e], mentors[m]] for e, m in facts["guided"]],
    }
