"""A worker that is restarted in order while it sends: nothing is lost, nothing doubled, nothing in doubt."""

import asyncio
import os
import signal
import sys
from collections import Counter
from datetime import timedelta
from pathlib import Path

import pytest
from django.utils import timezone

from reminders.models import Reminder
from tests.factories import make_awake, make_programme
from tests.fixtures.mail import Sink
from tests.reminders.sent import due_rows
from tests.services import child, wait_until

ROOT = Path(__file__).resolve().parent.parent.parent
WORKER = ["-m", "celery", "-A", "config", "worker", "-P", "prefork", "-c", "2", "-l", "INFO"]


class SlowSink(Sink):
    """Takes its time, so that the signal meets a letter on its way."""

    async def handle_DATA(self, server, session, envelope):
        await asyncio.sleep(0.2)
        return await super().handle_DATA(server, session, envelope)


@pytest.fixture
def sink():
    slow = SlowSink()
    slow._controller.start()
    yield slow
    slow._controller.stop()


@pytest.mark.postgres
@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("whom", ["worker", "group"])
def test_told_to_end_a_worker_leaves_nothing_in_doubt(sink, heard, process_environment, tmp_path, whom):
    """`worker`: its main process, as a container is stopped; `group`: all of its processes at once."""
    from config.celery import app

    now = timezone.now()
    programme = make_programme(start=now.date(), end=now.date() + timedelta(days=90))
    make_awake(programme)
    # tried before, so that the planner leaves them as they are
    due_rows(40, programme, now=now, day=now.date() + timedelta(days=3), attempts=1)
    environment = {**process_environment, "EMAIL_HOST": "127.0.0.1", "EMAIL_PORT": str(sink.port)}
    # a broker of its own: the worker of other tests must not take the nudge
    host, _slash, number = environment["REDIS_URL"].rpartition("/")
    environment["REDIS_URL"] = f"{host}/{int(number) + 40}"
    log = tmp_path / "worker.log"
    with child([sys.executable, *WORKER], log=log, cwd=ROOT, env=environment) as process:
        wait_until(lambda: " ready." in log.read_text(), seconds=90, what="the worker")
        with app.connection_for_write(environment["REDIS_URL"]) as broker:
            app.send_task("reminders.sweep", connection=broker)
        wait_until(lambda: len(sink.received) >= 3, seconds=60, what="the first letters")
        (os.killpg if whom == "group" else os.kill)(process.pid, signal.SIGTERM)
        assert process.wait(60) is not None
    received = Counter(mail.message["Message-ID"] for mail in sink.received)
    rows = Counter(Reminder.objects.values_list("state", flat=True))
    assert max(received.values()) == 1
    assert rows == {"sent": len(received), "planned": 40 - len(received)}, rows
    assert 3 <= len(received) < 40
    assert set(Reminder.objects.values_list("unsure", flat=True)) == {0}
