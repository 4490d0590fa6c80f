"""Real forms: a panel of 372 owners in Kenya asked eight times, a follow-up of 476 people who are not named,
783 registrations of 29 workshops in two shapes. Beside the figures that their makers published."""

import json
from collections.abc import Iterator
from pathlib import Path

from desk.real import Figure, load, run
from desk.real.answered_forms import LEARNERS, WORKSHOPS, files, learners, source, workshops
from desk.real.answered_owners import OWNERS, owners

KENYA, FOLLOWUP = "outcomes_mentoring_kenya", "outcomes_followup_2017"


def load_all(data: Path) -> None:
    """Each file as its owner would bring it."""
    panel = data / KENYA / "dandora_panel.csv"
    run("programme", OWNERS, "--organisation", "Dandora", "--name", "Owners, eight times", "--zone", "UTC")
    first = ("--where", "wave=0")
    load("persons", panel, OWNERS, *first, columns="persons_owners")
    load("enrolments", panel, OWNERS, *first, columns="enrolments_owners")
    load("answers", panel, OWNERS, columns="answers_kenya")
    load("answers", panel, OWNERS, *first, columns="answers_kenya_before")
    run("programme", LEARNERS, "--organisation", "The Carpentries", "--name", "Follow-up", "--zone", "UTC")
    load("answers", data / FOLLOWUP / "longterm_October2017.csv", LEARNERS, columns="answers_followup")
    run("programme", WORKSHOPS, "--organisation", "CodeRefinery", "--name", "Workshops", "--zone", "UTC")
    for shape in ("typeform", "indico"):
        for file in files(data, shape):
            load("answers", file, WORKSHOPS, "--source", source(file), columns=f"answers_{shape}")


def compare(data: Path) -> Iterator[Figure]:
    yield from owners(json.loads((data / KENYA / "published_numbers.json").read_text()))
    yield from learners(json.loads((data / FOLLOWUP / "published_numbers.json").read_text()))
    yield from workshops(data)
