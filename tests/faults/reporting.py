"""Builds of summaries under faults: who asks for them, who does them, who starts again what died."""

import os
import time
from collections import Counter
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path

import psycopg

from tests.desk.serving import Visitor
from tests.faults import reporting_app as events
from tests.fleet import BIN, Fleet, Running
from tests.services import wait_until

PASSWORD = "jedna-dobra-lozinka"
CELERY = [BIN / "celery", "-A", "tests.faults.reporting_app"]
FINAL = ("done", "failed", "cancelled")
WORKERS = ("worker-0", "worker-1")

# a real, small programme, and so many reports of it
ROWS = """
from datetime import timedelta
from django.utils import timezone
from tests import factories as make
programme = make.make_programme(start=timezone.now().date() - timedelta(days=400), end=None)
coordinator = make.make_coordinator(programme, email="coordinator@example.org")
sessions = [make.make_session(programme, day=programme.start + timedelta(days=n)) for n in range(3)]
for number in range(24):
    enrolment = make.make_enrolment(programme)
    for session in sessions:
        make.make_attendance(make.make_entry(session, enrolment))
    make.make_idea(programme, enrolments=[enrolment])
funding = make.make_funding(programme)
for number in range({reports}):
    make.make_report(funding, start=programme.start, end=programme.start + timedelta(days=30 + number))
"""
REPORTS = "import json\nfrom outcomes.models import Report\n"
REPORTS += "print(json.dumps(list(Report.objects.order_by('pk').values_list('pk', flat=True))))"
# of all issues: how many, of how many jobs, and how many whose bytes are not what their fingerprint says
ISSUES = """
import json
from outcomes.models import Issue
from outcomes.payload import fingerprint
issues = list(Issue.objects.select_related("job"))
print(json.dumps({
    "issues": len(issues),
    "jobs": len({one.job_id for one in issues}),
    "broken": sum(fingerprint(one.document) != one.fingerprint for one in issues),
    "of_ended": sum(one.job.state == "done" for one in issues),
}))
"""
JOBS = (
    "SELECT id, state, attempt, reason, created_at, ended_at, parameters->>'report' AS report, "
    "extract(epoch FROM ended_at - created_at) FROM jobs_job ORDER BY id"
)


