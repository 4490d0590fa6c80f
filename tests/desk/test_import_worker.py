"""An import is written whole or not at all, also when its worker dies, is stopped, or meets another."""

import os
import signal
import sys
import threading
from datetime import timedelta
from pathlib import Path
from time import sleep

import pytest
from django.db import connection, transaction
from django.utils import timezone

from desk.importing import services
from desk.models import Import, ImportPart
from jobs import kinds
from jobs import services as jobs
from jobs.models import Job
from people.models import Person
from tests.factories import make_administrator, make_coordinator, make_programme, make_tenant
from tests.services import child, wait_until
from training.models import Enrolment

ROOT = Path(__file__).resolve().parent.parent.parent
MANY = 12_000
LINES = "Ime i prezime;E-mail\n" + "".join(f"Osoba {n};o{n}@primer.example\n" for n in range(MANY))


@pytest.fixture
def ready(transactional_db, settings):
    """A sheet of many rows, waiting for a yes; its file where other processes find it."""
    settings.MEDIA_ROOT = settings.DATA_DIR / "files"
    by = make_coordinator(make_programme())
    return lambda name="mnogo.csv": _ready(by, name)


def _ready(by, name: str) -> Import:
    now, programme = timezone.now(), by.person.memberships.get().programme
    record = services.bring(by=by, programme=programme, name=name, content=LINES.encode(), now=now)
    services.put_map(by=by, record=record, mapping=services.guessed_map(record))
    Import.objects.filter(pk=record.pk).update(
        state="ready", previewed_at=now, counts={"created": MANY, "updated": 0, "refused": 0}
    )
    return Import.objects.select_related("job", "file", "programme__tenant", "tenant").get(pk=record.pk)


@pytest.fixture
def worker(heard, process_environment, tmp_path):
    """A worker of its own that may be killed: `with worker() as process`."""
    command = [sys.executable, "-m", "celery", "-A", "config", "worker", "-P", "solo", "-l", "INFO"]
    return lambda: child(command, log=tmp_path / "worker.log", cwd=ROOT, env=process_environment)


def confirm(record: Import) -> Job:
    return services.confirm(by=record.by, record=record, without_refused=False, now=timezone.now()).job


def in_the_middle(job: Job) -> bool:
    """Seen from outside, while the transaction is open."""
    job.refresh_from_db()
    return job.state == "running" and 0 < job.done < MANY


def written() -> tuple[int, int]:
    return Person.objects.filter(name__startswith="Osoba").count(), Enrolment.objects.count()


def over(job: Job) -> bool:
    job.refresh_from_db()
    return not job.is_open


@pytest.mark.postgres
def test_a_worker_killed_in_the_middle_leaves_nothing_and_the_next_does_it_once(ready, worker):
    job = confirm(record := ready())
    with worker() as process:
        wait_until(lambda: in_the_middle(job), seconds=60, what="the middle of the import")
        assert job.total == MANY
        os.kill(process.pid, signal.SIGKILL)
        process.wait(10)
    wait_until(lambda: written() == (0, 0), seconds=10, what="the end of its connection")
    job.refresh_from_db()
    assert (job.state, job.attempt) == ("running", 1)
    jobs.sweep(now=timezone.now() + jobs.LEASE + timedelta(seconds=1))
    with worker():
        wait_until(lambda: over(job), seconds=90, what="the second attempt")
        jobs.sweep(now=timezone.now() + timedelta(hours=1))
    record.refresh_from_db()
    assert (job.state, job.attempt, record.state) == ("done", 2, "done")
    assert written() == (MANY, MANY)


@pytest.mark.postgres
def test_it_is_stopped_in_the_middle_and_nothing_is_left(ready, celery_worker):
    job = confirm(record := ready())
    wait_until(lambda: in_the_middle(job), seconds=60, what="the middle of the import")
    services.stop(by=record.by, record=Import.objects.get(pk=record.pk), now=timezone.now())
    wait_until(lambda: over(job), seconds=30, what="the stop")
    record.refresh_from_db()
    assert (job.state, record.standing, written()) == ("cancelled", "stopped", (0, 0))
    assert ImportPart.objects.count() == 0


@pytest.mark.postgres
def test_the_same_sheet_brought_by_two_at_once_is_there_once(ready, celery_worker):
    one, other = confirm(ready("a.csv")), confirm(ready("b.csv"))
    wait_until(lambda: over(one) and over(other), seconds=120, what="both imports")
    assert written() == (MANY, MANY)
    assert [one.state, other.state] == ["done", "done"]
    made = Import.objects.order_by("pk").values_list("counts", flat=True)
    assert [counts["created"] for counts in made] == [MANY, 0]


@pytest.mark.sqlite
def test_a_long_one_is_not_taken_for_dead_where_only_one_writes(transactional_db, monkeypatch):
    """The sweep waits for the lock that the import holds, and then finds it done."""
    inside = threading.Event()

    @kinds.job("A kind for this test")
    def long(progress):
        progress("before")

        def effect():
            Job.objects.filter(pk=progress.job.pk).update(stage="inside")
            inside.set()
            progress("silent", 1, 2)
            sleep(1.5)
            return {"reached": True}

        return effect

    monkeypatch.setattr("outcomes.tasks.long", long, raising=False)
    user = make_administrator(make_tenant())
    job = jobs.enqueue("outcomes.long", tenant=user.tenant, by=user)

    def work():
        jobs.run(job.pk)
        connection.close()

    thread = threading.Thread(target=work)
    thread.start()
    assert inside.wait(10)
    jobs.sweep(now=timezone.now() + timedelta(hours=1))
    thread.join(10)
    job.refresh_from_db()
    assert (job.state, job.attempt, job.result) == ("done", 1, {"reached": True})


@pytest.mark.postgres
def test_what_is_said_inside_a_transaction_is_seen_at_once_and_no_stop_is_missed(
    transactional_db, monkeypatch
):
    seen = []

    @kinds.job("A kind for this test")
    def long(progress):
        def effect():
            Job.objects.create(
                tenant_id=progress.job.tenant_id, kind="outcomes.long", parameters_hash="x", state="done"
            )
            for n in range(1, 4):
                progress("inside", n, 3)
                seen.append(_seen_from_outside(progress.job.pk))
                if n == 2:
                    _from_outside(
                        lambda: jobs.cancel(Job.objects.get(pk=progress.job.pk), now=timezone.now())
                    )
            return {}

        return effect

    monkeypatch.setattr("outcomes.tasks.long", long, raising=False)
    user = make_administrator(make_tenant())
    job = jobs.enqueue("outcomes.long", tenant=user.tenant, by=user)
    jobs.run(job.pk)
    job.refresh_from_db()
    assert seen == [("inside", 1), ("inside", 2)]
    assert (job.state, Job.objects.count()) == ("cancelled", 1)
    assert not transaction.get_connection().in_atomic_block


def _seen_from_outside(pk: int) -> tuple:
    return _from_outside(lambda: Job.objects.values_list("stage", "done").get(pk=pk))


def _from_outside(ask):
    """By a connection of its own."""
    found = []

    def asking():
        found.append(ask())
        connection.close()

    thread = threading.Thread(target=asking)
    thread.start()
    thread.join(10)
    return found[0]
