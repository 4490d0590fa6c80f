"""The register on a phone (promise P1): 200 sessions of 30 people, 6,000 persons marked and more taps, while
requests are cut in three ways, tabs are closed, the server is killed and clocks are a day wrong."""

import json
import os
import random
import tempfile
from collections import Counter
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path

import psycopg

from bench.doors import Figure
from tests import programs
from tests.faults.cutting import Line
from tests.faults.registering import Phone, judged, keep_all
from tests.fixtures.browser import ARGUMENTS, PHONE
from tests.fleet import Fleet, database
from tests.services import servers

NAME = "register"
SESSIONS, PEOPLE, KILLS, CUTS = 200, 30, 20, 1800
SEED = 20261122

SOME_ROWS = """
import json
from importlib import import_module
from django.conf import settings
from django.test import Client
from django.utils import timezone
from tests import factories as make
today = timezone.localdate()
programme = make.make_programme(code="p1", start=today, end=None)
trainer = make.make_trainer(programme)
people = [make.make_enrolment(programme) for _number in range({people})]
sessions = [make.make_session(programme, day=today) for _number in range({sessions})]
for session in sessions:
    for enrolment in people:
        make.make_entry(session, enrolment)
client = Client()
client.force_login(trainer, backend=settings.AUTHENTICATION_BACKENDS[-1])
name = settings.SESSION_COOKIE_NAME
print(json.dumps({{
    "sessions": [session.pk for session in sessions],
    "people": [enrolment.pk for enrolment in people],
    "cookie": [name, client.cookies[name].value],
}}))
"""
MARKS = "SELECT count(*) FROM training_mark WHERE session_id = %s"
ALL_MARKS = "SELECT session_id, count(*) FROM training_mark GROUP BY 1"
STATUSES = """SELECT e.session_id, e.enrolment_id, a.status FROM training_attendance a
  JOIN training_rosterentry e ON e.id = a.entry_id"""


def run() -> Iterator[Figure]:
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings")
    programs.provide(programs.FOR_TESTS)
    with ExitStack() as stack:
        folder = Path(stack.enter_context(tempfile.TemporaryDirectory(prefix="rasadnik-register-")))
        folder.chmod(0o755)  # PostgreSQL runs as somebody else
        addresses = stack.enter_context(servers(folder))
        found = kept_through_it_all(
            folder / "fleet",
            addresses["DATABASE_URL"],
            addresses["REDIS_URL"],
            sessions=SESSIONS,
            kills=KILLS,
            cuts=CUTS,
        )
    print(f"  seed {SEED}; {dict(found)}")
    check(found)
    yield Figure("register.marks-kept", (found["taps"] - found["lost"]) / found["taps"], 1.0)
    yield Figure("register.cuts", found["cuts"] / CUTS, 1.0)


def check(found: Counter) -> None:
    wanted = ("lost", "doubled", "wrong", "false_saved", "slow_to_empty")
    assert {name: found[name] for name in wanted} == dict.fromkeys(wanted, 0), dict(found)


def kept_through_it_all(
    folder: Path, server: str, broker: str, *, sessions: int, kills: int, cuts: int
) -> Counter:
    """Everything on one PostgreSQL; the browser speaks to the web over a line that is cut."""
    folder.mkdir()
    dice = random.Random(SEED)
    with ExitStack() as stack:
        address = stack.enter_context(database(server, f"register_{os.getpid()}"))
        fleet = stack.enter_context(
            Fleet(folder, database=address, broker=f"{broker.rsplit('/', 1)[0]}/60", ALLOWED_HOSTS="*")
        )
        fleet.run("migrate", "-v0")
        rows = SOME_ROWS.format(people=PEOPLE, sessions=sessions)
        known = json.loads(fleet.script(rows).strip().splitlines()[-1])
        web = Killed(fleet, dice, kills, sessions)
        web.line = line = stack.enter_context(Line(web.port, seed=SEED))
        link = stack.enter_context(psycopg.connect(address, autocommit=True))
        home = f"http://127.0.0.1:{line.port}"
        phone = Phone(
            stack.enter_context(_signed_in(home, *known["cookie"])),
            home,
            held=lambda session: link.execute(MARKS, [session]).fetchone()[0],
            random=dice,
            trouble=web.now_and_then,
        )
        done = keep_all(
            phone,
            line,
            known["sessions"],
            known["people"],
            cuts=cuts,
            odd=lambda n: _odd(n, dice),
            before=web.on,
        )
        found = judged(done, dict(link.execute(ALL_MARKS).fetchall()), _by_session(link.execute(STATUSES)))
        return found + Counter(cuts=line.done.total(), server_kills=web.kills, **line.done)


class Killed:
    """A web server that is killed and started again between taps, evenly over all sessions."""

    def __init__(self, fleet: Fleet, dice: random.Random, most: int, sessions: int):
        self.fleet, self.dice, self.most, self.sessions = fleet, dice, most, sessions
        self.kills, self.number = 0, 0
        self.line: Line | None = None
        self._start()

    def _start(self) -> None:
        self.web = self.fleet.web("--threads", "4")
        self.port = int(self.web.url.rsplit(":", 1)[1])

    def on(self, number: int) -> None:
        self.number = number
        if number % 10 == 0:
            print(f"  session {number}: cuts {self.line.done.total()}, kills {self.kills}", flush=True)

    def now_and_then(self) -> None:
        is_late = self.kills * self.sessions < (self.number - 1) * self.most
        if is_late or (self.kills < self.most and self.dice.random() < 0.4 * self.most / self.sessions):
            self.web.kill()
            self._start()
            self.line.to = self.port
            self.kills += 1


def _odd(number: int, dice: random.Random) -> dict:
    """A quarter without a network, a fifth in two tabs, a twentieth with a clock that is a day wrong."""
    clock = dice.choice((-1, 1)) if number % 20 == 3 else 0
    return {"offline": number % 4 == 1, "two_tabs": number % 5 == 0, "clock": clock}


@contextmanager
def _signed_in(home: str, name: str, value: str) -> Iterator:
    from playwright.sync_api import sync_playwright

    with sync_playwright() as playwright:
        chromium = playwright.chromium.launch(executable_path=str(programs.chromium()), args=ARGUMENTS)
        context = chromium.new_context(viewport={"width": PHONE[0], "height": PHONE[1]}, has_touch=True)
        context.add_cookies([{"name": name, "value": value, "url": home}])
        yield context
        chromium.close()


def _by_session(rows) -> dict[int, dict[int, str]]:
    found: dict[int, dict[int, str]] = {}
    for session, enrolment, status in rows:
        found.setdefault(session, {})[enrolment] = status
    return found
