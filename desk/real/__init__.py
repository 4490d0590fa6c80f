"""The real programmes of the shared data, loaded through `manage.py load` with the maps of this folder.

Every figure that their makers published (or that can be counted in their files by hand) stands beside ours.
"""

import io
import json
from collections.abc import Iterator
from pathlib import Path
from typing import NamedTuple

from django.core.management import call_command

FOLDER = "programme_openseeds"
PEOPLE, PROJECTS, SESSIONS = "people_roles_long.csv", "projects_cohorts_1-6.csv", "sessions_cohorts_1-6.csv"
COHORTS = tuple(f"ols-{number}" for number in range(1, 7))
PUBLISHED = {
    "projects": (20, 32, 37, 26, 34, 27),
    "graduated": (17, 25, 34, 20, 25, 22),
    "not_graduated": (3, 5, 2, 6, 7, 0),
    "unknown": (0, 2, 1, 0, 2, 5),
    "participants": (29, 52, 66, 34, 71, 41),
    "mentors": (20, 36, 34, 32, 35, 32),
}
OVER_ALL = {"both": 43, "mentor_later": 36}
ALL_SESSIONS = {"sessions": 193, "unscheduled": 56}


class Figure(NamedTuple):
    name: str
    published: int
    ours: int

    @property
    def is_equal(self) -> bool:
        return self.published == self.ours

    def __str__(self) -> str:
        return f"{self.name} {self.published} {self.ours} {'equal' if self.is_equal else 'DIFFERS'}"


def load_all(data: Path) -> None:
    """Six programmes of one organisation. Raises SystemExit when a row is refused."""
    folder = data / FOLDER
    for cohort in COHORTS:
        name = f"Open Seeds {cohort[-1]}"
        run("programme", cohort, "--organisation", "Open Seeds", "--name", name, "--zone", "UTC")
    _load("persons", folder / PEOPLE, COHORTS[0])
    for cohort in COHORTS:
        _load("enrolments", folder / PEOPLE, cohort, f"cohort={cohort}", "role=participant")
        _load("mentors", folder / PEOPLE, cohort, f"cohort={cohort}", "role=mentor")
        _load("sessions", folder / SESSIONS, cohort, f"cohort={cohort}")
        # three projects had no mentor: there is nobody to assign
        _load("assignments", folder / PROJECTS, cohort, f"cohort={cohort}", *_guided(folder, cohort))
        _load("ideas", folder / PROJECTS, cohort, f"cohort={cohort}")


def compare() -> Iterator[Figure]:
    """Our figures beside the published ones, from `manage.py summary --all`."""
    found = json.loads(run("summary", "--all", "--json"))
    by_code = {one["programme"]: one for one in found["programmes"]}
    for name, published in PUBLISHED.items():
        for cohort, value in zip(COHORTS, published, strict=True):
            yield Figure(f"{cohort}.{name}", value, by_code[cohort][name])
    for name, value in ALL_SESSIONS.items():
        yield Figure(name, value, sum(by_code[cohort][name] for cohort in COHORTS))
    for name, value in OVER_ALL.items():
        yield Figure(name, value, found["people"][name])


def load(kind: str, file: Path, programme: str, *words: str, columns: str = "") -> dict:
    """One file through `manage.py load` with the map of this folder that is called so; its report."""
    path = str(Path(__file__).with_name(f"{columns or kind}.json"))
    return json.loads(
        run("load", kind, str(file), "--programme", programme, "--columns", path, "--json", *words)
    )


def _load(kind: str, file: Path, cohort: str, *where: str) -> dict:
    return load(kind, file, cohort, *(word for condition in where for word in ("--where", condition)))


def _guided(folder: Path, cohort: str) -> list[str]:
    """Conditions that choose the projects with a mentor."""
    from lib.sheets import read

    sheet = read(folder / PROJECTS)
    place = {name: number for number, name in enumerate(sheet.header)}
    numbers = [
        row.cells[place["project_no"]]
        for row in sheet.rows
        if row.cells[place["cohort"]] == cohort and row.cells[place["mentors"]]
    ]
    return [f"project_no={number}" for number in numbers]


def run(*words: str) -> str:
    """One command, as at the door; what it says when it refuses goes to whoever started us."""
    said = io.StringIO()
    try:
        call_command(*words, stdout=said, stderr=io.StringIO())
    except SystemExit:
        print(said.getvalue())
        raise
    return said.getvalue()
