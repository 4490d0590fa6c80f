"""Reminders are never silently lost, and nobody gets more than one extra copy (promises P2, P7, P8, P22).

ROWS (10000), KILLS (500), RUNS (2000), ORDERLY (50) and SEED change how much and which chance; PART names one
part alone."""

import os
import random
from collections.abc import Iterator
from contextlib import ExitStack

from bench.doors import Figure
from tests import programs
from tests.faults import reminding_judged
from tests.faults.reminding import Storm
from tests.faults.reminding_noticed import names, noticed
from tests.faults.reminding_others import away, schedulers, walks
from tests.faults.reminding_smtp import ACTS, SHARES, STEPS, Post
from tests.faults.servers import Postgres, Redis, folder
from tests.fleet import database

NAME = "reminders"
ROWS, KILLS = int(os.environ.get("ROWS", "10000")), int(os.environ.get("KILLS", "500"))
ORDERLY = int(os.environ.get("ORDERLY", "50"))
SPEED = 120  # a lease of 20 minutes is one of 10 seconds


def run() -> Iterator[Figure]:
    """All parts, or the one that PART names."""
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings")
    programs.provide(programs.SERVERS)
    seed = int(os.environ.get("SEED", random.randrange(10**6)))
    print(f"  seed {seed}; the senders' clock runs {SPEED} times faster, their waiting is as much shorter")
    parts = {
        "storm": storms,
        "orderly": orderly,
        "guards": guards,
        "schedulers": schedulers,
        "walks": walks,
        "away": away,
    }
    for name, part in parts.items():
        if os.environ.get("PART", name) == name:
            yield from part(seed)


def storms(seed: int) -> Iterator[Figure]:
    """PostgreSQL with everything beside it; SQLite with senders alone."""
    with folder() as place, ExitStack() as stack:
        server, redis = Postgres(place), Redis(place)
        stack.callback(redis.stop)
        stack.callback(server.stop)
        address = stack.enter_context(database(server.address, "reminders"))
        options = {"rows": ROWS, "seed": seed, "speed": SPEED, "broker": redis.url}
        storm = stack.enter_context(Storm(place / "storm", address, **options))
        prepare(storm, senders=3)
        events = [storm.kill_child] * (KILLS - KILLS // 20) + [storm.kill_main] * (KILLS // 20)
        events += stops(storm, redis, server)
        storm.random.shuffle(events)
        yield from ends(storm, events, "postgresql")
    with folder() as place:
        options = {"rows": max(ROWS // 10, 20), "seed": seed, "speed": SPEED}
        with Storm(place / "storm", f"sqlite:///{place / 'storm.sqlite3'}", **options) as storm:
            prepare(storm, senders=3)
            yield from ends(storm, [storm.kill_child] * (KILLS // 10) + [storm.freeze_sender], "sqlite")


def prepare(storm: Storm, *, senders: int, leave: float = 0.01) -> None:
    storm.folder.mkdir(exist_ok=True)
    storm.fill()
    storm.post.shares = dict(SHARES)
    storm.withdraw_some(leave)
    storm.begin(senders)


def stops(storm: Storm, redis: Redis, server: Postgres) -> list:
    """Each of these happens so often: Redis stopped 20, frozen 5, emptied 2, the database restarted 10."""
    share = min(1, KILLS / 500)
    lots = {
        storm.redis_stops(redis): 20,
        storm.redis_freezes(redis): 5,
        storm.redis_is_emptied(redis): 2,
        storm.database_restarts(server): 10,
        storm.freeze_sender: 2,
    }
    return [event for event, count in lots.items() for _number in range(max(1, round(count * share)))]


def ends(storm: Storm, events: list, name: str) -> Iterator[Figure]:
    storm.through(events)
    storm.settle(900)
    rows = storm.found()
    wrong = reminding_judged.faults_of(storm, rows)
    print(f"  {name}: {len(rows)} reminders; {dict(storm.done)}")
    print(f"  the mail server failed: {failures(storm.post)}")
    print(reminding_judged.table(storm, rows))
    assert not wrong, f"{len(wrong)} broken: {wrong[:10]}"
    yield Figure(f"reminders.kept-{name}", 1 - len(wrong) / len(rows), 1.0)


def failures(post: Post) -> str:
    lines = [f"{step} {sum(post.met[step, act] for act in ACTS)}" for step in STEPS]
    return ", ".join(lines)


def orderly(seed: int) -> Iterator[Figure]:
    """Told to end as by an update, again and again, under load: nothing lost, nothing twice."""
    with folder() as place, ExitStack() as stack:
        server, redis = Postgres(place), Redis(place)
        stack.callback(redis.stop)
        stack.callback(server.stop)
        address = stack.enter_context(database(server.address, "reminders"))
        options = {"rows": ORDERLY * 20, "seed": seed, "speed": SPEED, "broker": redis.url}
        storm = stack.enter_context(Storm(place / "storm", address, **options))
        prepare(storm, senders=1, leave=0)
        storm.post.shares = {}
        storm.post.slow = 0.15
        storm.through([storm.restart_orderly] * ORDERLY)
        storm.settle(300)
        rows = storm.found()
    wrong = reminding_judged.faults_of(storm, rows, is_orderly=True)
    print(f"  {dict(storm.done)} under load:")
    print(reminding_judged.table(storm, rows))
    assert not wrong, f"{len(wrong)} broken: {wrong[:10]}"
    yield Figure("reminders.kept-at-orderly-restarts", 1.0, 1.0)


TRIES = 3  # a storm is chance: a guard may not be needed in one of them


def guards(seed: int) -> Iterator[Figure]:
    """Without any one of them the bench has to fail, at the third storm at the latest; with all it holds."""
    assert not noticed("", seed), "it does not hold with all guards"
    found = {}
    for name in names():
        tries = (noticed(name, seed + number) for number in range(TRIES))
        found[name] = next((words for words in tries if words), [])
        print(f"  without “{name}”: {(found[name] or ['NOT NOTICED'])[0]}", flush=True)
    count = sum(map(bool, found.values()))
    print(f"  guards removed {len(found)}, failures noticed {count}")
    yield Figure("reminders.guards-noticed", count / len(found), 1.0)
