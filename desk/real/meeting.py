"""Mentors and mentees in Kenya: in six months 124 women were asked whether they still met their mentors.
Their answers are a register: a yes is present, a no absent, a blank unknown."""

import csv
import tempfile
from collections.abc import Iterator
from pathlib import Path

from desk.real import Figure, load, run
from mentoring.meetings import staying
from training.models import Session

FILE, CODE = Path("outcomes_mentoring_kenya") / "mentor_meetings_wide.csv", "kenya"
WAVES = ("1", "2", "3", "4", "7", "12")
PUBLISHED = (0.854, 0.667, 0.600, 0.612, 0.490, 0.457)  # Figure 6 of Brooks, Donovan, Johnson (2018)
ASKED = (82, 63, 100, 103, 100, 105)


def load_all(data: Path) -> None:
    file = data / FILE
    run("programme", CODE, "--organisation", "Dandora", "--name", "Mentors or teachers", "--zone", "UTC")
    load("persons", file, CODE, columns="persons_mentees")
    load("enrolments", file, CODE, columns="enrolments_mentees")
    with tempfile.TemporaryDirectory() as folder:
        sessions = Path(folder) / "waves.csv"
        with sessions.open("w", newline="") as waves:
            csv.writer(waves).writerows([["title"], *([f"Month {wave}"] for wave in WAVES)])
        load("sessions", sessions, CODE, columns="sessions_waves")
    load("attendance", file, CODE, columns="attendance_waves")


def compare() -> Iterator[Figure]:
    """Of those who answered, how many met: in thousandths, as printed; and how many answered."""
    by_title = {row.title: row for row in Session.objects.filter(programme__code=CODE)}
    found = staying.of_register(by_title[f"Month {wave}"] for wave in WAVES)
    for wave, one, printed, asked in zip(WAVES, found, PUBLISHED, ASKED, strict=True):
        yield Figure(f"still_meeting.month_{wave}", round(printed * 1000), round((one.share or 0) * 1000))
        yield Figure(f"still_meeting.answered_{wave}", asked, one.known)
