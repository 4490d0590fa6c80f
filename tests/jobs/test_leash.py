"""A process of a worker cannot be held for ever by one job, nor filled by it (jobs/leash.py)."""

import os
import signal
import subprocess
import sys
import time
from datetime import timedelta
from pathlib import Path

import pytest
from django.utils import timezone

from jobs import services
from jobs.models import Job
from tests.factories import make_administrator, make_tenant
from tests.services import wait_until

pytestmark = pytest.mark.django_db(transaction=True)
ROOT = Path(__file__).resolve().parent.parent.parent
LEASE = 1.5
# what a process of a worker does with job number {pk}, whose work is {work}
WORKS = """
import itertools, signal, time
from datetime import timedelta
import django
django.setup()
from jobs import kinds, services
from jobs.leash import leash
import outcomes.tasks

@kinds.job("A kind for this test")
def works(progress):
    {work}
    return lambda: {{"reached": True}}

outcomes.tasks.works = works
services.LEASE = timedelta(seconds={lease})
leash.hold()
services.run({pk})
"""
ENDLESS = "sum(itertools.repeat(0))"  # in C, and it never looks up
GREEDY = "full = [bytes(50 * 2**20) for _n in range(200)]"
TALKATIVE = "[(progress('on', n), time.sleep(0.5)) for n in range(6)]"
ASLEEP = "progress('asleep'); time.sleep(0.2); progress('awake'); time.sleep(60)"


@pytest.fixture
def begun(process_environment, monkeypatch):
    monkeypatch.setattr("outcomes.tasks.works", None, raising=False)
    user = make_administrator(make_tenant())
    row = Job.objects.create(tenant=user.tenant, by=user, kind="outcomes.works", parameters_hash="0")
    running = []

    def begin(work: str) -> tuple[Job, subprocess.Popen]:
        words = WORKS.format(work=work, lease=LEASE, pk=row.pk)
        process = subprocess.Popen(
            [sys.executable, "-c", words], cwd=ROOT, env=process_environment | {"JOB_MEMORY": "600"}
        )
        running.append(process)
        return row, process

    yield begin
    for process in running:
        process.kill()
        process.wait()


def test_an_endless_loop_ends_with_its_process_and_is_given_up_after_three(begun):
    for attempt in (1, 2, 3):
        row, process = begun(ENDLESS)
        assert process.wait(60) == -signal.SIGALRM
        row.refresh_from_db()
        assert (row.state, row.attempt) == ("running", attempt)
        services.sweep(now=timezone.now() + services.LEASE + timedelta(seconds=1))
    row.refresh_from_db()
    assert (row.state, row.reason) == (
        "failed",
        "It stopped unexpectedly, three times: no word for too long, or too much memory.",
    )


def test_what_wants_more_memory_than_it_may_have_fails_in_words(begun):
    row, process = begun(GREEDY)
    assert process.wait(60) == 0
    row.refresh_from_db()
    assert (row.state, row.reason) == ("failed", "It needs more memory than one piece of work may take.")


def test_a_long_job_that_says_where_it_is_goes_on(begun):
    """Twice as long as its lease."""
    row, process = begun(TALKATIVE)
    assert process.wait(60) == 0
    row.refresh_from_db()
    assert (row.state, row.done, row.result) == ("done", 5, {"reached": True})


def test_who_stood_still_for_longer_than_the_lease_ends_when_it_wakes(begun):
    """Else it would work beside the one that took the job over."""
    row, process = begun(ASLEEP)
    wait_until(lambda: _stage(row) in ("asleep", "awake"), seconds=60, what="the first word")
    os.kill(process.pid, signal.SIGSTOP)
    time.sleep(LEASE + 0.5)
    assert process.poll() is None
    os.kill(process.pid, signal.SIGCONT)
    assert process.wait(5) == -signal.SIGALRM


def _stage(row: Job) -> str:
    return Job.objects.get(pk=row.pk).stage
