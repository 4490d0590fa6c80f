"""What is said of a result is true of it, and what would change it does."""

import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from mentoring.matching import explaining, fit
from mentoring.matching.grid import Grid
from mentoring.matching.solving import columns, solve
from tests.mentoring import frozen as make

WEIGHTS = fit.DEFAULT_WEIGHTS
often = settings(max_examples=15, deadline=None)


def who(result: dict, enrolment: int) -> int | None:
    return next((p["mentor"] for p in result["pairs"] if p["enrolment"] == enrolment), None)


@often
@given(make.facts(least=1), make.weights)
def test_every_mentor_has_one_standing_and_it_holds(facts, weights):
    result = solve(facts, weights)
    known = make.fits(facts, weights)
    for person in facts["people"]:
        key = person["enrolment"]
        found = explaining.for_person(facts, weights, result, key)
        assert sorted(each.mentor for each in found) == [m["mentor"] for m in facts["mentors"]]
        assert [each.mentor for each in found if each.kind == "chosen"] == [
            mentor for mentor in [who(result, key)] if mentor
        ]
        for each in found:
            free = (key, each.mentor) in known
            assert (each.kind == "barred") == (not free) == bool(each.barriers)
            assert each.fit == sum(each.points.values())
            if each.kind == "less_fit":
                assert each.than is not None and each.fit <= each.than
            if each.kind == "full_of":
                mentor = next(m for m in facts["mentors"] if m["mentor"] == each.mentor)
                assert len(each.holders) == fit.places(mentor)
                assert {who(result, one["enrolment"]) for one in each.holders} == {each.mentor}


def test_a_pinned_person_is_told_that_she_is_pinned():
    facts = make.frozen([make.person(1, sector="C")], [make.mentor(5), make.mentor(6, sectors=["C"])])
    result = solve(facts, WEIGHTS, [(1, 5)])
    found = explaining.for_person(facts, WEIGHTS, result, 1)
    assert [(each.mentor, each.kind) for each in found] == [(5, "chosen"), (6, "pinned")]


@often
@given(make.facts(least=1), make.weights, st.data())
def test_what_would_change_does(facts, weights, data):
    """Each change is made by hand and solved anew."""
    key, mentor = data.draw(
        st.sampled_from([(p["enrolment"], m["mentor"]) for p in facts["people"] for m in facts["mentors"]])
    )
    base = solve(facts, weights)
    found = explaining.changes(facts, weights, [], key, mentor)
    assert not (found and who(base, key) == mentor)
    for change in found:
        result = _made(facts, weights, (key, mentor), change)
        assert result == change.result and who(result, key) == mentor
        others = [p["enrolment"] for p in facts["people"] if p["enrolment"] != key]
        assert change.moved == sum(who(result, one) != who(base, one) for one in others)
    best = explaining.what_would_change(facts, weights, [], key, mentor)
    assert (best.moved if best else None) == min((each.moved for each in found), default=None)


@settings(max_examples=15, deadline=None)
@given(make.facts(people=4, least=2), make.weights, st.data())
def test_the_change_is_the_smallest_of_its_kind(facts, weights, data):
    possible = sorted(make.fits(facts, weights))
    assume(possible)
    key, mentor = data.draw(st.sampled_from(possible))
    found = {each.kind: each for each in explaining.changes(facts, weights, [], key, mentor)}
    if who(solve(facts, weights), key) == mentor:
        assert found == {}
        return
    grid = Grid(facts)
    works = [
        abs(value - weights[factor])
        for factor in fit.FACTORS
        for value in range(101)
        if columns(grid, {**weights, factor: value}, [])[grid.row[key]] == grid.column[mentor]
    ]
    weight = found.get("weight")
    assert (abs(weight.after - weight.before) if weight else None) == min(works, default=None)
    if capacity := found.get("capacity"):
        guide = next(m for m in facts["mentors"] if m["mentor"] == mentor)
        less = _with(facts, guide, capacity.after - 1)
        assert who(solve(less, weights), key) != mentor


def test_one_more_place_is_the_change_where_another_took_it():
    people = [make.person(1, sector="C"), make.person(2, sector="C", functions=["export"])]
    facts = make.frozen(people, [make.mentor(5, sectors=["C"], functions=["export"]), make.mentor(6)])
    change = explaining.what_would_change(facts, WEIGHTS, [], 1, 5)
    assert (change.kind, change.before, change.after, change.moved) == ("capacity", 1, 2, 0)


