"""The compose file without an engine: read by the real Compose, each service's command started natively."""

import json
import os
import shutil
import socket
import subprocess
import sys
import urllib.request
from contextlib import contextmanager, suppress
from pathlib import Path

import psycopg
import pytest

from tests.house.rooms import ROOT
from tests.services import child, free_port, wait_until

BIN = Path(sys.executable).parent
VALUES = {
    "SECRET_KEY": "of-the-test-only-" + "0123456789abcdef" * 4,
    "DB_PASSWORD": "secret",
    "ALLOWED_HOSTS": "rasadnik.example.org",
    "SITE_URL": "https://rasadnik.example.org",
    "EMAIL_HOST": "smtp.example.org",
    "DEFAULT_FROM_EMAIL": "rasadnik@example.org",
}


def compose(*words: str, without: str = "") -> subprocess.CompletedProcess:
    values = {name: value for name, value in VALUES.items() if name != without}
    return subprocess.run(
        [BIN / "docker-compose", "--env-file", os.devnull, "-f", "docker-compose.yml", *words],
        cwd=ROOT,
        env={"PATH": os.environ["PATH"], "HOME": os.environ.get("HOME", "/"), **values},
        stdin=subprocess.DEVNULL,
        capture_output=True,
        text=True,
    )


@pytest.fixture(scope="module")
def services() -> dict:
    return json.loads(compose("config", "--format", "json").stdout)["services"]


def test_against_the_specification():
    checker = [BIN / "check-jsonschema", "--builtin-schema", "vendor.compose-spec", "docker-compose.yml"]
    done = subprocess.run(checker, cwd=ROOT, capture_output=True, text=True, stdin=subprocess.DEVNULL)
    assert done.returncode == 0, done.stdout + done.stderr


def test_services(services):
    assert sorted(services) == ["beat", "db", "migrate", "redis", "web", "worker"]
    assert [name for name, service in services.items() if service.get("ports")] == ["web"]
    assert [name for name, service in services.items() if "healthcheck" not in service] == ["migrate"]


def test_ours_are_one_image_without_rights(services):
    ours = [services[name] for name in ("beat", "migrate", "web", "worker")]
    assert {service["image"] for service in ours} == {"rasadnik"}
    assert all(service["cap_drop"] == ["ALL"] and service["read_only"] for service in ours)
    assert "\nUSER 10001\n" in (ROOT / "Dockerfile").read_text()


@pytest.mark.parametrize("name", VALUES)
def test_a_missing_value_is_refused(name):
    done = compose("config", "-q", without=name)
    assert done.returncode != 0
    assert f"required variable {name} is missing" in done.stderr


@pytest.fixture(scope="module")
def machine(services, tmp_path_factory):
    """What the containers would have: an empty database of their own, Redis, a data folder."""
    server = os.environ["DATABASE_URL"]
    with psycopg.connect(server, autocommit=True) as connection:
        connection.execute("CREATE DATABASE compose")
    folder = tmp_path_factory.mktemp("compose")
    shutil.copytree(Path(os.environ["DATA_DIR"]) / "assets", folder / "data/assets")
    yield {
        "folder": folder,
        "environment": {
            **{name: os.environ[name] for name in ("PATH", "TMPDIR", "RASADNIK_TEST_DIR")},
            **services["web"]["environment"],
            "DATABASE_URL": f"{server.rsplit('/', 1)[0]}/compose",
            "REDIS_URL": f"{os.environ['REDIS_URL'].rsplit('/', 1)[0]}/60",
            "DATA_DIR": str(folder / "data"),
            "PYTHONUNBUFFERED": "1",
            "SWEEP_SECONDS": "1",
        },
    }
    with psycopg.connect(server, autocommit=True) as connection:
        connection.execute("DROP DATABASE compose WITH (FORCE)")


@contextmanager
def started(service: dict, machine: dict, **replaced: str):
    """The service's command as a process here. Yields it and its log."""
    command = [replaced.get(word, word) for word in service["command"]]
    command = [word.replace("/tmp/", f"{machine['folder']}/") for word in command]
    program = sys.executable if command[0] == "python" else BIN / command[0]
    log = machine["folder"] / f"{command[0]}-{command[-1].strip('/').replace('/', '-')}.log"
    with child([program, *command[1:]], log=log, cwd=ROOT, env=machine["environment"]) as process:
        yield process, log


@pytest.mark.postgres
def test_each_command_runs(services, machine):
    with started(services["migrate"], machine) as (process, log):
        assert process.wait(120) == 0, log.read_text()
    port = str(free_port())
    with (
        started(services["web"], machine, **{"0.0.0.0:8000": f"127.0.0.1:{port}"}) as web,
        started(services["worker"], machine) as worker,
        started(services["beat"], machine) as beat,
    ):
        wait_until(lambda: answers(web, port), seconds=60, what="web")
        wait_until(lambda: " ready." in said(worker), seconds=60, what="worker")
        ping = [
            BIN / "celery",
            "-A",
            "config",
            "inspect",
            "ping",
            "-d",
            f"celery@{socket.gethostname()}",
            "-t",
            "20",
        ]
        done = subprocess.run(
            ping, cwd=ROOT, env=machine["environment"], capture_output=True, text=True, timeout=60
        )
        assert "pong" in done.stdout, done.stdout + done.stderr
        wait_until(lambda: "Sending due task" in said(beat), seconds=60, what="beat")
        wait_until(
            lambda: "succeeded in" in said(worker), seconds=60, what="a sweep, sent by beat, run by worker"
        )
    for process, log in (web, worker, beat):
        assert process.returncode == 0, log.read_text()[-2000:]


def said(running) -> str:
    process, log = running
    assert process.poll() is None, log.read_text()[-3000:]
    return log.read_text()


def answers(web, port: str) -> bool:
    said(web)
    with suppress(OSError), urllib.request.urlopen(f"http://localhost:{port}/healthz", timeout=5) as answer:
        return answer.status == 200
    return False
