"""`manage.py serve` as a process of its own on its own data folder: started, asked, killed, started."""

import fcntl
import http.client
import http.cookiejar
import os
import re
import shutil
import signal
import subprocess
import sys
import urllib.error
import urllib.parse
import urllib.request
from pathlib import Path

from django.conf import settings

from tests.services import MARK, free_port, wait_until

ROOT = Path(__file__).resolve().parent.parent.parent
OURS = (
    "DATABASE_URL",
    "REDIS_URL",
    "EMAIL_HOST",
    "EMAIL_PORT",
    "DJANGO_SETTINGS_MODULE",
    "SITE_URL",
    "HOST",
    "DEMO",
)
PATIENCE = 600  # seconds: a busy machine is slow, not wrong


class Serving:
    """One installation in a folder. `start` and `stop` may be called again and again. Where nobody asks how a
    database comes about, it begins with one that is `migrated`: that takes ten seconds each time."""

    def __init__(self, folder: Path, *, migrated: bool = False):
        self.folder, self.port = folder, free_port()
        self.url = f"http://127.0.0.1:{self.port}"
        self.log = folder.parent / f"{folder.name}.log"
        self.environment = {name: value for name, value in os.environ.items() if name not in OURS}
        self.environment |= {"DATA_DIR": str(folder), "PORT": str(self.port)}
        self.process: subprocess.Popen | None = None
        folder.mkdir(parents=True, exist_ok=True)
        if Path(settings.ASSETS_DIR, "app.css").exists():  # made already: saves seconds
            shutil.copytree(settings.ASSETS_DIR, folder / "assets", dirs_exist_ok=True)
        if migrated:
            shutil.copy(self._migrated(), folder / "rasadnik.sqlite3")

    def _migrated(self) -> Path:
        """A database with all tables and no rows, made once in a run of tests."""
        kept = Path(os.environ[MARK], "migrated") if MARK in os.environ else self.folder.parent / "migrated"
        with kept.with_suffix(".lock").open("w") as lock:
            fcntl.flock(lock, fcntl.LOCK_EX)
            if not kept.exists():
                made = Serving(kept.with_suffix(".data"))
                assert made.run("migrate", "-v0").returncode == 0
                (made.folder / "rasadnik.sqlite3").rename(kept)
        return kept

    def run(self, *words: str) -> subprocess.CompletedProcess:
        """A management command on this installation."""
        return self._run([sys.executable, "manage.py", *words])

    def script(self, text: str) -> str:
        """Python on this installation; what it prints."""
        done = self._run([sys.executable, "-c", f"import django; django.setup()\n{text}"])
        assert done.returncode == 0, done.stderr
        return done.stdout

    def _run(self, command: list[str]) -> subprocess.CompletedProcess:
        environment = {**self.environment, "DJANGO_SETTINGS_MODULE": "config.settings"}
        return subprocess.run(
            command, cwd=ROOT, env=environment, capture_output=True, text=True, timeout=PATIENCE
        )

    def start(self, *words: str) -> None:
        """Until the first page is answered."""
        with self.log.open("ab") as out:
            self.process = subprocess.Popen(
                [sys.executable, "manage.py", "serve", *words],
                cwd=ROOT,
                env=self.environment,
                stdin=subprocess.DEVNULL,
                stdout=out,
                stderr=subprocess.STDOUT,
                start_new_session=True,
            )
        wait_until(self._answers, seconds=PATIENCE, what=f"a page at {self.url}")

    def _answers(self) -> bool:
        assert self.process.poll() is None, self.log.read_text()
        try:
            return Visitor(self).status("/healthz") == 200
        except (OSError, http.client.HTTPException):
            return False

    def stop(self, number: int = signal.SIGTERM) -> int:
        """Send a signal and wait; the exit code."""
        self.process.send_signal(number)
        return self.process.wait(PATIENCE)

    def kill(self) -> None:
        self.process.kill()
        self.process.wait()

    def __enter__(self):
        return self

    def __exit__(self, *what):
        if self.process and self.process.poll() is None:
            self.kill()


class Visitor:
    """A browser without a screen: cookies, forms with their token."""

    def __init__(self, serving: Serving):
        self.url = serving.url
        self.jar = http.cookiejar.CookieJar()
        self.opener = urllib.request.build_opener(urllib.request.HTTPCookieProcessor(self.jar))
        self.token = ""

    def get(self, path: str) -> str:
        with self.opener.open(self.url + path, timeout=PATIENCE) as answer:
            text = answer.read().decode()
        if found := re.search(r'name="csrfmiddlewaretoken" value="([^"]+)"', text):
            self.token = found[1]
        return text

    def status(self, path: str) -> int:
        try:
            with self.opener.open(self.url + path, timeout=PATIENCE) as answer:
                return answer.status
        except urllib.error.HTTPError as error:
            return error.code

    def post(self, path: str, **fields: str | list) -> str:
        said = {"csrfmiddlewaretoken": self.token, **fields}
        data = urllib.parse.urlencode(said, doseq=True).encode()
        with self.opener.open(self.url + path, data, timeout=PATIENCE) as answer:
            return answer.read().decode()

    def sign_in(self, email: str, password: str) -> None:
        """By password, on the page where everybody does."""
        self.get("/accounts/login/")
        self.post("/accounts/login/", login=email, password=password)
        self.get("/")
