"""The other promises about reminders: planned once by however many, true at hand-over, and nobody waits for a
broker or a mail server."""

import json
import os
import subprocess
import sys
from collections.abc import Iterator
from contextlib import ExitStack

from bench.doors import Figure
from tests.faults.reminding_away import RED, Away
from tests.faults.reminding_races import raced
from tests.faults.reminding_smtp import Post
from tests.faults.servers import Postgres, Redis, folder
from tests.fleet import ROOT, Fleet, database

RUNS = int(os.environ.get("RUNS", "2000"))
AWAY = 30  # seconds that each of them is away


def schedulers(seed: int) -> Iterator[Figure]:
    """Five at once, clocks up to 90 s wrong: each reminder stands once."""
    with folder() as place, ExitStack() as stack:
        server = Postgres(place)
        stack.callback(server.stop)
        addresses = {
            "postgresql": stack.enter_context(database(server.address, "reminders")),
            "sqlite": f"sqlite:///{place / 'races.sqlite3'}",
        }
        for name, address in addresses.items():
            (place / name).mkdir()
            with Fleet(place / name, database=address, broker="") as fleet:
                fleet.run("migrate", "-v0")
                found = raced(fleet)
            print(f"  {name}: {found}")
            assert (found["rows"], found["more"]) == (found["wanted"], 0), found
            yield Figure(f"reminders.planned-once-{name}", found["rows"] / found["wanted"], 1.0)


def walks(seed: int) -> Iterator[Figure]:
    """Random runs in two processes, each on a database of its own."""
    with folder() as place:
        half, running = RUNS // 2, []
        for number, first in enumerate((seed, seed + half)):
            (place / str(number)).mkdir()
            with Fleet(
                place / str(number), database=f"sqlite:///{place}/{number}.sqlite3", broker=""
            ) as fleet:
                fleet.run("migrate", "-v0")
                words = [sys.executable, "-m", "tests.faults.reminding_runs", str(first), str(first + half)]
                environment = fleet.environment | {"DJANGO_SETTINGS_MODULE": "config.settings"}
                environment["DATA_DIR"] = str(place / str(number))
                running.append(subprocess.Popen(words, cwd=ROOT, env=environment, stdout=subprocess.PIPE))
        found = [json.loads(process.communicate()[0]) for process in running]
    wrong = {seed: words for one in found for seed, words in one["wrong"].items()}
    letters, changes = (sum(one["counts"].get(name, 0) for one in found) for name in ("letters", "changes"))
    print(
        f"  {sum(one['runs'] for one in found)} random runs, {letters} letters, {changes} to hear of a change"
    )
    print(f"  letters that differ from the records, come after the start, or are missing: {len(wrong)}")
    assert not wrong, dict(list(wrong.items())[:5])
    yield Figure("reminders.true-at-hand-over", 1.0, 1.0)


def away(seed: int) -> Iterator[Figure]:
    """Redis stopped, Redis frozen, the mail server silent, the worker dead: people work on."""
    with folder() as place, ExitStack() as stack:
        server, redis = Postgres(place), Redis(place)
        stack.callback(redis.stop)
        stack.callback(server.stop)
        address = stack.enter_context(database(server.address, "away"))
        post = stack.enter_context(Post(seed, delay=1, patience=3600, senders=list))
        smtp = {"EMAIL_HOST": "127.0.0.1", "EMAIL_PORT": str(post.port)}
        (place / "fleet").mkdir()
        fleet = stack.enter_context(Fleet(place / "fleet", database=address, broker=redis.url, **smtp))
        bench = Away(fleet, post)
        for words in trials(bench, redis):
            found = bench.without(*words, AWAY)
            print(f"  {found}", flush=True)
            assert found["red"] is not None and found["red"] <= RED, found
    assert set(bench.answers) == {"ok"}, bench.answers
    yield Figure("reminders.answers-while-away", bench.answers["ok"] / bench.answers.total(), 1.0)


def trials(bench: Away, redis: Redis) -> list[tuple]:
    def worker_dies() -> None:
        bench.worker.kill()

    def worker_starts() -> None:
        bench.worker = bench.fleet.worker()

    return [
        ("Redis (stopped)", redis.stop, redis.start),
        ("Redis (frozen)", redis.freeze, redis.thaw),
        ("mail server (silent)", lambda: setattr(bench.post, "is_black", True), bench.mail_is_back),
        ("worker (killed)", worker_dies, worker_starts),
    ]
