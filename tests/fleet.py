"""An installation of many processes, as the compose file starts them: each with a data folder of its own, so
that nothing but the database, the broker and the storage can be shared between them."""

import json
import os
import signal
import subprocess
import sys
from contextlib import ExitStack, contextmanager, suppress
from pathlib import Path
from urllib.parse import urlsplit

import psycopg

from tests.desk.serving import PATIENCE, Visitor
from tests.services import child, free_port, wait_until

ROOT = Path(__file__).resolve().parent.parent
BIN = Path(sys.executable).parent
KEY = "of-the-fleet-only-k3Vb9-Xq7_LmT2rYw8ZsN4cHd6JfPgA5eUxRoQ"


class Running:
    """One process of the fleet."""

    def __init__(self, process: subprocess.Popen, log: Path, url: str = ""):
        self.process, self.log, self.url = process, log, url

    def said(self) -> str:
        text = self.log.read_text()
        assert self.process.poll() is None, text[-3000:]
        return text

    def kill(self) -> None:
        """-9, with everything that it started."""
        os.killpg(self.process.pid, signal.SIGKILL)
        self.process.wait()


class Fleet:
    """`with Fleet(folder, database=…, broker=…) as fleet: web = fleet.web()`; all are ended at its end."""

    def __init__(self, folder: Path, *, database: str, broker: str, **environment: str):
        self.folder, self.stack = folder, ExitStack()
        self.environment = {name: os.environ[name] for name in ("TMPDIR", "HOME") if name in os.environ}
        self.environment |= {
            name: value for name, value in os.environ.items() if name.startswith("RASADNIK_")
        }
        self.environment |= {
            "PATH": f"{BIN}{os.pathsep}{os.environ['PATH']}",
            "DATABASE_URL": database,
            "REDIS_URL": broker,
            "SECRET_KEY": KEY,
            "ASSETS_DIR": str(assets()),
            "SWEEP_SECONDS": "1",
            "LOG_LEVEL": "INFO",
            "PYTHONUNBUFFERED": "1",
        } | environment

    def __enter__(self):
        return self

    def __exit__(self, *what):
        self.stack.close()

    def _of(self, name: str) -> dict:
        return self.environment | {"DATA_DIR": str(self.folder / name)}

    def run(self, *words: str, name: str = "command") -> str:
        """A management command, to its end; what it printed."""
        return self._done([sys.executable, "manage.py", *words], name)

    def script(self, text: str, *, name: str = "script") -> str:
        """Python in a process of its own on this installation; what it prints."""
        return self._done([sys.executable, "-c", f"import django; django.setup()\n{text}"], name)

    def _done(self, command: list, name: str) -> str:
        environment = self._of(name) | {"DJANGO_SETTINGS_MODULE": "config.settings"}
        done = subprocess.run(
            command, cwd=ROOT, env=environment, capture_output=True, text=True, timeout=PATIENCE
        )
        assert done.returncode == 0, done.stderr[-3000:]
        return done.stdout

    def _start(self, kind: str, command: list, url: str = "") -> Running:
        number = len(list(self.folder.glob(f"{kind}-*.log")))
        log = self.folder / f"{kind}-{number}.log"
        process = self.stack.enter_context(
            child(command, log=log, cwd=ROOT, env=self._of(f"{kind}-{number}"))
        )
        return Running(process, log, url)

    def web(self, *further: str) -> Running:
        """A gunicorn, once it answers."""
        port = free_port()
        words = ["--bind", f"127.0.0.1:{port}", "--workers", "1", *further]
        web = self._start(
            "web", [BIN / "gunicorn", "config.wsgi:application", *words], f"http://127.0.0.1:{port}"
        )
        wait_until(lambda: answers(web), seconds=PATIENCE, what="web")
        return web

    def worker(self) -> Running:
        words = ["worker", "--pool", "prefork", "--concurrency", "2", "--loglevel", "INFO"]
        number = len(list(self.folder.glob("worker-*.log")))
        worker = self._start("worker", [BIN / "celery", "-A", "config", *words, "-n", f"w{number}@here"])
        wait_until(lambda: " ready." in worker.said(), seconds=PATIENCE, what="worker")
        return worker

    def beat(self) -> Running:
        beat = self._start(
            "beat", [BIN / "celery", "-A", "config", "beat", "--loglevel", "INFO", "--pidfile="]
        )
        wait_until(lambda: "beat: Starting" in beat.said(), seconds=PATIENCE, what="beat")
        return beat

    def read(self, text: str):
        """What a script printed as JSON."""
        return json.loads(self.script(text))


def answers(web: Running) -> bool:
    web.said()
    with suppress(OSError):
        return Visitor(web).status("/healthz") == 200
    return False


def assets() -> Path:
    """Style, script and faces as some start on this machine made them."""
    from django.conf import settings

    return Path(settings.ASSETS_DIR).resolve()


@contextmanager
def database(server: str, name: str):
    """An empty database of its own on the server of that address; yields its address."""
    with psycopg.connect(server, autocommit=True) as connection:
        connection.execute(f'DROP DATABASE IF EXISTS "{name}" WITH (FORCE)')
        connection.execute(f'CREATE DATABASE "{name}"')
    try:
        yield urlsplit(server)._replace(path=f"/{name}").geturl()
    finally:
        with psycopg.connect(server, autocommit=True) as connection:
            connection.execute(f'DROP DATABASE IF EXISTS "{name}" WITH (FORCE)')
