"""The project's Celery, whose builds meet on their way what is planned for them:
`celery -A tests.faults.reporting_app worker`.

A file in the folder PLAN, named as a report, says "<stage> <what>". At that stage of a build of this report
it happens: once, or at each attempt when the build itself is what is wrong (BAD).
"""

import itertools
import os
import signal
import time
from contextlib import suppress
from datetime import timedelta
from functools import wraps
from pathlib import Path

from celery import signals

from config.celery import app  # noqa: F401 - what `celery -A` looks for

PLAN, LEASE, BEAT = "BENCH_PLAN", "BENCH_LEASE", "BENCH_BEAT"  # in the environment
STAGES = ("claimed", "counting", "crossing", "composing", "writing")
BAD = ("loop", "bomb")
WAIT = 30  # seconds that a build stands still at most, where somebody wants to stop it there


def arrive(report: int, stage: str) -> None:
    """The build of that report is at that stage."""
    file = Path(os.environ[PLAN], str(report))
    with suppress(FileNotFoundError):
        wanted, what = file.read_text().split()
        if wanted != stage:
            return
        if what not in BAD:
            file.rename(file.with_suffix(".met"))
        HAPPENS[what](file)


def child(_file: Path) -> None:
    """The process that builds."""
    os.kill(os.getpid(), signal.SIGKILL)


def worker(_file: Path) -> None:
    """All processes of this worker, as when its container is killed."""
    os.killpg(os.getpgid(0), signal.SIGKILL)


def main(_file: Path) -> None:
    """The worker's main process alone; its children are left over."""
    os.kill(os.getppid(), signal.SIGKILL)


def scheduler(_file: Path) -> None:
    with suppress(ProcessLookupError, FileNotFoundError, ValueError):
        os.kill(int(Path(os.environ[BEAT]).read_text()), signal.SIGKILL)


def stand(file: Path) -> None:
    """Until somebody has pressed "stop"."""
    file.with_suffix(".stands").touch()
    until = time.monotonic() + WAIT
    while not file.with_suffix(".go").exists() and time.monotonic() < until:
        time.sleep(0.01)


def loop(_file: Path) -> None:
    """In C, and it never looks up."""
    sum(itertools.repeat(0))


def bomb(_file: Path) -> None:
    full = []
    while True:
        full.append(b"x" * 2**24)


HAPPENS = {what.__name__: what for what in (child, worker, main, scheduler, stand, loop, bomb)}


@signals.worker_process_init.connect
def _apply(**_kwargs) -> None:
    from jobs import services as jobs
    from outcomes import crossing, payload, services, tasks

    jobs.LEASE = timedelta(seconds=float(os.environ[LEASE]))
    now = []

    def at(place, name: str, stage: str, *, after: bool = False) -> None:
        real = getattr(place, name)

        @wraps(real)
        def arriving(*words, **named):
            if stage == "claimed":
                now[:] = [words[0].pk]
            found = real(*words, **named) if after else None
            arrive(now[0], stage)
            return found if after else real(*words, **named)

        setattr(place, name, arriving)

    at(tasks, "build", "claimed")
    at(payload, "measured", "counting")
    at(crossing, "crossing", "crossing")
    at(payload, "_beside", "composing")
    at(services, "add_issue", "writing", after=True)  # written, and not committed yet
