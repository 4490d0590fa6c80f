"""Points and barriers of one pair, and the same of whole blocks."""

import numpy as np
import pytest
from hypothesis import given, settings

from mentoring.matching import fit
from mentoring.matching.grid import Grid
from tests.mentoring import frozen as make

WEIGHTS = fit.DEFAULT_WEIGHTS
HERE = {"place": "premises"}
FORBIDDEN = -1  # whatever is below 0
NOTHING = dict.fromkeys(fit.FACTORS, 0)
MONDAY = {"weekday": 0, "start": "09:00", "end": "12:00"}


def kinds(person: dict, mentor: dict, **facts) -> list[str]:
    return [
        barrier.kind for barrier in fit.barriers(person, mentor, make.frozen([person], [mentor], **facts))
    ]


def test_every_factor_has_a_default_between_0_and_100():
    assert tuple(WEIGHTS) == fit.FACTORS
    assert all(0 <= weight <= 100 for weight in WEIGHTS.values())


def test_nothing_known_earns_nothing_and_forbids_nothing():
    assert fit.points(make.person(1), make.mentor(5), WEIGHTS) == NOTHING
    assert kinds(make.person(1), make.mentor(5)) == []


def test_each_fact_adds_its_weight():
    person = make.person(
        1, sector="C", functions=["finance", "export"], language="sr", place="premises", municipality="Niš",
        windows=[MONDAY], wishes=[5],
    )  # fmt: skip
    mentor = make.mentor(
        5, sectors=["C", "J"], functions=["export"], languages=["en", "sr"], on_premises=True,
        reach="municipality", municipality="Ниш", windows=[MONDAY], wishes=[1],
    )  # fmt: skip
    assert fit.points(person, mentor, WEIGHTS) == {**WEIGHTS, "functions": WEIGHTS["functions"] // 2}


def test_offering_more_of_what_she_did_not_ask_for_adds_nothing():
    person = make.person(1, functions=["export"], windows=[MONDAY])
    one = make.mentor(5, functions=["export"], windows=[{**MONDAY, "start": "11:00"}])
    many = make.mentor(6, functions=["export", "finance"], windows=[MONDAY, {**MONDAY, "weekday": 3}])
    assert fit.points(person, one, WEIGHTS) == fit.points(person, many, WEIGHTS)


def test_windows_that_touch_do_not_overlap():
    assert not fit.overlap([MONDAY], [{**MONDAY, "start": "12:00", "end": "13:00"}])
    assert fit.overlap([MONDAY], [{**MONDAY, "start": "11:59", "end": "13:00"}])
    assert not fit.overlap([MONDAY], [{**MONDAY, "weekday": 1}])


@pytest.mark.parametrize(
    ("person", "mentor", "expected"),
    [
        ({"language": "sr"}, {"languages": ["en"]}, ["language"]),
        ({"language": "sr"}, {"languages": []}, []),
        ({"place": "premises"}, {"on_premises": False}, ["place"]),
        ({"place": "premises"}, {"on_premises": None}, []),
        ({**HERE, "municipality": "Niš"}, {"reach": "municipality", "municipality": "Užice"}, ["place"]),
        ({**HERE, "municipality": "Niš"}, {"reach": "municipality", "municipality": "Ниш"}, []),
        ({"place": "premises", "region": "Nišava"}, {"reach": "region", "region": "Srem"}, ["place"]),
        ({"place": "online"}, {"online": False}, ["place"]),
        ({"place": "online"}, {"online": None, "on_premises": False}, []),
        ({"place": "either"}, {"online": False, "on_premises": True, "reach": "country"}, []),
        ({"place": "either"}, {"online": False, "on_premises": False}, ["place"]),
        ({"noes": [5]}, {"noes": [1]}, ["no", "no"]),
        ({}, {"capacity": 0}, ["full"]),
        ({}, {"capacity": 2, "load": 3}, ["full"]),
        ({}, {"capacity": None, "load": 3}, []),
    ],
)  # fmt: skip
def test_what_forbids_a_pair(person, mentor, expected):
    assert kinds(make.person(1, **person), make.mentor(5, **mentor)) == expected


def test_records_forbid_only_their_own_pair():
    facts = {"conflicts": [[1, 5, "organisation", "2024-05-01"]], "guided": [[1, 6]]}
    person = make.person(1)
    found = fit.barriers(person, make.mentor(5), make.frozen(**facts))
    assert found == [("conflict", {"kind": "organisation", "since": "2024-05-01"})]
    assert kinds(person, make.mentor(6), **facts) == ["guided"]
    assert kinds(make.person(2), make.mentor(5), **facts) == []


@settings(max_examples=80, deadline=None)
@given(make.facts(people=6, mentors=5, least=1), make.weights)
def test_a_block_says_what_the_pairs_say(facts, weights):
    agree(facts, weights)


def test_a_large_block_says_what_the_pairs_say():
    """Large enough that nothing is kept as a table."""
    facts = make.large(900, 450, 3)
    grid = Grid(facts)
    rows = np.array([3, 899, 17, 400])
    block = grid.under(WEIGHTS).block(rows)
    for at, row in enumerate(rows):
        assert block[at].clip(FORBIDDEN).tolist() == [
            one(grid.people[row], mentor, facts, WEIGHTS) for mentor in grid.mentors
        ]


def agree(facts: dict, weights: dict) -> None:
    grid = Grid(facts)
    block = grid.under(weights).block(np.arange(len(grid.people)))
    expected = [[one(p, m, facts, weights) for m in grid.mentors] for p in grid.people]
    assert block.clip(FORBIDDEN).tolist() == expected


def one(person: dict, mentor: dict, facts: dict, weights: dict) -> int:
    if [barrier for barrier in fit.barriers(person, mentor, facts) if barrier.kind != "full"]:
        return FORBIDDEN
    return sum(fit.points(person, mentor, weights).values())
