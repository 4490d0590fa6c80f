"""100,000 people by `load` (CSV, reasons by row, one entry of audit) beside the limit: COPY to a text stage,
all checks and the insert in one SQL statement, into the same table. Added memory; changed and unchanged
people; XLSX beside openpyxl."""

import json
import os
import secrets
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path

from bench.doors import Figure
from tests import programs
from tests.services import postgres

NAME = "import"
ROWS, ROUNDS, MEBIBYTES = 100_000, 3, 60


def run() -> Iterator[Figure]:
    if lacking := programs.provide(("PostgreSQL",)):
        raise RuntimeError(f"not found: {', '.join(lacking)}")
    with tempfile.TemporaryDirectory(prefix="rasadnik-bench-") as name:
        folder = Path(name)
        folder.chmod(0o755)
        (folder / "data").mkdir()
        with postgres(folder) as address:
            environment = {
                **os.environ,
                "DATABASE_URL": address,
                "DATA_DIR": str(folder / "data"),
                "DJANGO_SETTINGS_MODULE": "config.settings",
                "SECRET_KEY": secrets.token_urlsafe(60),
                "PYTHONPATH": str(programs.ROOT),
            }
            _python(environment, "manage.py", "migrate", "--verbosity=0")
            found = json.loads(
                _python(environment, "-m", "bench.importing", str(folder), str(ROWS), str(ROUNDS))
            )
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


def _python(environment: dict, *words: str) -> str:
    done = subprocess.run(
        [sys.executable, *words], env=environment, cwd=programs.ROOT, capture_output=True, text=True
    )
    if done.returncode:
        raise RuntimeError(done.stderr[-3000:])
    return done.stdout
