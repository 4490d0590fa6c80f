"""The engine that shares ideas out: values in and out, no database."""

from collections import Counter
from copy import deepcopy
from random import Random

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from ideas.assigning import sharing, shortage
from ideas.assigning.places import in_own_order
from ideas.assigning.solving import solve
from tests.ideas import rounds_frozen as rounds
from tests.ideas.rounds_frozen import frozen, idea, seat


def given_to(result: dict) -> set[tuple[int, int]]:
    """(seat's number, idea's number) of every pair."""
    return {(s - 500, i - 100) for s, i, _points in result["pairs"]}


def loads(result: dict) -> list[int]:
    return sorted(Counter(s for s, _i, _p in result["pairs"]).values())


@settings(max_examples=150, deadline=None)
@given(rounds.facts())
def test_nothing_is_better_than_what_comes_out(facts):
    result = solve(facts)
    pairs = [(s, i) for s, i, _points in result["pairs"]]
    assert rounds.worth(facts, pairs) == rounds.brute(facts)
    assert result["gap"] == 0


@settings(max_examples=100, deadline=None)
@given(rounds.facts(ideas=8, seats=6))
def test_no_rule_is_ever_broken(facts):
    may, pairs = rounds.possible(facts), [(s, i) for s, i, _points in solve(facts)["pairs"]]
    assert len(pairs) == len(set(pairs))
    assert [(s, i) for s, i in pairs if s not in may[i]] == []
    assert rounds.worth(facts, pairs) is not None  # no cap is broken
    reviews = Counter(i for s, i, state in facts["tasks"] if state in ("waiting", "done"))
    most = {row["idea"]: max(facts["coverage"], reviews[row["idea"]]) for row in facts["ideas"]}
    reviews.update(i for _s, i in pairs)
    assert [i for i in most if reviews[i] > most[i]] == []


@settings(max_examples=50, deadline=None)
@given(rounds.facts(ideas=8, seats=6), st.randoms(use_true_random=False))
def test_the_order_of_the_facts_and_the_keys_of_the_database_change_nothing(facts, random):
    """Keys say who is meant and nothing else: other ones give the same pairs."""
    other = deepcopy(facts)
    for name in ("ideas", "seats", "conflicts", "tasks"):
        random.shuffle(other[name])
    keys = {"seat": random.sample(range(5000, 6000), 6), "idea": random.sample(range(7000, 8000), 8)}

    def key(what: str, old: int) -> int:
        return keys[what][old % 100 - 1]

    for name in ("seat", "idea"):
        for row in other[name + "s"]:
            row[name] = key(name, row[name])
    for name in ("conflicts", "tasks"):
        other[name] = [[key("seat", s), key("idea", i), *rest] for s, i, *rest in other[name]]
    one, same = solve(facts), solve(other)
    assert [[key("seat", s), key("idea", i), p] for s, i, p in one["pairs"]] == same["pairs"]
    assert [(r["got"], r["why"], r["binds"]) for r in one["short"]] == [
        (r["got"], r["why"], r["binds"]) for r in same["short"]
    ]


def test_a_round_of_186_ideas_is_the_optimum_of_a_linear_programme():
    facts = rounds.large(186, 30)
    result = solve(facts)
    pairs = [(s, i) for s, i, _points in result["pairs"]]
    assert rounds.worth(facts, pairs) == rounds.programmed(facts)
    assert (result["placed"], result["gap"], result["short"]) == (558, 0, [])


def test_many_pairs_are_proved_to_be_the_optimum_by_prices(monkeypatch):
    """The way that looks at some pairs only finds what the one that looks at all finds."""
    facts = rounds.large(186, 30)
    whole = solve(facts)
    monkeypatch.setattr(sharing, "ALL", 100)
    monkeypatch.setattr(sharing, "BEST", (12, 30))
    some = solve(facts)
    assert [one["placed"] for one in (whole, some)] == [558, 558]
    assert [whole["fit"], whole["gap"]] == [some["fit"], some["gap"]]
    assert some["gap"] == 0


