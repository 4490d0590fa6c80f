"""Frozen facts for tests of matching: drawn, made by hand, made large; and independent answers."""

from itertools import product
from random import Random

import numpy as np
from hypothesis import strategies as st

from mentoring.matching import fit

FUNCTIONS = ("finance", "marketing", "export")
WINDOWS = [
    {"weekday": day, "start": start, "end": end}
    for day in (0, 1)
    for start, end in (("09:00", "12:00"), ("11:00", "13:00"), ("13:00", "17:00"))
]
TOWNS = st.sampled_from(
    [("", ""), ("Niš", "Nišava"), ("Ниш", "Nišava"), ("Doljevac", "Nišava"), ("Užice", "")]
)


def person(enrolment: int, **known) -> dict:
    """Nothing is known of her but what is said."""
    return {
        "enrolment": enrolment, "need": None, "sector": "", "functions": [], "language": "",
        "place": "either", "municipality": "", "region": "", "windows": [], "wishes": [], "noes": [], **known,
    }  # fmt: skip


def mentor(key: int, **known) -> dict:
    return {
        "mentor": key, "sectors": [], "functions": [], "languages": [], "reach": "", "municipality": "",
        "region": "", "on_premises": None, "online": None, "capacity": 1, "load": 0, "windows": [],
        "wishes": [], "noes": [], **known,
    }  # fmt: skip


def frozen(people=(), mentors=(), conflicts=(), guided=()) -> dict:
    return {
        "programme": "start-up", "today": "2025-03-12", "people": list(people), "mentors": list(mentors),
        "conflicts": [list(each) for each in conflicts], "guided": [list(each) for each in guided],
    }  # fmt: skip


def some(of, most: int = 3):
    return st.lists(st.sampled_from(of), max_size=most, unique_by=str)


@st.composite
def facts(draw, people: int = 5, mentors: int = 3, least: int = 0) -> dict:
    """Up to so many of each, with everything known or not."""
    keys = [10 + i for i in range(draw(st.integers(least, people)))]
    guides = [50 + i for i in range(draw(st.integers(least, mentors)))]
    pairs = [(key, guide) for key in keys for guide in guides]
    sample = some(pairs, 3) if pairs else st.just([])
    return frozen(
        [draw(_person(key, guides)) for key in keys],
        [draw(_mentor(guide, keys)) for guide in guides],
        [[*pair, "organisation", None] for pair in draw(sample)],
        draw(sample),
    )


def _person(key: int, guides: list[int]):
    hers = some(guides, 2) if guides else st.just([])
    return st.builds(
        lambda town, **known: person(key, municipality=town[0], region=town[1], **known),
        town=TOWNS,
        sector=st.sampled_from(["", "C", "J"]),
        functions=some(FUNCTIONS),
        language=st.sampled_from(["", "sr", "sr", "en"]),
        place=st.sampled_from(["premises", "online", "either", "either"]),
        windows=some(WINDOWS),
        wishes=hers,
        noes=st.one_of(st.just([]), hers),
    )


def _mentor(key: int, people: list[int]):
    theirs = some(people, 2) if people else st.just([])
    return st.builds(
        lambda town, **known: mentor(key, municipality=town[0], region=town[1], **known),
        town=TOWNS,
        sectors=some(["C", "J"]),
        functions=some(FUNCTIONS),
        languages=some(["sr", "en"]),
        reach=st.sampled_from(["", "municipality", "region", "country"]),
        on_premises=st.sampled_from([True, None, False]),
        online=st.sampled_from([True, None, False]),
        capacity=st.sampled_from([None, 0, 1, 2, 3]),
        load=st.sampled_from([0, 0, 1]),
        windows=some(WINDOWS),
        wishes=theirs,
        noes=st.one_of(st.just([]), st.just([]), theirs),
    )


weights = st.fixed_dictionaries({factor: st.sampled_from([0, 1, 10, 25, 100]) for factor in fit.FACTORS})


