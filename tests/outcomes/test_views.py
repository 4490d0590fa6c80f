"""The doors: who gets in, what they say, what they cost."""

import pytest
from django.core.management import call_command
from django.core.management.base import CommandError
from django.urls import reverse

from ideas.models import Idea
from jobs.models import Job
from outcomes import services
from outcomes.models import Issue
from outcomes.payload import build
from people.models import Membership
from tests import factories as f
from tests.outcomes.conftest import NOW

RIGHTS = {  # route: (coordinator, funder of a released issue, trainer)
    "issue_detail": (200, 200, 403),
    "issue_xlsx": (200, 200, 403),
    "issue_json": (200, 200, 403),
    "issue_pdf": (200, 200, 403),
    "figure_rows": (200, 403, 403),
}


def url(name: str, issue: Issue) -> str:
    return reverse(f"outcomes:{name}", args=[issue.pk, "OP-01"] if name == "figure_rows" else [issue.pk])


@pytest.mark.parametrize("name", RIGHTS)
def test_who_reads_what(client, world, released, name):
    users = (world.coordinator, world.funder, f.make_trainer(world.programme))
    for user, status in zip(users, RIGHTS[name], strict=True):
        client.force_login(user)
        assert client.get(url(name, released)).status_code == status


@pytest.mark.parametrize("name", [*RIGHTS, "issue_release"])
def test_what_belongs_to_strangers_does_not_exist(client, world, released, name):
    strangers = [
        f.make_administrator(),
        f.make_coordinator(f.make_programme()),
        f.make_coordinator(f.make_programme(world.tenant)),  # same organisation, another programme
    ]
    for user in strangers:
        client.force_login(user)
        answer = client.post if name == "issue_release" else client.get
        assert answer(url(name, released)).status_code == 404
        assert client.post(reverse("outcomes:issue_build", args=[world.report.pk])).status_code == 404
        assert client.get(reverse("outcomes:report_list", args=[world.programme.code])).status_code == 404
        assert client.get(reverse("api:reports-detail", args=[world.report.pk])).status_code == 404
        assert (
            client.post(
                reverse("api:reports-build", args=[world.report.pk]), content_type="application/json"
            ).status_code
            == 404
        )
    assert Job.objects.count() == 1


def test_nobody_signed_out_reads_anything(client, released):
    for name in RIGHTS:
        assert client.get(url(name, released)).status_code == 302


def test_a_coordinator_builds_reads_and_releases(client, world, django_capture_on_commit_callbacks):
    from jobs.services import run

    client.force_login(world.coordinator)
    page = reverse("outcomes:report_list", args=[world.programme.code])
    assert "1 report waits to be released to its funder" in client.get(page).content.decode()
    answer = client.post(reverse("outcomes:issue_build", args=[world.report.pk]))
    job = Job.objects.get()
    assert (answer.status_code, answer.url) == (302, f"/jobs/{job.pk}/")
    run(job.pk)
    issue = Issue.objects.get()
    listed = client.get(page).content.decode()
    assert issue.heading in listed and "Draft, built" in listed
    answer = client.post(reverse("outcomes:issue_release", args=[issue.pk]), follow=True)
    assert "Only an approved issue is released; this one is: draft." in answer.content.decode()
    f.approved(issue)
    answer = client.post(reverse("outcomes:issue_release", args=[issue.pk]), follow=True)
    assert f"Issue 1 was released: {world.funding.funder} can read it now." in answer.content.decode()
    assert "Every report was released to its funder" in client.get(page).content.decode()
    answer = client.post(reverse("outcomes:issue_release", args=[issue.pk]), follow=True)
    assert "This issue was released already." in answer.content.decode()


def test_a_summary_that_somebody_else_asked_for_is_not_built_twice(client, world):
    services.request_issue(by=f.make_coordinator(world.programme), report=world.report)
    client.force_login(world.coordinator)
    answer = client.post(reverse("outcomes:issue_build", args=[world.report.pk]), follow=True)
    assert answer.redirect_chain == [(f"/programmes/{world.programme.code}/outcomes/", 302)]
    assert "Somebody else asked for this summary" in answer.content.decode()
    assert Job.objects.count() == 1


def test_a_funder_neither_builds_nor_releases(client, world, released):
    client.force_login(world.funder)
    assert client.post(reverse("outcomes:issue_build", args=[world.report.pk])).status_code == 403
    assert client.post(reverse("outcomes:issue_release", args=[released.pk])).status_code == 403
    assert (
        client.post(
            reverse("api:reports-build", args=[world.report.pk]), content_type="application/json"
        ).status_code
        == 403
    )


def test_a_coordinator_who_also_reads_for_the_funder_sees_no_draft_of_hers(client, world, issue):
    elsewhere = f.make_programme(world.tenant)
    user = f.make_coordinator(elsewhere)
    Membership.objects.create(
        person=user.person, programme=world.programme, role="funder", funding=world.funding
    )
    client.force_login(user)
    assert client.get(url("issue_detail", issue)).status_code == 404
    services.release_issue(by=world.coordinator, issue=f.approved(issue), now=NOW)
    assert client.get(url("issue_detail", issue)).status_code == 200
    assert client.get(url("figure_rows", issue)).status_code == 403
    assert "Open the rows" not in client.get(url("issue_detail", issue)).content.decode()


