"""A list of 50 persons out of 200,000, with token, permissions and every middleware, beside the limit: one
bare view on the same table, server and machine; page 2,001 beside page 1; DRF's defaults beside ours."""

import json
import os
import secrets
import statistics
import subprocess
import sys
import tempfile
import urllib.request
from collections.abc import Iterator
from contextlib import ExitStack
from pathlib import Path

from bench.doors import Figure
from bench.load import rate
from tests import programs
from tests.services import child, free_port, postgres, wait_until

NAME = "api"
ROWS, DEPTH, ROUNDS, SECONDS = 200_000, 100_000, 4, 3
MOST_QUERIES = 6

MAKE = """
import json
from datetime import timedelta
from django.db import connection
from django.utils import timezone
from lib.api.pages import Place
from people.models import Person
from people.tokens import make_token
from tests import factories as make
programme = make.make_programme()
boss = make.make_administrator(programme.tenant)
with connection.cursor() as cursor:
    cursor.execute('''
        insert into people_person (tenant_id, source, source_id, name, name_key, sex, born, municipality,
            region, country, email, phone, language, zone, created_at)
        select %s, 'bench', g::text, 'Đurđa Petrović '||g, 'djurdja petrovic '||g, 'female', 1950 + g %% 50,
            'Požega', 'Zlatibor', 'Serbia', 'p'||g||'@primer.example', '+381 64 '||g, 'sr-latn', '', now()
        from generate_series(1, {rows}) g''', [programme.tenant_id])
    cursor.execute("vacuum analyze people_person")
now = timezone.now()
_token, secret = make_token(by=boss, name="bench", verbs=["persons:read"], programmes=None,
    expires_at=now + timedelta(days=1), now=now)
deep = Person.objects.order_by("-pk").values_list("pk", flat=True)[{depth}]
print(json.dumps({{"secret": secret, "cursor": str(Place(False, deep)), "before": deep}}))
"""
COUNT = """
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
client = Client(SERVER_NAME="localhost", headers={{"Authorization": "Bearer {secret}"}})
assert client.get("/api/v1/persons/").status_code == 200
with CaptureQueriesContext(connection) as asked:
    assert len(client.get("/api/v1/persons/").json()["results"]) == 50
print(len(asked))
"""


def run() -> Iterator[Figure]:
    if lacking := programs.provide(("PostgreSQL",)):
        raise RuntimeError(f"not found: {', '.join(lacking)}")
    with tempfile.TemporaryDirectory(prefix="rasadnik-bench-") as name, ExitStack() as stack:
        folder = Path(name)
        folder.chmod(0o755)
        (folder / "data").mkdir()
        environment = {
            **os.environ,
            "DATABASE_URL": stack.enter_context(postgres(folder)),
            "DATA_DIR": str(folder / "data"),
            "CONN_MAX_AGE": "600",
            "SECRET_KEY": secrets.token_urlsafe(60),
            "PYTHONPATH": str(programs.ROOT),
        }
        _manage(environment, "migrate", "--verbosity=0")
        made = json.loads(_manage(environment, "shell", "-v0", "-c", MAKE.format(rows=ROWS, depth=DEPTH)))
        ours = stack.enter_context(_server(environment, folder, "config.wsgi"))
        bare = stack.enter_context(_server(environment, folder, "bench.bare"))
        queries = int(_manage(environment, "shell", "-v0", "-c", COUNT.format(**made)))
        yield from _figures(_rates(ours, bare, made), queries)


def _figures(rates: dict[str, float], queries: int) -> Iterator[Figure]:
    print(f"  requests/s, median of {ROUNDS}: " + ", ".join(f"{k} {v:.0f}" for k, v in rates.items()))
    print(f"  queries of a list: {queries}")
    yield Figure("api.list-to-limit", rates["ours"] / rates["limit"], 0.40)
    yield Figure("api.depth-to-page-1", rates["deep"] / rates["ours"], 0.67)
    yield Figure("api.times-drf-default", rates["ours"] / rates["default"], 5)
    yield Figure("api.queries", MOST_QUERIES / queries, 1)


def _rates(ours: int, bare: int, made: dict) -> dict[str, float]:
    """Each in turn, several times, so that what else the machine does falls on all."""
    header = {"Authorization": f"Bearer {made['secret']}"}
    cases = {
        "ours": (ours, "/api/v1/persons/", header),
        "limit": (bare, "/limit", {}),
        "deep": (ours, f"/api/v1/persons/?cursor={made['cursor']}", header),
        "limit deep": (bare, f"/limit?before={made['before']}", {}),
        "default": (bare, "/default", {}),
    }
    _same_rows(*cases["ours"], *cases["limit"])
    for case in cases.values():
        rate(*case, 1)  # warm
    found = {name: [] for name in cases}
    for _round in range(ROUNDS):
        for name, case in cases.items():
            found[name].append(rate(*case, SECONDS))
    return {name: statistics.median(rates) for name, rates in found.items()}


def _same_rows(*cases) -> None:
    """Both sides answer the same, or there is nothing to compare."""
    shown = []
    for port, path, headers in (cases[:3], cases[3:]):
        with urllib.request.urlopen(
            urllib.request.Request(f"http://127.0.0.1:{port}{path}", headers=headers)
        ) as it:
            shown.append(json.load(it)["results"])
    assert shown[0] == shown[1] and len(shown[0]) == 50


def _server(environment: dict, folder: Path, module: str):
    port, log = free_port(), folder / f"{module}.log"
    words = [
        sys.executable,
        "-m",
        "gunicorn",
        f"{module}:application",
        "-k",
        "sync",
        "-w",
        "2",
        "--threads",
        "1",
    ]
    words += ["-b", f"127.0.0.1:{port}", "--max-requests", "0", "--log-level", "error"]
    return _Ready(child(words, log=log, cwd=programs.ROOT, env=environment), port, log)


class _Ready:
    """A server that answers; its port."""

    def __init__(self, process, port: int, log: Path):
        self.process, self.port, self.log = process, port, log

    def __enter__(self) -> int:
        self.process.__enter__()
        try:
            wait_until(self._answers, seconds=60, what=f"gunicorn ({self.log.name})")
        except TimeoutError:
            print(self.log.read_text()[-3000:])
            self.process.__exit__(None, None, None)
            raise
        return self.port

    def __exit__(self, *error):
        return self.process.__exit__(*error)

    def _answers(self) -> bool:
        try:
            urllib.request.urlopen(f"http://127.0.0.1:{self.port}/limit", timeout=5).close()
        except urllib.error.HTTPError:
            return True
        except OSError:
            return False
        return True


def _manage(environment: dict, *words: str) -> str:
    command = [sys.executable, "manage.py", *words]
    done = subprocess.run(
        command, cwd=programs.ROOT, env=environment, capture_output=True, text=True, timeout=600
    )
    assert done.returncode == 0, done.stdout[-2000:] + done.stderr[-3000:]
    return done.stdout.strip().splitlines()[-1] if done.stdout.strip() else ""
