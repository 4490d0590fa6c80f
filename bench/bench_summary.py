"""What a programme comes to, in six tables of 3.2 million facts, beside the bare GROUP BYs of the same facts.

Measured in a process and a PostgreSQL of its own (`bench.summing`), alternately in one run; then the whole
build of a summary over all of them, and an issued page beside a static one; then a million facts on SQLite,
where two tables are read by columns. `SHARE=0.1` is a tenth of it.
"""

import json
import os
import statistics
import tempfile
import urllib.request
from collections.abc import Callable, Iterator
from contextlib import ExitStack

from django.conf import settings

from bench.bench_export import measuring, said
from bench.doors import Figure
from bench.installed import installed
from bench.load import rate

NAME = "summary"
MEMORY = 30  # MiB that all tables together may add, however many facts there are
WHOLE = 1 / 5  # our own: some fifty figures with their rows, their tables, their audit, beside six tables
PAGE = 1 / 20  # our own
ROUNDS, SECONDS = 3, 3

# an issued summary of a small programme, its funder signed in
ISSUED = """
import json
from datetime import timedelta
from django.conf import settings
from django.test import Client
from django.utils import timezone
from accounts.models import User
from jobs.services import run
from outcomes import services
from outcomes.models import Issue
from tests import factories as make
programme = make.make_programme(start=timezone.now().date() - timedelta(days=90), end=None)
boss = make.make_administrator(programme.tenant)
sessions = [make.make_session(programme, day=programme.start + timedelta(days=n)) for n in range(3)]
for number in range(31):
    enrolment = make.make_enrolment(programme)
    for session in sessions:
        make.make_attendance(make.make_entry(session, enrolment))
    make.make_idea(programme, enrolments=[enrolment])
start, end = programme.start, programme.start + timedelta(days=60)
funding = make.make_funding(programme, start=start, end=end)
reader = make.make_funder(programme, funding=funding)
report = make.make_report(funding, start=start, end=end)
run(services.request_issue(by=boss, report=report).pk)
issue = Issue.objects.get()
issue = services.release_issue(by=boss, issue=make.approved(issue), now=timezone.now())
client = Client(SERVER_NAME="localhost")
client.force_login(reader)
session = client.cookies[settings.SESSION_COOKIE_NAME].value
print(json.dumps({"path": f"/issues/{issue.pk}/", "session": session}))
"""


def run() -> Iterator[Figure]:
    share = float(os.environ.get("SHARE", "1"))
    with measuring("bench.summing") as on_postgresql:
        seconds, added = measured(on_postgresql, share)
        build = built(on_postgresql)
    assert added <= MEMORY, f"more than {MEMORY} MiB added: {added}"
    yield Figure("summary tables, to the bare GROUP BYs", seconds["bare"] / seconds["ours"], 1 / 1.3)
    yield Figure("the whole build, to the bare GROUP BYs", build, WHOLE)
    yield Figure("an issued page, to the same bytes from a file", page(), PAGE)
    with tempfile.TemporaryDirectory(prefix="rasadnik-bench-") as folder:
        on_sqlite = {
            "DATABASE_URL": f"sqlite:///{folder}/db.sqlite3",
            "DATA_DIR": folder,
            "DJANGO_SETTINGS_MODULE": "config.settings_test",
            "REDIS_URL": "",
        }
        seconds, _added = measured(lambda *words: said("bench.summing", on_sqlite, *words), 0.3 * share)
    yield Figure("the same on SQLite", seconds["bare"] / seconds["ours"], 1 / 1.3)


def measured(said: Callable[..., dict], share: float) -> tuple[dict, float]:
    said("make", str(share))
    rows, seconds, added = said("facts")["rows"], said("time"), said("memory")["added"]
    print(
        f"  {rows} facts: six tables {seconds['ours']:.2f} s, six bare GROUP BYs {seconds['bare']:.2f} s; "
        f"{added:.1f} MiB added"
    )
    return seconds, added


def built(said: Callable[..., dict]) -> float:
    """The whole summary of 40 programmes: how it compares with the bare GROUP BYs of the same facts."""
    found, added = said("build"), said("build_memory")["added"]
    print(
        f"  a summary of it: {found['figures']} figures ({found['measured']} measured, {found['rows']} rows "
        f"behind them) in {found['ours']:.2f} s, the six bare GROUP BYs {found['bare']:.2f} s; "
        f"{added:.0f} MiB added"
    )
    return found["bare"] / found["ours"]


def page() -> float:
    """Requests a second of an issued page, signed in, to those of its bytes from memory, same server."""
    with installed(CONN_MAX_AGE="600") as project, ExitStack() as stack:
        made = json.loads(project.shell(ISSUED))
        ours = stack.enter_context(project.server("config.wsgi"))
        header = {"Cookie": f"{settings.SESSION_COOKIE_NAME}={made['session']}"}
        request = urllib.request.Request(f"http://127.0.0.1:{ours}{made['path']}", headers=header)
        content = urllib.request.urlopen(request).read()
        file = project.folder / "page.html"
        file.write_bytes(content)
        project.environment["BENCH_PAGE"] = str(file)
        still = stack.enter_context(project.server("bench.still"))
        cases = {"ours": (ours, made["path"], header), "still": (still, "/limit", {})}
        found = {name: [] for name in cases}
        for _round in range(ROUNDS):
            for name, case in cases.items():
                found[name].append(rate(*case, SECONDS))
    rates = {name: statistics.median(each) for name, each in found.items()}
    print(f"  an issued page of {len(content) / 1024:.0f} KiB: {rates['ours']:.0f} a second, ", end="")
    print(f"its bytes alone {rates['still']:.0f}")
    return rates["ours"] / rates["still"]
