"""The register on a phone (promise P1): 200 sessions of 30 people, 6,000 persons marked and more taps, while
requests are cut in three ways, tabs are closed, the server is killed and clocks are a day wrong."""

import json
import os
import random
import tempfile
from collections import Counter
from collections.abc import Iterator
from contextlib import ExitStack
from pathlib import Path

import psycopg

from bench.doors import Figure
from tests import programs
from tests.faults.cutting import Line
from tests.faults.registering import Phone, judged
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
    from playwright.sync_api import sync_playwright

    folder.mkdir()
    dice = random.Random(SEED)
    with ExitStack() as stack:
        address = stack.enter_context(database(server, f"register_{os.getpid()}"))
        fleet = stack.enter_context(
            Fleet(folder, database=address, broker=f"{broker.rsplit('/', 1)[0]}/60", ALLOWED_HOSTS="*")
        )
        fleet.run("migrate", "-v0")
        known = json.loads(
            fleet.script(SOME_ROWS.format(people=PEOPLE, sessions=sessions)).strip().splitlines()[-1]
        )
        webs = [fleet.web("--threads", "4")]
        line = stack.enter_context(Line(_port(webs[0]), seed=SEED))
        link = stack.enter_context(psycopg.connect(address, autocommit=True))
        playwright = stack.enter_context(sync_playwright())
        chromium = playwright.chromium.launch(executable_path=str(programs.chromium()), args=ARGUMENTS)
        stack.callback(chromium.close)
        context = chromium.new_context(viewport={"width": PHONE[0], "height": PHONE[1]}, has_touch=True)
        name, value = known["cookie"]
        home = f"http://127.0.0.1:{line.port}"
        context.add_cookies([{"name": name, "value": value, "url": home}])
        killed, done = 0, []

        def kill_now_and_then() -> None:
            nonlocal killed
            if (
                killed < kills
                and dice.random() < 2 * kills / (sessions * 5)
                or killed * sessions < len(done) * kills - sessions
            ):
                webs[-1].kill()
                webs.append(fleet.web("--threads", "4"))
                line.to = _port(webs[-1])
                killed += 1

        phone = Phone(
            context,
            home,
            held=lambda session: link.execute(MARKS, [session]).fetchone()[0],
            random=dice,
            trouble=kill_now_and_then,
        )
        for number, session in enumerate(known["sessions"]):
            budget = (number + 1) * cuts / sessions
            line.cuts = lambda path, budget=budget: 0.7 if _is_act(path) and line.done.total() < budget else 0
            if number % 10 == 0:
                print(f"  session {number}: cuts {line.done.total()}, kills {killed}", flush=True)
            done.append(
                phone.keep(
                    session,
                    known["people"],
                    offline=number % 4 == 1,
                    two_tabs=number % 5 == 0,
                    clock=dice.choice((-1, 1)) if number % 20 == 3 else 0,
                )
            )
        statuses: dict[int, dict[int, str]] = {}
        for session, enrolment, status in link.execute(STATUSES):
            statuses.setdefault(session, {})[enrolment] = status
        found = judged(done, dict(link.execute(ALL_MARKS).fetchall()), statuses)
        return found + Counter(cuts=line.done.total(), server_kills=killed, **line.done)


def _is_act(path: str) -> bool:
    return "/operations/" in path


def _port(web) -> int:
    return int(web.url.rsplit(":", 1)[1])
