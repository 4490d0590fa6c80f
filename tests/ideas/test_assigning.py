import random
from itertools import combinations

import pytest

from ideas.assigning import Short, assign


def loads(plan):
    return sorted(len(queue) for queue in plan.queues.values())


def reviews(plan):
    """How many reviewers each idea has."""
    found = {}
    for queue in plan.queues.values():
        for idea in queue:
            found[idea] = found.get(idea, 0) + 1
    return found


def test_everybody_gets_about_as_many():
    plan = assign(range(10), dict.fromkeys("abcd"), set(), coverage=3)
    assert loads(plan) == [7, 7, 8, 8]
    assert reviews(plan) == dict.fromkeys(range(10), 3)
    assert plan.short == {}


def test_nobody_gets_one_idea_twice_or_one_in_conflict():
    conflicts = {("a", idea) for idea in range(0, 40, 2)} | {("b", idea) for idea in range(0, 40, 3)}
    plan = assign(range(40), dict.fromkeys("abcde"), conflicts, coverage=3)
    assert plan.short == {}
    assert {(who, idea) for who, queue in plan.queues.items() for idea in queue} & conflicts == set()
    assert [len(queue) for queue in plan.queues.values()] == [
        len(set(queue)) for queue in plan.queues.values()
    ]
    assert max(loads(plan)) - min(loads(plan)) <= 1 or loads(plan)[0] == 20  # a has but 20 she may judge


def test_ideas_are_handed_on_so_that_the_last_one_is_covered():
    """Only `a` may judge 9, and `a` is full at once: what she holds has to go to `b`."""
    plan = assign([1, 2, 9], {"a": 2, "b": 1}, {("b", 9)}, coverage=1)
    assert plan.short == {}
    assert reviews(plan) == {1: 1, 2: 1, 9: 1}
    assert 9 in plan.queues["a"]


def test_a_chain_of_handing_on():
    """9 fits only a; a's idea 1 fits only a and b; b's idea 2 only b and c."""
    conflicts = {("b", 9), ("c", 9), ("c", 1), ("a", 2)}
    plan = assign([1, 2, 9], {"a": 1, "b": 1, "c": 1}, conflicts, coverage=1)
    assert plan.queues == {"a": [9], "b": [1], "c": [2]}


def test_an_idea_that_falls_short_says_why():
    plan = assign([1], dict.fromkeys("abc"), {("a", 1), ("b", 1)}, coverage=3)
    assert plan.queues == {"a": [], "b": [], "c": [1]}
    assert plan.short == {1: Short(got=1, asked=3, reviewers=3, in_conflict=2)}


def test_caps_hold():
    plan = assign(range(6), {"a": 2, "b": 2}, set(), coverage=1)
    assert loads(plan) == [2, 2]
    assert list(plan.short.values()) == [Short(got=0, asked=1, reviewers=2, in_conflict=0)] * 2


def test_the_same_seed_gives_the_same_order_and_another_seed_another():
    ideas, reviewers = range(30), dict.fromkeys(range(3))
    assert assign(ideas, reviewers, set(), 3, seed=7) == assign(ideas, reviewers, set(), 3, seed=7)
    one, other = (assign(ideas, reviewers, set(), 3, seed=seed).queues[0] for seed in (7, 8))
    assert sorted(one) == sorted(other)
    assert one != other


def test_each_reviewer_has_an_order_of_her_own():
    queues = assign(range(30), dict.fromkeys(range(3)), set(), 3).queues
    assert all(one != other for one, other in combinations(queues.values(), 2))


def best_coverage(ideas, reviewers, conflicts, coverage):
    """The most reviews that can be placed at all: an independent maximum flow by augmenting paths."""
    held = {r: set() for r in reviewers}

    def give(idea, seen):
        for r in reviewers:
            if r in seen or (r, idea) in conflicts or idea in held[r]:
                continue
            seen.add(r)
            if len(held[r]) < reviewers[r]:
                held[r].add(idea)
                return True
            for other in list(held[r]):
                held[r].discard(other)
                if give(other, seen):
                    held[r].add(idea)
                    return True
                held[r].add(other)
        return False

    return sum(give(idea, set()) for idea in ideas for _place in range(coverage))


@pytest.mark.parametrize("seed", range(25))
def test_no_review_that_can_be_placed_is_left_out(seed):
    chance = random.Random(seed)
    ideas = list(range(chance.randint(3, 12)))
    reviewers = {f"r{n}": chance.randint(1, 6) for n in range(chance.randint(2, 6))}
    conflicts = {(r, i) for r in reviewers for i in ideas if chance.random() < 0.4}
    plan = assign(ideas, reviewers, conflicts, coverage=2, seed=seed)
    assert sum(loads(plan)) == best_coverage(ideas, reviewers, conflicts, 2)
    assert {(who, i) for who, queue in plan.queues.items() for i in queue} & conflicts == set()
    assert all(len(plan.queues[r]) <= reviewers[r] for r in reviewers)
    assert {i: 2 - s.got for i, s in plan.short.items()} == {
        i: 2 - reviews(plan).get(i, 0) for i in ideas if reviews(plan).get(i, 0) < 2
    }
