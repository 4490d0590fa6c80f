"""What came of a storm: each final state, the copies each person got, and what must not be."""

from collections import Counter
from collections.abc import Iterator

from tests.faults.reminding import FINAL, Storm

OFTEN = 2  # copies; more is nagging


def faults_of(storm: Storm, rows: list[dict], *, is_orderly: bool = False) -> list[str]:
    """Every broken promise, in words; [] is the aim."""
    found = list(_of_all(storm, rows))
    for row in rows:
        copies = storm.post.copies.get(row["email"], [])
        found += [f"{row['email']} ({row['state']}): {words}" for words in _of_one(storm, row, copies)]
        if is_orderly and (len(copies) != 1 or row["state"] != "sent" or row["unsure"]):
            found.append(f"{row['email']}: {row['state']} with {len(copies)} copies at orderly restarts")
    return found


def _of_all(storm: Storm, rows: list[dict]) -> Iterator[str]:
    if len(rows) != storm.rows:
        yield f"{len(rows)} reminders for {storm.rows} people"
    for email, count in Counter(row["email"] for row in rows).items():
        if count > 1:
            yield f"{email}: planned {count} times"


def _of_one(storm: Storm, row: dict, copies: list[str]) -> Iterator[str]:
    if row["state"] not in FINAL:
        yield "in no final state"
    if row["state"] == "sent" and not copies:
        yield "lost: nothing arrived"
    if len(copies) > OFTEN:
        yield f"{len(copies)} copies"
    if len(copies) > 1 and not (row["unsure"] and row["email"] in storm.post.cut):
        yield "a second copy that nothing interrupted explains"
    if row["unsure"] and row["email"] not in storm.post.cut:
        yield "taken for uncertain, and nothing interrupted it"
    if copies and row["state"] in ("dropped", "expired") and not row["unsure"]:
        yield "arrived, and is not said to have"
    if set(copies) - {row["id"]}:
        yield "another Message-ID than its own"
    if row["email"] in storm.withdrawn and _came_after(row, copies):
        yield "arrived after she had left"
    if row["state"] in ("failed", "uncertain", "held") and not (row["seen"] and row["reason"]):
        yield "stands on no page, or without a reason"


def _came_after(row: dict, copies: list[str]) -> bool:
    return bool(copies) and not row["unsure"]


def table(storm: Storm, rows: list[dict]) -> str:
    """Rows by final state and copies."""
    found = Counter(
        (row["state"], min(len(storm.post.copies.get(row["email"], [])), OFTEN + 1)) for row in rows
    )
    lines = [f"  {'state':<12} {'no copy':>8} {'1 copy':>8} {'2 copies':>9} {'more':>6}"]
    for state in sorted({state for state, _copies in found}):
        counts = [found[state, copies] for copies in range(OFTEN + 2)]
        lines.append("  {:<12} {:>8} {:>8} {:>9} {:>6}".format(state, *counts))
    return "\n".join(lines)
