"""Two webs, two workers, two beats of one installation; one of each is killed (-9) in the middle of it: every
accepted job is done once, every reminder reaches its reader once, and the web that lives never fails."""

import asyncio
import json
import os
import tempfile
from collections import Counter
from collections.abc import Iterator
from contextlib import ExitStack
from pathlib import Path

from bench.doors import Figure
from tests import programs
from tests.desk.serving import Visitor
from tests.fixtures.mail import Sink
from tests.fleet import Fleet, Running, database
from tests.services import servers, wait_until

NAME = "fleet"
JOBS, SESSIONS, READERS = 60, 12, 10
PASSWORD = "jedna-dobra-lozinka"

SOME_ROWS = """
from datetime import timedelta
from django.utils import timezone
from reminders.services import plan
from tests import factories as make
now = timezone.now()
programme = make.make_programme(code="start", start=now.date() - timedelta(days=400), end=None)
make.make_coordinator(programme, email="coordinator@example.org")
for number in range({readers}):
    make.make_trainer(programme, email=f"trainer{{number}}@example.org")
session = make.make_session(programme, day=programme.start)
for number in range(12):
    enrolment = make.make_enrolment(programme)
    make.make_attendance(make.make_entry(session, enrolment))
    make.make_idea(programme, enrolments=[enrolment])
funding = make.make_funding(programme)
for number in range({jobs}):
    make.make_report(funding, start=programme.start, end=programme.start + timedelta(days=30 + number))
make.make_awake(programme)
plan(now)  # gives the programme its usual rules
"""
KNOWN = """
import json
from datetime import timedelta
from django.utils import timezone
from outcomes.models import Report
from people.models import Membership
from reminders.models import Rule
rule = Rule.objects.get(kind="session_tomorrow")
print(json.dumps({
    "rule": rule.pk,
    "tomorrow": (timezone.localdate(timezone=__import__("zoneinfo").ZoneInfo("Europe/Belgrade"))
                 + timedelta(days=1)).isoformat(),
    "trainers": list(Membership.objects.filter(role="trainer").values_list("person", flat=True)),
    "reports": list(Report.objects.values_list("pk", flat=True)),
}))
"""
STATE = """
import json
from collections import Counter
from jobs.models import Job
from outcomes.models import Issue
from reminders.models import Reminder
from training.models import Session
told = Reminder.objects.filter(rule__kind="session_tomorrow")
ours = Session.objects.filter(title__startswith="Fleet")
expected = {*ours.values_list("pk", "trainers"), *ours.values_list("pk", "roster__enrolment__person")}
print(json.dumps({
    "ids": [row.message_id for row in told],
    "jobs": Counter(Job.objects.values_list("state", flat=True)),
    "issues": sorted(Issue.objects.values_list("report", flat=True)),
    "attempts": max(Job.objects.values_list("attempt", flat=True), default=0),
    "reminders": Counter(told.values_list("state", flat=True)),
    "planned_for": sorted(f"{s} {p}" for s, p in told.values_list("subject_id", "person")),
    "expected": sorted(f"{s} {p}" for s, p in expected),
    "unsure": told.filter(unsure__gt=0).count(),
}))
"""
# What the dead left is given back when its lease ends: minutes. They pass here at once, while nobody works.
TIME_PASSES = """
from datetime import timedelta
from django.db.models import F
from jobs.models import Job
from reminders.models import Reminder
Job.objects.filter(state="running").update(heartbeat_at=F("heartbeat_at") - timedelta(minutes=10))
left = Reminder.objects.filter(state__in=["claimed", "handing_over"])
left.update(lease_until=F("lease_until") - timedelta(minutes=30))
Reminder.objects.exclude(try_after=None).update(try_after=F("try_after") - timedelta(minutes=30))
"""


class SlowSink(Sink):
    """Takes its time, so that a kill meets letters on their way."""

    async def handle_DATA(self, server, session, envelope):
        await asyncio.sleep(0.1)
        return await super().handle_DATA(server, session, envelope)


def run() -> Iterator[Figure]:
    """60 jobs and 120 reminders, asked for over HTTP at both webs."""
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings")
    programs.provide(programs.SERVERS)
    with ExitStack() as stack:
        folder = Path(stack.enter_context(tempfile.TemporaryDirectory(prefix="rasadnik-fleet-")))
        folder.chmod(0o755)  # PostgreSQL runs as somebody else
        addresses = stack.enter_context(servers(folder))
        found = killed_in_the_middle(
            folder / "fleet",
            addresses["DATABASE_URL"],
            addresses["REDIS_URL"],
            jobs=JOBS,
            sessions=SESSIONS,
            readers=READERS,
        )
    check(found)
    yield Figure("fleet.jobs-done-once", len(found["state"]["issues"]) / JOBS, 1.0)
    yield Figure("fleet.reminders-once", len(found["letters"]) / len(found["state"]["expected"]), 1.0)
    yield Figure("fleet.answers-of-the-living-web", found["answered"] / found["asked"], 1.0)
    print(f"  at the kill: {found['at_kill']}; at the end: {found['state']['reminders']} reminders")
    print(f"  letters on their way at the kill, sent again: {found['copies']} (unsure: {found['unsure']})")
    print(f"  attempts at one job: {found['state']['attempts']}")


