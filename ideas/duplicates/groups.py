"""Pairs made into groups to decide on: values in, values out.

A group never grows along a chain: an idea comes to it only when it is alike to every one in it. A pair
whose two ideas went to different groups stays a proposal of its own, so nothing that was found is left out.
"""

from collections.abc import Iterable
from dataclasses import dataclass


@dataclass(frozen=True)
class Group:
    """Ideas that may be one, by primary key, with the likeness of the two that are most, and least, alike."""

    ideas: tuple[int, ...]
    most: float
    least: float


def grouped(
    pairs: Iterable[tuple[int, int, float]],
    at_least: float,
    *,
    heads: dict[int, int],
    apart: set[frozenset[int]],
) -> list[Group]:
    """The groups, the likest first. `heads` is what joined ideas stand under; of `apart` somebody said
    already that they are not the same. Pairs under `at_least` found no group but let one join it."""
    known = between_heads(pairs, heads, apart)
    member: dict[int, set[int]] = {}
    proposed = sorted(
        (pair for pair in known.items() if pair[1] >= at_least), key=lambda p: (-p[1], sorted(p[0]))
    )
    left = []
    for pair, _value in proposed:
        one, other = sorted(pair)
        first, second = member.setdefault(one, {one}), member.setdefault(other, {other})
        if first is second:
            continue
        if all(frozenset((a, b)) in known for a in first for b in second):
            first |= second
            member |= dict.fromkeys(second, first)
        else:
            left.append((one, other))
    whole = {id(group): group for group in member.values() if len(group) > 1}
    sets = [*whole.values(), *({one, other} for one, other in left)]
    found = [_group(ideas, known) for ideas in sets]
    return sorted(found, key=lambda group: (-group.most, group.ideas))


def between_heads(
    pairs: Iterable[tuple[int, int, float]], heads: dict[int, int], apart: set[frozenset[int]]
) -> dict[frozenset[int], float]:
    """The pairs as those that stand for themselves, without what was said to be different."""
    known: dict[frozenset[int], float] = {}
    for one, other, value in pairs:
        pair = frozenset((heads.get(one, one), heads.get(other, other)))
        if len(pair) == 2 and pair not in apart and frozenset((one, other)) not in apart:
            known[pair] = max(value, known.get(pair, 0))
    return known


def count_different(total: int, pairs: Iterable[tuple[int, int, float]], at_least: float, **known) -> int:
    """About how many different ideas there are, of so many that stand for themselves."""
    seen: set[int] = set()
    fewer = 0
    for group in grouped(pairs, at_least, **known):
        fewer += len(set(group.ideas) - seen) - (not seen & set(group.ideas))
        seen |= set(group.ideas)
    return total - fewer


def _group(ideas: set[int], known: dict[frozenset[int], float]) -> Group:
    inside = [value for pair, value in known.items() if pair <= ideas] if len(ideas) > 2 else []
    values = inside or [known[frozenset(ideas)]]
    return Group(tuple(sorted(ideas)), max(values), min(values))
