"""What a library for statistical offices hides in the same table (pytauargus: least frequency 5, optimal)."""

import tempfile
from contextlib import chdir

from pytauargus import protect

from outcomes.disclosure import FLOOR


def hidden_by_it(counts: list[list[int]]) -> set[tuple[int, int]]:
    """Row and column of each cell that it does not show."""
    micro: dict[str, list] = {"row": [], "column": [], "one": []}
    for i, row in enumerate(counts):
        for j, n in enumerate(row):
            micro["row"] += [f"{i}"] * n
            micro["column"] += [f"{j}"] * n
            micro["one"] += [1.0] * n
    with tempfile.TemporaryDirectory() as folder, chdir(folder):  # it leaves logs where it is
        rules = {"safety_rules": f"FREQ({FLOOR},30)", "suppress": "OPT(1)"}
        found = protect(micro, ["row", "column"], response="one", workdir=folder, **rules)
        table = found.tables[0]
        shown = zip(table.rows, table.safe(), strict=True)
        return {
            (int(cell["row"]), int(cell["column"]))
            for cell, said in shown
            if said == "x" and "Total" not in (cell["row"], cell["column"])
        }
