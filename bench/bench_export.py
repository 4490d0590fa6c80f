"""Taking a list along: 20,000 ideas with nominators and reviews, through the page's own address.

Measured in a process and a PostgreSQL of its own (`bench.exporting`), beside two limits in the same run: the
database alone writing the same columns (`COPY … TO STDOUT`), and the bare rows through Python's csv.
"""

import json
import os
import subprocess
import sys
import tempfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

from bench.doors import Figure
from bench.exporting import KINDS
from tests.services import postgres

NAME = "export"
IDEAS, FEW = 20_000, 200
MEMORY = 30  # MiB that a list may add, however long it is
PEER = 152.418  # s that pretalx 2025.2.2 took for 7 columns of 20,000 proposals on a machine like this


def run() -> Iterator[Figure]:
    found = measured()
    seconds, added = found["seconds"], {}
    for kind in KINDS:
        (few, many), one = found["queries"][kind], found[kind]
        added[kind] = one["added"]
        print(
            f"  {kind}: {seconds[kind]:.2f} s for {IDEAS} ideas, {one['bytes'] / 1e6:.1f} MB, "
            f"{many} queries ({few} for {FEW}), {one['added']:.1f} MiB added"
        )
        assert few == many, f"more ideas, more queries: {kind}"
    print(f"  the query alone by COPY {seconds['copy']:.2f} s; its rows through csv {seconds['plain']:.2f} s")
    assert max(added.values()) <= MEMORY, f"more than {MEMORY} MiB added: {added}"
    yield Figure("export csv, to its bare rows through csv", seconds["plain"] / seconds["csv"], 0.5)
    yield Figure("export csv, to COPY of its query", seconds["copy"] / seconds["csv"], 0.2)
    yield Figure("export json, to its bare rows through csv", seconds["plain"] / seconds["json"], 0.7)
    yield Figure("export csv, times faster than pretalx (another session)", PEER / seconds["csv"], 30)


def measured() -> dict:
    memory = {kind: ["memory", kind] for kind in KINDS}
    with measuring("bench.exporting") as said:
        said("make", str(FEW), str(IDEAS))
        return said("time") | {kind: said(*words) for kind, words in memory.items()}


@contextmanager
def measuring(module: str) -> Iterator[Callable[..., dict]]:
    """A PostgreSQL of its own; what is yielded runs `python -m module WORDS` on it and reads its JSON."""
    with tempfile.TemporaryDirectory(prefix="rasadnik-bench-") as name:
        folder = Path(name)
        folder.chmod(0o755)  # PostgreSQL runs as somebody else
        with postgres(folder) as address:
            settings = {
                "DATABASE_URL": address,
                "DATA_DIR": str(folder / "data"),
                "DJANGO_SETTINGS_MODULE": "config.settings_test",
                "REDIS_URL": "",
            }
            yield lambda *words: said(module, settings, *words)


def said(module: str, settings: dict, *words: str) -> dict:
    command = [sys.executable, "-m", module, *words]
    done = subprocess.run(command, env={**os.environ, **settings}, capture_output=True, text=True)
    if done.returncode:
        raise RuntimeError(done.stderr[-3000:])
    return json.loads(done.stdout.splitlines()[-1])
