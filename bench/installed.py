"""The project installed for a bench: its own PostgreSQL, tables, commands and web servers."""

import os
import secrets
import subprocess
import sys
import tempfile
import urllib.error
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from tests import programs
from tests.services import child, free_port, postgres, wait_until


@dataclass
class Installed:
    """`address` is that of the database, `folder` is gone afterwards."""

    folder: Path
    address: str
    environment: dict[str, str]

    def python(self, *words: str) -> str:
        """What it printed. Raises RuntimeError with what it said when it failed."""
        done = subprocess.run(
            [sys.executable, *words],
            cwd=programs.ROOT,
            env=self.environment,
            capture_output=True,
            text=True,
            timeout=3600,
        )
        if done.returncode:
            raise RuntimeError(done.stdout[-2000:] + done.stderr[-3000:])
        return done.stdout

    def manage(self, *words: str) -> str:
        """The last line that it printed."""
        return (self.python("manage.py", *words).strip().splitlines() or [""])[-1]

    def shell(self, script: str) -> str:
        return self.manage("shell", "-v0", "-c", script)

    @contextmanager
    def server(self, module: str) -> Iterator[int]:
        """Two processes of gunicorn that answer; their port."""
        port, log = free_port(), self.folder / f"{module}.log"
        words = ["-m", "gunicorn", f"{module}:application", "-k", "sync", "-w", "2", "--threads", "1"]
        words += ["-b", f"127.0.0.1:{port}", "--max-requests", "0", "--log-level", "error"]
        with child([sys.executable, *words], log=log, cwd=programs.ROOT, env=self.environment):
            try:
                wait_until(lambda: _answers(port), seconds=60, what=f"gunicorn ({module})")
            except TimeoutError:
                print(log.read_text()[-3000:])
                raise
            yield port


@contextmanager
def installed(**settings: str) -> Iterator[Installed]:
    """Raises RuntimeError where PostgreSQL cannot be had."""
    if lacking := programs.provide(("PostgreSQL",)):
        raise RuntimeError(f"not found: {', '.join(lacking)}")
    with tempfile.TemporaryDirectory(prefix="rasadnik-bench-") as name:
        folder = Path(name)
        folder.chmod(0o755)  # PostgreSQL runs as somebody else
        (folder / "data").mkdir()
        with postgres(folder) as address:
            environment = {
                **os.environ,
                "DATABASE_URL": address,
                "DATA_DIR": str(folder / "data"),
                "DJANGO_SETTINGS_MODULE": "config.settings",
                "SECRET_KEY": secrets.token_urlsafe(60),
                "PYTHONPATH": str(programs.ROOT),
                **settings,
            }
            one = Installed(folder, address, environment)
            one.manage("migrate", "--verbosity=0")
            yield one


def _answers(port: int) -> bool:
    try:
        urllib.request.urlopen(f"http://127.0.0.1:{port}/limit", timeout=5).close()
    except urllib.error.HTTPError:
        return True
    except OSError:
        return False
    return True
