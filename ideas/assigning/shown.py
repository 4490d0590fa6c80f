"""What pages and exports of a run show: its values, joined with names."""

from collections import Counter, defaultdict
from typing import NamedTuple

from ideas.assigning import fit, words
from ideas.assigning.problem import COUNT
from ideas.assigning.standing import Standing
from ideas.models import AssigningRun, Idea, Seat
from lib.folding import fold


class Judge(NamedTuple):
    """Somebody who judges an idea: as laid before, or by this run, and why."""

    name: str
    reason: str
    is_before: bool


class Line(NamedTuple):
    idea: Idea
    judges: list[Judge]
    why: list[str]  # where it falls short
    helps: list[str]


class Load(NamedTuple):
    name: str
    before: int
    given: int
    total: int
    cap: int | None
    fits: int  # how many of those given are of her sector
    why: list[str]  # where she has none at all


class Shown:
    """A run with the names of those in it. Two queries."""

    def __init__(self, run: AssigningRun):
        self.run, self.facts = run, run.facts
        seats = Seat.objects.filter(round=run.round_id).select_related("reviewer")
        self.names = {seat.pk: str(seat.reviewer) for seat in seats}
        self.rows = {row["idea"]: row for row in self.facts["ideas"]}
        rows = Idea.objects.filter(programme=run.round.programme_id).select_related("text")
        self.ideas = {idea.pk: idea for idea in rows if idea.pk in self.rows}
        self.short = {line["idea"]: line for line in run.result.get("short", ())}
        given, before = defaultdict(list), defaultdict(list)
        for seat, idea, points in run.result.get("pairs", ()):
            given[idea].append((seat, points))
        for seat, idea, state in self.facts["tasks"]:
            if state in COUNT:
                before[idea].append(seat)
        self.given, self.before = dict(given), dict(before)

    def found(self, text: str = "", which: str = "") -> list[int]:
        """Ideas of the run by number: `all`, those that fall `short`, or what the run changes (and falls
        short); of these the ones whose title, number or reviewers have all words."""
        wanted, changed = fold(text).split(), self.given.keys() | self.short.keys()
        keys = {"all": self.rows, "short": self.short}.get(
            which, changed if changed and not wanted else self.rows
        )
        keys = sorted((key for key in keys if key in self.ideas), key=lambda key: self.rows[key]["number"])
        return [key for key in keys if all(word in self._said(key) for word in wanted)] if wanted else keys

    def _said(self, key: int) -> str:
        seats = [seat for seat, _points in self.given.get(key, ())]
        seats += self.before.get(key, [])
        return fold(" ".join([f"#{self.rows[key]['number']}", self.ideas[key].title, *map(self.name, seats)]))

    def name(self, seat: int) -> str:
        return self.names.get(seat, "")

    def lines(self, keys: list[int]) -> list[Line]:
        return [self._line(key) for key in keys]

    def _line(self, key: int) -> Line:
        judges = [Judge(self.name(seat), "", True) for seat in self.before.get(key, ())]
        judges += [
            Judge(self.name(seat), words.reason(self.rows[key], points), False)
            for seat, points in self.given.get(key, ())
        ]
        line = self.short.get(key)
        why = words.why(line) if line else []
        helps = [words.helps(one, self.names) for one in line["helps"]] if line else []
        return Line(self.ideas[key], judges, why, helps)

    def loads(self) -> list[Load]:
        """Each reviewer, the fullest first."""
        before = Counter(seat for seats in self.before.values() for seat in seats)
        given, fits = Counter(), Counter()
        for seat, _idea, points in self.run.result.get("pairs", ()):
            given[seat] += 1
            fits[seat] += "sector" in points
        found = [
            Load(
                self.name(pk),
                before[pk],
                given[pk],
                before[pk] + given[pk],
                row["cap"],
                fits[pk],
                [] if before[pk] + given[pk] else words.idle(self._kept_from(row)),
            )
            for row in self.facts["seats"]
            for pk in [row["seat"]]
        ]
        return sorted(found, key=lambda one: (-one.total, fold(one.name)))

    def _kept_from(self, seat: dict) -> Counter:
        """How many ideas each rule keeps from her, and how many none does ("")."""
        if seat["cap"] == 0:
            return Counter(full=len(self.rows))
        apart = {idea for pk, idea in self.facts["conflicts"] if pk == seat["seat"]}
        back = {idea for pk, idea, _state in self.facts["tasks"] if pk == seat["seat"]}
        found = Counter()
        for key, row in self.rows.items():
            if key in apart:
                found["conflict"] += 1
            elif key in back:
                found["before"] += 1
            else:
                found["" if fit.reads(row, seat) else "language"] += 1
        return found

    def helps(self) -> list[str]:
        return [words.helps(one, self.names) for one in self.run.result.get("helps", ())]

    def missing(self) -> list[str]:
        return words.missing(self.facts["missing"])


def changed(stand: Standing | None) -> list[str]:
    """What is not as it was when the run was made; empty while it is fresh."""
    return [words.change(one) for one in stand.changes] if stand else []
