"""The review of an issue: who may take which step from where, and what was said of it."""

import pytest
from django.core.exceptions import ValidationError
from django.urls import reverse

from accounts.models import AuditEntry
from outcomes import services
from outcomes.models import Issue, IssueStep
from tests import factories as f
from tests.outcomes.conftest import NOW

VERBS = {
    "submit": services.submit_issue,
    "return": services.return_issue,
    "approve": services.approve_issue,
    "release": services.release_issue,
}
# what can be done with an issue in which state, and where that leads
STEPS = {
    ("draft", "submit"): "review",
    ("returned", "submit"): "review",
    ("review", "return"): "returned",
    ("approved", "return"): "returned",
    ("review", "approve"): "approved",
    ("approved", "release"): "issued",
}


@pytest.fixture
def second(world):
    """Another coordinator of the same programme."""
    return f.make_coordinator(world.programme)


def page(issue, name: str = "detail") -> str:
    return reverse(f"outcomes:issue_{name}", args=[issue.pk])


def in_review(world, issue) -> Issue:
    return services.submit_issue(by=world.coordinator, issue=issue, now=NOW)


@pytest.mark.parametrize("state", [state.value for state in Issue.State if state != "issued"])
@pytest.mark.parametrize("verb", VERBS)
def test_each_step_from_each_state(world, issue, second, state, verb):
    Issue.objects.filter(pk=issue.pk).update(state=state)
    more = {} if verb == "release" else {"text": "Seen."}
    if (state, verb) in STEPS:
        assert VERBS[verb](by=second, issue=issue, now=NOW, **more).state == STEPS[state, verb]
        assert issue.steps.get().by == second
        assert AuditEntry.objects.filter(object_type="outcomes.issue", verb=f"{verb}_issue").count() == 1
    else:
        with pytest.raises(ValidationError):
            VERBS[verb](by=second, issue=issue, now=NOW, **more)
        assert not issue.steps.exists()
    issue.refresh_from_db()
    assert issue.state == STEPS.get((state, verb), state)


def test_nothing_is_done_with_what_was_issued(world, released, second):
    steps = released.steps.count()
    for verb, more in (("submit", {}), ("return", {"text": "Too late."}), ("approve", {}), ("release", {})):
        with pytest.raises(ValidationError, match="This issue was released already."):
            VERBS[verb](by=second, issue=released, now=NOW, **more)
    with pytest.raises(ValidationError, match="This issue was released already."):
        services.comment_on_issue(by=second, issue=released, now=NOW, text="Too late.")
    released.refresh_from_db()
    assert (released.state, released.steps.count()) == ("issued", steps)


def test_somebody_else_approves(world, issue, second):
    in_review(world, issue)
    with pytest.raises(ValidationError, match="Somebody else approves what you gave to be reviewed."):
        services.approve_issue(by=world.coordinator, issue=issue, now=NOW)
    assert services.approve_issue(by=second, issue=issue, now=NOW).state == "approved"


def test_who_is_alone_approves_herself(world, issue):
    """The second account is closed, the third runs another programme: there is nobody else."""
    second = f.make_coordinator(world.programme)
    second.is_active = False
    second.save()
    f.make_coordinator(f.make_programme(world.tenant))
    in_review(world, issue)
    assert services.approve_issue(by=world.coordinator, issue=issue, now=NOW).state == "approved"


def test_an_administrator_is_somebody_else(world, issue):
    administrator = f.make_administrator(world.tenant)
    in_review(world, issue)
    with pytest.raises(ValidationError):
        services.approve_issue(by=world.coordinator, issue=issue, now=NOW)
    assert services.approve_issue(by=administrator, issue=issue, now=NOW).state == "approved"


def test_who_gave_it_again_is_asked_again(world, issue, second):
    """Whoever gave it last does not approve it; the first may."""
    in_review(world, issue)
    services.return_issue(by=second, issue=issue, now=NOW, text="Hours are missing.")
    services.submit_issue(by=second, issue=issue, now=NOW, text="They are in.")
    with pytest.raises(ValidationError):
        services.approve_issue(by=second, issue=issue, now=NOW)
    assert services.approve_issue(by=world.coordinator, issue=issue, now=NOW).state == "approved"


def test_it_is_returned_with_words_or_with_comments(world, issue, second):
    in_review(world, issue)
    with pytest.raises(ValidationError) as refused:
        services.return_issue(by=second, issue=issue, now=NOW, text="  ")
    assert list(refused.value.message_dict) == ["text"]
    services.comment_on_issue(by=second, issue=issue, now=NOW, text="Who is missing?", figure="OP-01")
    assert services.return_issue(by=second, issue=issue, now=NOW).state == "returned"
    services.submit_issue(by=world.coordinator, issue=issue, now=NOW, text="Nobody: two came late.")
    with pytest.raises(ValidationError):  # the old comment was answered
        services.return_issue(by=second, issue=issue, now=NOW)


@pytest.mark.parametrize(
    ("said", "field"), [({"figure": "OP-99", "text": "x"}, "figure"), ({"text": " \n"}, "text")]
)
def test_a_comment_says_something_of_a_figure_there_is(world, issue, said, field):
    with pytest.raises(ValidationError) as refused:
        services.comment_on_issue(by=world.coordinator, issue=issue, now=NOW, **said)
    assert (list(refused.value.message_dict), IssueStep.objects.count()) == ([field], 0)


