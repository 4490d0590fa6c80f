"""Every list of the API costs the same however many rows it shows."""

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from config.api import RESOURCES
from tests.access.world import World
from tests.factories import make_note

pytestmark = pytest.mark.django_db
# the session, who asks, the rows; where something hangs on the rows, that as well
THREE = (
    *("persons", "organisations", "enterprises", "ownerships", "affiliations", "clusterings", "projects"),
    *("programmes", "partners", "beneficiaries", "memberships", "consents", "venues", "notes", "enrolments"),
    *("plans", "roster", "marks", "attendance", "headcounts", "twins", "certificates", "signatories"),
    *("packs", "eligibility-rules", "findings", "applications", "groups"),
    *("mentors", "offers", "needs", "preferences", "candidates", "declarations", "hints", "matching-runs"),
    *("proposals", "assignments", "goals", "meetings", "pair-notes", "slots", "introductions", "mentored"),
    *("joins", "compared", "asked", "assigning-runs", "criteria", "seats", "selections", "decisions"),
    *("aims", "reports", "targets", "reminders", "rules", "rule-texts", "quiet-hours", "jobs", "audit"),
    "choices",
    *("evidence", "costs", "period-locks", "narratives", "logframe-lines"),
    *("invitations", "answers", "contacts"),
    *("questions", "wordings", "questionnaires", "editions", "items", "indicators"),
)
FOUR = (
    *("photos", "fundings", "modules", "sessions", "ideas", "nominations", "rounds", "issues"),
    *("imports", "comments", "idea-files", "grants", "waves", "issue-steps"),
)
FIVE = ("reviews",)  # sight of them, and their scores
SIX = ("results",)  # their parties, evidence and fundings
ONE_AT_MOST = ("feeds", "gateways")  # everybody's own, her organisation's: three rows there are never
QUERIES = dict.fromkeys((*THREE, *ONE_AT_MOST), 3) | dict.fromkeys(FOUR, 4)
QUERIES |= dict.fromkeys(FIVE, 5) | dict.fromkeys(SIX, 6)


def test_no_list_is_left_out():
    assert QUERIES.keys() == RESOURCES.keys()


def test_queries_of_every_list_at_one_and_at_three_rows(client):
    world = World()
    world.third = world._programme(world.tenant, "p-third", "Isti")  # three of everything in one tenant
    for place in (world.same, world.other, world.third):
        make_note(place.assignment, layer="programme")  # the two others an administrator does not read
    client.force_login(world.users["administrator"])
    client.get("/api/v1/programmes/")  # what is asked once a process is asked already
    found = {}
    for resource in QUERIES:
        for rows in (1, 3):
            with CaptureQueriesContext(connection) as asked:
                answer = client.get(f"/api/v1/{resource}/?limit={rows}")
            found[resource, len(answer.json()["results"])] = len(asked)
    rows = {resource: (1,) if resource in ONE_AT_MOST else (1, 3) for resource in QUERIES}
    assert found == {(resource, n): QUERIES[resource] for resource in QUERIES for n in rows[resource]}
