"""A build of a summary always ends: done, failed with a reason, or cancelled (promise P6).

BUILDS (200) and SEED change how much and which chance; PART names one part alone."""

import json
import os
import random
import subprocess
import tempfile
import time
from collections import defaultdict
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack, contextmanager, suppress
from pathlib import Path
from random import Random
from statistics import median

import psycopg

from bench.doors import Figure
from tests import programs
from tests.desk.serving import Serving, Visitor
from tests.faults import reporting_app as events
from tests.faults.fault_jobs import STATE
from tests.faults.reporting import PASSWORD, REPORTS, ROWS, Builds, counted
from tests.faults.servers import Postgres, Redis, folder
from tests.fleet import Fleet, database
from tests.services import wait_until

NAME = "reports"
BUILDS = int(os.environ.get("BUILDS", "200"))
LEASE = 8  # seconds; in real life two minutes. A build says a word ten times a second
VICTIMS = ("child", "worker", "main", "scheduler")
SLOWER = 2  # times its normal time: more nobody waits because of another's build
CANCELLED_WITHIN = 10  # seconds
AT_ONCE = 20


def run() -> Iterator[Figure]:
    """All parts, or the one that PART names."""
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings")
    programs.provide(programs.SERVERS)
    seed = int(os.environ.get("SEED", random.randrange(10**6)))
    print(f"  seed {seed}; the lease is {LEASE} seconds instead of 120")
    parts = {"storm": storm, "bad": bad, "cancels": cancels, "taps": taps, "full": full, "one": one_process}
    for name, part in parts.items():
        if os.environ.get("PART", name) == name:
            yield from part(seed)


@contextmanager
def installation(reports: int) -> Iterator[tuple[Builds, Redis, Postgres]]:
    with folder() as place, ExitStack() as stack:
        server, redis = Postgres(place), Redis(place)
        stack.callback(redis.stop)
        stack.callback(server.stop)
        address = stack.enter_context(database(server.address, "reports"))
        with Fleet(place, database=address, broker=redis.url) as fleet:
            fleet.run("migrate", "-v0")
        builds = Builds(place / "fleet", address, redis.url, reports=reports, lease=LEASE)
        yield stack.enter_context(builds), redis, server


