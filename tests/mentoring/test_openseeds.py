"""The real assignments of six cohorts: none lost, none too many; who has no mentor stands there as such."""

import csv
from collections import Counter

import pytest
from django.urls import reverse

from desk import real
from ideas.models import Mentored
from mentoring.models import Assignment
from people.models import Programme
from tests.factories import make_administrator

pytestmark = [pytest.mark.django_db, pytest.mark.sqlite]  # once is enough: six cohorts are loaded


def projects(folder) -> list[dict]:
    with (folder / real.PROJECTS).open(newline="") as file:
        return list(csv.DictReader(file))


def parts(cell: str) -> list[str]:
    return [part.strip() for part in cell.split(";") if part.strip()]


def test_six_cohorts(shared_data, client):
    folder = shared_data / real.FOLDER
    real.load_all(shared_data)
    rows = projects(folder)
    said = {
        (row["cohort"], mentor, person)
        for row in rows
        for mentor in parts(row["mentors"])
        for person in parts(row["participants"])
    }
    ours = set(
        Assignment.objects.values_list(
            "programme__code", "mentor__person__source_id", "enrolment__person__source_id"
        )
    )
    assert (len(said), ours) == (362, said)

    # a mentor guided at most four projects of a cohort
    guided = Mentored.objects.values_list(
        "assignment__programme__code", "assignment__mentor__person__source_id", "idea"
    )
    by_mentor = Counter((code, mentor) for code, mentor, _idea in set(guided))
    assert Counter(by_mentor.values()) == {1: 171, 2: 13, 3: 4, 4: 1}

    # three projects had none: their four people stand on the list of who has no mentor, and nobody else does
    alone = {
        (row["cohort"], person)
        for row in rows
        if not parts(row["mentors"])
        for person in parts(row["participants"])
    }
    client.force_login(
        make_administrator(Programme.objects.get(code="ols-1").tenant),
        backend="allauth.account.auth_backends.AuthenticationBackend",
    )
    assert without(client, rows) == alone
    assert len(alone) == 4


def without(client, rows: list[dict]) -> set[tuple[str, str]]:
    """Who of a project's people stands under "Without a mentor" on the page of her cohort."""
    in_projects = {(row["cohort"], person) for row in rows for person in parts(row["participants"])}
    found = set()
    for code in real.COHORTS:
        page = client.get(reverse("mentoring:assignment_list", args=[code]))
        listed = [section for section in page.context["sections"] if section.key == "without"]
        found |= {(code, line.what) for section in listed for line in section.lines}
    return found & in_projects
