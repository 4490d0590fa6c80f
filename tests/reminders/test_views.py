"""The plan and what did not go, for coordinators only."""

from datetime import timedelta

import pytest
from django.urls import reverse
from django.utils import timezone

from reminders import services
from reminders.models import Reminder
from tests.factories import (
    make_coordinator,
    make_enrolment,
    make_entry,
    make_member,
    make_programme,
    make_session,
    today_there,
)

pytestmark = pytest.mark.django_db


@pytest.fixture
def programme():
    """One woman on the roster of a session in three days, her reminder planned."""
    today = today_there()
    programme = make_programme(start=today, end=today + timedelta(days=60))
    make_entry(make_session(programme, day=today + timedelta(days=3)), make_enrolment(programme))
    services.plan(timezone.now())
    return programme


def sign_in(client, user):
    client.force_login(user, backend="allauth.account.auth_backends.AuthenticationBackend")
    return client


@pytest.fixture
def coordinator(client, programme):
    return sign_in(client, make_coordinator(programme))


def test_the_plan_says_who_gets_what(coordinator, programme):
    page = coordinator.get(reverse("reminders:reminder_list", args=[programme.code]))
    (group,) = page.context["groups"]
    assert (group.n, group.first.person) == (1, Reminder.objects.get().person)
    assert "1 reminder is planned; none is stuck" in page.content.decode()


def test_what_did_not_go_is_sent_again_by_a_person(coordinator, programme):
    Reminder.objects.update(state="failed", reason="550 no such box")
    page = coordinator.get(reverse("reminders:reminder_list", args=[programme.code]))
    assert [line.row.reason for line in page.context["lines"]] == ["550 no such box"]
    coordinator.post(reverse("reminders:reminder_retry", args=[Reminder.objects.get().pk]))
    assert Reminder.objects.get().state == "planned"


def test_a_rule_is_changed_from_the_page(coordinator, programme):
    rule = programme.rules.get(kind="session_tomorrow")
    data = {"is_on": "on", "at_hour": "25", "audience": "", "module": "", "channel": "email"}
    coordinator.post(reverse("reminders:rule_edit", args=[rule.pk]), data)
    rule.refresh_from_db()
    assert rule.at_hour == 18
    coordinator.post(reverse("reminders:rule_edit", args=[rule.pk]), data | {"at_hour": "20"})
    rule.refresh_from_db()
    assert rule.at_hour == 20


def test_one_message_is_shown_as_it_would_leave(coordinator):
    row = Reminder.objects.get()
    page = coordinator.get(reverse("reminders:reminder_detail", args=[row.pk]))
    assert page.context["words"].subject.startswith(row.rule.programme.sessions.get().title)


def test_a_trainer_does_not_see_who_is_written_to(client, programme):
    sign_in(client, make_member(programme, "trainer"))
    assert client.get(reverse("reminders:reminder_list", args=[programme.code])).status_code == 403


def test_a_coordinator_of_another_tenant_finds_nothing(client, programme):
    sign_in(client, make_coordinator(make_programme()))
    assert client.get(reverse("reminders:reminder_list", args=[programme.code])).status_code == 404
    assert (
        client.get(reverse("reminders:reminder_detail", args=[Reminder.objects.get().pk])).status_code == 404
    )


def test_the_plan_costs_the_same_for_one_and_for_three(coordinator, programme, django_assert_num_queries):
    address = reverse("reminders:reminder_list", args=[programme.code])
    coordinator.get(address)
    with django_assert_num_queries(19):
        coordinator.get(address)
    for days in (4, 5):
        make_entry(
            make_session(programme, day=today_there() + timedelta(days=days)),
            make_enrolment(programme),
        )
    services.plan(timezone.now())
    assert len(coordinator.get(address).context["groups"]) == 3
    with django_assert_num_queries(19):
        coordinator.get(address)
