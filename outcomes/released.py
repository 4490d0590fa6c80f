"""The ledger of what a funder was given: kept with each issue, read before the next one is built.

Participation (who applied, attended, completed, hours, ideas, meetings) is exact and not in it. In it are
breakdowns, and guarded figures by their sides: categories, rows and persons as digests by a key of the
reader's own, so that two issues can be compared and nobody can be found. What compares them:
outcomes/disclosure/ledger.py.
"""

import hashlib
from collections.abc import Iterable
from dataclasses import dataclass

from django.conf import settings

from outcomes.counting.answers import Counted
from outcomes.counting.measures import counted_of
from outcomes.crossing import CODE
from outcomes.definitions import Definition
from outcomes.disclosure import Shown, Table
from outcomes.disclosure.crossed import Crossed
from outcomes.disclosure.ledger import Given, Held, tells
from outcomes.models import Issue, Report
from outcomes.scope import Scope
from outcomes.values import Reason, Value
from people.models import Organisation

SIZE = 8  # bytes of a digest


class Keyed:
    """Digests by the reader's own key."""

    def __init__(self, reader: Organisation):
        secret = f"outcomes.ledger:{reader.pk}:{settings.SECRET_KEY}"
        self.key = hashlib.sha256(secret.encode()).digest()

    def of(self, *what) -> str:
        text = ":".join(map(str, what)).encode()
        return hashlib.blake2b(text, key=self.key, digest_size=SIZE).hexdigest()


@dataclass(frozen=True)
class Released:
    """An issue that its reader has, and what of it stands in the ledger."""

    issue: Issue
    given: dict[str, Given]


class Ledger:
    """All that one funder has of an organisation's fundings, the newest issue first."""

    def __init__(self, report: Report, threshold: int):
        self.report, self.threshold = report, threshold
        funder, tenant = report.funding.funder, report.funding.project.tenant_id
        self.keyed = Keyed(funder)
        issued = Issue.objects.filter(
            state=Issue.State.ISSUED, report__funding__funder=funder, report__funding__project__tenant=tenant
        )
        rows = issued.order_by("-issued_at", "-pk")
        self.released = [Released(row, _read(row.payload.get("given", {}))) for row in rows]

    def tells(self, new: Given) -> bool:
        """Would this reader learn of too few people from it, beside all that she has?"""
        held = [found for one in self.released for found in one.given.values()]
        return tells(new, held, self.threshold)

    def holds(self, new: Given) -> bool:
        """Has this reader something of the same code over some of the same people?"""
        held = (found for one in self.released for found in one.given.values())
        return any(one.code == new.code and not one.rows.keys().isdisjoint(new.rows) for one in held)

    def last(self, part: str, key: str) -> tuple[Issue, dict] | None:
        """The newest issue of this very report that tells a figure or a breakdown, with what it tells."""
        name = "key" if part == "figures" else "code"
        for one in self.released:
            if one.issue.report_id != self.report.pk:
                continue
            for found in one.issue.document.get(part, []):
                if found.get(name, found["code"]) == key and found["state"] == "measured":
                    return one.issue, found
        return None

    # --- what is given

    def table(self, code: str, table: Table) -> Given:
        return Given(code, self._series(code), tuple(self._cell(code, cell) for cell in table.cells))

    def _cell(self, code: str, cell: Shown) -> Held:
        keys = frozenset(self.keyed.of(code, key) for key in cell.keys)
        return Held(keys, cell.key is None, self._rows(code, cell.rows))

    def figure(self, definition: Definition, scope: Scope) -> Given | None:
        """Who is on which side of a guarded figure; of an amount, who told what. A cost per something tells
        how many there are of that. None of what is not counted from answers."""
        if definition.how["count"] == "cost_per":
            of, scope = counted_of(definition, scope), scope.since_the_beginning()
            return self.figure(of, scope) if of else None
        if definition.how["count"] != "answers":
            return None
        counted = Counted(definition, scope)
        code, person = definition.code, self.keyed.of
        rows = counted.ask("SELECT unit, holds, v FROM counted")
        if counted.kind in ("share", "distinct"):
            sides = {True: "yes", False: "no"}
            cells = _sides((sides[bool(holds)], (person(unit), person(unit))) for unit, holds, _v in rows)
        else:  # another amount of the same person is another row
            cells = _sides(("n", (person(unit, v), person(unit))) for unit, _holds, v in rows)
        return Given(code, self._series(code), cells)

    def _rows(self, code: str, rows: Iterable[tuple[int, int]]) -> frozenset[tuple[str, str]]:
        """Where a row is a person, it has her digest."""
        of, digests = self.keyed.of, {}
        for person in {person for _row, person in rows}:
            digests[person] = of(person)
        return frozenset(
            (digests[person] if row == person else of(code, row), digests[person]) for row, person in rows
        )

    def _series(self, code: str) -> str:
        return f"{self.report.pk}:{code}"


