"""A PostgreSQL and a Redis that are stopped, frozen, emptied and started again on their old ports."""

import os
import signal
import socket
import subprocess
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from urllib.parse import urlsplit

from tests import programs, services
from tests.services import free_port, wait_until


@contextmanager
def folder() -> Iterator[Path]:
    with tempfile.TemporaryDirectory(prefix="rasadnik-faults-", ignore_cleanup_errors=True) as made:
        Path(made).chmod(0o755)  # PostgreSQL runs as somebody else
        yield Path(made)


class Redis:
    def __init__(self, folder: Path):
        self.folder, self.port, self.log = folder, free_port(), folder / "redis.log"
        self.url = f"redis://127.0.0.1:{self.port}/0"
        self.start()

    def start(self) -> None:
        words = ["--port", self.port, "--bind", "127.0.0.1", "--save", "", "--appendonly", "no"]
        with self.log.open("ab") as out:
            self.process = subprocess.Popen(
                [str(word) for word in [programs.redis_server(), *words, "--dir", self.folder]],
                stdin=subprocess.DEVNULL,
                stdout=out,
                stderr=subprocess.STDOUT,
                preexec_fn=services._end_with_parent,  # noqa: PLW1509 - it calls one function of libc
            )
        wait_until(lambda: self.said("PING") == b"+PONG", seconds=30, what="Redis")

    def said(self, command: str) -> bytes:
        with suppress(OSError), socket.create_connection(("127.0.0.1", self.port), 1) as line:
            line.sendall(f"{command}\r\n".encode())
            return line.recv(5)
        return b""

    def stop(self) -> None:
        self.process.kill()
        self.process.wait()

    def freeze(self) -> None:
        self.process.send_signal(signal.SIGSTOP)

    def thaw(self) -> None:
        self.process.send_signal(signal.SIGCONT)

    def flush(self) -> None:
        assert self.said("FLUSHALL").startswith(b"+OK")


class Postgres:
    """Keeps what it said it kept when it is stopped in the middle, as a real one does: a commit is written
    before it is answered (only the power must not go)."""

    def __init__(self, folder: Path):
        with services.postgres(folder) as address:  # makes the folder of its data
            self.port = urlsplit(address).port
        self.data, self.log = folder / "postgres" / "data", folder / "postgres.log"
        self.place = {"cwd": folder / "postgres"} | (services._somebody() if os.geteuid() == 0 else {})
        self.address = f"postgres://postgres@127.0.0.1:{self.port}/postgres"
        self.start()

    def start(self) -> None:
        words = ["-D", self.data, "-h", "127.0.0.1", "-p", self.port, "-k", self.data.parent]
        words += ["-c", "fsync=off", "-c", "full_page_writes=off", "-c", "max_connections=100"]
        with self.log.open("ab") as out:
            self.process = subprocess.Popen(
                [str(word) for word in [programs.postgres_bin() / "postgres", *words]],
                stdin=subprocess.DEVNULL,
                stdout=out,
                stderr=subprocess.STDOUT,
                preexec_fn=services._end_with_parent,  # noqa: PLW1509 - it calls one function of libc
                **self.place,
            )
        wait_until(
            lambda: services._postgres_ready(self.data, self.process, self.log), seconds=60, what="PostgreSQL"
        )

    def stop(self, number: int = signal.SIGINT) -> None:
        """SIGINT: those who are connected are cut off. SIGQUIT: at once, and it recovers at its start."""
        self.process.send_signal(number)
        self.process.wait(60)
