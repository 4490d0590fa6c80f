"""A storm over the senders of reminders: processes are killed, frozen and told to end, servers stop and come
back, while an SMTP server counts what arrives."""

import os
import signal
import sqlite3
import sys
import time
from collections import Counter
from collections.abc import Callable
from contextlib import ExitStack, suppress
from pathlib import Path
from random import Random

import psycopg

from tests.faults import reminding_clock as clock
from tests.faults import reminding_world as world
from tests.faults.reminding_sender import WITHOUT
from tests.faults.reminding_smtp import Post
from tests.fleet import BIN, Fleet, Running
from tests.services import wait_until

FINAL = {"sent", "failed", "uncertain", "held", "expired", "dropped", "told"}
LEASE = 20 * 60 + 60  # seconds on the clock of the bench, and some


class Storm:
    """`with Storm(folder, address, rows=…) as storm:` an installation with so many reminders due, nobody
    at work yet. `broker`: a Redis address; then Celery workers, a beat and a web work beside the senders."""

    def __init__(self, folder: Path, address: str, *, rows: int, seed: int, speed: float, **options):
        self.folder, self.address, self.rows, self.speed = folder, address, rows, speed
        self.random, self.broker = Random(seed), options.get("broker", "")
        self.stack = ExitStack()
        self.running: dict[str, Running] = {}
        self.done: Counter = Counter()
        self.withdrawn: set[str] = set()
        patience = LEASE / speed / 2
        delay = max(clock.FLOOR, 600 / speed) + 0.5  # longer than the wait for the last answer
        self.post = self.stack.enter_context(Post(seed, delay=delay, patience=patience, senders=self.senders))
        self.fleet = self.stack.enter_context(
            Fleet(
                folder,
                database=address,
                broker=self.broker,
                EMAIL_HOST="127.0.0.1",
                EMAIL_PORT=str(self.post.port),
                DJANGO_SETTINGS_MODULE="config.settings",
                SWEEP_SECONDS="2",
                CONN_MAX_AGE="0",
                **{clock.SPEED: str(speed), WITHOUT: options.get("without", "")},
            )
        )

    def __enter__(self) -> "Storm":
        return self

    def __exit__(self, *what) -> None:
        self.stack.close()

    def fill(self, *, migrate: Callable[[Fleet], None] = lambda fleet: fleet.run("migrate", "-v0")) -> None:
        migrate(self.fleet)
        self.fleet.script(world.ROWS.format(count=self.rows))

    def begin(self, senders: int) -> None:
        self.fleet.environment[clock.BEGUN] = str(time.time())
        self.start("senders", senders)
        if self.broker:
            for name in ("celery-0", "celery-1", "beat", "web"):
                self.start(name)

    def start(self, name: str, senders: int = 0) -> None:
        """Start it, or start it again."""
        self.count = senders or getattr(self, "count", 0)
        made = {
            "senders": lambda: self.fleet._start(
                "senders", [sys.executable, "-m", "tests.faults.reminding_sender", self.count]
            ),
            "beat": lambda: self.fleet._start("beat", [*CELERY, "beat", "--pidfile="]),
            "web": self.fleet.web,
        }
        self.running[name] = made.get(name, lambda: self._worker(name))()

    def _worker(self, name: str) -> Running:
        words = ["worker", "--pool", "prefork", "--concurrency", "2", "--loglevel", "INFO"]
        return self.fleet._start("worker", [*CELERY, *words, "-n", f"{name}@here"])

    # --- who is there

    def senders(self) -> list[int]:
        """The processes that send."""
        mains = [one.process.pid for name, one in self.running.items() if name not in ("beat", "web")]
        return [pid for main in mains for pid in children(main)]

    def ask(self, sql: str, *values) -> list[tuple]:
        if self.address.startswith("sqlite"):
            with sqlite3.connect(self.address.removeprefix("sqlite:///"), timeout=30) as connection:
                return connection.execute(sql.replace("%s", "?"), values).fetchall()
        with psycopg.connect(self.address, autocommit=True) as connection:
            found = connection.execute(sql, values)
            return found.fetchall() if found.description else []

    def states(self) -> Counter:
        with suppress(psycopg.Error, sqlite3.Error):
            return Counter(dict(self.ask(world.OPEN)))
        return Counter()

    # --- what happens to them

    def kill_child(self) -> None:
        """-9 to one process that sends, or answers pages; its main process makes a new one."""
        web = self.running.get("web")
        pids = self.senders() + (children(web.process.pid) if web else [])
        if pids:
            with suppress(ProcessLookupError):
                os.kill(self.random.choice(pids), signal.SIGKILL)
        self.done["kill"] += 1

    def kill_main(self) -> None:
        """-9 to a worker, the scheduler, a web or the senders with all that they started, and a new start."""
        name = self.random.choice(list(self.running))
        self.running[name].kill()
        self.start(name)
        self.done["kill"] += 1

    def freeze_sender(self) -> None:
        """One that sends stands still for longer than its lease, and goes on."""
        with suppress(IndexError, ProcessLookupError):
            pid = self.random.choice(self.senders())
            os.kill(pid, signal.SIGSTOP)
            time.sleep(LEASE / self.speed + 1)
            os.kill(pid, signal.SIGCONT)
        self.done["sender frozen"] += 1

    def restart_orderly(self, grace: float = 60) -> None:
        """As an update does it: told to end, waited for as long as the compose file waits, started again."""
        name = self.random.choice([name for name in self.running if name not in ("web", "beat")])
        process = self.running[name].process
        process.send_signal(signal.SIGTERM)
        process.wait(grace)
        self.start(name)
        self.done["orderly restart"] += 1

    def withdraw_some(self, share: float) -> None:
        """So many of them leave the programme at the very moment when their letter is announced."""

        def at_rcpt(address: str) -> None:
            if address not in self.withdrawn and hash_of(address) < share:
                with suppress(psycopg.Error, sqlite3.Error):
                    self.ask(world.WITHDRAW, address)
                    self.withdrawn.add(address)

        self.post.at_rcpt = at_rcpt

    # --- what happens to the servers

    def redis_stops(self, redis) -> Callable[[], None]:
        return lambda: self._without("Redis stopped", redis.stop, redis.start, 1.5)

    def redis_freezes(self, redis) -> Callable[[], None]:
        return lambda: self._without("Redis frozen", redis.freeze, redis.thaw, 3)

    def redis_is_emptied(self, redis) -> Callable[[], None]:
        return lambda: self._without("Redis emptied", redis.flush, lambda: None, 0)

    def database_restarts(self, server) -> Callable[[], None]:
        """As told, or at once, when it recovers by itself."""

        def stop() -> None:
            self.post.shake(True)
            server.stop(self.random.choice((signal.SIGINT, signal.SIGQUIT)))

        def start() -> None:
            server.start()
            self.post.shake(False)

        return lambda: self._without("database restarted", stop, start, 0.5)

    def _without(self, name: str, go: Callable, back: Callable, most: float) -> None:
        go()
        time.sleep(self.random.uniform(0, most))
        back()
        self.done[name] += 1

    # --- how it goes on

    def through(self, events: list[Callable[[], None]], *, patience: float = 4) -> None:
        """The events one after the other, spread over the letters still to come; when nothing arrives for a
        while, the next at once."""
        for number, event in enumerate(events):
            wanted = self.rows * 0.9 * (number + 1) / (len(events) + 1)
            until = time.monotonic() + patience
            while self.post.total() < wanted and time.monotonic() < until:
                time.sleep(0.02)
            for name in list(self.running):
                self.is_there(name)
            event()

    def is_there(self, name: str) -> None:
        """A worker that gives up because its processes were killed (before they began, or while Redis was
        away) is started again, as the compose file does it. Anything else raises with its last words."""
        if name.startswith("celery") and self.running[name].process.poll() is not None:
            self.done["worker gave up"] += 1
            self.start(name)
        else:
            self.running[name].said()

    def settle(self, seconds: float) -> Counter:
        """No more faults: until nothing is open."""
        self.post.shares = {}

        def is_over() -> bool:
            for name in list(self.running):
                self.is_there(name)
            states = self.states()
            return sum(states.values()) >= self.rows and not set(states) - FINAL

        with suppress(TimeoutError):
            wait_until(lambda: is_over() or time.sleep(0.2), seconds=seconds, what="the end of all letters")
        return self.states()

    def found(self) -> list[dict]:
        for running in list(self.running.values()):
            with suppress(ProcessLookupError):
                running.kill()
        return self.fleet.read(world.READ)


CELERY = [BIN / "celery", "-A", "tests.faults.reminding_app"]


def children(pid: int) -> list[int]:
    with suppress(OSError):
        return [int(one) for one in Path(f"/proc/{pid}/task/{pid}/children").read_text().split()]
    return []


def hash_of(address: str) -> float:
    """The same for an address in each run, between 0 and 1."""
    return Random(address).random()
