"""Rules, findings and applications for scripts."""

import pytest

from tests.factories import (
    make_application,
    make_coordinator,
    make_eligibility,
    make_finding,
    make_programme,
    make_trainer,
)
from training.models import EligibilityRule

pytestmark = pytest.mark.django_db
JSON = {"content_type": "application/json"}


@pytest.fixture
def programme():
    return make_programme(code="p1")


@pytest.fixture
def finding(programme):
    return make_finding(make_eligibility(programme), outcome="unknown", fact={"sex": None})


def test_an_exception_is_a_noun_with_a_person_and_a_reason(client, programme, finding):
    client.force_login(by := make_coordinator(programme))
    path = f"/api/v1/findings/{finding.pk}/"
    assert client.get(path).json()["outcome"] == "unknown"
    assert client.post(path + "exception/", {"reason": ""}, **JSON).status_code == 400
    answer = client.post(path + "exception/", {"reason": "seen her papers"}, **JSON)
    assert (answer.status_code, answer.json()["exception"]) == (200, "seen her papers")
    finding.refresh_from_db()
    assert finding.excepted_by == by
    assert client.post(path + "no-exception/", **JSON).json()["excepted_at"] is None
    assert client.post(path + "reply/", {"answer": True}, **JSON).status_code == 400  # sex is no question


def test_an_answer_is_looked_at_at_once(client, programme):
    ask = make_eligibility(programme, kind="question", question="Six days?", values=[])
    row = make_finding(ask, outcome="unknown", fact={"answer": None})
    client.force_login(make_coordinator(programme))
    for said, outcome in ((True, "met"), (False, "not_met"), (None, "unknown")):
        answer = client.post(f"/api/v1/findings/{row.pk}/reply/", {"answer": said}, **JSON)
        assert (answer.status_code, answer.json()["outcome"]) == (200, outcome)


def test_rules_are_added_changed_and_taken_away_by_who_runs_the_programme(client, programme):
    said = {"programme": "p1", "kind": "sex", "values": ["female"]}
    client.force_login(make_trainer(programme))
    assert client.post("/api/v1/eligibility-rules/", said, **JSON).status_code == 403
    client.force_login(make_coordinator(programme))
    made = client.post("/api/v1/eligibility-rules/", said, **JSON)
    assert (made.status_code, made.json()["position"]) == (201, 1)
    path = f"/api/v1/eligibility-rules/{made.json()['id']}/"
    assert client.patch(path, {"values": ["female", "another"]}, **JSON).status_code == 200
    assert client.patch(path, {"values": [3]}, **JSON).status_code == 400
    assert client.patch(path, {"kind": "region"}, **JSON).status_code == 400
    assert EligibilityRule.objects.get().values == ["female", "another"]
    assert client.delete(path).status_code == 204


def test_a_stranger_finds_nothing_and_a_trainer_no_applications(client, programme, finding):
    row = make_application(programme)
    resources = {"eligibility-rules": finding.rule_id, "findings": finding.pk, "applications": row.pk}
    client.force_login(make_coordinator(make_programme()))
    assert [client.get(f"/api/v1/{n}/{pk}/").status_code for n, pk in resources.items()] == [404] * 3
    client.force_login(make_trainer(programme))
    assert client.get("/api/v1/applications/").status_code == 403
    client.force_login(make_coordinator(programme))
    assert client.get(f"/api/v1/applications/{row.pk}/").json()["said"] == row.said
