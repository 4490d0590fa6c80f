"""The letter that confirms an application: planned from the record, to an address, sent once."""

import re
from datetime import timedelta

import pytest
from django.core.exceptions import ValidationError
from django.urls import reverse

from desk.tasks import sweep_applications
from reminders import services
from reminders.models import Attempt, Reminder, Rule
from tests.factories import NOW, make_application, make_coordinator, make_programme, make_rule
from training.models import Application
from training.services import confirm_application

pytestmark = pytest.mark.django_db
KIND = Rule.Kind.APPLICATION_UNCONFIRMED


@pytest.fixture
def row():
    programme = make_programme(name="Start-up", name_sr="Start-up obuka")
    return make_application(programme, email="zora@example.org")


def sweep(now=NOW) -> dict:
    services.plan(now)
    return services.send_due(now)


def test_it_leaves_within_one_sweep_in_her_language_with_a_link_that_works(row, smtp_sink, client):
    assert sweep() == {"sent": 1}
    (letter,) = smtp_sink.wait_for(1)
    assert (list(letter.recipients), letter.message["Content-Language"]) == (["zora@example.org"], "sr-latn")
    assert "Start-up obuka" in letter.subject
    assert "Start-up obuka" not in letter.text.split("--")[1]  # she takes part in nothing yet
    link = re.search(r"/applications/[^\s]+", letter.text)[0]
    Application.objects.update(created_at=NOW + timedelta(days=10_000))
    assert client.get(link).status_code == 200
    assert sweep(NOW + timedelta(minutes=1)) == {}


def test_also_where_the_programme_has_rules_from_before_or_is_over(row, smtp_sink):
    make_rule(row.programme)
    row.programme.end = NOW.date() - timedelta(days=1)
    row.programme.save()
    assert sweep() == {"sent": 1}
    assert list(row.programme.rules.values_list("kind", flat=True)) == ["session_tomorrow", KIND]


def test_asked_again_a_new_letter_goes_and_the_old_one_is_dropped(row, smtp_sink):
    services.plan(NOW)
    Application.objects.update(revision=2)
    assert sweep() == {"sent": 1}
    assert sorted(Reminder.objects.values_list("state", "subject_revision")) == [("dropped", 1), ("sent", 2)]
    assert len(smtp_sink.wait_for(1)) == 1


def test_planning_twice_plans_once_though_nobody_is_the_person(row):
    assert [services.plan(NOW), services.plan(NOW)] == [1, 0]
    found = Reminder.objects.get()
    assert (found.person, found.subject_id, found.due_at) == (None, row.pk, NOW)


def test_confirmed_in_the_meantime_nothing_is_sent(row, smtp_sink):
    services.plan(NOW)
    confirm_application(pk=row.pk, revision=1, now=NOW)
    assert services.send_due(NOW) == {"dropped": 1}
    assert smtp_sink.received == []


def test_after_a_week_nothing_of_it_is_left(row, smtp_sink):
    sweep()
    assert Attempt.objects.get().address == "zora@example.org"
    sweep_applications()  # NOW lies years behind the real clock
    assert (Application.objects.count(), Reminder.objects.count(), Attempt.objects.count()) == (0, 0, 0)


def test_the_rule_cannot_be_switched_off(row):
    services.plan(NOW)
    by, rule = make_coordinator(row.programme), row.programme.rules.get(kind=KIND)
    with pytest.raises(ValidationError, match="stays on"):
        services.change_rule(by=by, rule=rule, is_on=False, at_hour=0, after_days=0)


def test_the_pages_show_it_without_an_address_in_the_list(row, client, smtp_sink):
    services.plan(NOW)
    client.force_login(make_coordinator(row.programme))
    page = reverse("reminders:reminder_list", args=[row.programme.code])
    said = client.get(page).text
    assert f"application {row.pk}" in said and "zora@example.org" not in said
    assert "application not confirmed</legend>" not in said
    detail = client.get(reverse("reminders:reminder_detail", args=[Reminder.objects.get().pk])).text
    assert "To somebody who applied: planned" in detail and "zora@example.org" in detail
    assert "/applications/" not in detail  # the link is hers alone
    Application.objects.all().delete()
    assert client.get(page).status_code == 200
    assert client.get(page.replace("reminders/", "reminders/export.csv")).status_code == 200
