"""What a cut-off amounts to: who is on which side, who stands on the line, what another method would do."""

from typing import NamedTuple

SHORTLISTED, WAITING, DECLINED = "shortlisted", "waiting", "declined"


class Choice(NamedTuple):
    """What the coordinator chose: how many are shortlisted and how many wait (None: all the rest)."""

    method: str
    shortlisted: int
    waiting: int | None = None
    weighted: bool = False


class Cut(NamedTuple):
    """Ideas by key."""

    verdicts: dict[int, str]  # of ideas with a place; in order
    tied: list[int]  # the same score on both sides of a line: by themselves they cannot be parted
    either: list[int]  # their interval crosses the line of the short list
    in_by_other: list[int]  # the other method would take these in
    out_by_other: list[int]  # and leave these out
    line_by_other: list[int]  # these share the place at its line: it does not say
    unjudged: list[int]

    def counted(self, verdict: str) -> int:
        return sum(said == verdict for said in self.verdicts.values())


def cut(found: dict, *, shortlisted: int, waiting: int | None = None) -> Cut:
    """The first so many ideas of a ranking are shortlisted, so many more wait, the rest is declined; with no
    number of waiting ones all the rest waits."""
    rows = [row for row in found["ideas"] if row["place"] is not None]
    second = len(rows) if waiting is None else shortlisted + waiting
    verdicts = {
        row["idea"]: SHORTLISTED if at < shortlisted else WAITING if at < second else DECLINED
        for at, row in enumerate(rows)
    }
    return Cut(
        verdicts=verdicts,
        tied=[pk for line in (shortlisted, second) for pk in on_the_line(rows, line)],
        either=[row["idea"] for row in rows if could_stand_on_either_side(row, shortlisted)],
        **_by_other(found, rows, shortlisted),
        unjudged=[row["idea"] for row in found["ideas"] if row["place"] is None],
    )


def on_the_line(rows: list[dict], line: int) -> list[int]:
    """Ideas of one score that a line after so many rows would part."""
    if not 0 < line < len(rows) or rows[line - 1]["place"] != rows[line]["place"]:
        return []
    return [row["idea"] for row in rows if row["place"] == rows[line]["place"]]


def could_stand_on_either_side(row: dict, line: int) -> bool:
    return row["low"] is not None and row["low"] <= line < row["high"]


def _by_other(found: dict, rows: list[dict], shortlisted: int) -> dict[str, list[int]]:
    """The short list by the method that was not chosen against this one; nothing where it cannot be told."""
    key = "place_mean" if found["method"] == "adjusted" else "place_adjusted"
    names = ("in_by_other", "out_by_other", "line_by_other")
    if any(row[key] is None for row in rows):
        return {name: [] for name in names}
    places = {row["idea"]: row[key] for row in rows}
    ahead = sorted(places.values())
    parted = 0 < shortlisted < len(ahead) and ahead[shortlisted - 1] == ahead[shortlisted]
    line = [pk for pk, place in places.items() if parted and place == ahead[shortlisted]]
    kept, other = list(places)[:shortlisted], {pk for pk, place in places.items() if place <= shortlisted}
    settled = other.difference(kept, line)
    return {
        "in_by_other": [pk for pk in places if pk in settled],
        "out_by_other": [pk for pk in kept if pk not in other],
        "line_by_other": line,
    }
