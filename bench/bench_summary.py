"""What a programme comes to, in six tables of 3.2 million facts, beside the bare GROUP BYs of the same facts.

Measured in a process and a PostgreSQL of its own (`bench.summing`), alternately in one run. `SHARE=0.1` is a
tenth of it.
"""

import os
from collections.abc import Iterator

from bench.bench_export import measuring
from bench.doors import Figure

NAME = "summary"
MEMORY = 30  # MiB that all tables together may add, however many facts there are


def run() -> Iterator[Figure]:
    with measuring("bench.summing") as said:
        said("make", os.environ.get("SHARE", "1"))
        rows, seconds, added = said("facts")["rows"], said("time"), said("memory")["added"]
    print(
        f"  {rows} facts: six tables {seconds['ours']:.2f} s, six bare GROUP BYs {seconds['bare']:.2f} s; "
        f"{added:.1f} MiB added"
    )
    assert added <= MEMORY, f"more than {MEMORY} MiB added: {added}"
    yield Figure("summary tables, to the bare GROUP BYs", seconds["bare"] / seconds["ours"], 1 / 1.3)