class Passed:
    """Figures and breakdowns after they were laid beside what their reader has: as they are, as they stood
    in an issue before, or withheld. `given` is what this issue adds to the ledger; `carried` what it takes
    from an issue before: of a figure which issue, of a breakdown all of it."""

    def __init__(self, ledger: Ledger):
        self.ledger = ledger
        self.given: dict[str, Given] = {}
        self.carried: dict[str, dict] = {}

    def figure(self, key: str, definition: Definition, scope: Scope, value: Value) -> Value:
        if not value.is_measured or not value.is_guarded:
            return value
        given = self.ledger.figure(definition, scope)
        if given is None or self._is_free(key, given):
            return value
        before = self._before("figures", key)
        return Value.frozen(before) if before else value.withheld(Reason.SUBTRACTION)

    def table(self, code: str, table: Table) -> Table:
        """A breakdown; one that is carried over as it was frozen."""
        if table.dropped or not table.cells or self._is_free(code, self.ledger.table(code, table)):
            return table
        self._before("breakdowns", code)
        return Table(dropped=Reason.SUBTRACTION)

    def crossed(self, code: str, table: Crossed, people: Iterable[int]) -> Crossed:
        """Hidden cells of two such tables over some of the same people would be known better from both: a
        reader has one of them, and later issues of its report show that again."""
        of = self.ledger.keyed.of
        all_ = Held(frozenset(), False, frozenset((of(one), of(one)) for one in people))
        given = Given(code, f"{self.ledger.report.pk}:{code}", (all_,))
        if table.dropped or not self.ledger.holds(given):
            self.given |= {} if table.dropped else {code: given}
            return table
        self._before("crossed", code)
        return Crossed(dropped=Reason.SUBTRACTION)

    def _is_free(self, key: str, given: Given) -> bool:
        if self.ledger.tells(given):
            return False
        self.given[key] = given
        return True

    def _before(self, part: str, key: str) -> dict | None:
        found = self.ledger.last(part, key)
        if found is None:
            return None
        issue, before = found
        first = {"number": issue.number, "day": issue.issued_at.date().isoformat()}
        since = {"carried": before.get("carried", first)}
        self.carried[key] = since if part == "figures" else before | since
        return before


def _sides(rows: Iterable[tuple[str, tuple[str, str]]]) -> tuple[Held, ...]:
    found: dict[str, set[tuple[str, str]]] = {}
    for side, row in rows:
        found.setdefault(side, set()).add(row)
    return tuple(Held(frozenset({side}), False, frozenset(found[side])) for side in sorted(found))


# --- as it is kept


def written(given: dict[str, Given]) -> dict:
    """JSON: of each cell its categories and rows, a person's own row as one digest."""
    return {
        key: {
            "code": one.code,
            "series": one.series,
            "cells": [
                {
                    "keys": sorted(cell.keys),
                    "rest": cell.is_rest,
                    "rows": sorted(row if row == person else row + person for row, person in cell.rows),
                }
                for cell in one.cells
            ],
        }
        for key, one in sorted(given.items())
    }


def _read(kept: dict) -> dict[str, Given]:
    return {
        key: Given(one["code"], one["series"], tuple(_cell(cell) for cell in one["cells"]))
        for key, one in kept.items()
    }


def _cell(kept: dict) -> Held:
    digest = 2 * SIZE
    rows = frozenset((row[:digest], row[digest:] or row) for row in kept["rows"])
    return Held(frozenset(kept["keys"]), kept["rest"], rows)


def told_meanwhile(issue: Issue) -> list[str]:
    """What of an edition would tell too much now, for its reader was given something else since it was
    built: keys of figures and breakdowns."""
    ledger = Ledger(issue.report, issue.document["threshold"])
    given = _read(issue.payload.get("given", {}))
    return [
        key for key, one in given.items() if (ledger.holds(one) if one.code == CODE else ledger.tells(one))
    ]
