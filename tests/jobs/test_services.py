"""Work in the background: claimed once, ended always, lost never."""

from datetime import timedelta

import pytest
from django.core.exceptions import ValidationError
from django.utils import timezone

from jobs import kinds, services
from jobs.models import Job
from outcomes.models import Issue
from tests.factories import make_administrator, make_coordinator, make_report, make_tenant

pytestmark = pytest.mark.django_db
NOW = timezone.now()


@pytest.fixture
def ask():
    """Ask for a real summary; returns the job's row."""
    report = make_report()
    user = make_administrator(report.funding.project.tenant)

    def enqueue(**parameters) -> Job:
        return services.enqueue(
            "outcomes.build_issue", tenant=user.tenant, by=user, **{"report": report.pk} | parameters
        )

    enqueue.user = user
    return enqueue


def state(row: Job) -> str:
    return Job.objects.get(pk=row.pk).state


def test_a_job_is_done_once_however_often_it_is_nudged(ask):
    row = ask()
    for _nudge in range(3):
        services.run(row.pk)
    row.refresh_from_db()
    assert (row.state, row.attempt, Issue.objects.count()) == ("done", 1, 1)


def test_the_same_wish_while_one_is_open_is_one_job(ask):
    assert ask() == ask()
    services.run(ask().pk)
    assert ask().pk != Job.objects.order_by("pk").first().pk


def test_a_kind_that_is_none_is_refused(ask):
    with pytest.raises((ImportError, ValueError)):
        services.enqueue("accounts.seal_audit", tenant=ask.user.tenant, by=ask.user)


def test_a_failure_carries_its_reason(ask, settings):
    row = ask(report=0)
    services.run(row.pk)
    row.refresh_from_db()
    assert row.state == "failed"
    assert row.reason != ""


def test_a_refusal_in_words_is_passed_on(ask, monkeypatch):
    """The words of a ValidationError are for the asker; anything else is for the log."""

    @kinds.job("A kind for this test")
    def refuse(progress):
        raise ValidationError("There is nothing to count.")

    monkeypatch.setattr("outcomes.tasks.refuse", refuse, raising=False)
    row = services.enqueue("outcomes.refuse", tenant=ask.user.tenant, by=ask.user)
    services.run(row.pk)
    row.refresh_from_db()
    assert (row.state, row.reason) == ("failed", "There is nothing to count.")


def test_a_waiting_job_is_cancelled_at_once(ask):
    row = ask()
    services.cancel(row, now=NOW)
    services.run(row.pk)
    assert (state(row), Issue.objects.count()) == ("cancelled", 0)


def test_a_running_job_stops_at_its_next_step(ask, monkeypatch):
    """The wish is heard at the next word of progress, and nothing of the effect is left."""

    @kinds.job("A kind for this test")
    def steps(progress):
        progress("first")
        services.cancel(progress.job, now=NOW)
        progress("second")
        return lambda: {"reached": True}

    monkeypatch.setattr("outcomes.tasks.steps", steps, raising=False)
    row = services.enqueue("outcomes.steps", tenant=ask.user.tenant, by=ask.user)
    services.run(row.pk)
    row.refresh_from_db()
    assert (row.state, row.stage, row.result) == ("cancelled", "first", None)


def test_what_a_dead_worker_left_is_given_back_and_given_up_after_three(ask):
    row = ask()
    for attempt in (1, 2, 3):
        Job.objects.filter(pk=row.pk).update(
            state="running", attempt=attempt, heartbeat_at=NOW - services.LEASE
        )
        services.sweep(now=NOW + timedelta(seconds=1))
    row.refresh_from_db()
    assert (row.state, row.attempt) == ("failed", 3)
    assert "three times" in row.reason


def test_a_job_that_is_alive_is_left_alone_but_not_at_boot(ask):
    row = ask()
    Job.objects.filter(pk=row.pk).update(state="running", attempt=1, heartbeat_at=NOW)
    services.sweep(now=NOW)
    assert state(row) == "running"
    assert services.sweep(now=NOW, boot=True) == [row.pk]
    assert state(row) == "queued"


def test_a_worker_that_lost_its_job_writes_nothing(ask, monkeypatch):
    """Another took it over while it computed: its effect must not come on top."""
    row = ask()

    @kinds.job("A kind for this test")
    def slow(progress):
        Job.objects.filter(pk=progress.job.pk).update(attempt=2)
        return Issue.objects.create

    monkeypatch.setattr("outcomes.tasks.slow", slow, raising=False)
    Job.objects.filter(pk=row.pk).update(kind="outcomes.slow", parameters={})
    services.run(row.pk)
    assert (state(row), Issue.objects.count()) == ("running", 0)


def test_work_is_seen_by_who_asked_and_by_the_administrator(ask):
    row = ask()
    report = make_report()
    colleague = make_coordinator(report.funding.programmes.get())
    stranger = make_administrator(make_tenant())
    seen = [list(Job.objects.visible_to(user)) for user in (ask.user, colleague, stranger)]
    assert seen == [[row], [], []]


def test_a_broker_that_is_away_loses_nothing(ask, settings, django_capture_on_commit_callbacks):
    from config.celery import app

    app.conf.broker_url, before = "redis://127.0.0.1:1/0", app.conf.broker_url
    try:
        with django_capture_on_commit_callbacks(execute=True):
            row = ask()
    finally:
        app.conf.broker_url = before
    assert state(row) == "queued"
