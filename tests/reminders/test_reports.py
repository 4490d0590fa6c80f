"""Coordinators hear of a report that is due, once however many programmes it is over; who asked for one hears
that it is ready."""

from datetime import UTC, datetime, timedelta

import pytest

from outcomes import services as outcomes
from outcomes.models import Issue, Report
from people.models import FundingScope, Membership
from reminders import services
from reminders.kinds import KINDS
from reminders.models import Reminder, Rule
from tests.factories import (
    NOW,
    TODAY,
    approved,
    make_administrator,
    make_coordinator,
    make_funding,
    make_person,
    make_programme,
    make_report,
    make_rule,
    make_trainer,
    make_user,
)

pytestmark = pytest.mark.django_db
DUE, READY = Rule.Kind.REPORT_DUE, Rule.Kind.REPORT_READY
DAY = TODAY + timedelta(days=10)
MORNING = datetime(2025, 3, 15, 8, 0, tzinfo=UTC)  # 9:00 in Belgrade, a week before DAY
OVER = datetime(2025, 3, 22, 23, 0, tzinfo=UTC)


@pytest.fixture
def programme():
    return make_programme()


@pytest.fixture
def coordinator(programme):
    return runs(programme, "jelena@primer.example")


@pytest.fixture
def report(programme, coordinator):
    make_trainer(programme)  # nobody else hears
    return make_report(make_funding(programme), name="Mid-term report", due=DAY)


def runs(programme, email):
    user = make_coordinator(programme, email=email)
    type(user.person).objects.filter(pk=user.person.pk).update(language="en")
    return user


def rule(programme, kind=DUE, **fields) -> Rule:
    return make_rule(programme, kind=kind, **{"at_hour": 9, "after_days": 7} | fields)


def due(row, now=NOW) -> list[tuple]:
    return [tuple(one)[:5] for one in KINDS[row.kind].due(row, now)]


def built(report, by, **fields) -> Issue:
    number = 1 + report.issues.count()
    plain = {
        "payload": {"document": {"threshold": 10}, "rows": {}},
        "fingerprint": "f" * 64,
        "row_key": "k",
        "built_at": NOW,
    }
    return Issue.objects.create(report=report, number=number, built_by=by, **plain | fields)


# --- due


def test_its_coordinators_hear_a_week_before(report, programme, coordinator):
    assert due(rule(programme)) == [(coordinator.person.pk, report.pk, DAY.toordinal(), MORNING, OVER)]


def test_the_letter(report, programme, coordinator, smtp_sink):
    services.plan(NOW)
    services.send_due(MORNING)
    [letter] = smtp_sink.to("jelena@primer.example")
    assert letter.subject == "A report is due on 22 March 2025: Mid-term report"
    assert f"due on 22 March 2025, to {report.funding.funder}." in letter.text
    assert f"/programmes/{programme.code}/outcomes/" in letter.text
    assert (
        f"You receive this because you run a programme that {report.funding.funder} pays for." in letter.text
    )


def test_a_report_over_two_programmes_writes_to_each_coordinator_once(report, programme, coordinator):
    second = make_programme(programme.tenant, project=programme.project)
    FundingScope.objects.create(funding=report.funding, programme=second)
    role = Membership.Role.COORDINATOR
    Membership.objects.create(person=coordinator.person, programme=second, role=role)
    other = runs(second, "olga@primer.example")
    services.plan(NOW)
    rows = Reminder.objects.filter(rule__kind=DUE).order_by("pk").values_list("person", "rule__programme")
    assert list(rows) == [(coordinator.person.pk, programme.pk), (other.person.pk, second.pk)]
    # where the first programme has it off, the second one's rule speaks
    Reminder.objects.all().delete()
    Rule.objects.filter(programme=programme, kind=DUE).update(is_on=False)
    services.plan(NOW)
    rows = Reminder.objects.filter(rule__kind=DUE).order_by("person").values_list("person", "rule__programme")
    assert list(rows) == [(coordinator.person.pk, second.pk), (other.person.pk, second.pk)]
    # and switched on again, it repeats nothing
    Rule.objects.filter(programme=programme, kind=DUE).update(is_on=True)
    services.plan(NOW)
    assert Reminder.objects.filter(rule__kind=DUE).count() == 2


