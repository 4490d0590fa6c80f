"""The measured part of `bench_import`, in a process of its own on a database of its own; prints JSON."""

import csv
import json
import os
import re
import statistics
import sys
import time
from collections.abc import Callable
from pathlib import Path

import django

COLUMNS = ["id", "name", "email", "sex", "born", "phone"]
BAD = {2: "not-an-email", 3: "atlantis", 4: "many", 5: "1860"}  # the last stands in `born` too
LIMIT = r"""
insert into people_person (tenant_id, source, source_id, name, name_key, sex, born, municipality, region,
    country, email, phone, language, zone, created_at)
select distinct on (id) %s, 'load', id, name, lower(name), sex, born::int, '', '', '', lower(email), phone,
    'sr-latn', '', now()
from stage
where id <> '' and length(id) <= 120 and name <> '' and length(name) <= 200
    and email ~ '^[^@\s]+@[^@\s]+\.[a-z]{2,}$' and length(email) <= 254
    and sex in ('female', 'male', 'another', 'not_said')
    and born ~ '^\d{4}$' and born between '1900' and '2100' and length(phone) <= 40
order by id
on conflict (tenant_id, source, source_id) where source_id <> '' do update set
    name = excluded.name, name_key = excluded.name_key, email = excluded.email, sex = excluded.sex,
    born = excluded.born, phone = excluded.phone
"""


def main(folder: Path, rows: int, rounds: int) -> dict:
    from tests.factories import make_programme

    programme = make_programme()
    _people(folder / "people.csv", rows)
    _people(folder / "changed.csv", rows, mark="x")
    ways = {"limit": lambda file: _limit(programme, file), "ours": lambda file: _ours(programme, file)}
    found: dict[str, list] = {}
    held = {}
    for _round in range(rounds):
        for name, way in ways.items():
            _empty()
            for what, file in (("new", "people"), ("unchanged", "people"), ("changed", "changed")):
                found.setdefault(f"{name} {what}", []).append(_in_child(way, folder / f"{file}.csv"))
            held[name] = _held()
    assert held["ours"] == held["limit"], "the two ways do not write the same"
    told = {
        name: {"seconds": statistics.median(s for s, _m in runs), "mebibytes": max(m for _s, m in runs)}
        for name, runs in found.items()
    }
    return told | _workbooks(folder)


def _people(path: Path, rows: int, mark: str = "") -> None:
    with path.open("w", newline="") as file:
        out = csv.writer(file)
        out.writerow(COLUMNS)
        for n in range(rows):
            sex, born = ("female", "male", "another")[n % 3], 1950 + n % 50
            row = [
                f"P{n}",
                f"Person Number {mark}{n}",
                f"p{mark}{n}@example.org",
                sex,
                born,
                f"+381 60 {n:07d}",
            ]
            if n % 100 == 7:
                place = 2 + n // 100 % 4
                row[min(place, 4)] = BAD[place]
            out.writerow(row)


def _ours(programme, file: Path) -> None:
    from django.utils import timezone

    from desk.loading.door import KINDS
    from desk.loading.engine import load
    from desk.loading.kinds import Target
    from lib.sheets import WIDE, read

    report = load(
        KINDS["persons"], read(file, limits=WIDE), Target(programme, timezone.now()), skip_refused=True
    )
    assert len(report.refused) == report.read // 100
    assert all(one.sheet and one.row and one.column and one.value and one.rule for one in report.refused)


def _limit(programme, file: Path) -> None:
    from django.db import connection, transaction

    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(
            "create temp table stage (id text, name text, email text, sex text, born text, phone text) "
            "on commit drop"
        )
        with (
            cursor.copy("copy stage from stdin with (format csv, header)") as copy,
            file.open("rb") as source,
        ):
            while piece := source.read(1 << 18):
                copy.write(piece)
        cursor.execute(LIMIT, [programme.tenant_id])


def _in_child(way: Callable[[Path], None], file: Path) -> tuple[float, float]:
    """Seconds, and MiB at the highest above what the process held before."""
    from django.db import connection

    connection.close()
    out, into = os.pipe()
    if pid := os.fork():
        os.close(into)
        with os.fdopen(out) as said:
            told = said.read()
        _pid, status = os.waitpid(pid, 0)
        assert status == 0, f"{way} failed"
        return tuple(json.loads(told))
    try:
        connection.ensure_connection()
        Path("/proc/self/clear_refs").write_text("5")  # the highest so far is forgotten
        before, begun = _status("VmRSS"), time.perf_counter()
        way(file)
        seconds = time.perf_counter() - begun
        os.write(into, json.dumps([seconds, (_status("VmHWM") - before) / 1024]).encode())
        os._exit(0)
    finally:
        os._exit(1)


def _status(name: str) -> int:
    return int(re.search(rf"{name}:\s+(\d+)", Path("/proc/self/status").read_text())[1])


def _empty() -> None:
    from django.db import connection

    with connection.cursor() as cursor:
        cursor.execute("truncate people_person restart identity cascade")
        cursor.execute("vacuum analyze people_person")
        cursor.execute("checkpoint")


def _held() -> tuple:
    from django.db import connection

    with connection.cursor() as cursor:
        cursor.execute("""select count(*), md5(string_agg(md5(concat_ws('|', source_id, name, name_key, sex,
            born, email, phone, language)), '' order by source_id)) from people_person""")
        return cursor.fetchone()


def _workbooks(folder: Path) -> dict[str, float]:
    """Every row of the same workbook gone through once."""
    import openpyxl

    from lib.sheets import WIDE, read

    path = folder / "people.xlsx"
    book = openpyxl.Workbook(write_only=True)
    sheet = book.create_sheet()
    with (folder / "people.csv").open(newline="") as file:
        for row in csv.reader(file):
            sheet.append([int(cell) if cell.isdigit() else cell for cell in row])
    book.save(path)
    begun = time.perf_counter()
    rows = sum(1 for _row in openpyxl.load_workbook(path, read_only=True).active.iter_rows(values_only=True))
    middle = time.perf_counter()
    assert sum(1 for _row in read(path, limits=WIDE).rows) + 1 == rows
    return {"xlsx openpyxl": middle - begun, "xlsx ours": time.perf_counter() - middle}


if __name__ == "__main__":
    django.setup()
    print(json.dumps(main(Path(sys.argv[1]), int(sys.argv[2]), int(sys.argv[3]))))
