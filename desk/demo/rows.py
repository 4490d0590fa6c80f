"""The demo's CSVs, and the few things every step of the demo needs: times, ids that never change, chance."""

import csv
import random
from collections.abc import Iterator
from datetime import date, datetime, time
from pathlib import Path
from uuid import NAMESPACE_DNS, UUID, uuid5

from lib import clock

ZONE = "Europe/Belgrade"
SOURCE = "demo"
_IDS = uuid5(NAMESPACE_DNS, "demo.rasadnik.example")


def rows(name: str, **wanted: str) -> Iterator[dict[str, str]]:
    """The lines of one CSV, those where every wanted column has its value."""
    with Path(__file__).with_name(f"{name}.csv").open(encoding="utf-8", newline="") as file:
        for row in csv.DictReader(file):
            if all(row[column] == value for column, value in wanted.items()):
                yield row


def at(day: date, clock_time: str) -> datetime:
    """A moment of the demo, in its time zone. A time that the clocks skip or repeat is the first of both."""
    return clock.instant(day, time.fromisoformat(clock_time), ZONE, fold=0)


def operation(*words: object) -> UUID:
    """The id of an operation: the same in every demo."""
    return uuid5(_IDS, "/".join(map(str, words)))


def chance(*words: object) -> random.Random:
    """Chance that is the same in every demo, and does not depend on what was drawn elsewhere."""
    return random.Random("/".join(["2017", *map(str, words)]))
