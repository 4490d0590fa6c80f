"""Planned from the records, checked again, sent once."""

from collections import Counter
from datetime import UTC, datetime, timedelta

import pytest
from django.core.exceptions import ValidationError
from django.db.models import Q

from reminders import services
from reminders.models import Attempt, Reminder, Rule
from reminders.services import claiming, sending
from reminders.services.preparing import Preparing
from reminders.ways import routes
from tests.factories import (
    NOW,
    TODAY,
    make_assignment,
    make_coordinator,
    make_enrolment,
    make_entry,
    make_meeting,
    make_person,
    make_programme,
    make_seat,
    make_session,
    make_task,
)
from training.models import Enrolment, Session

pytestmark = pytest.mark.django_db
TOMORROW = TODAY + timedelta(days=1)
EVENING = datetime(2025, 3, 12, 17, 0, tzinfo=UTC)  # 18:00 in Belgrade, the evening before TOMORROW


@pytest.fixture
def entry():
    """One woman on the roster of a session tomorrow at 10."""
    session = make_session(day=TOMORROW)
    return make_entry(session)


def states() -> list[str]:
    return list(Reminder.objects.order_by("pk").values_list("state", flat=True))


def test_a_session_is_announced_the_evening_before(entry):
    services.plan(NOW)
    row = Reminder.objects.get()
    assert (row.person, row.subject_id, row.due_at) == (entry.enrolment.person, entry.session_id, EVENING)
    assert row.send_before == entry.session.starts_at - timedelta(minutes=30)


def test_planning_twice_plans_once(entry):
    assert [services.plan(NOW), services.plan(NOW)] == [1, 0]
    assert states() == ["planned"]


def test_the_trainer_hears_of_it_too(entry):
    trainer = make_person(entry.session.programme.tenant)
    entry.session.trainers.add(trainer)
    services.plan(NOW)
    assert set(Reminder.objects.values_list("person", flat=True)) == {trainer.pk, entry.enrolment.person_id}


def test_a_missed_evening_is_caught_up_not_doubled(entry, smtp_sink):
    late = EVENING + timedelta(hours=2)
    services.plan(late)
    assert services.send_due(late) == {"sent": 1}
    assert services.plan(late) == 0


def test_sending_twice_sends_once(entry, smtp_sink):
    services.plan(NOW)
    assert services.send_due(EVENING) == {"sent": 1}
    assert services.send_due(EVENING + timedelta(minutes=1)) == {}
    (letter,) = smtp_sink.wait_for(1)
    assert list(letter.recipients) == [entry.enrolment.person.email]
    assert entry.session.title in letter.subject
    assert letter.message["Message-ID"] == Reminder.objects.get().message_id


def test_nothing_leaves_before_its_hour(entry, smtp_sink):
    services.plan(NOW)
    assert services.send_due(EVENING - timedelta(seconds=1)) == {}
    assert smtp_sink.received == []


def test_a_moved_session_is_never_announced_at_its_old_time(entry, smtp_sink):
    services.plan(NOW)
    session = Session.objects.get()
    session.day, session.revision = TOMORROW + timedelta(days=7), 2
    session.save()
    assert services.send_due(EVENING) == {"dropped": 1}
    assert smtp_sink.received == []
    services.plan(EVENING)
    assert sorted(states()) == ["dropped", "planned"]


def test_a_cancelled_session_and_a_withdrawn_woman_are_dropped_by_the_planner(entry):
    services.plan(NOW)
    Enrolment.objects.update(state=Enrolment.State.WITHDRAWN)
    services.plan(NOW)
    row = Reminder.objects.get()
    assert (row.state, row.reason) == ("dropped", "This person is no longer expected there.")


def test_too_late_is_expired(entry, smtp_sink):
    services.plan(NOW)
    assert services.send_due(entry.session.starts_at - timedelta(minutes=30)) == {"expired": 1}


def test_no_address_is_a_failure_that_a_person_sees(entry, smtp_sink):
    person = entry.enrolment.person
    person.email = ""
    person.save()
    services.plan(NOW)
    assert services.send_due(EVENING) == {"failed": 1}
    assert [row.reason for row in Reminder.objects.not_gone()] == ["No e-mail address is known."]


def test_a_busy_server_is_asked_again_later_and_a_refusal_is_final(entry, smtp_sink):
    services.plan(NOW)
    smtp_sink.refuse = "451 busy"
    assert services.send_due(EVENING) == {"planned": 1}
    smtp_sink.refuse = "550 no such box"
    assert services.send_due(EVENING + timedelta(minutes=1)) == {}
    assert services.send_due(EVENING + timedelta(minutes=10)) == {"failed": 1}
    assert list(Attempt.objects.values_list("outcome", flat=True)) == ["later", "never"]
    assert "550 no such box" in Reminder.objects.get().reason


