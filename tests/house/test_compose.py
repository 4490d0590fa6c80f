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
DOUBLE = ("web", "worker")
VALUES = {
    "SECRET_KEY": "of-the-test-only-" + "0123456789abcdef" * 4,
    "DB_PASSWORD": "b7d1c4e90a2f4c88",
    "ALLOWED_HOSTS": "rasadnik.example.org",
    "SITE_URL": "https://rasadnik.example.org",
    "CERTIFICATES": "operator@example.org",
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
def whole() -> dict:
    done = compose("config", "--format", "json")
    assert (done.returncode, done.stderr) == (0, "")  # no warning either
    return json.loads(done.stdout)


@pytest.fixture(scope="module")
def services(whole) -> dict:
    return whole["services"]


def test_against_the_specification():
    checker = [BIN / "check-jsonschema", "--builtin-schema", "vendor.compose-spec", "docker-compose.yml"]
    done = subprocess.run(checker, cwd=ROOT, capture_output=True, text=True, stdin=subprocess.DEVNULL)
    assert done.returncode == 0, done.stdout + done.stderr


def test_services(services):
    assert sorted(services) == ["beat", "db", "migrate", "proxy", "redis", "web", "worker"]
    assert [name for name, service in services.items() if "healthcheck" not in service] == ["migrate"]
    assert {name: service["deploy"]["replicas"] for name, service in services.items() if name in DOUBLE} == {
        "web": 2,
        "worker": 2,
    }


def test_only_the_proxy_is_reached_from_outside(services):
    published = {
        name: [(port["published"], port["target"]) for port in service["ports"]]
        for name, service in services.items()
        if service.get("ports")
    }
    assert published == {"proxy": [("80", 80), ("443", 443)]}
    assert not any(
        service.get("container_name") or service.get("network_mode") for service in services.values()
    )


def test_database_and_broker_lead_nowhere(whole, services):
    assert {name: bool(net.get("internal")) for name, net in whole["networks"].items()} == {
        "front": False,
        "out": False,
        "records": True,
    }
    joined = {name: sorted(service["networks"]) for name, service in services.items()}
    assert joined == {
        "beat": ["records"],
        "db": ["records"],
        "migrate": ["records"],
        "proxy": ["front"],
        "redis": ["records"],
        "web": ["front", "records"],
        "worker": ["out", "records"],
    }


def test_no_service_has_rights_or_writes_beside_its_places(services):
    for name, service in services.items():
        assert service["read_only"] is True, name
        assert service["cap_drop"] == ["ALL"], name
        assert service["security_opt"] == ["no-new-privileges:true"], name
        assert service.get("privileged") is None, name
        assert not any(
            mount["type"] == "bind" and not mount.get("read_only") for mount in service.get("volumes", [])
        )
    assert {name: service["cap_add"] for name, service in services.items() if service.get("cap_add")} == {
        "proxy": ["NET_BIND_SERVICE"]
    }
    # nobody else starts as root: ours by the image, these two by their line
    assert {name: service["user"] for name, service in services.items() if service.get("user")} == {
        "db": "999:999",
        "redis": "999:1000",
    }
    places = {name: [m["target"] for m in service.get("volumes", [])] for name, service in services.items()}
    assert places["db"] == ["/var/lib/postgresql/data"]
    assert places["proxy"] == ["/etc/caddy/Caddyfile", "/data"]


def test_every_service_has_its_limits(services):
    for name, service in services.items():
        limits = service["deploy"]["resources"]["limits"]
        assert sorted(limits) == ["cpus", "memory", "pids"], name
        assert int(limits["memory"]) <= 2 * 1024**3, name


def test_ours_are_one_image_without_rights(services):
    ours = [services[name] for name in ("beat", "migrate", "web", "worker")]
    assert {service["image"] for service in ours} == {"rasadnik"}
    assert "\nUSER 10001\n" in (ROOT / "Dockerfile").read_text()
    assert len({json.dumps(service["environment"], sort_keys=True) for service in ours}) == 1
    assert ours[0]["environment"]["TRUSTED_PROXIES"] == "1"


def test_the_proxy_knows_each_web_by_its_name(services):
    assert services["proxy"]["environment"]["WEBS"] == "rasadnik-web-1:8000 rasadnik-web-2:8000"
    done = compose("-p", "other", "config", "--format", "json")
    assert json.loads(done.stdout)["services"]["proxy"]["environment"]["WEBS"] == (
        "other-web-1:8000 other-web-2:8000"
    )


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
            **{name: os.environ[name] for name in ("TMPDIR", "RASADNIK_TEST_DIR")},
            **services["web"]["environment"],
            "PATH": f"{BIN}{os.pathsep}{os.environ['PATH']}",
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
def started(service: dict, machine: dict, *further: str):
    """The service's command as a process here. Yields it and its log."""
    command = [*service["command"], *further]
    command = [word.replace("/tmp/", f"{machine['folder']}/") for word in command]
    program = command[0] if command[0] == "sh" else BIN / command[0]
    log = machine["folder"] / f"{len(list(machine['folder'].glob('*.log')))}.log"
    with child([program, *command[1:]], log=log, cwd=ROOT, env=machine["environment"]) as process:
        yield process, log


@pytest.mark.postgres
def test_each_command_runs(services, machine):
    with started(services["migrate"], machine) as (process, log):
        assert process.wait(120) == 0, log.read_text()
        assert "Set it up at\n\n  https://rasadnik.example.org/setup/#" in log.read_text()
    with started(services["migrate"], machine) as (process, log):  # the next start
        assert process.wait(120) == 0, log.read_text()
        assert "is not printed twice" in log.read_text()
        assert "/setup/#" not in log.read_text()
    port = str(free_port())
    with (
        started(services["web"], machine, "--bind", f"127.0.0.1:{port}") as web,
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
