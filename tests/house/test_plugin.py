"""The test run itself: its servers come, and go without a trace, whatever ends it."""

import os
import signal
import subprocess
import sys
from contextlib import suppress
from pathlib import Path

import psycopg
import pytest

from tests.house.rooms import ROOT
from tests.services import MARK, wait_until

WAITS = """
import os, pathlib, time

def test_waits():
    pathlib.Path({ready!r}).write_text(os.environ["DATABASE_URL"])
    time.sleep({seconds})
"""


@pytest.fixture
def run(tmp_path):
    """Start a pytest in a folder for temporary files of its own; `run(60)` has one test of 60 seconds."""
    ready = tmp_path / "ready"
    place = Path(os.environ[MARK]) / tmp_path.name  # where PostgreSQL's user may go through
    place.mkdir()
    place.chmod(0o711)
    ours = (
        "DATABASE_URL",
        "REDIS_URL",
        "PYTEST_XDIST_WORKER",
        "PYTEST_CURRENT_TEST",
        "PYTEST_XDIST_TESTRUNUID",
    )
    environment = {name: value for name, value in os.environ.items() if name not in ours}
    environment |= {"TMPDIR": str(place)}

    def started(seconds: float):
        test = tmp_path / "test_waits.py"
        test.write_text(WAITS.format(ready=str(ready), seconds=seconds))
        settings = ["-c", "pyproject.toml", "--rootdir", ".", "-p", "no:cacheprovider"]
        command = [sys.executable, "-m", "pytest", "-q", *settings, "--db=postgres", str(test)]
        process = subprocess.Popen(
            command,
            cwd=ROOT,
            env=environment,
            stdin=subprocess.DEVNULL,
            preexec_fn=heeds_ctrl_c,  # noqa: PLW1509 (only a signal's disposition)
        )
        written = lambda: ready.exists() and ready.read_text()  # noqa: E731 (it exists before its text does)
        wait_until(lambda: written() or process.poll(), seconds=60, what="the inner test")
        [folder] = place.iterdir()
        return process, ready.read_text(), folder

    return started


@pytest.mark.postgres
@pytest.mark.parametrize(
    ("seconds", "number", "code"),
    [(0.5, None, 0), (60, signal.SIGINT, 2), (60, signal.SIGTERM, 2)],
    ids=["end", "ctrl-c", "term"],
)
def test_nothing_is_left(run, seconds, number, code):
    process, url, folder = run(seconds)
    with psycopg.connect(url) as connection:
        assert connection.execute("SELECT 1").fetchone() == (1,)
    if number:
        process.send_signal(number)
    assert process.wait(60) == code
    assert not folder.exists()
    assert running(folder) == []
    with pytest.raises(psycopg.OperationalError):
        psycopg.connect(url, connect_timeout=5)


def heeds_ctrl_c() -> None:
    """A shell that starts the tests in the background has them ignore SIGINT, and children inherit that."""
    signal.signal(signal.SIGINT, signal.SIG_DFL)


def running(folder: Path) -> list[str]:
    """Processes with this run's mark in their environment."""
    found = []
    for entry in Path("/proc").glob("[0-9]*"):
        with suppress(OSError):
            if f"{MARK}={folder}\0".encode() in (entry / "environ").read_bytes():
                found.append(entry.name)
    return found
