"""`kill -9` of the one-process server with accepted work: after a new start all of it is done, each once."""

import json
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path

from bench.doors import Figure
from tests.desk.serving import Serving, Visitor
from tests.services import wait_until

NAME = "jobs"
JOBS = 50

SOME_ROWS = """
from datetime import timedelta
from django.utils import timezone
from tests import factories as make
programme = make.make_programme(start=timezone.now().date() - timedelta(days=400), end=None)
coordinator = make.make_coordinator(programme, email="coordinator@example.org")
session = make.make_session(programme, day=programme.start)
for number in range(12):
    enrolment = make.make_enrolment(programme)
    make.make_attendance(make.make_entry(session, enrolment))
    make.make_idea(programme, enrolments=[enrolment])
funding = make.make_funding(programme)
for number in range({count}):
    make.make_report(funding, start=programme.start, end=programme.start + timedelta(days=30 + number))
"""
REPORTS = """
import json
from outcomes.models import Report
print(json.dumps(list(Report.objects.values_list("pk", flat=True))))
"""
STATE = """
import json
from collections import Counter
from jobs.models import Job
from outcomes.models import Issue
print(json.dumps({
    "jobs": Counter(Job.objects.values_list("state", flat=True)),
    "issues": sorted(Issue.objects.values_list("report", flat=True)),
    "attempts": max(Job.objects.values_list("attempt", flat=True)),
}))
"""


def run() -> Iterator[Figure]:
    """50 summaries of 50 reports, accepted over HTTP."""
    with tempfile.TemporaryDirectory(prefix="rasadnik-fault-") as folder:
        found = killed_and_started(Path(folder) / "data", JOBS)
    assert found["before"]["jobs"].get("done", 0) < JOBS, "the server was too quick: nothing was left to lose"
    assert found["after"]["jobs"] == {"done": JOBS}, found["after"]
    assert found["after"]["issues"] == found["reports"], "a summary is missing or stands twice"
    yield Figure("jobs.done-once", len(set(found["after"]["issues"])) / JOBS, 1.0)
    yield Figure("jobs.seconds-until-done", 60 / found["seconds"], 1.0)


def killed_and_started(folder: Path, count: int) -> dict:
    """Ask for so many summaries, kill at once, start again, wait until nothing is open."""
    with Serving(folder, migrated=True) as serving:
        serving.script(SOME_ROWS.format(count=count))
        reports = json.loads(serving.script(REPORTS))
        serving.start("--no-demo")
        coordinator = Visitor(serving)
        coordinator.sign_in("coordinator@example.org", "jedna-dobra-lozinka")
        for report in reports:
            assert "id_login" not in coordinator.post(f"/reports/{report}/issues/")
        serving.kill()
        before = json.loads(serving.script(STATE))
        assert sum(before["jobs"].values()) == count, f"an accepted job is lost: {before}"
        begun = time.monotonic()
        serving.start("--no-demo")
        wait_until(lambda: not _open(serving), seconds=240, what="the end of all jobs")
        seconds = time.monotonic() - begun
        assert serving.stop() == 0
        after = json.loads(serving.script(STATE))
    return {"reports": sorted(reports), "before": before, "after": after, "seconds": seconds}


def _open(serving: Serving) -> int:
    jobs = json.loads(serving.script(STATE))["jobs"]
    return jobs.get("queued", 0) + jobs.get("running", 0)
