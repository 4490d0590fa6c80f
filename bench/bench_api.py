"""A list of 50 persons out of 200,000, with token, permissions and every middleware, beside the limit: one
bare view on the same table, server and machine; page 2,001 beside page 1; DRF's defaults beside ours."""

import json
import statistics
import urllib.request
from collections.abc import Iterator
from contextlib import ExitStack

from bench.doors import Figure
from bench.installed import installed
from bench.load import rate

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
    with installed(CONN_MAX_AGE="600") as project, ExitStack() as stack:
        made = json.loads(project.shell(MAKE.format(rows=ROWS, depth=DEPTH)))
        ours = stack.enter_context(project.server("config.wsgi"))
        bare = stack.enter_context(project.server("bench.bare"))
        queries = int(project.shell(COUNT.format(**made)))
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