def check(found: dict) -> None:
    state = found["state"]
    assert state["jobs"] == {"done": found["jobs"]}, state
    assert state["issues"] == found["reports"], "a summary is missing or stands twice"
    assert state["planned_for"] == state["expected"], "a reminder was not planned, or planned twice"
    assert state["reminders"] == {"sent": len(state["expected"])}, state
    assert len(found["letters"]) == len(state["expected"]), "a reminder never arrived"
    # what was being handed over when its sender died may have arrived: it is sent once more, under its own id
    assert found["copies"] <= state["unsure"], f"{found['copies']} letters came twice"
    assert max(found["letters"].values()) <= 2
    assert found["answered"] == found["asked"]


def killed_in_the_middle(
    folder: Path, server: str, broker: str, *, jobs: int, sessions: int, readers: int
) -> dict:
    folder.mkdir()
    with ExitStack() as stack:
        sink = SlowSink()
        sink._controller.start()
        stack.callback(sink._controller.stop)
        fleet = stack.enter_context(
            Fleet(
                folder,
                database=stack.enter_context(database(server, f"fleet_{os.getpid()}")),
                broker=f"{broker.rsplit('/', 1)[0]}/61",
                EMAIL_HOST="127.0.0.1",
                EMAIL_PORT=str(sink.port),
            )
        )
        fleet.run("migrate", "-v0")
        fleet.script(SOME_ROWS.format(readers=readers, jobs=jobs))
        known = fleet.read(KNOWN)
        webs = [fleet.web(), fleet.web()]
        workers = [fleet.worker(), fleet.worker()]
        beats = [fleet.beat(), fleet.beat()]
        both = [signed_in(web) for web in webs]
        ask(both, known, jobs // 2, sessions)
        wait_until(lambda: len(sink.received) >= 3, seconds=60, what="the first letters")
        wait_until(lambda: any(map(is_sending, workers)), seconds=60, what="a worker that sends")
        workers.sort(key=is_sending, reverse=True)
        for one in (workers[0], webs[0], beats[0]):
            one.kill()
        at_kill = fleet.read(STATE)
        assert at_kill["jobs"].get("done", 0) < jobs, "too quick: nothing was left to lose"
        asked, answered = jobs - jobs // 2, 0
        for report in known["reports"][jobs // 2 :]:
            both[1].post(f"/reports/{report}/issues/")  # raises for 4xx and 5xx
            answered += 1
        settle(fleet, workers[1])
        ours = set(fleet.read(STATE)["ids"])  # coordinators hear of summaries too
        letters = Counter(name for mail in sink.received if (name := mail.message["Message-ID"]) in ours)
        for one in (webs[1], workers[1], beats[1]):
            assert "Traceback" not in one.said(), one.said()[-3000:]
        return {
            "at_kill": {"jobs": at_kill["jobs"], "reminders": at_kill["reminders"]},
            "state": fleet.read(STATE),
            "reports": sorted(known["reports"]),
            "jobs": jobs,
            "letters": letters,
            "unsure": fleet.read(STATE)["unsure"],
            "copies": sum(letters.values()) - len(letters),
            "asked": asked,
            "answered": answered,
        }


def signed_in(web: Running) -> Visitor:
    visitor = Visitor(web)
    visitor.sign_in("coordinator@example.org", PASSWORD)
    return visitor


def is_sending(worker: Running) -> bool:
    """Is a sweep of reminders begun here and not ended?"""
    lines = [line for line in worker.said().splitlines() if "reminders.sweep" in line]
    return sum("received" in line for line in lines) > sum("succeeded" in line for line in lines)


def ask(both: list[Visitor], known: dict, jobs: int, sessions: int) -> None:
    """At both webs in turn: sessions of tomorrow, half of the jobs, a rule that makes reminders due now."""
    for number in range(sessions):
        visitor = both[number % 2]
        visitor.get("/programmes/start/sessions/new/")
        fields = {"title": f"Fleet {number}", "day": known["tomorrow"], "start": "20:00", "end": "21:00"}
        page = visitor.post("/programmes/start/sessions/new/", **fields, trainers=known["trainers"])
        assert f"Fleet {number}" in page, page[-2000:]
    for number, report in enumerate(known["reports"][:jobs]):
        both[number % 2].post(f"/reports/{report}/issues/")
    both[0].post(f"/rules/{known['rule']}/", is_on="on", at_hour="0", channel="email", sure="yes")


def settle(fleet: Fleet, living: Running) -> None:
    """Until nothing is open. What the dead had in hand comes back once the living have nothing left to do."""
    before, still = None, 0

    def done() -> bool:
        nonlocal before, still
        living.said()
        state = fleet.read(STATE)
        open_ = state["jobs"].get("queued", 0) + state["jobs"].get("running", 0)
        waiting = sum(state["reminders"].get(name, 0) for name in ("planned", "claimed", "handing_over"))
        still = still + 1 if state == before else 0
        before = state
        if still >= 2:  # nobody alive has moved anything for a while
            fleet.script(TIME_PASSES)
            still = 0
        return not open_ and not waiting and state["planned_for"] == state["expected"]

    try:
        wait_until(done, seconds=240, what="the end of all work")
    except TimeoutError as error:
        raise TimeoutError(f"{error}: {json.dumps(before)}") from None