# --- the page


def test_from_draft_to_issued_on_the_page(client, world, issue, second):
    client.force_login(world.coordinator)
    first = client.get(page(issue)).content.decode()
    assert f"This is a draft: {world.funding.funder} cannot see it yet." in first
    assert [page(issue, name) in first for name in ("submit", "return", "approve", "release")] == [
        True, False, False, False
    ]  # fmt: skip
    assert client.post(page(issue, "submit")).url == page(issue)
    waiting = client.get(page(issue)).content.decode()
    assert "You gave it to be reviewed: somebody else approves it." in waiting
    assert page(issue, "approve") not in waiting
    client.force_login(second)
    said = {"figure": "OP-08", "text": "December is <missing>."}
    answer = client.post(page(issue, "comment"), said, follow=True)
    shown = answer.content.decode()
    assert "December is &lt;missing&gt;." in shown and 'href="#d-op-08"' in shown and 'id="d-op-08"' in shown
    client.post(page(issue, "return"))
    assert "This summary was returned." in client.get(page(issue)).content.decode()
    client.force_login(world.coordinator)
    client.post(page(issue, "submit"))
    client.force_login(second)
    assert client.post(page(issue, "approve"), {"text": "Compared with the sheets."}).status_code == 302
    assert "This summary is approved." in client.get(page(issue)).content.decode()
    assert client.post(page(issue, "release")).status_code == 302
    issue.refresh_from_db()
    assert issue.state == "issued"
    kinds = [step.kind for step in issue.steps.all()]
    assert kinds == ["submitted", "comment", "returned", "submitted", "approved", "issued"]
    client.force_login(world.funder)
    read = client.get(page(issue)).content.decode()
    assert "December" not in read and "Compared" not in read and str(second) not in read


def test_what_was_typed_stays_where_a_step_is_refused(client, world, issue):
    f.make_coordinator(world.programme)
    in_review(world, issue)
    client.force_login(world.coordinator)
    answer = client.post(page(issue, "approve"), {"text": "It is fine, I think."})
    assert answer.status_code == 422
    shown = answer.content.decode()
    assert "Somebody else approves what you gave to be reviewed." in shown and "It is fine, I think." in shown
    answer = client.post(page(issue, "comment"), {"text": "x" * 2_001})
    assert (answer.status_code, IssueStep.objects.filter(kind="comment").count()) == (422, 0)


@pytest.mark.parametrize("name", ["submit", "comment", "return", "approve", "release"])
def test_no_funder_no_trainer_and_no_stranger_reviews(client, world, issue, released, name):
    people = {
        world.funder: 403,
        f.make_trainer(world.programme): 403,
        f.make_coordinator(f.make_programme()): 404,
    }
    for user, status in people.items():
        client.force_login(user)
        assert client.post(page(released, name), {"text": "x"}).status_code == status
    assert not released.steps.filter(by__in=people).exists()


def test_the_page_takes_as_many_queries_with_three_comments_as_with_one(
    client, world, issue, django_assert_num_queries
):
    client.force_login(world.coordinator)
    client.get(page(issue))
    for n in (1, 2):
        for _more in range(n):
            services.comment_on_issue(by=world.coordinator, issue=issue, now=NOW, text="Seen.")
        with django_assert_num_queries(8):
            client.get(page(issue))


# --- the API


def test_over_the_api(client, world, issue, second):
    client.force_login(world.coordinator)
    at = f"/api/v1/issues/{issue.pk}/"
    plain = {"content_type": "application/json"}
    assert client.post(f"{at}review/", {"text": "Ready."}, **plain).json()["state"] == "review"
    assert client.post(f"{at}approval/", {}, **plain).status_code == 400
    client.force_login(second)
    said = {"issue": issue.pk, "figure": "OP-08", "text": "December is missing."}
    assert client.post("/api/v1/issue-steps/", said, **plain).status_code == 201
    assert client.post(f"{at}return/", {}, **plain).json()["state"] == "returned"
    assert client.post(f"{at}review/", {}, **plain).json()["state"] == "review"
    client.force_login(world.coordinator)
    assert client.post(f"{at}approval/", {}, **plain).json()["state"] == "approved"
    assert client.post(f"{at}release/", {}, **plain).json()["state"] == "issued"
    steps = client.get(f"/api/v1/issue-steps/?issue={issue.pk}").json()["results"]
    assert [step["kind"] for step in reversed(steps)] == [
        "submitted", "comment", "returned", "submitted", "approved", "issued"
    ]  # fmt: skip
    assert client.post("/api/v1/issue-steps/", said, **plain).status_code == 400
    client.force_login(world.funder)
    assert client.get("/api/v1/issue-steps/").status_code == 403


def test_steps_of_others_do_not_exist(client, world, issue):
    in_review(world, issue)
    client.force_login(f.make_coordinator(f.make_programme()))
    assert client.get("/api/v1/issue-steps/").json()["results"] == []
    said = {"issue": issue.pk, "text": "x"}
    assert client.post("/api/v1/issue-steps/", said, content_type="application/json").status_code == 400
