"""A build always ends: done, failed with a reason, or cancelled; there is never half an issue."""

from concurrent.futures import ThreadPoolExecutor
from threading import Barrier

import pytest
from django.db import connections

from jobs.models import Job
from jobs.services import Progress, cancel, run
from outcomes import services
from outcomes.models import IndicatorVersion, Issue
from tests.outcomes.conftest import NOW


def asked(world) -> Job:
    return services.request_issue(by=world.coordinator, report=world.report)


def ended(job) -> tuple[str, str, int]:
    job.refresh_from_db()
    return job.state, job.reason, Issue.objects.count()


def test_cancelled_while_it_waits_it_never_begins(world):
    job = asked(world)
    cancel(job, now=NOW)
    run(job.pk)
    assert ended(job) == ("cancelled", "Stopped on request.", 0)


@pytest.mark.parametrize("step", [1, 5, 18])
def test_cancelled_while_it_counts_it_stops_at_its_next_step(world, monkeypatch, step):
    """Somebody presses the button while so many figures are counted."""
    job, heard, say = asked(world), [], Progress._say

    def pressed(self, *said):
        heard.append(said)
        if len(heard) == step:
            cancel(Job.objects.get(pk=job.pk), now=NOW)
        return say(self, *said)

    monkeypatch.setattr(Progress, "_say", pressed)
    run(job.pk)
    assert ended(job) == ("cancelled", "Stopped on request.", 0)
    assert len(heard) == step


def test_what_breaks_fails_in_words_and_can_be_asked_for_again(world):
    """The first figure cannot be counted: a definition is no spec any more."""
    IndicatorVersion.objects.create(
        tenant=world.tenant, code="OP-01", number=2, name="Took part", unit="persons", spec={"count": "magic"}
    )
    job = asked(world)
    run(job.pk)
    state, reason, issues = ended(job)
    assert (state, issues) == ("failed", 0) and reason
    IndicatorVersion.objects.all().delete()
    again = asked(world)
    assert again != job
    run(again.pk)
    assert ended(again) == ("done", "", 1)


def test_a_definition_changed_while_it_is_counted_does_not_change_what_is_counted(world, monkeypatch):
    """Definitions are read once, at the beginning; the version that is named is the one that was counted."""
    job, say, heard = asked(world), Progress._say, []

    def changed(self, *said):
        heard.append(said)
        if len(heard) == 2:
            services.save_definition(
                by=world.coordinator, tenant=world.tenant, code="OP-09.4", unit="reviews", name="Other",
                numerator="Something else.", spec={"count": "built_in", "measure": "OP-09.4"}, reason="Tried",
            )  # fmt: skip
        return say(self, *said)

    monkeypatch.setattr(Progress, "_say", changed)
    run(job.pk)
    assert ended(job) == ("done", "", 1)
    [figure] = [one for one in Issue.objects.get().document["figures"] if one["code"] == "OP-09.4"]
    assert (figure["version"], figure["name"], figure["value"]) == (1, "Reviews handed in", 4)
    run(asked(world).pk)
    newest = Issue.objects.order_by("number").last()
    [figure] = [one for one in newest.document["figures"] if one["code"] == "OP-09.4"]
    assert (figure["version"] > 1, figure["name"]) == (True, "Other")


@pytest.mark.postgres
@pytest.mark.django_db(transaction=True)
def test_of_twenty_equal_requests_at_once_one_is_built(world):
    """Real threads and connections: each asks, and each runs what it was given."""

    together = Barrier(20)

    def ask_and_run(_n: int) -> int:
        try:
            job = asked(world)
            together.wait(60)
            run(job.pk)
            return job.pk
        finally:
            connections.close_all()

    with ThreadPoolExecutor(20) as pool:
        [given] = set(pool.map(ask_and_run, range(20)))
    job = Job.objects.get()
    assert (job.pk, job.state, job.attempt, Issue.objects.count()) == (given, "done", 1, 1)