def storm(seed: int) -> Iterator[Figure]:
    """So many builds; at each stage of some the process, the worker, its main process or the scheduler is
    killed; Redis is emptied and stopped, the database started anew."""
    with installation(BUILDS) as (builds, redis, server):
        kills = [(stage, whom) for stage in events.STAGES for whom in VICTIMS] * max(1, BUILDS // 50)
        blows = [redis.flush, lambda: stopped(redis), redis.flush, lambda: (server.stop(), server.start())]
        jobs = killed(builds, Random(seed), kills[: BUILDS // 2], blows)
    yield Figure("reports.storm-ended", len(jobs) / BUILDS, 1.0)
    yield Figure("reports.storm-done", sum(one["state"] == "done" for one in jobs) / BUILDS, 0.95)


def killed(builds: Builds, chance: Random, kills: list[tuple[str, str]], blows: list[Callable]) -> list[dict]:
    """Ask for all, with these kills at some and the blows between; what came of them."""
    count = len(builds.reports)
    free = [report for report in builds.reports if not (builds.plan / str(report)).exists()]
    for report, (stage, whom) in zip(chance.sample(free, len(kills)), kills, strict=True):
        builds.meets(report, stage, whom)
    at = {(number + 1) * count // (len(blows) + 1): blow for number, blow in enumerate(blows)}
    for number, report in enumerate(builds.reports):
        at.get(number, lambda: None)()
        builds.tend()
        builds.ask(report)
        time.sleep(chance.uniform(0, 0.3))
    left = builds.settle(builds.patience())
    met = len(list(builds.plan.glob("*.met")))
    print(f"  killed {met} times")
    assert met == len(kills), "a kill that was planned did not happen"
    return builds.judged(count, left)


def stopped(redis: Redis) -> None:
    redis.stop()
    time.sleep(1)
    redis.start()


def bad(_seed: int, count: int = 20) -> Iterator[Figure]:
    """A build that never comes back, and one that takes all memory: what others notice of it."""
    with installation(3 * count + 8) as (builds, _redis, _server):
        reports = iter(builds.reports)
        usual = median(builds.quiet([next(reports) for _n in range(count)]))
        print(f"  a build takes {usual:.2f} s")
        for what in events.BAD:
            times, ends = beside(builds, reports, what, count)
            late = [one for one in times if one > SLOWER * usual]
            print(f"  beside a {what} {median(times):.2f}, {max(times):.2f} at most; it ended {ends}")
            yield Figure(f"reports.not-delayed-by-{what}", 1 - len(late) / len(times), 1.0)
        after = median(builds.quiet([next(reports) for _n in range(4)]))
        yield Figure("reports.as-quick-afterwards", SLOWER * usual / after, 1.0)


def beside(builds: Builds, reports: Iterator[int], what: str, count: int) -> tuple[list[float], list]:
    """Times of so many builds, one after the other, while another is at fault, twice; how those ended."""
    times, wrong = [], [next(reports), next(reports)]
    for report in wrong:
        builds.meets(report, "counting", what)
        builds.ask(report)
        times += builds.quiet([next(reports) for _n in range(count // 2)])
    left = builds.settle(builds.patience())
    ends = [builds.job(report) for report in wrong]
    assert not left, f"never ended: {left}"
    assert {one["state"] for one in ends} == {"failed"}
    return times, [(one["attempt"], one["reason"]) for one in ends]


def cancels(_seed: int, each: int = 4) -> Iterator[Figure]:
    """Stopped at each stage: how long until it has ended."""
    with installation(each * len(events.STAGES)) as (builds, _redis, _server):
        slowest = cancelled(builds, each)
    yield Figure("reports.cancelled-within", CANCELLED_WITHIN / max(slowest, 0.01), 1.0)


def cancelled(builds: Builds, each: int) -> float:
    """So many at each stage; the longest time from the wish to the end, in seconds."""
    reports, slowest, ends = iter(builds.reports), 0.0, defaultdict(list)
    for stage in [stage for stage in events.STAGES for _n in range(each)]:
        file = builds.plan / str(report := next(reports))
        builds.meets(report, stage, "stand")
        builds.ask(report)
        builds.until(file.with_suffix(".stands").exists, seconds=60, what=f"a build at {stage}")
        begun = time.monotonic()
        builds.visitor.post(f"/jobs/{builds.job(report)['id']}/cancellation/")
        file.with_suffix(".go").touch()
        builds.until(lambda: not builds.open_ones(), seconds=60, what="its end")
        slowest = max(slowest, time.monotonic() - begun)
        ends[stage].append(builds.job(report)["state"])
    print(f"  {dict(ends)}; the slowest ended {slowest:.2f} s after the wish")
    builds.judged(len(builds.reports), [])
    heard = {state for stage in events.STAGES[:-1] for state in ends[stage]}  # the last is one transaction
    assert heard == {"cancelled"}, "it did not hear"
    return slowest


def taps(_seed: int, rounds: int = 5) -> Iterator[Figure]:
    """Twenty at once ask for the same summary, as from a button that is tapped again and again."""
    with installation(rounds) as (builds, _redis, _server):
        tapped(builds)
    yield Figure("reports.built-once", 1.0, 1.0)


def tapped(builds: Builds) -> None:
    for report in builds.reports:
        builds.meets(report, "counting", "stand")  # until all have asked
        with ThreadPoolExecutor(AT_ONCE) as pool:
            list(pool.map(builds.ask, [report] * AT_ONCE))
        (builds.plan / f"{report}.go").touch()
    left = builds.settle(builds.patience())
    builds.judged(len(builds.reports), left)


def full(_seed: int, count: int = 20) -> Iterator[Figure]:
    """The disk of the database is full while summaries are written; then there is room again."""
    with installation(count) as (builds, _redis, server), small_disk(server, builds.address) as fill:
        builds.quiet(builds.reports[:2])
        with fill():
            for report in builds.reports[2:]:
                with suppress(OSError):  # the page may fail: it says so, and nothing was accepted
                    builds.ask(report)
            time.sleep(2 * LEASE)
            print(f"  while it was full:\n{counted(builds.jobs())}")
        jobs = builds.judged(len(builds.jobs()), builds.settle(builds.patience()))
        done = {one["report"] for one in jobs if one["state"] == "done"}
        assert len(done) < count, "the disk was not full enough to be noticed"
        builds.quiet([report for report in builds.reports if report not in done])  # asked again
    yield Figure("reports.ended-on-a-full-disk", 1.0, 1.0)


@contextmanager
def small_disk(server: Postgres, address: str) -> Iterator:
    """The tables of issues on a disk of their own; `with fill():` it has no room."""
    with tempfile.TemporaryDirectory(prefix="rasadnik-disk-") as place:
        subprocess.run(["mount", "-t", "tmpfs", "-o", "size=64m,mode=0777", "tmpfs", place], check=True)
        try:
            space = Path(place) / "space"
            space.mkdir()
            owner = server.data.stat()
            os.chown(space, owner.st_uid, owner.st_gid)
            with psycopg.connect(address, autocommit=True) as connection:
                connection.execute(f"CREATE TABLESPACE small LOCATION '{space}'")
                connection.execute("ALTER TABLE outcomes_issue SET TABLESPACE small")

            @contextmanager
            def fill() -> Iterator[None]:
                ballast = Path(place) / "ballast"
                with suppress(OSError), ballast.open("wb", buffering=0) as file:
                    while file.write(b"\0" * 4096):
                        pass
                yield
                ballast.unlink()

            yield fill
            with psycopg.connect(address, autocommit=True) as connection:
                connection.execute("ALTER TABLE outcomes_issue SET TABLESPACE pg_default")
                connection.execute("DROP TABLESPACE small")
        finally:
            subprocess.run(["umount", "--lazy", place], check=False)


def one_process(seed: int, count: int = 40, kills: int = 20) -> Iterator[Figure]:
    """Everything in one process on SQLite, killed and started so often while it builds."""
    chance = Random(seed)
    with ExitStack() as stack:
        place = stack.enter_context(tempfile.TemporaryDirectory(prefix="rasadnik-fault-"))
        with Serving(Path(place) / "data", migrated=True) as serving:
            serving.script(ROWS.format(reports=count))
            reports = serving.script(REPORTS)
            serving.start("--no-demo")
            coordinator = Visitor(serving)
            coordinator.sign_in("coordinator@example.org", PASSWORD)
            for number, report in enumerate(json.loads(reports)):
                coordinator.post(f"/reports/{report}/issues/")
                if number % (count // kills) == 1:
                    time.sleep(chance.uniform(0, 1))
                    serving.kill()
                    serving.start("--no-demo")
            wait_until(lambda: not _open(serving), seconds=300, what="the end of all builds")
            assert serving.stop() == 0
            found = json.loads(serving.script(STATE))
    print(f"  one process, killed {kills} times: {found['jobs']}, attempts {found['attempts']}")
    assert sum(found["jobs"].values()) == count
    assert found["attempts"] <= 3
    assert len(found["issues"]) == len(set(found["issues"])) == found["jobs"]["done"]
    yield Figure("reports.one-process-ended", sum(found["jobs"].values()) / count, 1.0)


def _open(serving: Serving) -> int:
    jobs = json.loads(serving.script(STATE))["jobs"]
    return jobs.get("queued", 0) + jobs.get("running", 0)
