"""100,000 people by `load` (CSV, reasons by row, one entry of audit) beside the limit: COPY to a text stage,
all checks and the insert in one SQL statement, into the same table. Added memory; changed and unchanged
people; XLSX beside openpyxl."""

import json
from collections.abc import Iterator

from bench.doors import Figure
from bench.installed import installed

NAME = "import"
ROWS, ROUNDS, MEBIBYTES = 100_000, 3, 60


def run() -> Iterator[Figure]:
    with installed() as project:
        words = ("-m", "bench.importing", str(project.folder), str(ROWS), str(ROUNDS))
        found = json.loads(project.python(*words))
    yield from _figures(found)


def _figures(found: dict) -> Iterator[Figure]:
    for what in ("new", "changed", "unchanged"):
        ours, limit = (ROWS / found[f"{who} {what}"]["seconds"] for who in ("ours", "limit"))
        share = f"{ours:,.0f} of {limit:,.0f} rows/s ({ours / limit:.2f})"
        print(f"  {what}: {share}, {found[f'ours {what}']['mebibytes']:.0f} MiB added")
    print(f"  XLSX read: ours {found['xlsx ours']:.2f} s, openpyxl {found['xlsx openpyxl']:.2f} s")
    limit, ours = found["limit new"], found["ours new"]
    yield Figure("import.rows-to-limit", limit["seconds"] / ours["seconds"], 0.35)
    yield Figure("import.memory", MEBIBYTES / max(ours["mebibytes"], 1), 1)
    yield Figure("import.xlsx-times-openpyxl", found["xlsx openpyxl"] / found["xlsx ours"], 5)