def test_a_server_that_is_away_costs_no_attempt(entry, settings):
    settings.EMAIL_PORT = 1
    services.plan(NOW)
    assert services.send_due(EVENING) == {"host_down": 1}
    row = Reminder.objects.get()
    assert (row.state, row.attempts) == ("planned", 0)


def test_a_sender_that_died_before_handing_over_left_it_unsent(entry, smtp_sink):
    services.plan(NOW)
    claiming.claim(Q(), EVENING)
    assert services.send_due(EVENING + timedelta(minutes=1)) == {}
    assert services.send_due(EVENING + claiming.LEASE + timedelta(seconds=1)) == {"sent": 1}


def test_an_uncertain_one_goes_once_more_then_a_person_decides(entry):
    services.plan(NOW)
    for again in range(2):
        at = EVENING + timedelta(minutes=30) * again
        (row,) = claiming.claim(Q(), at)
        (parcel,) = Preparing(next(routes()), Counter()).parcels([row], at)
        assert sending.hand_over(parcel, lambda at=at: at)
        services.recover(at + claiming.LEASE + timedelta(seconds=1))
    row = Reminder.objects.get()
    assert (row.state, row.unsure) == ("uncertain", 2)
    by = make_coordinator(row.rule.programme)
    services.retry(by=by, reminder=row, now=EVENING)
    assert Reminder.objects.get().state == "planned"
    with pytest.raises(ValidationError):
        services.retry(by=by, reminder=row, now=EVENING)


def test_a_reviewer_with_ideas_waiting_hears_of_it_once(smtp_sink):
    task = make_task(make_seat())
    round_ = task.seat.round
    services.plan(NOW)
    row = Reminder.objects.get(rule__kind=Rule.Kind.REVIEW_WAITING)
    assert (row.person, row.subject_id) == (task.seat.reviewer, task.seat_id)
    assert services.send_due(NOW) == {"sent": 1}
    (letter,) = smtp_sink.wait_for(1)
    assert f"/rounds/{round_.pk}/next/" in letter.text
    assert services.plan(NOW) == 0


def test_a_finished_reviewer_is_left_in_peace(smtp_sink):
    task = make_task(make_seat())
    services.plan(NOW)
    task.state = "done"
    task.save()
    assert services.send_due(NOW) == {"dropped": 1}


def test_a_silent_pair_is_asked_and_a_logged_meeting_starts_the_clock_anew(smtp_sink):
    row = make_assignment(start=TODAY - timedelta(days=30))
    services.plan(NOW)
    assert services.send_due(NOW) == {"sent": 1}
    make_meeting(row, day=TODAY)
    row.revision = 2
    row.save()
    services.plan(NOW)
    due = Reminder.objects.filter(state="planned")
    assert (
        list(due.values_list("subject_revision", flat=True)) == []
    )  # three weeks lie beyond the plan's view
    services.plan(NOW + timedelta(days=8))
    assert due.get().due_at.date() == TODAY + timedelta(days=21)


def test_a_rule_that_is_off_plans_and_sends_nothing(entry, smtp_sink):
    services.plan(NOW)
    rule = Rule.objects.get(kind=Rule.Kind.SESSION_TOMORROW)
    by = make_coordinator(rule.programme)
    services.change_rule(by=by, rule=rule, is_on=False, at_hour=18, after_days=1)
    assert (services.plan(NOW), services.send_due(EVENING)) == (0, {})


def test_a_changed_hour_moves_the_plan(entry):
    services.plan(NOW)
    rule = Rule.objects.get(kind=Rule.Kind.SESSION_TOMORROW)
    services.change_rule(by=make_coordinator(rule.programme), rule=rule, is_on=True, at_hour=20, after_days=1)
    services.plan(NOW)
    assert [row.due_at for row in Reminder.objects.all()] == [EVENING + timedelta(hours=2)]


def test_each_reads_it_in_her_own_language(entry, smtp_sink):
    entry.enrolment.person.language = "sr"
    entry.enrolment.person.save()
    services.plan(NOW)
    services.send_due(EVENING)
    (letter,) = smtp_sink.wait_for(1)
    assert letter.message["Content-Language"] == "sr"


def test_a_programme_that_is_over_gets_no_rules():
    make_programme(end=NOW.date())
    services.plan(NOW)
    assert Rule.objects.count() == 0


def test_planning_costs_the_same_for_one_and_for_three(entry, django_assert_num_queries):
    services.plan(NOW)
    Reminder.objects.all().delete()
    with django_assert_num_queries(71):
        services.plan(NOW)
    for _n in range(2):
        make_entry(entry.session, make_enrolment(entry.session.programme))
    Reminder.objects.all().delete()
    with django_assert_num_queries(71):
        services.plan(NOW)