def test_where_too_few_pairs_are_looked_at_it_says_so(monkeypatch):
    monkeypatch.setattr(sharing, "ALL", 100)
    monkeypatch.setattr(sharing, "BEST", (3,))
    result = solve(rounds.large(186, 30))
    assert result["gap"] > 0


@settings(max_examples=50, deadline=None)
@given(rounds.facts(ideas=8, seats=6))
def test_no_gap_is_told_that_is_none(facts):
    """By the other way too: whatever it says of itself is true."""
    best = solve(facts)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(sharing, "ALL", 0)
        some = solve(facts)
    assert some["placed"] <= best["placed"]
    if some["gap"] == 0:
        pairs = ([(s, i) for s, i, _p in one["pairs"]] for one in (best, some))
        assert len({rounds.worth(facts, each) for each in pairs}) == 1


def test_everybody_gets_about_as_many():
    result = solve(frozen([idea(n) for n in range(1, 11)], [seat(n) for n in range(1, 5)]))
    assert (loads(result), result["placed"], result["short"]) == ([7, 7, 8, 8], 30, [])


def test_load_comes_before_fit_and_fit_before_anything_else():
    """One reviewer knows the sector of all: she gets no more than the other, and of those two what fits."""
    ideas = [idea(1, sector="A"), idea(2, sector="A"), idea(3, sector="C"), idea(4, sector="C")]
    seats = [seat(1, sectors=["A", "C"]), seat(2, sectors=["C"])]
    result = solve(frozen(ideas, seats, coverage=1))
    assert given_to(result) == {(1, 1), (1, 2), (2, 3), (2, 4)}
    assert {tuple(points.items()) for _s, _i, points in result["pairs"]} == {(("sector", 2),)}


def test_a_language_forbids_only_where_both_are_known():
    ideas = [idea(1, language="sr"), idea(2, language="")]
    seats = [seat(1, languages=["en"]), seat(2), seat(3, languages=["sr"])]
    result = solve(frozen(ideas, seats))
    assert given_to(result) == {(2, 1), (3, 1), (1, 2), (2, 2), (3, 2)}
    assert [(r["idea"], r["got"], r["why"], r["binds"]) for r in result["short"]] == [
        (101, 2, {"language": 1}, "reviewers")
    ]


def test_what_lies_on_a_desk_stays_and_counts():
    tasks = [(1, 1, "done"), (1, 2, "waiting"), (2, 1, "conflict"), (3, 2, "withdrawn")]
    facts = frozen([idea(1), idea(2)], [seat(1), seat(2), seat(3), seat(4)], 2, tasks=tasks)
    result = solve(facts)
    assert given_to(result) in ({(3, 1), (2, 2)}, {(3, 1), (4, 2)}, {(4, 1), (2, 2)})


def test_a_review_of_somebody_who_left_counts_for_the_idea():
    """Her seat is not among the facts any more."""
    facts = frozen([idea(1)], [seat(1), seat(2)], 2, tasks=[(9, 1, "done")])
    assert solve(facts)["placed"] == 1


@pytest.mark.parametrize(
    ("facts", "placed", "short"),
    [
        (frozen([idea(1)], []), 0, (0, {}, "reviewers")),
        (frozen([idea(1)], [seat(1, cap=0)], 1), 0, (0, {"full": 1}, "caps")),
        (frozen([idea(1)], [seat(1), seat(2)], 3), 2, (2, {}, "reviewers")),
        (
            frozen([idea(1)], [seat(1), seat(2)], 1, conflicts=[(1, 1), (2, 1)]),
            0,
            (0, {"conflict": 2}, "reviewers"),
        ),
    ],
    ids=["nobody judges", "cap of nought", "more reviews than reviewers", "all in conflict"],
)
def test_what_cannot_be_falls_short_and_says_why(facts, placed, short):
    result = solve(facts)
    assert result["placed"] == placed
    assert [(r["got"], r["why"], r["binds"]) for r in result["short"]] == [short]


