"""Summaries attacked by somebody who has all of them and subtracts: groups and changes of 1 to 4 people that
she pins down. SERIES=500 SEED=0; the same attack without the ledger shows that it can see."""

import os
from collections.abc import Iterator

from bench.doors import Figure
from tests.faults.crossing import judged
from tests.faults.disclosing import attacked

NAME = "disclosure"
SERIES, SEED = int(os.environ.get("SERIES", "500")), int(os.environ.get("SEED", "0"))
SEEN, TABLES = 20, 60


def run() -> Iterator[Figure]:
    tried, pinned, totals = 0, [], 0
    for seed in range(SEED, SEED + SERIES):
        found = attacked(seed)
        tried += len(found)
        pinned += [(seed, one) for one in found if one.is_pinned]
        totals += sum(one.is_by_totals for one in found)
    for seed, one in pinned[:20]:
        print(f"  pinned in series {seed}: {one.what}, {one.truth} people, {one.width + 1} numbers")
    print(f"  {SERIES} series, {tried} groups and changes of 1 to 4 people attacked, {len(pinned)} pinned;")
    print(f"  {totals} more are known by exact totals, which are no breakdown's doing")
    assert not pinned
    yield Figure("disclosure.not-pinned", (tried - len(pinned)) / tried, 1.0)

    seen = sum(one.is_pinned for seed in range(SEED, SEED + SEEN) for one in attacked(seed, ledger=False))
    print(f"  without the ledger the same attack pins {seen} in {SEEN} series")
    assert seen > SEEN, "the attack sees nothing: it proves nothing"

    safe, shown, oracle = judged(SEED, TABLES)
    print(f"  two properties at once: {shown} of {TABLES} tables are shown, {safe} withstand such an attack")
    print(f"  {oracle}")
    assert safe == shown
    yield Figure("disclosure.crossed-safe", safe / max(shown, 1), 1.0)