def test_a_rule_or_a_pin_in_the_way_is_named():
    facts = make.frozen(
        [make.person(1, sector="C")], [make.mentor(5, sectors=["C"]), make.mentor(6)], [[1, 5, "x", None]]
    )
    change = explaining.what_would_change(facts, WEIGHTS, [], 1, 5)
    assert (change.kind, change.rules, who(change.result, 1)) == ("rule", ["conflict"], 5)
    free = {**facts, "conflicts": []}
    change = explaining.what_would_change(free, WEIGHTS, [(1, 6)], 1, 5)
    assert (change.kind, change.before, who(change.result, 1)) == ("pin", 6, 5)


def test_no_single_change_is_none():
    """She fits the other in everything that this one offers, and more."""
    person = make.person(1, sector="C")
    facts = make.frozen([person], [make.mentor(5), make.mentor(6, sectors=["C"], capacity=0)])
    barred = {**facts, "conflicts": [[1, 6, "x", None]]}
    assert (
        explaining.what_would_change(barred, WEIGHTS, [], 1, 6) is None
    )  # the rule lifted, she is full still


@pytest.mark.parametrize(
    ("mentors", "conflicts", "expected"),
    [
        ([], [], [("no_mentors", {})]),
        ([make.mentor(5, languages=["en"], capacity=2), make.mentor(6, languages=["en"])], [], [
            ("barred", {"by": {"language": 2}, "mentors": 2}), ("language", {"language": "sr"}),
            ("rule", {"mentor": 5, "rules": ["language"]}), ("rule", {"mentor": 6, "rules": ["language"]}),
        ]),
        ([make.mentor(5), make.mentor(6, capacity=0)], [[1, 5, "x", None]], [
            ("places", {"mentor": 6, "places": 1}),
        ]),
        ([make.mentor(5, capacity=0)], [[1, 5, "x", None]], [
            ("barred", {"by": {"conflict": 1}, "mentors": 1}),
        ]),
    ],
)  # fmt: skip
def test_what_helps_who_was_not_placed(mentors, conflicts, expected):
    facts = make.frozen([make.person(1, language="sr")], mentors, conflicts)
    result = solve(facts, WEIGHTS)
    assert explaining.help_for(facts, WEIGHTS, result, 1) == expected


def test_as_many_places_as_it_takes_for_her():
    """Two others who fit better stand before her."""
    people = [make.person(1), *(make.person(i, sector="C") for i in (2, 3, 4))]
    facts = make.frozen(people, [make.mentor(5, sectors=["C"], load=2, capacity=3)])
    result = solve(facts, WEIGHTS)
    assert explaining.help_for(facts, WEIGHTS, result, 1) == [("places", {"mentor": 5, "places": 3})]
    placed = result["pairs"][0]["enrolment"]
    assert explaining.help_for(facts, WEIGHTS, result, placed) == []


@often
@given(make.facts(least=1), make.weights)
def test_help_helps(facts, weights):
    result = solve(facts, weights)
    for key in result["unplaced"]:
        for kind, fact in explaining.help_for(facts, weights, result, key):
            if kind == "places":
                guide = next(m for m in facts["mentors"] if m["mentor"] == fact["mentor"])
                more = _with(facts, guide, guide["load"] + fit.places(guide) + fact["places"])
                assert key not in solve(more, weights)["unplaced"]
            if kind == "rule":
                assert key not in solve(facts, weights, lifted=[(key, fact["mentor"])])["unplaced"]


def _made(facts: dict, weights: dict, pair: tuple[int, int], change: explaining.Change) -> dict:
    guide = next(m for m in facts["mentors"] if m["mentor"] == pair[1])
    if change.kind == "weight":
        return solve(facts, {**weights, change.factor: change.after})
    if change.kind == "capacity":
        return solve(_with(facts, guide, change.after), weights)
    return solve(facts, weights, lifted=[pair])


def _with(facts: dict, guide: dict, capacity: int) -> dict:
    mentors = [{**m, "capacity": capacity} if m is guide else m for m in facts["mentors"]]
    return {**facts, "mentors": mentors}
