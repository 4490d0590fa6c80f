"""Reports, targets, issues, and an opened figure over the API."""

import pytest

from jobs.models import Job
from jobs.services import run
from outcomes.models import Issue, Report
from tests.factories import (
    make_attendance,
    make_coordinator,
    make_enrolment,
    make_entry,
    make_funder,
    make_funding,
    make_programme,
    make_report,
    make_rule,
    make_session,
)

pytestmark = pytest.mark.django_db
API, JSON = "/api/v1/", "application/json"


@pytest.fixture
def funding():
    return make_funding(make_programme(code="start-up"))


@pytest.fixture
def coordinator(client, funding):
    client.force_login(make_coordinator(funding.programmes.get()))
    return client


def send(client, path: str, said: dict, method: str = "post"):
    answer = getattr(client, method)(f"{API}{path}", said, JSON)
    return answer.status_code, answer.json()


def built(client, report) -> int:
    status, job = send(client, f"reports/{report.pk}/build/", {})
    assert (status, job["state"]) == (202, "queued")
    run(job["id"])
    assert client.get(f"{API}jobs/{job['id']}/").json()["state"] == "done"
    return report.issues.get().pk


def test_a_report_is_owed_and_its_period_stands_once_built(coordinator, funding):
    said = {"funding": funding.pk, "name": "Half", "start": "2025-02-10", "end": "2025-04-01"}
    early = send(coordinator, "reports/", said | {"end": "2025-02-10"})
    assert early == (400, {"non_field_errors": ["A period ends after it starts."]})
    status, made = send(coordinator, "reports/", said)
    report = Report.objects.get()
    assert (status, made["funder"]) == (201, funding.funder.name)
    built(coordinator, report)
    words = ["Issues were built over this period: make another report."]
    assert send(coordinator, f"reports/{report.pk}/", {"end": "2025-05-01"}, "patch") == (400, {"end": words})
    assert send(coordinator, f"reports/{report.pk}/", {"due": "2025-05-01"}, "patch")[0] == 200


def test_no_report_on_a_funding_of_others(coordinator):
    said = {"funding": make_funding().pk, "name": "Half", "start": "2025-02-10", "end": "2025-04-01"}
    status, words = send(coordinator, "reports/", said)
    assert (status, list(words)) == (400, ["funding"])


def test_a_target_is_of_an_indicator(coordinator, funding):
    said = {"funding": funding.pk, "indicator": "OP-01", "value": "30"}
    status, made = send(coordinator, "targets/", said)
    assert (status, made["value"]) == (201, "30.0000")
    assert send(coordinator, "targets/", said | {"indicator": "XX"})[0] == 400
    assert send(coordinator, "targets/", said)[0] == 400  # once an indicator


def test_a_funder_reads_what_was_released_and_opens_no_rows(client, funding):
    programme = funding.programmes.get()
    session = make_session(programme)
    for _ in range(6):
        make_attendance(make_entry(session, make_enrolment(programme)))
    staff, funder = make_coordinator(programme), make_funder(programme, funding=funding)
    client.force_login(staff)
    issue = built(client, make_report(funding))
    client.force_login(funder)
    assert client.get(f"{API}issues/{issue}/").status_code == 404
    assert send(client, f"issues/{issue}/release/", {})[0] == 403
    client.force_login(staff)
    Issue.objects.update(state="approved")
    status, shown = send(client, f"issues/{issue}/release/", {})
    assert (status, shown["state"], Issue.objects.get().issued_by) == (200, "issued", staff)
    again = send(client, f"issues/{issue}/release/", {})
    assert again == (400, {"non_field_errors": ["This issue was released already."]})
    opened = client.get(f"{API}issues/{issue}/figures/OP-01/").json()
    assert (opened["kind"], len(opened["rows"]), opened["hidden"], opened["came"]) == (
        opened["kind"], int(opened["live"]), 0, 0,
    )  # fmt: skip
    assert client.get(f"{API}issues/{issue}/figures/XX/").status_code == 404
    client.force_login(funder)
    shown = client.get(f"{API}issues/{issue}/").json()
    assert (shown["document"]["language"], "rows" in shown) == ("en", False)
    assert client.get(f"{API}issues/{issue}/figures/OP-01/").status_code == 403


def test_work_is_stopped_by_who_asked_for_it(client, funding):
    hers = make_coordinator(funding.programmes.get())
    job = Job.objects.create(
        tenant=hers.tenant,
        by=hers,
        kind="outcomes.build_issue",
        parameters={"report": 0},
        parameters_hash="x",
    )
    client.force_login(make_coordinator(funding.programmes.get()))
    assert send(client, f"jobs/{job.pk}/cancellation/", {})[0] == 404
    client.force_login(hers)
    status, shown = send(client, f"jobs/{job.pk}/cancellation/", {})
    assert (status, shown["state"], shown["reason"]) == (200, "cancelled", "Stopped on request.")


def test_a_rule_is_changed_in_part(coordinator, funding):
    rule = make_rule(funding.programmes.get())
    status, shown = send(coordinator, f"rules/{rule.pk}/", {"at_hour": 7}, "patch")
    assert (status, shown["at_hour"], shown["is_on"]) == (200, 7, True)
    assert send(coordinator, f"rules/{rule.pk}/", {"at_hour": 24}, "patch")[0] == 400
