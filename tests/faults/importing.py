"""The measured part of promise P11: sheets brought in, one after another, on the database of the environment.
Run as a program: first seed, number of seeds, step; prints JSON."""

import json
import sys
import traceback
from collections import Counter
from dataclasses import dataclass, field

import django

BLANK = (  # what stands there is nothing
    "This must not be blank.",
    "A person needs an id or a name.",
    "Say why: this state needs a reason.",
)
OTHER = "says something else of the same one."  # by a cell that is blank, where the other one is not


@dataclass
class Table:
    """P11's table: all but `injected` and what describes it must be 0."""

    injected: int = 0
    rows: int = 0
    written: int = 0
    refusals: int = 0
    whole: int = 0  # files refused as a whole
    partial: int = 0
    differences: int = 0  # between the preview and what was written
    second_run_changes: int = 0
    crashes: int = 0
    without_place: int = 0
    what: Counter = field(default_factory=Counter)
    told: list[str] = field(default_factory=list)

    @property
    def faults(self) -> int:
        return self.partial + self.differences + self.second_run_changes + self.crashes + self.without_place

    def add(self, other: dict) -> None:
        for name, value in other.items():
            if name == "told":
                self.told += value
            elif name == "what":
                self.what.update(value)
            else:
                setattr(self, name, getattr(self, name) + value)

    def lines(self) -> list[str]:
        return [
            f"  injected {self.injected} sheets, {self.rows} rows: {self.written} written, "
            f"{self.refusals} refused; {self.whole} sheets refused as a whole",
            f"  partial {self.partial}, differing from the preview {self.differences}, second-run changes "
            f"{self.second_run_changes}, crashes {self.crashes}, refusals without place {self.without_place}",
            *(f"  ! {line}" for line in self.told[:20]),
        ]


def sweep(seeds, *, largest: int = 200_000) -> Table:
    from tests.faults.importing_sheets import sheet

    table = Table()
    for seed in seeds:
        made = sheet(seed, largest=largest)
        table.injected += 1
        table.what.update([*set(made.what), made.kind, made.name.rsplit(".")[-1]])
        try:
            _bring(seed, made, table)
        except Exception:
            table.crashes += 1
            table.told.append(f"seed {seed} ({made.kind}, {made.what}): {traceback.format_exc()[-600:]}")
    return table


def _bring(seed: int, made, table: Table) -> None:
    from django.utils import timezone, translation

    from desk.loading.door import KINDS
    from desk.loading.engine import load
    from desk.loading.kinds import Target
    from lib.sheets import WIDE, SheetError, read
    from tests import factories as make

    programme = make.make_programme()
    for one in made.known:
        ids = {"source": "load", "source_id": one["id"]} if made.with_ids else {}
        more = {name: one[name] for name in ("name", "email", "born")}
        make.make_person(programme.tenant, **more, **ids)
    before = holds(programme)
    with translation.override("en"):
        try:
            again = [read(made.content, filename=made.name, limits=WIDE)]
            # the load reads the file anew; of most workbooks, whose reader is a process, the same lines
            is_quick = made.name.endswith(".csv") or seed % 10 == 0
            again += [read(made.content, filename=made.name, limits=WIDE)] if is_quick else again
        except SheetError as error:
            table.whole += 1
            table.without_place += not (error.refusal.sheet and error.refusal.rule)
            return
        target = Target(programme, timezone.now())
        preview = load(KINDS[made.kind], again[0], target, dry_run=True)
        if not preview.refused and holds(programme) != before:
            table.partial += 1
            table.told.append(f"seed {seed}: a preview wrote")
        strict = load(KINDS[made.kind], again[1], target)
        if preview.refused and holds(programme) != before:
            table.partial += 1
            table.told.append(f"seed {seed}: written in part")
        report = strict if strict.written else load(KINDS[made.kind], again[1], target, skip_refused=True)
        after = holds(programme)
        _compare(seed, made, table, preview, report, before, after)
        second = load(KINDS[made.kind], again[1], target, skip_refused=True)
        if second.created or second.updated or holds(programme) != after:
            table.second_run_changes += 1
            table.told.append(f"seed {seed}: {second.created} created, {second.updated} updated again")
    _count(table, report)


def _compare(seed: int, made, table: Table, preview, report, before: dict, after: dict) -> None:
    """The preview's counts, and the rows that are there, are those of the load."""
    told = [(r.created, r.updated, r.unchanged, r.refused, r.outcomes) for r in (preview, report)]
    model = {"enrolments": "enrolments", "participants": "enrolments"}.get(made.kind, made.kind)
    grown = len(after[model]) - len(before[model])
    if told[0] != told[1] or (grown != report.created and made.kind != "participants"):
        table.differences += 1
        table.told.append(f"seed {seed}: {told[0][:3]} {told[1][:3]}, {grown} rows more")


def _count(table: Table, report) -> None:
    table.rows += report.read
    table.written += report.created + report.updated
    table.refusals += len(report.refused)
    for one in report.refused:
        is_whole = one.row is None and not report.can_skip
        has_value = one.value or one.rule in BLANK or one.rule.endswith(OTHER)
        if not (one.sheet and one.rule and (is_whole or (one.row and one.column and has_value))):
            table.without_place += 1
            table.told.append(f"without its place: {one}")


def holds(programme) -> dict[str, list]:
    """All that an import of these kinds may touch, of one tenant."""
    from people.models import Enterprise, Person
    from training.models import Enrolment, RosterEntry, Session, Venue

    return {
        "persons": list(Person.objects.filter(tenant=programme.tenant).order_by("pk").values_list()),
        "enrolments": list(Enrolment.objects.filter(programme=programme).order_by("pk").values_list()),
        "sessions": list(Session.objects.filter(programme=programme).order_by("pk").values_list()),
        "rosters": list(
            RosterEntry.objects.filter(session__programme=programme).order_by("pk").values_list()
        ),
        "enterprises": list(Enterprise.objects.filter(tenant=programme.tenant).order_by("pk").values_list()),
        "venues": list(Venue.objects.filter(tenant=programme.tenant).order_by("pk").values_list()),
    }


if __name__ == "__main__":
    django.setup()
    first, count, step = map(int, sys.argv[1:4])
    print(json.dumps(vars(sweep(range(first, first + count, step)))))
