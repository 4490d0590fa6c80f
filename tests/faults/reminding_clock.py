"""Time runs faster in the senders of the bench: a lease of minutes ends within seconds. Waiting for a mail
server is shortened alike, so that a lease stays longer than the longest wait."""

import os
import time
from datetime import UTC, datetime, timedelta
from types import SimpleNamespace

START = datetime(2027, 3, 10, 7, 5, tzinfo=UTC)  # 8:05 in Belgrade, the day before the session
BEGUN, SPEED = "BENCH_BEGUN", "BENCH_SPEED"  # in the environment
FLOOR = 1.0  # seconds: a busy machine is slow, not wrong
SHORTENED = ("COMMAND_SECONDS", "TEXT_SECONDS", "FINAL_DOT_SECONDS")


def now() -> datetime:
    """What the clock of the bench shows."""
    passed = time.time() - float(os.environ[BEGUN])
    return START + timedelta(seconds=passed * float(os.environ[SPEED]))


def monotonic() -> float:
    return time.monotonic() * float(os.environ[SPEED])


def apply() -> None:
    """In the process of a sender, before it sends anything."""
    from lib import smtp
    from reminders import tasks
    from reminders.services import sending

    for name in SHORTENED:
        setattr(smtp, name, max(FLOOR, getattr(smtp, name) / float(os.environ[SPEED])))
    tasks.timezone = SimpleNamespace(now=now)
    sending.time = SimpleNamespace(monotonic=monotonic)
