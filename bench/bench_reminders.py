"""Reminders: planned for 20,000 people beside the bare query and insert; 10,000 sent beside a mail loop."""

from collections.abc import Iterator

from bench import reminding_plan, reminding_send
from bench.doors import Figure

NAME = "reminders"


def run() -> Iterator[Figure]:
    yield from reminding_send.figures()
    yield from reminding_plan.figures()