@pytest.mark.parametrize(
    ("what", "words"),
    [
        ("issued", "The report was issued."),
        ("moved", "The report is due on another day now."),
        ("left", "She does not run a programme of this report any more."),
    ],
)
def test_what_is_not_so_any_more_is_not_said(report, programme, coordinator, smtp_sink, what, words):
    services.plan(NOW)
    if what == "issued":
        outcomes.release_issue(by=coordinator, issue=approved(built(report, coordinator)), now=NOW)
    elif what == "moved":
        outcomes.save_report(by=coordinator, report=report, due=DAY + timedelta(days=30))
    else:
        Membership.objects.filter(person__user=coordinator).delete()
    services.send_due(MORNING)
    row = Reminder.objects.get(rule__kind=DUE)
    assert (row.state, row.reason) == ("dropped", words)
    assert due(Rule.objects.get(programme=programme, kind=DUE)) == []


def test_past_or_without_a_day_nobody_hears(report, programme):
    row = rule(programme)
    Report.objects.update(due=TODAY - timedelta(days=1))
    assert due(row) == []
    Report.objects.update(due=None)
    assert due(row) == []


def test_who_signs_in_but_has_no_address_here_gets_it_where_she_signs_in(
    report, programme, coordinator, smtp_sink
):
    type(coordinator.person).objects.filter(pk=coordinator.person.pk).update(email="")
    services.plan(NOW)
    services.send_due(MORNING)
    assert len(smtp_sink.to("jelena@primer.example")) == 1


def test_it_costs_the_same_for_one_and_three(report, programme, django_assert_num_queries):
    row = rule(programme)
    for n in (1, 3):
        while programme.memberships.filter(role="coordinator").count() < n:
            make_coordinator(programme)
            make_report(make_funding(programme), due=DAY)
        with django_assert_num_queries(4):
            found = due(row)
        assert len(found) == n * n
        with django_assert_num_queries(1):
            KINDS[DUE].subjects([one[1] for one in found])


# --- ready


def test_who_asked_hears_at_once(report, programme, coordinator, smtp_sink):
    issue = built(report, coordinator)
    services.plan(NOW)
    services.send_due(NOW)
    [letter] = smtp_sink.to("jelena@primer.example")
    assert letter.subject == "Ready to be looked at: Mid-term report"
    assert "Look at it: the funder sees it once you issue it." in letter.text
    assert f"/issues/{issue.pk}/" in letter.text
    services.plan(NOW + timedelta(hours=1))
    assert Reminder.objects.filter(rule__kind=READY).count() == 1


def test_an_administrator_who_is_no_person_here_hears_where_she_signs_in(report, programme, smtp_sink):
    by = make_administrator(programme.tenant, email="uprava@primer.example", language="en")
    built(report, by)
    services.plan(NOW)
    services.send_due(NOW)
    assert [one.subject for one in smtp_sink.to("uprava@primer.example")] == [
        "Ready to be looked at: Mid-term report"
    ]


def test_over_two_programmes_it_is_one_letter(report, programme, coordinator):
    second = make_programme(programme.tenant, project=programme.project)
    FundingScope.objects.create(funding=report.funding, programme=second)
    built(report, coordinator)
    built(report, make_administrator(programme.tenant))
    services.plan(NOW)
    services.plan(NOW)
    rows = Reminder.objects.filter(rule__kind=READY).order_by("pk").values_list("person", "rule__programme")
    assert list(rows) == [(coordinator.person.pk, programme.pk), (None, programme.pk)]


@pytest.mark.parametrize("what", ["issued", "older", "by a file"])
def test_nobody_hears_of(report, programme, coordinator, what):
    long_ago = {"built_at": NOW - timedelta(days=4)} if what == "older" else {}
    issue = built(report, None if what == "by a file" else coordinator, **long_ago)
    if what == "issued":
        outcomes.release_issue(by=coordinator, issue=approved(issue), now=NOW)
    assert due(rule(programme, READY)) == []


def test_built_anew_the_older_one_is_not_worth_a_look(report, programme, coordinator):
    first = built(report, coordinator)
    services.plan(NOW)
    built(report, coordinator)
    row = Reminder.objects.get(rule__kind=READY, subject_id=first.pk)
    assert KINDS[READY].untrue(row, NOW) == "It was built anew since."


def test_ready_costs_the_same_for_one_and_three(report, programme, coordinator, django_assert_num_queries):
    row = rule(programme, READY)
    for n in (1, 3):
        while report.issues.count() < n:
            user = make_user(programme.tenant)
            make_person(user=user)
            built(report, user)
        with django_assert_num_queries(3):
            found = due(row)
        assert len(found) == n
        with django_assert_num_queries(1):
            KINDS[READY].subjects([one[1] for one in found])
