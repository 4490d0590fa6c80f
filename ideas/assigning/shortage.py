"""Ideas that get fewer reviews than asked: which rule binds, and what the least change is that would help.

Nothing is said to help that was not tried: each change is made to a copy of the facts, and the most reviews
that are possible then are counted by a flow of its own.
"""

from collections import Counter
from collections.abc import Callable, Iterable

import numpy as np

from ideas.assigning import fit
from ideas.assigning.problem import COUNT, FORBIDDEN, Problem

TRIED = 2_000_000  # pairs of ideas and seats up to which changes are tried
SHOWN = 40  # ideas for which they are
A_FEW = 5  # reviewers whose caps are tried for one idea


def short(facts: dict, pairs: list, told: Callable = lambda: None) -> list[dict]:
    """[{"idea", "got", "asked", "why": {rule: seats}, "binds": rule, "helps": [change]}], by idea's number.

    `binds` is `caps` where reviewers who are full, or whose ideas could move to somebody full only, stand in
    the way, else `reviewers`: too few there are whom no rule forbids it. A change is {"kind": "cap", "seat"},
    {"kind": "reviewers", "n", "language"} or {"kind": "coverage", "n"}.
    """
    board, found = _Board(facts, pairs), []
    for row in sorted(facts["ideas"], key=lambda idea: idea["number"]):
        got = len(board.judges[row["idea"]])
        if got < facts["coverage"]:
            full = board.reached(row["idea"])
            line = {"idea": row["idea"], "got": got, "asked": facts["coverage"], "why": board.why(row)}
            found.append(line | {"binds": "caps" if full else "reviewers", "helps": [], "_full": full})
    is_small = len(facts["ideas"]) * max(len(facts["seats"]), 1) <= TRIED
    for place, line in enumerate(found):
        full = line.pop("_full")
        if is_small and place < SHOWN:
            told()
            line["helps"] = _for_one(board, line, full)
    return found


def helps(facts: dict, pairs: list, told: Callable = lambda: None) -> list[dict]:
    """Changes after which nothing is short: [{"kind": "coverage", "n"}, {"kind": "caps", "by"},
    {"kind": "reviewers", "n"}], each the least of its kind; those that cannot help are absent."""
    if len(facts["ideas"]) * max(len(facts["seats"]), 1) > TRIED:
        return []
    found = []
    most = max((s["cap"] or 0 for s in facts["seats"]), default=0)
    trials = (
        ("coverage", "n", lambda n: facts | {"coverage": n}, range(facts["coverage"] - 1, 0, -1)),
        ("caps", "by", lambda by: _raised(facts, by), range(1, len(facts["ideas"]) + 1) if most else ()),
        ("reviewers", "n", lambda n: _joined(facts, n), range(1, facts["coverage"] + 1)),
    )
    for kind, name, change, amounts in trials:
        told()
        least = _least(amounts, lambda amount, change=change: not lacking(change(amount)))
        if least is not None:
            found.append({"kind": kind, name: least})
    return found


def lacking(facts: dict) -> int:
    """How many of the reviews that are asked for cannot be placed, whatever one does."""
    problem = Problem(facts)
    return int(problem.need.sum()) - _placed(problem, problem.need)


def _least(amounts: range, helps: Callable[[int], bool]) -> int | None:
    """The first of the amounts that helps; whatever comes after one that helps does too."""
    if not amounts or not helps(amounts[-1]):
        return None
    low, high = 0, len(amounts) - 1
    while low < high:
        middle = (low + high) // 2
        low, high = (low, middle) if helps(amounts[middle]) else (middle + 1, high)
    return amounts[low]


def _raised(facts: dict, by: int, seats: Iterable[int] | None = None) -> dict:
    chosen = {row["seat"] for row in facts["seats"]} if seats is None else set(seats)
    rows = [
        row | {"cap": row["cap"] + by} if row["seat"] in chosen and row["cap"] is not None else row
        for row in facts["seats"]
    ]
    return facts | {"seats": rows}


def _joined(facts: dict, n: int, language: str = "") -> dict:
    """With so many more reviewers, of whom nothing is known but this language, who take any number."""
    languages = [language] if language else []
    plain = {"reviewer": 0, "cap": None, "sectors": [], "languages": languages}
    last = max((row["n"] for row in facts["seats"]), default=0)
    return facts | {"seats": facts["seats"] + [{"seat": -k, "n": last + k} | plain for k in range(1, n + 1)]}


