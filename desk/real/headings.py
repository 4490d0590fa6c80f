"""Headings of real files, guessed and compared with what a person found them to mean (`headings.json`).

Every column counts: one that is no field of ours must be left alone.
"""

import json
from collections.abc import Iterator
from pathlib import Path
from typing import NamedTuple

from desk.loading.door import KINDS
from desk.loading.guess import guess_columns
from lib.sheets import read

TRUTH = Path(__file__).with_name("headings.json")
ENOUGH = 0.95


class Told(NamedTuple):
    """Of the columns of a data set: guessed right, guessed wrong, ours but not guessed, left alone."""

    data: str
    files: int
    right: int
    wrong: int
    missed: int
    alone: int

    @property
    def share(self) -> float:
        return self.right / (self.right + self.wrong + self.missed)

    @property
    def is_enough(self) -> bool:
        return self.share > ENOUGH and not self.wrong

    def __str__(self) -> str:
        verdict = "enough" if self.is_enough else "SHORT"
        return (
            f"headings.{self.data} {self.files} files: {self.right} right, {self.wrong} wrong, "
            f"{self.missed} missed, {self.alone} left alone: {100 * self.share:.1f} % {verdict}"
        )


def compare(data: Path) -> Iterator[Told]:
    """One for each data set."""
    truths = json.loads(TRUTH.read_text())
    for name in dict.fromkeys(truth["data"] for truth in truths):
        mine = [truth for truth in truths if truth["data"] == name]
        counts = [count for truth in mine for count in _counts(data / name, truth)]
        files = {path for truth in mine for path in (data / name).glob(truth["files"])}
        yield Told(name, len(files), *map(sum, zip(*counts, strict=True)))


def _counts(folder: Path, truth: dict) -> Iterator[tuple[int, int, int, int]]:
    for path in sorted(folder.glob(truth["files"])):
        table = read(path)
        guesses = guess_columns(KINDS[truth["kind"]], table)
        ours = {(name, header) for name, header in truth["fields"].items()}
        guessed = {(name, _header(guess.header)) for name, guess in guesses.items()}
        right, wrong = guessed & ours, guessed - ours
        untold = len(table.header) - len({header for _name, header in guessed | ours})
        yield len(right), len(wrong), len(ours - guessed), untold


def _header(header: str | list[str]) -> str:
    return header if isinstance(header, str) else " + ".join(header)
