"""Frozen facts of rounds for tests of assigning: made by hand, drawn, made large; and independent answers."""

from collections import Counter
from itertools import combinations, product
from random import Random

from hypothesis import strategies as st

from ideas.assigning import fit


def idea(number: int, **known) -> dict:
    """Nothing is known of it but what is said."""
    return {"idea": 100 + number, "number": number, "sector": "", "language": "", **known}


def seat(n: int, **known) -> dict:
    return {
        "seat": 500 + n, "n": n, "reviewer": 900 + n, "cap": None, "sectors": [], "languages": [], **known
    }  # fmt: skip


def frozen(ideas, seats, coverage=3, conflicts=(), tasks=()) -> dict:
    """`conflicts`, `tasks` by number: [seat's, idea's(, state)]."""
    return {
        "programme": "start-up", "round": 1, "coverage": coverage, "today": "2025-03-12",
        "ideas": list(ideas), "seats": list(seats),
        "conflicts": [[500 + s, 100 + i] for s, i in conflicts],
        "tasks": [[500 + s, 100 + i, state] for s, i, state in tasks],
        "missing": {},
    }  # fmt: skip


def large(ideas: int, seats: int, coverage: int = 3, seed: int = 1, cap: int | None = None) -> dict:
    """As a programme would be: twelve sectors, three languages, a reviewer in 30 in conflict with an idea."""
    draw = Random(seed)
    sectors = "ACEFGHIJMNPQ"
    rows = [
        idea(
            n, sector=draw.choice(sectors + "   ").strip(), language=draw.choice(["sr", "sr", "sr", "en", ""])
        )
        for n in range(1, ideas + 1)
    ]
    people = [
        seat(
            n, cap=cap, sectors=sorted(set(draw.choices(sectors, k=draw.randint(0, 3)))),
            languages=draw.choice([["sr"], ["en", "sr"], ["en", "sr"], []]),
        )
        for n in range(1, seats + 1)
    ]  # fmt: skip
    each = range(1, seats + 1)
    apart = [(s, i) for i in range(1, ideas + 1) for s in draw.sample(each, seats // 30)]
    return frozen(rows, people, coverage, apart)


@st.composite
def facts(draw, ideas: int = 4, seats: int = 3) -> dict:
    """Up to so many of each, with everything known or not."""
    numbers = list(range(1, draw(st.integers(1, ideas)) + 1))
    seated = list(range(1, draw(st.integers(1, seats)) + 1))
    rows = [
        idea(
            n, sector=draw(st.sampled_from(["", "A", "C"])), language=draw(st.sampled_from(["", "sr", "en"]))
        )
        for n in numbers
    ]
    people = [
        seat(
            n,
            cap=draw(st.sampled_from([None, 0, 1, 2])),
            sectors=draw(st.sampled_from([[], ["A"], ["A", "C"]])),
            languages=draw(st.sampled_from([[], ["sr"], ["en", "sr"]])),
        )
        for n in seated
    ]
    pairs = [(s, i) for s in seated for i in numbers]
    apart = draw(st.lists(st.sampled_from(pairs), max_size=3, unique=True))
    held = draw(st.lists(st.sampled_from(pairs), max_size=2, unique=True))
    states = st.sampled_from(["waiting", "done", "conflict", "withdrawn"])
    tasks = [(s, i, draw(states)) for s, i in held]
    return frozen(rows, people, draw(st.integers(1, 3)), apart, tasks)


def possible(facts: dict) -> dict[int, list[int]]:
    """By idea: the seats that may be given it, but for caps; said anew, from the rules as written."""
    never = {(s, i) for s, i in facts["conflicts"]} | {(s, i) for s, i, _state in facts["tasks"]}
    return {
        row["idea"]: [
            one["seat"]
            for one in facts["seats"]
            if (one["seat"], row["idea"]) not in never
            and not (row["language"] and one["languages"] and row["language"] not in one["languages"])
        ]
        for row in facts["ideas"]
    }


def worth(facts: dict, pairs) -> tuple[int, int, int] | None:
    """(reviews placed, less the sum of squares of loads, fit); None where a cap is broken."""
    seats, ideas = ({row[key]: row for row in facts[key + "s"]} for key in ("seat", "idea"))
    loads = Counter(s for s, _i, state in facts["tasks"] if state in ("waiting", "done"))
    loads.update(s for s, _i in pairs)
    given = {s for s, _i in pairs}
    if any(seats[s]["cap"] is not None and loads[s] > seats[s]["cap"] for s in given):
        return None
    fits = sum(sum(fit.points(ideas[i], seats[s]).values()) for s, i in pairs)
    return len(pairs), -sum(loads[s] ** 2 for s in seats), fits


def brute(facts: dict) -> tuple[int, int, int]:
    """The best there is, by trying everything."""
    may, reviews = possible(facts), Counter()
    reviews.update(i for _s, i, state in facts["tasks"] if state in ("waiting", "done"))
    choices = []
    for row in facts["ideas"]:
        lacking = max(0, facts["coverage"] - reviews[row["idea"]])
        some = may[row["idea"]]
        choices.append(
            [
                [(s, row["idea"]) for s in chosen]
                for k in range(min(lacking, len(some)) + 1)
                for chosen in combinations(some, k)
            ]
        )
    found = (worth(facts, [pair for some in chosen for pair in some]) for chosen in product(*choices))
    return max(one for one in found if one is not None)


def programmed(facts: dict) -> tuple[int, int, int]:
    """The same three goals as linear programmes, one after the other (they have whole solutions): the most
    reviews, then with so many the evenest loads, then with these the highest fit."""
    from ortools.linear_solver import pywraplp

    solver, may = pywraplp.Solver.CreateSolver("GLOP"), possible(facts)
    seats, ideas = ({row[key]: row for row in facts[key + "s"]} for key in ("seat", "idea"))
    x = {(s, i): solver.NumVar(0, 1, "") for i, some in may.items() for s in some}
    for i, some in may.items():
        solver.Add(sum(x[s, i] for s in some) <= facts["coverage"])
    steps = {s: [solver.NumVar(0, 1, "") for _k in ideas] for s in seats}
    for s, units in steps.items():
        solver.Add(sum(x[s, i] for i in may if (s, i) in x) == sum(units))
        if seats[s]["cap"] is not None:
            solver.Add(sum(units) <= seats[s]["cap"])
    placed = sum(x.values())
    loads = sum((2 * k + 1) * unit for units in steps.values() for k, unit in enumerate(units))
    fits = sum(sum(fit.points(ideas[i], seats[s]).values()) * each for (s, i), each in x.items())
    found = []
    for goal in (placed, -1 * loads, fits):
        solver.Maximize(goal)
        assert solver.Solve() == solver.OPTIMAL
        found.append(round(solver.Objective().Value()))
        solver.Add(goal >= found[-1] - 1e-6)
    return tuple(found)
