"""Assignments and meetings taken along: those of the page."""

import pytest
from django.urls import reverse

from tests.factories import (
    make_assignment,
    make_coordinator,
    make_enrolment,
    make_meeting,
    make_mentor,
    make_person,
    make_programme,
    make_trainer,
)
from tests.taken import KINDS, content, everywhere, rows, table, take

ASSIGNMENTS, MEETINGS = BOTH = "mentoring:assignment_export", "mentoring:meeting_export"


@pytest.fixture
def programme(db):
    return make_programme()


@pytest.fixture
def coordinator(client, programme):
    client.force_login(make_coordinator(programme))
    return client


def pair(programme, person: str, mentor: str, **fields):
    tenant = programme.tenant
    guide = make_mentor(programme, person=make_person(tenant, name=mentor))
    return make_assignment(
        guide, make_enrolment(programme, person=make_person(tenant, name=person)), **fields
    )


@pytest.mark.parametrize("asked", [{}, {"q": "zana"}, {"q": "Vera"}, {"state": "ended"}, {"q": "nobody"}])
def test_the_pairs_are_those_of_the_page(coordinator, programme, asked):
    made = [
        pair(programme, "Žana", "Vera"),
        pair(programme, "Mila", "Vera", state="ended"),
        pair(programme, "Iva", "Ana"),
    ]
    for one in made:
        make_meeting(one, topic=f"with {one.enrolment}")
    pair(make_programme(programme.tenant), "Strana", "Vera")
    page = coordinator.get(reverse("mentoring:assignment_list", args=[programme.code]), asked)
    shown = [str(row.enrolment) for row in page.context["assignments"]]
    assert everywhere(coordinator, ASSIGNMENTS, programme.code, column="person", **asked) == shown
    met = everywhere(coordinator, MEETINGS, programme.code, column="topic", **asked)
    assert met == [f"with {name}" for name in reversed(shown)]


def test_what_is_said_of_a_pair(coordinator, programme):
    one = pair(programme, "Žana", "Vera")
    make_meeting(one, minutes=50)
    make_meeting(one, minutes=30, day="2025-03-01")
    found = rows(coordinator, ASSIGNMENTS, programme.code)[0]
    del found["state_at"]
    assert found == {
        "row_code": one.enrolment.row_code,
        "person": "Žana",
        "enterprise": None,
        "mentor": "Vera",
        "meetings": 2,
        "met_minutes": 80,
        "agreed_hours": 10,
        "last_met": "2025-03-12",
        "silent": True,
        "state": "active",
        "reason": "",
        "start": "2025-03-12",
        "end": None,
    }
    head, line, _first = table(coordinator, MEETINGS, programme.code)
    said = dict(zip(head, line, strict=True))
    assert (said["Day"], said["Minutes"], said["Place"]) == ("2025-03-12", "50", "on the premises")


def test_a_mentor_takes_along_her_own(client, programme):
    hers, others = make_assignment(programme=programme), make_assignment(programme=programme)
    for one in (hers, others):
        make_meeting(one, topic=f"with {one.enrolment}")
    client.force_login(hers.mentor.person.user)
    assert [row["person"] for row in rows(client, ASSIGNMENTS, programme.code)] == [str(hers.enrolment)]
    assert [row["topic"] for row in rows(client, MEETINGS, programme.code)] == [f"with {hers.enrolment}"]


def test_a_stranger_gets_nothing_and_a_trainer_may_not(client, programme):
    client.force_login(make_coordinator(make_programme()))
    assert [take(client, route, programme.code).status_code for route in (ASSIGNMENTS, MEETINGS)] == [
        404,
        404,
    ]
    client.force_login(make_trainer(programme))
    assert [take(client, route, programme.code).status_code for route in (ASSIGNMENTS, MEETINGS)] == [
        403,
        403,
    ]


@pytest.mark.parametrize("n", [1, 3])
@pytest.mark.parametrize("kind", KINDS)
def test_a_list_costs_the_same_for_one_and_for_three(
    coordinator, programme, n, kind, django_assert_num_queries
):
    for _ in range(n):
        make_meeting(pair(programme, "Žana", "Vera"))
    for route in BOTH:
        with django_assert_num_queries(6):
            content(take(coordinator, route, programme.code, kind=kind))