def test_nothing_to_judge_is_no_error():
    result = solve(frozen([], [seat(1)]))
    assert (result["pairs"], result["asked"], result["short"]) == ([], 0, [])


def test_what_would_help_is_said_for_each_idea_and_for_all():
    """Two ideas, two reviews each; one may not judge the first, the other takes one only."""
    facts = frozen([idea(1, language="sr"), idea(2)], [seat(1), seat(2, cap=1)], 2, conflicts=[(1, 1)])
    result = solve(facts)
    assert [(r["idea"], r["got"], r["helps"]) for r in result["short"]] in (
        [
            (101, 1, [{"kind": "reviewers", "n": 1, "language": "sr"}, {"kind": "coverage", "n": 1}]),
            (102, 1, [
                {"kind": "cap", "seat": 502}, {"kind": "reviewers", "n": 1, "language": ""},
                {"kind": "coverage", "n": 1},
            ]),
        ],
    )  # fmt: skip
    assert result["helps"] == [{"kind": "coverage", "n": 1}, {"kind": "reviewers", "n": 1}]


def test_a_cap_that_helps_by_handing_on_is_found():
    """Idea 1 fits only the first, who is full of what the second, full too, could take as well."""
    ideas = [idea(1), idea(2)]
    facts = frozen(ideas, [seat(1, cap=1), seat(2, cap=0)], 1, conflicts=[(2, 1)])
    result = solve(facts)
    assert [(r["binds"], r["helps"][0]) for r in result["short"]][0][0] == "caps"
    changed = deepcopy(facts)
    changed["seats"][result["short"][0]["helps"][0]["seat"] - 501]["cap"] += 1
    assert solve(changed)["placed"] == 2


@settings(max_examples=60, deadline=None)
@given(rounds.facts(ideas=5, seats=4))
def test_whatever_is_said_to_help_does(facts):
    result = solve(facts)
    for row in result["short"]:
        for change in row["helps"]:
            changed = deepcopy(facts)
            if change["kind"] == "cap":
                next(s for s in changed["seats"] if s["seat"] == change["seat"])["cap"] += 1
                assert solve(changed)["placed"] == result["placed"] + 1
            elif change["kind"] == "reviewers":
                spoken = [change["language"]] if change["language"] else []
                changed["seats"] += [seat(90 + k, languages=spoken) for k in range(change["n"])]
                assert solve(changed)["placed"] >= result["placed"] + change["n"]
    for change in result["helps"]:
        changed = deepcopy(facts)
        if change["kind"] == "coverage":
            changed["coverage"] = change["n"]
        elif change["kind"] == "caps":
            for row in changed["seats"]:
                row["cap"] = None if row["cap"] is None else row["cap"] + change["by"]
        else:
            changed["seats"] += [seat(90 + k) for k in range(change["n"])]
        assert shortage.lacking(changed) == 0


def test_who_listens_hears_how_far_it_is_and_may_stop_it():
    heard = []
    solve(rounds.large(30, 5), lambda done, of: heard.append((done, of)))
    assert heard == [(1, 8), (2, 8)]

    def stop(done, of):
        raise InterruptedError

    with pytest.raises(InterruptedError):
        solve(rounds.large(30, 5), stop)


def test_each_reviewer_has_an_order_of_her_own_and_always_the_same():
    numbers = list(range(1, 31))
    queues = [in_own_order(numbers, "start-up/1", n) for n in (1, 2)]
    assert [sorted(queue) for queue in queues] == [numbers, numbers]
    assert queues[0] != queues[1]
    shuffled = Random(1).sample(numbers, 30)
    assert in_own_order(shuffled, "start-up/1", 1) == queues[0]
