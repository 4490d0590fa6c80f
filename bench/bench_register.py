"""The register under load: its page for 30 and for 500 people; 3,000 marks from 150 phones in a minute; 6,000
offline operations replayed, beside COPY of as many rows into the same table."""

import http.client
import json
import secrets
import statistics
import threading
import time
import uuid
from collections.abc import Iterator

import psycopg

from bench.doors import Figure
from bench.installed import installed

NAME = "register"
PHONES, TAPS, MINUTE = 150, 20, 60.0
REPLAYED, BATCH, ROUNDS = 6_000, 500, 7

MAKE = """
import json
from django.conf import settings
from django.test import Client
from django.utils import timezone
from tests import factories as make
today = timezone.localdate()
made = {{}}
def programme(count, sessions, phones):
    row = make.make_programme(start=today, end=None)
    people = [make.make_enrolment(row) for _number in range(count)]
    rows = [make.make_session(row, day=today) for _number in range(sessions)]
    for session in rows:
        for one in people:
            make.make_entry(session, one)
    cookies = []
    for _number in range(phones):
        client = Client()
        client.force_login(make.make_trainer(row), backend=settings.AUTHENTICATION_BACKENDS[-1])
        cookies.append(client.cookies[settings.SESSION_COOKIE_NAME].value)
    return {{"people": [one.pk for one in people], "sessions": [one.pk for one in rows], "cookies": cookies}}
print(json.dumps({{
    "name": settings.SESSION_COOKIE_NAME, "csrf": settings.CSRF_COOKIE_NAME,
    "small": programme(30, 2, 1), "large": programme(500, 12, 1),
    "phones": programme({taps}, {phones}, {phones}),
}}))
"""


def run() -> Iterator[Figure]:
    with installed(CONN_MAX_AGE="600") as project:
        made = json.loads(project.shell(MAKE.format(taps=TAPS, phones=PHONES)))
        with project.server("config.wsgi") as port:
            yield from _pages(port, made)
            yield from _many_phones(port, made)
            yield from _replayed(port, made, project.address)


class Phone:
    """One signed-in browser that knows the operations endpoint."""

    def __init__(self, port: int, made: dict, cookie: str):
        self.link = http.client.HTTPConnection("127.0.0.1", port, timeout=60)
        self.csrf = secrets.token_hex(16)
        self.cookies = f"{made['name']}={cookie}; {made['csrf']}={self.csrf}"

    def get(self, path: str) -> bytes:
        self.link.request("GET", path, headers={"Cookie": self.cookies})
        answer = self.link.getresponse()
        body = answer.read()
        assert answer.status == 200, (path, answer.status)
        return body

    def send(self, session: int, people: list[int], status: str = "present") -> list[dict]:
        marks = [
            {"operation": str(uuid.uuid4()), "kind": "mark", "enrolment": one, "status": status, "seen": None}
            for one in people
        ]
        headers = {
            "Cookie": self.cookies,
            "X-CSRFToken": self.csrf,
            "Content-Type": "application/json",
            "Origin": f"http://127.0.0.1:{self.link.port}",
        }
        body = json.dumps({"device": "bench", "operations": marks})
        self.link.request("POST", f"/sessions/{session}/operations/", body, headers)
        answer = self.link.getresponse()
        said = answer.read()
        assert answer.status == 200, said[:2000]
        results = json.loads(said)["results"]
        assert {one["outcome"] for one in results} == {"saved"}, results[:3]
        return results


def _pages(port: int, made: dict) -> Iterator[Figure]:
    """Milliseconds of the page and of its roster alone, in turn; a page for 500 must cost less than 500/30 of
    one for 30."""
    took = {name: {"page": [], "roster": []} for name in ("small", "large")}
    for name in took:
        phone = Phone(port, made, made[name]["cookies"][0])
        session = made[name]["sessions"][0]
        for _round in range(ROUNDS + 2):
            for what, path in (("page", "register/"), ("roster", "roster.json")):
                begun = time.monotonic()
                phone.get(f"/sessions/{session}/{path}")
                took[name][what].append(time.monotonic() - begun)
    medians = {
        name: {what: statistics.median(sorted(times)[:ROUNDS]) for what, times in one.items()}
        for name, one in took.items()
    }
    print(
        "  ms: " + ", ".join(f"{w} for {n} people {t * 1000:.0f}" for n, one in
            (("30", medians["small"]), ("500", medians["large"])) for w, t in one.items())
    )  # fmt: skip
    small, large = medians["small"]["page"], medians["large"]["page"]
    yield Figure("register.page-500-to-30", (500 / 30) * small / large, 1.0)


def _many_phones(port: int, made: dict) -> Iterator[Figure]:
    """Every phone its own session, tap after tap as fast as it is answered."""
    waits, wrong = [], []

    def tap(cookie: str, session: int) -> None:
        phone = Phone(port, made, cookie)
        try:
            for one in made["phones"]["people"]:
                begun = time.monotonic()
                phone.send(session, [one])
                waits.append(time.monotonic() - begun)
        except Exception as error:
            wrong.append(repr(error))

    pairs = zip(made["phones"]["cookies"], made["phones"]["sessions"], strict=True)
    threads = [threading.Thread(target=tap, args=pair) for pair in pairs]
    begun = time.monotonic()
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    whole = time.monotonic() - begun
    assert not wrong, wrong[:3]
    assert len(waits) == PHONES * TAPS
    waits.sort()
    print(f"  {len(waits)} marks of {PHONES} phones in {whole:.1f} s, all at once and without a pause;")
    middle, late = waits[len(waits) // 2], waits[len(waits) * 95 // 100]
    print(f"  an answer took {middle:.2f} s (median), {late:.2f} s (95 %)")
    yield Figure("register.minute-to-150-phones", MINUTE / whole, 1.0)


def _replayed(port: int, made: dict, address: str) -> Iterator[Figure]:
    """6,000 operations that waited on a phone, in batches; then as many rows by COPY, indexes and all."""
    phone = Phone(port, made, made["large"]["cookies"][0])
    begun = time.monotonic()
    for session in made["large"]["sessions"]:
        for start in range(0, 500, BATCH):
            phone.send(session, made["large"]["people"][start : start + BATCH])
    ours = time.monotonic() - begun
    limit = _copied(address)
    print(f"  {REPLAYED} operations in {ours:.1f} s ({REPLAYED / ours:.0f}/s); COPY alone {limit:.2f} s")
    yield Figure("register.replay-to-copy", limit / ours, 0.02)


def _copied(address: str) -> float:
    with psycopg.connect(address) as link, link.cursor() as cursor:
        cursor.execute("SELECT * FROM training_mark ORDER BY id DESC LIMIT %s", [REPLAYED])
        names = [column.name for column in cursor.description]
        rows = [dict(zip(names, row, strict=True)) for row in cursor]
        assert len(rows) == REPLAYED
        newest = max(row["id"] for row in rows)
        begun = time.monotonic()
        with cursor.copy(f"COPY training_mark ({', '.join(names)}) FROM STDIN") as copy:
            for number, row in enumerate(rows, 1):
                row |= {"id": newest + number, "operation": uuid.uuid4()}
                copy.write_row([row[name] for name in names])
        link.commit()
        return time.monotonic() - begun