@pytest.mark.parametrize(
    ("code", "rows"),
    [
        ("OP-01", 12),
        ("OP-02", 21),
        ("OP-05", 30),
        ("OP-07", 9),
        ("OP-08", 6),
        ("OP-08.3", 5),
        ("OP-09", 13),
        ("OP-09.4", 4),
    ],
)
def test_a_figure_opens_to_its_rows(client, world, issue, code, rows):
    client.force_login(world.coordinator)
    answer = client.get(reverse("outcomes:figure_rows", args=[issue.pk, code]))
    assert len(answer.context["lines"]) == rows
    assert answer.content.decode().count("<tr>") == rows + 1
    assert "The rows are the same as when it was built." in answer.content.decode()


def test_an_opened_figure_tells_what_changed_since(client, world, issue):
    world.women[0].person.enrolments.get().roster.first().attendance.delete()
    row = world.sessions[0].roster.get(enrolment=world.women[12]).attendance
    row.status, row.minutes = "present", 240
    row.save()
    idea = world.ideas[12]
    idea.nominations.all().delete()
    client.force_login(world.coordinator)
    page = client.get(reverse("outcomes:figure_rows", args=[issue.pk, "OP-01"])).content.decode()
    assert "Took part: 12 in the issue, 13 now" in page
    assert "1 row came since it was built." in page
    page = client.get(reverse("outcomes:figure_rows", args=[issue.pk, "OP-09"])).content.decode()
    assert "Ideas nominated: 13 in the issue, 12 now" in page
    assert "1 row is no longer there, or was erased." in page


def test_there_is_no_such_figure(client, world, issue):
    client.force_login(world.coordinator)
    assert client.get(reverse("outcomes:figure_rows", args=[issue.pk, "OP-99"])).status_code == 404


def test_the_api_builds_and_reads(client, world):
    client.force_login(world.coordinator)
    answer = client.post(
        reverse("api:reports-build", args=[world.report.pk]), content_type="application/json"
    )
    job = Job.objects.get()
    assert (answer.status_code, answer.json()) == (202, {"id": job.pk, "state": "queued"})
    listed = client.get(reverse("api:reports-list")).json()["results"]
    assert [(row["id"], row["funder"]) for row in listed] == [(world.report.pk, world.funding.funder.name)]


# --- what a page costs


def _issues(world, n: int) -> None:
    built = build(world.report, now=NOW)
    for _ in range(n):
        services.add_issue(by=world.coordinator, report=world.report, job=None, built=built)


@pytest.mark.parametrize("issues", [1, 3])
def test_an_issue_costs_the_same_however_many_there_are(client, world, django_assert_num_queries, issues):
    """The number of issues of a report changes nothing."""
    _issues(world, issues)
    client.force_login(world.funder)
    issue = Issue.objects.first()
    services.release_issue(by=world.coordinator, issue=f.approved(issue), now=NOW)
    client.get(url("issue_detail", issue))
    with django_assert_num_queries(FUNDER):
        client.get(url("issue_detail", issue))
    client.force_login(world.coordinator)
    with django_assert_num_queries(COORDINATOR):
        client.get(url("issue_detail", issue))


@pytest.mark.parametrize("reports", [1, 3])
def test_the_reports_cost_the_same_however_many_there_are(client, world, django_assert_num_queries, reports):
    for n in range(1, reports):
        f.make_report(world.funding, start=world.report.start, end=f.TODAY.replace(year=2025 + n, month=12))
    _issues(world, reports)
    client.force_login(world.coordinator)
    with django_assert_num_queries(LIST):
        client.get(reverse("outcomes:report_list", args=[world.programme.code]))


FUNDER, COORDINATOR, LIST = 4, 8, 7


# --- the command


def test_the_command_counts_a_programme(world, capsys):
    Idea.objects.filter(pk=world.ideas[0].pk).update(state="launched")
    Idea.objects.filter(pk=world.ideas[1].pk).update(state="stopped")
    Idea.objects.filter(pk=world.ideas[2].pk).update(state="unknown")
    f.make_session(world.programme, day=None, start=None, end=None)
    call_command("summary", world.programme.code)
    assert capsys.readouterr().out.strip() == (
        f"programme {world.programme.code}  projects 13  graduated 1  not_graduated 1  unknown 1  "
        "participants 14  mentors 1  sessions 4  unscheduled 1"
    )


def test_the_command_knows_who_came_back_as_a_mentor(world, capsys):
    import json
    from datetime import date

    later = f.make_programme(world.tenant, start=date(2026, 1, 1), end=date(2026, 6, 1))
    earlier = f.make_programme(world.tenant, start=date(2024, 1, 1), end=date(2024, 6, 1))
    back, before = world.women[0].person, world.women[1].person
    f.make_assignment(f.make_mentor(later, person=back), f.make_enrolment(later))
    f.make_assignment(f.make_mentor(earlier, person=before), f.make_enrolment(earlier))
    call_command("summary", "--all", "--json")
    content = json.loads(capsys.readouterr().out)
    assert [row["programme"] for row in content["programmes"]] == [
        p.code for p in (earlier, world.programme, later)
    ]
    assert content["people"] == {"participants": 16, "mentors": 3, "both": 2, "mentor_later": 1}


def test_the_command_refuses_what_it_cannot_tell(world):
    with pytest.raises(CommandError, match="Name a programme"):
        call_command("summary")
    with pytest.raises(CommandError, match="no programme nowhere"):
        call_command("summary", "nowhere")
    f.make_programme(code=world.programme.code)
    with pytest.raises(CommandError, match="--tenant"):
        call_command("summary", world.programme.code)
    call_command("summary", world.programme.code, tenant=world.tenant.slug)
