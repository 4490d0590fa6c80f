"""Promise P11: 5,000 sheets as people bring them, on both databases; `kill -9` in the middle; two at once."""

import csv
import json
import os
import random
import secrets
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import ExitStack
from pathlib import Path

from bench.doors import Figure
from tests import programs
from tests.faults.importing import Table
from tests.services import postgres

NAME = "import"
SHEETS, KILLS, PAIRS = 5000, 20, 5
ROWS = 20_000  # of the file whose import is killed

SETTLE = """
from tests import factories as make
for code in {codes}:
    make.make_programme(make.make_tenant(slug=code, name=code), code=code)
"""
COUNTS = """
import json
from accounts.models import AuditEntry
from people.models import Person
print(json.dumps([
    Person.objects.filter(tenant__programmes__code="{code}", source="load").count(),
    AuditEntry.objects.filter(tenant__programmes__code="{code}", verb="load persons").count(),
]))
"""
CONTENT = """
import json
from people.models import Person
rows = Person.objects.filter(tenant__programmes__code="{code}", source="load").order_by("source_id")
print(json.dumps(list(rows.values_list("source_id", "name", "born"))))
"""


def run() -> Iterator[Figure]:
    """Prints P11's table for each database; raises when a count that must be 0 is not."""
    if lacking := programs.provide(("PostgreSQL",)):
        raise RuntimeError(f"not found: {', '.join(lacking)}")
    with tempfile.TemporaryDirectory(prefix="rasadnik-fault-") as name, ExitStack() as stack:
        folder = Path(name)
        folder.chmod(0o755)
        (folder / "pg").mkdir()
        places = {
            "PostgreSQL": Place(folder / "on-postgres", stack.enter_context(postgres(folder / "pg"))),
            "SQLite": Place(folder / "on-sqlite"),
        }
        tables = injected(places, SHEETS)
        faults = {}
        for name, place in places.items():
            killed, both = kills(place, KILLS), at_once(place, PAIRS)
            print(f"{name}:", *tables[name].lines(), sep="\n")
            print(
                f"  killed {KILLS} times: {killed} partial; two at once {PAIRS} times: {both} mixed",
                flush=True,
            )
            faults[name] = tables[name].faults + killed + both
        assert not any(faults.values()), faults
        for name, table in tables.items():
            yield Figure(f"import.{name.lower()}-without-fault", table.injected / SHEETS, 1)


class Place:
    """An installation: a data folder and a database."""

    def __init__(self, folder: Path, address: str = ""):
        folder.mkdir(parents=True, exist_ok=True)
        ours = ("DATABASE_URL", "REDIS_URL", "DATA_DIR", "DJANGO_SETTINGS_MODULE")
        self.folder = folder
        self.environment = {name: value for name, value in os.environ.items() if name not in ours} | {
            "DATA_DIR": str(folder),
            "DJANGO_SETTINGS_MODULE": "config.settings",
            "SECRET_KEY": secrets.token_urlsafe(60),
            "PYTHONPATH": str(programs.ROOT),
            "LOG_LEVEL": "ERROR",
        }
        self.environment |= {"DATABASE_URL": address} if address else {}
        self.python("manage.py", "migrate", "-v0")

    def start(self, *words: str, **options) -> subprocess.Popen:
        return subprocess.Popen(
            [sys.executable, *words],
            cwd=programs.ROOT, env=self.environment, stdout=subprocess.PIPE, stderr=subprocess.PIPE,
            text=True, **options,
        )  # fmt: skip

    def python(self, *words: str) -> str:
        with self.start(*words) as process:
            said, complaint = process.communicate()
        assert process.returncode == 0, complaint[-3000:]
        return said

    def script(self, text: str) -> str:
        return self.python("-c", f"import django; django.setup()\n{text}")


def injected(places: dict[str, Place], count: int) -> dict[str, Table]:
    """Each sheet on each database, a process for each."""
    running = {
        name: place.start("-m", "tests.faults.importing", "0", str(count), "1")
        for name, place in places.items()
    }
    tables = {name: Table() for name in running}
    for name, process in running.items():
        said, complaint = process.communicate()
        assert process.returncode == 0, complaint[-3000:]
        tables[name].add(json.loads(said))
    return tables


def people(path: Path, rows: int, mark: str = "") -> Path:
    with path.open("w", newline="") as file:
        out = csv.writer(file)
        out.writerow(["id", "name", "born"])
        out.writerows((f"P{n}", f"Person {n}{mark}", 1950 + n % 50) for n in range(rows))
    return path


def kills(place: Place, count: int, rows: int = ROWS) -> int:
    """`manage.py load` killed at random moments: how many left a part of the file. Then it is loaded."""
    place.script(SETTLE.format(codes=["killed"]))
    words = ["manage.py", "load", "persons", str(people(place.folder / "killed.csv", rows))]
    words += ["--programme", "killed", "--json"]
    dice, partial, length = random.Random(count), 0, 6.0
    for _n in range(count):
        process = place.start(*words)
        begun = time.monotonic()
        try:
            process.wait(timeout=dice.uniform(0.3, length))
            length = time.monotonic() - begun
        except subprocess.TimeoutExpired:
            process.kill()
        process.communicate()
        if json.loads(place.script(COUNTS.format(code="killed"))) not in ([0, 0], [rows, 1]):
            partial += 1
    place.python(*words)
    again = json.loads(place.python(*words))
    assert (again["created"], again["updated"], again["unchanged"]) == (0, 0, rows)
    assert json.loads(place.script(COUNTS.format(code="killed"))) == [rows, 1]
    return partial


def at_once(place: Place, count: int, rows: int = 3000) -> int:
    """Two imports that say different things of the same people: how often the end is not that of one after
    the other."""
    codes = [f"both-{n}" for n in range(count)]
    place.script(SETTLE.format(codes=codes))
    files = [people(place.folder / f"{mark}.csv", rows, f" {mark}") for mark in ("one", "other")]
    ends = [
        [[f"P{n}", f"Person {n} {mark}", 1950 + n % 50] for n in range(rows)] for mark in ("one", "other")
    ]
    mixed = 0
    for code in codes:
        words = ["--programme", code, "--json"]
        pair = [place.start("manage.py", "load", "persons", str(file), *words) for file in files]
        reports = []
        for process in pair:
            said, complaint = process.communicate()
            assert process.returncode == 0, complaint[-2000:]
            report = json.loads(said)
            reports.append((report["created"], report["updated"]))
        held = json.loads(place.script(CONTENT.format(code=code)))
        in_turn = sorted(reports) == [(0, rows), (rows, 0)]
        mixed += not (in_turn and sorted(held) in [sorted(end) for end in ends])
    return mixed
