"""The embedded default: what runs beside the web server when everything is one process.

A real Celery worker (threads) and its scheduler over the broker `memory://`, and a real SMTP server that
keeps what it receives. Nothing here is durable: the Job rows and the mail folder are (see jobs/).
"""

import fcntl
import logging
import mailbox
import os
import socket
import threading
from collections.abc import Callable
from pathlib import Path

from aiosmtpd.controller import Controller
from celery import Celery, current_app, signals
from celery.beat import EmbeddedService, Scheduler
from celery.worker import WorkController, state
from django.conf import settings
from django.db import connections
from django.utils import timezone

from jobs import services as jobs
from lib import halting

log = logging.getLogger(__name__)

GRACE = 20  # seconds that running work gets when the process shall end


class Taken(Exception):
    """Somebody else has what this process wants for itself; the words say what."""


def lock(folder: Path):
    """Hold the data folder for this process until it ends. Raises Taken when another one holds it."""
    file = (folder / "serve.lock").open("a+")
    try:
        fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except OSError:
        file.seek(0)
        raise Taken(f"Process {file.read().strip() or '?'} is serving {folder} already.") from None
    file.truncate(0)
    file.write(str(os.getpid()))
    file.flush()
    return file


class Sink:
    """A local SMTP server: keeps every message as received, in the Maildir that the post-box page reads.
    `say` is told of each where it lies, for whoever has no post-box page."""

    def __init__(self, folder: Path, say: Callable[[str], None] = lambda text: None):
        self.folder, self.say = folder, say
        self.box = mailbox.Maildir(folder, create=True)
        self.controller = Controller(self, hostname="127.0.0.1", port=_free_port())

    async def handle_DATA(self, server, session, envelope):
        place = self.folder / "new" / self.box.add(envelope.original_content)
        self.say(f"A letter to {', '.join(envelope.rcpt_tos)} lies in {place}\n")
        return f"250 kept on this machine, in {place}"

    def start(self) -> int:
        """Listen on a free port of this machine and return it."""
        self.controller.start()
        return self.controller.port

    def stop(self) -> None:
        self.controller.stop()


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


class _Worker(WorkController):
    """A worker that says when it listens: the signal for that is sent by Celery's command line only."""

    def __init__(self, *args, ready: threading.Event, **options):
        self._ready = ready
        super().__init__(*args, **options)

    def on_after_init(self, **options):
        signals.worker_init.send(sender=self, instance=self)  # from now on connections end with their task

    def on_consumer_ready(self, consumer):
        self._ready.set()


class EmbeddedCelery:
    """Worker and scheduler in threads of this process. `on_death` is called when the worker ends unasked."""

    def __init__(self, app: Celery, *, concurrency: int = 4, on_death: Callable[[], None] = lambda: None):
        os.environ.setdefault("CELERY_SKIP_CHECKS", "1")  # the command ran them
        self.app, self.on_death, self.stopping = app, on_death, False
        self.ready = threading.Event()
        self.worker = _Worker(
            app=app,
            ready=self.ready,
            pool="threads",
            concurrency=concurrency,
            hostname="embedded@localhost",
            without_heartbeat=True,
            without_mingle=True,
            without_gossip=True,
        )
        self.thread = threading.Thread(target=self._run, name="celery-worker", daemon=True)
        # in a thread: a process of its own would not share memory://; the plain scheduler keeps no file
        self.beat = EmbeddedService(app, thread=True, scheduler_cls=Scheduler)

    def _run(self) -> None:
        try:
            self.worker.start()
        except BaseException:
            log.exception("the worker failed")
        finally:
            connections.close_all()
        if not self.stopping:
            self.on_death()

    def start(self, timeout: float = 60) -> None:
        self.thread.start()
        if not self.ready.wait(timeout):
            raise RuntimeError("The worker did not start.")
        self.beat.start()

    def stop(self, grace: float = GRACE) -> bool:
        """End in order. Running work gets `grace` seconds to be finished; False: it takes longer."""
        self.stopping = True
        halting.ask()  # a sender finishes the message in hand
        state.should_stop = 0  # Celery's flag for a warm shutdown
        self.app.send_task("jobs.noop")  # wakes the loop, which else sleeps for up to 2 s
        self.beat.stop()
        self.thread.join(grace)
        halting.clear()
        return not self.thread.is_alive()


class Companions:
    """All that runs beside the web server, started and ended together."""

    def __init__(
        self,
        *,
        on_death: Callable[[], None] = lambda: None,
        on_letter: Callable[[str], None] = lambda text: None,
    ):
        self.celery = EmbeddedCelery(current_app._get_current_object(), on_death=on_death)
        self.sink = None if "EMAIL_HOST" in os.environ else Sink(Path(settings.POSTBOX_DIR), on_letter)

    def start(self) -> None:
        """Worker, scheduler, sink; then give back what a dead process left."""
        if self.sink:
            settings.EMAIL_PORT = self.sink.start()
        self.celery.start()
        jobs.sweep(
            now=timezone.now(), boot=True
        )  # one process, one lock: whatever runs by the record is dead
        connections.close_all()

    def stop(self, grace: float = GRACE) -> bool:
        ended = self.celery.stop(grace)
        if self.sink:
            self.sink.stop()
        return ended