def _placed(problem: Problem, need: np.ndarray) -> int:
    from ortools.graph.python import max_flow

    n, m = problem.shape
    if not n or not m:
        return 0
    tail, head = np.nonzero(problem.block(np.arange(n)) > FORBIDDEN)
    flow, rows, columns = max_flow.SimpleMaxFlow(), np.arange(n), np.arange(m)
    flow.add_arcs_with_capacity(tail, n + head, np.ones(len(tail), np.int64))
    flow.add_arcs_with_capacity(np.full(n, n + m), rows, need)
    flow.add_arcs_with_capacity(n + columns, np.full(m, n + m + 1), problem.room)
    if (status := flow.solve(n + m, n + m + 1)) != flow.OPTIMAL:
        raise ArithmeticError(f"no flow was found: {status}")
    return flow.optimal_flow()


def _for_one(board: "_Board", line: dict, full: list[int]) -> list[dict]:
    """What would help this idea, while all others keep as many as they have."""
    facts, missing, found = board.facts, line["asked"] - line["got"], []
    for seat in full[:A_FEW]:
        if board.gains(_raised(facts, 1, [seat]), line["idea"], 1):
            found.append({"kind": "cap", "seat": seat})
            break
    language = board.ideas[line["idea"]]["language"]
    if board.gains(_joined(facts, missing, language), line["idea"], missing):
        found.append({"kind": "reviewers", "n": missing, "language": language})
    if line["got"]:
        found.append({"kind": "coverage", "n": line["got"]})
    return found


class _Board:
    """What lies on the desks once the pairs are there too."""

    def __init__(self, facts: dict, pairs: list):
        self.facts = facts
        self.ideas = {row["idea"]: row for row in facts["ideas"]}
        self.seats = {row["seat"]: row for row in facts["seats"]}
        self.conflicts = {tuple(pair) for pair in facts["conflicts"]}
        self.before = {(seat, idea) for seat, idea, _state in facts["tasks"]}
        fixed = [(seat, idea) for seat, idea, state in facts["tasks"] if state in COUNT]
        self.judges, self.desks, self.movable = {i: set() for i in self.ideas}, Counter(), {}
        for seat, idea in fixed + [(seat, idea) for seat, idea, _points in pairs]:
            self.judges.setdefault(idea, set()).add(seat)
            self.desks[seat] += 1
        for seat, idea, _points in pairs:
            self.movable.setdefault(seat, []).append(idea)

    def why(self, idea: dict) -> dict[str, int]:
        """How many seats each rule keeps from it; of those that no rule keeps from it, all have it."""
        found = Counter()
        for pk, seat in self.seats.items():
            if pk not in self.judges[idea["idea"]] and (rule := self._rule(idea, seat)):
                found[rule] += 1
        return {rule: found[rule] for rule in fit.BARRIERS if found[rule]}

    def _rule(self, idea: dict, seat: dict) -> str:
        pair = seat["seat"], idea["idea"]
        if pair in self.conflicts:
            return "conflict"
        if pair in self.before:
            return "before"
        if not fit.reads(idea, seat):
            return "language"
        return "full" if self._is_full(seat) else ""

    def _is_full(self, seat: dict) -> bool:
        return seat["cap"] is not None and self.desks[seat["seat"]] >= seat["cap"]

    def reached(self, idea: int) -> list[int]:
        """Full seats a place at which would help the idea, also by handing ideas on; those first that could
        take it themselves, the better fit first."""
        seen, queue, found = set(), [idea], []
        for one in queue:
            near = [s for s in self.seats.values() if self._may(self.ideas[one], s) and s["seat"] not in seen]
            near.sort(key=lambda s, one=one: (-sum(fit.points(self.ideas[one], s).values()), s["n"]))
            for seat in near:
                seen.add(seat["seat"])
                found.append(seat["seat"])
                queue += self.movable.get(seat["seat"], ())
        return found

    def _may(self, idea: dict, seat: dict) -> bool:
        return seat["seat"] not in self.judges[idea["idea"]] and self._rule(idea, seat) in ("full", "")

    def gains(self, changed: dict, idea: int, n: int) -> bool:
        """Solved again: with the change the idea gets `n` more, and no other loses one."""
        problem = Problem(changed)
        already = Counter(i for _s, i, state in self.facts["tasks"] if state in COUNT)
        need = [len(self.judges[row["idea"]]) - already[row["idea"]] for row in problem.ideas]
        need = np.array(need, np.int64)
        need[problem.row[idea]] += n
        return _placed(problem, need) == need.sum()
