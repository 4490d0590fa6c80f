"""Reports and their issues taken along."""

import pytest
from django.utils import timezone

from jobs.models import Job
from outcomes import services
from outcomes.models import Issue
from tests.factories import (
    make_coordinator,
    make_funding,
    make_programme,
    make_report,
    make_trainer,
)
from tests.taken import KINDS, content, rows, table, take

REPORTS = "outcomes:report_export"


@pytest.fixture
def programme(db):
    return make_programme()


@pytest.fixture
def user(programme):
    return make_coordinator(programme)


@pytest.fixture
def coordinator(client, user):
    client.force_login(user)
    return client


def issue(report, number: int, state: str = "draft") -> Issue:
    released = {"issued_at": timezone.now()} if state == "issued" else {}
    return Issue.objects.create(
        report=report, number=number, state=state, fingerprint=f"{number}" * 64, row_key="",
        payload={"document": {"heading": f"Summary {number}"}, "rows": {}}, **released,
    )  # fmt: skip


def test_a_line_an_issue_and_one_for_a_report_without(coordinator, programme):
    full = make_report(make_funding(programme), name="Full", due="2025-01-01")
    issue(full, 1, "issued")
    issue(full, 2)
    make_report(make_funding(programme), name="Empty", due="2025-02-01")
    make_report(make_funding(make_programme(programme.tenant)), name="Another's")
    found = rows(coordinator, REPORTS, programme.code)
    assert [(row["report"], row["issue"], row["state"], row["heading"]) for row in found] == [
        ("Full", 2, "draft", "Summary 2"),
        ("Full", 1, "issued", "Summary 1"),
        ("Empty", None, None, None),
    ]
    assert found[0]["funder"] == str(full.funding.funder)
    head, *lines = table(coordinator, REPORTS, programme.code)
    assert [line[head.index("Summary")] for line in lines] == ["Summary 2", "Summary 1", ""]


def test_a_stranger_gets_nothing_and_a_trainer_may_not(client, programme):
    client.force_login(make_coordinator(make_programme()))
    assert take(client, REPORTS, programme.code).status_code == 404
    client.force_login(make_trainer(programme))
    assert take(client, REPORTS, programme.code).status_code == 403


@pytest.mark.parametrize("n", [1, 3])
@pytest.mark.parametrize("kind", KINDS)
def test_it_costs_the_same_for_one_and_for_three(coordinator, programme, n, kind, django_assert_num_queries):
    for number in range(n):
        issue(make_report(make_funding(programme)), number + 1)
    with django_assert_num_queries(7):
        content(take(coordinator, REPORTS, programme.code, kind=kind))


def test_the_work_behind_it(coordinator, user, programme, django_assert_num_queries):
    """Jobs stand in a list of the organisation: each sees what she asked for."""
    services.request_issue(by=user, report=make_report(make_funding(programme)))
    Job.objects.create(tenant=programme.tenant, kind="outcomes.build_issue", parameters_hash="x")
    with django_assert_num_queries(4):
        found = rows(coordinator, "jobs:job_export")
    assert [(row["kind"], row["asked_by"]) for row in found] == [("outcomes.build_issue", user.name)]
    head, line = table(coordinator, "jobs:job_export")
    assert dict(zip(head, line, strict=True))["What"] == str(Job.objects.first().title)