class Builds:
    """An installation on PostgreSQL (its tables are there and empty) and Redis: so many reports, a web, two
    workers of two processes, a scheduler."""

    def __init__(
        self, folder: Path, address: str, broker: str, *, reports: int, lease: float, people: int = 24
    ):
        self.folder, self.address, self.lease = folder, address, lease
        self.plan, self.pid = folder / "plan", folder / "beat.pid"
        self.plan.mkdir(parents=True)
        words = {events.PLAN: str(self.plan), events.LEASE: str(lease), events.BEAT: str(self.pid)}
        self.fleet = Fleet(
            folder, database=address, broker=broker, CONN_MAX_AGE="0", JOB_MEMORY="600", **words
        )
        self.running: dict[str, Running] = {}
        self.started: Counter = Counter()
        self.fleet.script(ROWS.format(reports=reports))
        self.reports: list[int] = self.fleet.read(REPORTS)

    def __enter__(self) -> "Builds":
        self.web = self.fleet.web()
        for name in (*WORKERS, "beat"):
            self.start(name)
        for name in WORKERS:
            wait_until(lambda name=name: " ready." in self.running[name].said(), seconds=120, what=name)
        self.visitor = Visitor(self.web)
        self.visitor.sign_in("coordinator@example.org", PASSWORD)
        return self

    def __exit__(self, *what) -> None:
        self.fleet.stack.close()

    # --- who is there

    def start(self, name: str) -> None:
        words = [
            "worker",
            "--pool",
            "prefork",
            "--concurrency",
            "2",
            "--loglevel",
            "INFO",
            "-n",
            f"{name}@here",
        ]
        if name == "beat":
            words = ["beat", "--loglevel", "INFO", "--pidfile="]
        self.running[name] = self.fleet._start(name, [*CELERY, *words])
        self.started[name] += 1
        if name == "beat":
            self.pid.write_text(str(self.running[name].process.pid))

    def tend(self) -> None:
        """What died is started again, as the compose file does it; of a dead worker nothing is left over."""
        for name, one in list(self.running.items()):
            if one.process.poll() is not None:
                with suppress(ProcessLookupError, PermissionError):
                    os.killpg(one.process.pid, 9)
                self.start(name)

    # --- what is asked

    def meets(self, report: int, stage: str, what: str) -> None:
        (self.plan / str(report)).write_text(f"{stage} {what}")

    def ask(self, report: int) -> None:
        assert "id_login" not in self.visitor.post(f"/reports/{report}/issues/")

    def jobs(self) -> list[dict]:
        names = ("id", "state", "attempt", "reason", "created_at", "ended_at", "report", "seconds")
        with psycopg.connect(self.address, autocommit=True) as connection:
            found = [dict(zip(names, row, strict=True)) for row in connection.execute(JOBS).fetchall()]
        return [one | {"report": int(one["report"]), "seconds": float(one["seconds"] or 0)} for one in found]

    def job(self, report: int) -> dict:
        return [one for one in self.jobs() if one["report"] == report][-1]

    def open_ones(self) -> list[dict]:
        with suppress(psycopg.Error):
            return [one for one in self.jobs() if one["state"] not in FINAL]
        return [{}]  # the database is away: nothing is over

    def settle(self, seconds: float) -> list[dict]:
        """Until nothing is open, or so long; what is still open."""
        with suppress(TimeoutError):
            self.until(lambda: not self.open_ones(), seconds=seconds, what="the end of all builds")
        return self.open_ones()

    def until(self, ready: Callable[[], bool], *, seconds: float, what: str) -> None:
        """Wait, and see to those who died meanwhile. Asking must not cost what is measured."""

        def tended() -> bool:
            self.tend()
            return ready() or bool(time.sleep(0.2))

        wait_until(tended, seconds=seconds, what=what)

    def quiet(self, reports: list[int]) -> list[float]:
        """One after the other: from asking to the end, in seconds. Raises when one is not done."""
        found = []
        for report in reports:
            self.ask(report)
            self.until(lambda report=report: self.job(report)["state"] in FINAL, seconds=120, what="a build")
            one = self.job(report)
            assert one["state"] == "done", one
            found.append(one["seconds"])
        return found

    # --- what came of it

    def issues(self) -> dict:
        return self.fleet.read(ISSUES)

    def halves(self) -> list[str]:
        """Files that somebody began and did not finish, where files are read from."""
        folders = [path for path in self.folder.iterdir() if (path / "files").is_dir()]
        return [str(file) for one in folders for file in (one / "files").rglob("*") if file.is_file()]

    def judged(self, count: int, left: list[dict]) -> list[dict]:
        """What must hold after so many were asked for, whatever happened. All that came of them."""
        jobs, issues = self.jobs(), self.issues()
        print(f"{counted(jobs)}\n  {issues}; started {dict(self.started)}")
        assert not left, f"never ended: {left}"
        assert len(jobs) == count, f"{count} were accepted, {len(jobs)} are kept"
        assert max(one["attempt"] for one in jobs) <= 3
        assert all(one["reason"] for one in jobs if one["state"] != "done"), "ended without a word"
        done = sum(one["state"] == "done" for one in jobs)
        assert issues == {"issues": done, "jobs": done, "broken": 0, "of_ended": done}
        assert not self.halves(), "files are left over"
        return jobs

    def patience(self) -> float:
        """Three attempts of a build that never says a word, and two minutes."""
        return 3 * self.lease + 120


def counted(jobs: list[dict]) -> str:
    states, attempts = Counter(one["state"] for one in jobs), Counter(one["attempt"] for one in jobs)
    reasons = Counter(one["reason"] for one in jobs if one["reason"])
    lines = [f"  {len(jobs)} builds: {dict(states)}; attempts {dict(sorted(attempts.items()))}"]
    lines += [f"  {count} x {reason}" for reason, count in reasons.items()]
    return "\n".join(lines)
