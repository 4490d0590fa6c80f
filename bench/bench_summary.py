"""What a programme comes to, in six tables of 3.2 million facts, beside the bare GROUP BYs of the same facts.

Measured in a process and a PostgreSQL of its own (`bench.summing`), alternately in one run; then a million
facts on SQLite, where two tables are read by columns. `SHARE=0.1` is a tenth of it.
"""

import os
import tempfile
from collections.abc import Callable, Iterator

from bench.bench_export import measuring, said
from bench.doors import Figure

NAME = "summary"
MEMORY = 30  # MiB that all tables together may add, however many facts there are


def run() -> Iterator[Figure]:
    share = float(os.environ.get("SHARE", "1"))
    with measuring("bench.summing") as on_postgresql:
        seconds, added = measured(on_postgresql, share)
    assert added <= MEMORY, f"more than {MEMORY} MiB added: {added}"
    yield Figure("summary tables, to the bare GROUP BYs", seconds["bare"] / seconds["ours"], 1 / 1.3)
    with tempfile.TemporaryDirectory(prefix="rasadnik-bench-") as folder:
        settings = {
            "DATABASE_URL": f"sqlite:///{folder}/db.sqlite3",
            "DATA_DIR": folder,
            "DJANGO_SETTINGS_MODULE": "config.settings_test",
            "REDIS_URL": "",
        }
        seconds, _added = measured(lambda *words: said("bench.summing", settings, *words), 0.3 * share)
    yield Figure("the same on SQLite", seconds["bare"] / seconds["ours"], 1 / 1.3)


def measured(said: Callable[..., dict], share: float) -> tuple[dict, float]:
    said("make", str(share))
    rows, seconds, added = said("facts")["rows"], said("time"), said("memory")["added"]
    print(
        f"  {rows} facts: six tables {seconds['ours']:.2f} s, six bare GROUP BYs {seconds['bare']:.2f} s; "
        f"{added:.1f} MiB added"
    )
    return seconds, added