def large(people: int, mentors: int, capacity: int, seed: int = 3) -> dict:
    """A programme of so many, with `capacity` places a mentor on average."""
    draw = Random(seed)
    sectors, functions = "ACFGIJMNPQRS", (*FUNCTIONS, "production", "legal", "digital", "pricing")
    towns = [(f"Town {i}", f"Region {i % 25}") for i in range(160)]
    hours = (("09:00", "12:00"), ("12:00", "14:00"), ("14:00", "17:00"), ("17:00", "20:00"))

    def windows(most: int) -> list[dict]:
        times = [(draw.randrange(7), *draw.choice(hours)) for _ in range(draw.randint(0, most))]
        return [{"weekday": day, "start": start, "end": end} for day, start, end in times]

    def where() -> dict:
        return dict(zip(("municipality", "region"), draw.choice(towns), strict=True))

    def key(start: int, count: int, share: float) -> list[int]:
        return [start + draw.randrange(count)] if count and draw.random() < share else []

    return frozen(
        [
            person(
                1000 + i, **where(), sector=draw.choice(sectors) if draw.random() < 0.9 else "",
                functions=draw.sample(functions, draw.randint(0, 3)), windows=windows(3),
                language=draw.choice(["sr", "sr", "sr", "en", ""]),
                place=draw.choice(["premises", "online", "either", "either"]),
                wishes=key(100_000, mentors, 0.1), noes=key(100_000, mentors, 0.05),
            )
            for i in range(people)
        ],
        [
            mentor(
                100_000 + i, **where(), sectors=draw.sample(sectors, draw.randint(1, 3)),
                functions=draw.sample(functions, draw.randint(1, 4)), windows=windows(4),
                languages=draw.choice([["sr"], ["sr", "en"], ["en"], ["sr", "en"], []]),
                reach=draw.choice(["", "municipality", "region", "country", "country"]),
                on_premises=draw.choice([True, True, None, False]),
                online=draw.choice([True, True, None, False]),
                capacity=draw.randint(0, 2 * capacity), wishes=key(1000, people, 0.2),
            )
            for i in range(mentors)
        ],
        [
            [1000 + draw.randrange(people), 100_000 + draw.randrange(mentors), "organisation", None]
            for _ in range(people // 10)
        ],
    )  # fmt: skip


def fits(frozen: dict, weights: dict) -> dict[tuple[int, int], int]:
    """The fit of every pair that no rule forbids, one pair at a time."""
    return {
        (p["enrolment"], m["mentor"]): sum(fit.points(p, m, weights).values())
        for p in frozen["people"]
        for m in frozen["mentors"]
        if not fit.barriers(p, m, frozen)
    }


def exhaustive(frozen: dict, weights: dict, pinned: tuple = ()) -> tuple[int, int, int]:
    """(placed, total, fit of the worst-served) of the best of all assignments there are."""
    return max(_all(frozen, weights, pinned))


def ways(frozen: dict, weights: dict) -> int:
    """How many assignments reach the best number placed and total."""
    found = [each[:2] for each in _all(frozen, weights, ())]
    return found.count(max(found))


def _all(frozen: dict, weights: dict, pinned: tuple):
    known = fits(frozen, weights)
    keys = [p["enrolment"] for p in frozen["people"]]
    room = {m["mentor"]: fit.places(m) for m in frozen["mentors"]}
    fixed = dict(pinned)
    for chosen in product([None, *room], repeat=len(keys)):
        pairs = [(key, guide) for key, guide in zip(keys, chosen, strict=True) if guide is not None]
        if any(pair not in known for pair in pairs) or any(chosen.count(g) > room[g] for g in room):
            continue
        if all(dict(pairs).get(key) == guide for key, guide in fixed.items()):
            values = [known[pair] for pair in pairs]
            yield len(pairs), sum(values), min(values, default=0)


def hungarian(value: np.ndarray) -> int:
    """The greatest sum of one entry a row, no two in a column (Kuhn and Munkres, by potentials). At least as
    many columns as rows."""
    rows, columns = value.shape
    cost = np.zeros((rows + 1, columns + 1), np.int64)
    cost[1:, 1:] = -value
    u, v = np.zeros(rows + 1, np.int64), np.zeros(columns + 1, np.int64)
    holder = np.zeros(columns + 1, np.int64)
    for row in range(1, rows + 1):
        holder[0], at = row, 0
        least = np.full(columns + 1, np.iinfo(np.int64).max)
        way, used = np.zeros(columns + 1, np.int64), np.zeros(columns + 1, bool)
        while holder[at]:
            used[at] = True
            reduced = cost[holder[at]] - u[holder[at]] - v
            lower = ~used & (reduced < least)
            least[lower], way[lower] = reduced[lower], at
            at = int(np.where(used, np.iinfo(np.int64).max, least)[1:].argmin()) + 1
            delta = least[at]
            u[holder[used]] += delta
            v[used] -= delta
            least[~used] -= delta
        while at:
            holder[at] = holder[way[at]]
            at = int(way[at])
    return int(sum(value[holder[j] - 1, j - 1] for j in range(1, columns + 1) if holder[j]))


def optimum(frozen: dict, weights: dict) -> tuple[int, int]:
    """(placed, total) by `hungarian` over every single place."""
    known = fits(frozen, weights)
    keys = [p["enrolment"] for p in frozen["people"]]
    seats = [m["mentor"] for m in frozen["mentors"] for _ in range(fit.places(m))]
    more = 1 + sum(max((known.get((k, m), 0) for m in set(seats)), default=0) for k in keys)
    value = np.zeros((len(keys), len(seats) + len(keys)), np.int64)  # a seat of nobody for each
    for i, key in enumerate(keys):
        for j, seat in enumerate(seats):
            value[i, j] = known[key, seat] + more if (key, seat) in known else -more
    return divmod(hungarian(value), more) if keys else (0, 0)
