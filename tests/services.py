"""A private PostgreSQL and Redis in a temporary folder, on free ports, for as long as the tests run."""

import ctypes
import os
import pwd
import shutil
import signal
import socket
import subprocess
import sys
import time
from contextlib import ExitStack, contextmanager, suppress
from pathlib import Path

from tests import programs

MARK = "RASADNIK_TEST_DIR"  # in the environment of everything we start, so that nothing is left behind


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


def wait_until(ready, *, seconds: float, what: str) -> None:
    until = time.monotonic() + seconds
    while not ready():
        if time.monotonic() > until:
            raise TimeoutError(f"{what}: not within {seconds} s")
        time.sleep(0.02)


@contextmanager
def child(arguments, *, log: Path, stop=signal.SIGTERM, grace: float = 20, **options):
    """A process of its own session (Ctrl-C is ours, not its), ended with us even when we are killed."""
    with log.open("wb") as out:
        process = subprocess.Popen(
            [str(word) for word in arguments],
            stdin=subprocess.DEVNULL,
            stdout=out,
            stderr=subprocess.STDOUT,
            start_new_session=True,
            preexec_fn=_end_with_parent,  # noqa: PLW1509 - it calls one function of libc
            **options,
        )
    try:
        yield process
    finally:
        process.send_signal(stop)
        try:
            process.wait(grace)
        except subprocess.TimeoutExpired:
            with suppress(ProcessLookupError):
                os.killpg(process.pid, signal.SIGKILL)
            process.wait()


@contextmanager
def servers(folder: Path):
    """Yields the environment variables that lead to both."""
    with ExitStack() as stack:
        database = stack.enter_context(postgres(folder))
        broker = stack.enter_context(redis(folder))
        yield {"DATABASE_URL": database, "REDIS_URL": broker, "CONN_MAX_AGE": "0"}


@contextmanager
def postgres(folder: Path):
    bin_, port = programs.postgres_bin(), free_port()
    home, log = folder / "postgres", folder / "postgres.log"
    home.mkdir()
    place = {"cwd": home}
    if os.geteuid() == 0:  # PostgreSQL refuses root
        place |= _somebody()
        shutil.chown(home, place["user"], place["group"])
    data = home / "data"
    words = ["-U", "postgres", "-A", "trust", "-E", "UTF8", "--locale=C.UTF-8", "--no-sync"]
    quiet = {"stdin": subprocess.DEVNULL, "stdout": subprocess.DEVNULL}
    subprocess.run([bin_ / "initdb", "-D", data, *words], check=True, **quiet, **place)
    # what is written here need not survive a power cut
    fast = ["-c", "fsync=off", "-c", "synchronous_commit=off", "-c", "full_page_writes=off"]
    command = [bin_ / "postgres", "-D", data, "-h", "127.0.0.1", "-p", port, "-k", home, *fast]
    with child(command, log=log, stop=signal.SIGQUIT, **place) as process:
        wait_until(lambda: _postgres_ready(data, process, log), seconds=60, what="PostgreSQL")
        yield f"postgres://postgres@127.0.0.1:{port}/postgres"


@contextmanager
def redis(folder: Path):
    port = free_port()
    keep_nothing = ["--save", "", "--appendonly", "no", "--databases", "64", "--dir", folder]
    command = [programs.redis_server(), "--port", port, "--bind", "127.0.0.1", *keep_nothing]
    log = folder / "redis.log"
    with child(command, log=log) as process:
        wait_until(lambda: _redis_ready(port, process, log), seconds=30, what="Redis")
        yield f"redis://127.0.0.1:{port}/0"


def sweep(folder: Path) -> None:
    """End whatever still runs with our mark in its environment: a killed worker's Chromium, say."""
    mark = f"{MARK}={folder}".encode()
    for entry in Path("/proc").glob("[0-9]*"):
        with suppress(OSError, ProcessLookupError):
            if int(entry.name) != os.getpid() and mark in (entry / "environ").read_bytes().split(b"\0"):
                os.kill(int(entry.name), signal.SIGKILL)


def _postgres_ready(data: Path, process, log: Path) -> bool:
    _must_run(process, "PostgreSQL", log)
    with suppress(OSError):
        lines = (data / "postmaster.pid").read_text().splitlines()
        return len(lines) > 7 and lines[7].strip() == "ready"
    return False


def _redis_ready(port: int, process, log: Path) -> bool:
    _must_run(process, "Redis", log)
    with suppress(OSError), socket.create_connection(("127.0.0.1", port), 1) as line:
        line.sendall(b"PING\r\n")
        return line.recv(5) == b"+PONG"
    return False


def _must_run(process, name: str, log: Path) -> None:
    if process.poll() is not None:
        raise RuntimeError(f"{name} ended with exit code {process.returncode}: {log.read_text()[-2000:]}")


def _somebody() -> dict:
    for name in ("postgres", "nobody"):
        with suppress(KeyError):
            entry = pwd.getpwnam(name)
            return {"user": entry.pw_uid, "group": entry.pw_gid, "extra_groups": []}
    raise RuntimeError("No user 'postgres' or 'nobody' to run PostgreSQL as")


def _end_with_parent() -> None:
    if sys.platform == "linux":
        ctypes.CDLL(None).prctl(1, signal.SIGKILL)  # PR_SET_PDEATHSIG
