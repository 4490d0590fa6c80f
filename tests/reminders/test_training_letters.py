"""Planned and sent: what reaches her of a session that is moved, cancelled and restored."""

from datetime import UTC, datetime, timedelta

import pytest

from reminders import services
from reminders.models import Reminder, Rule
from tests.factories import NOW, TODAY, make_enrolment, make_entry, make_person, make_programme, make_session
from training import services as training

pytestmark = pytest.mark.django_db
HER = "mila@primer.example"


@pytest.fixture
def session():
    programme = make_programme(name="Start-up")
    row = make_session(programme, title="Pricing", day=TODAY + timedelta(days=1))
    her = make_person(programme.tenant, name="Mila Nova", language="en", email=HER)
    make_entry(row, make_enrolment(programme, person=her))
    return row


def sweep(now):
    services.plan(now)
    services.send_due(now)


def subjects(smtp_sink) -> list[str]:
    return [str(letter.subject) for letter in smtp_sink.received]


def test_moved_cancelled_and_restored_before_a_sweep_only_what_stands_is_told(session, smtp_sink):
    sweep(NOW)
    training.change_session(by=None, session=session, now=NOW, day=TODAY + timedelta(days=2))
    training.cancel_session(by=None, session=session, now=NOW)
    training.restore_session(by=None, session=session, now=NOW)
    sweep(NOW + timedelta(seconds=30))
    sweep(NOW + timedelta(seconds=60))
    assert subjects(smtp_sink) == ["It takes place after all: Pricing, 14 March 2025, 10:00–14:00"]
    assert "Not any more: 13 March 2025, 10:00–14:00." in smtp_sink.received[0].text


def test_each_change_is_told_once_and_the_evening_before_the_new_day_too(session, smtp_sink):
    training.change_session(by=None, session=session, now=NOW, day=TODAY + timedelta(days=2))
    for minutes in (0, 1, 2):
        sweep(NOW + timedelta(minutes=minutes))
    for day in (12, 13):
        sweep(datetime(2025, 3, day, 17, tzinfo=UTC))
    assert subjects(smtp_sink) == [
        "Moved: Pricing, now 14 March 2025, 10:00–14:00",
        "Pricing on 14 March 2025 at 10:00",
    ]


def test_cancelled_in_the_night_before_it_passes_the_quiet_hours(session, smtp_sink):
    services.plan(NOW)
    night = datetime(2025, 3, 13, 2, tzinfo=UTC)
    training.cancel_session(by=None, session=session, now=night)
    sweep(night)
    assert subjects(smtp_sink) == ["Cancelled: Pricing, 13 March 2025, 10:00–14:00"]


def test_one_far_ahead_waits_until_the_morning(session, smtp_sink):
    training.change_session(by=None, session=session, now=NOW, day=TODAY + timedelta(days=20))
    Reminder.objects.all().delete()
    night = datetime(2025, 3, 12, 22, tzinfo=UTC)
    training.change_session(by=None, session=session, now=night, day=TODAY + timedelta(days=21))
    session.changes.filter(revision=2).delete()  # long ago
    sweep(night)
    assert subjects(smtp_sink) == []
    sweep(datetime(2025, 3, 13, 7, tzinfo=UTC))
    assert subjects(smtp_sink) == ["Moved: Pricing, now 2 April 2025, 10:00–14:00"]


def test_new_programmes_have_the_rules_and_today_is_off(session):
    services.plan(NOW)
    on = dict(Rule.objects.values_list("kind", "is_on"))
    assert on[Rule.Kind.SESSION_TODAY] is False
    assert all(on[kind] for kind in (Rule.Kind.SESSION_CHANGED, Rule.Kind.CERTIFICATE_CHECK))
