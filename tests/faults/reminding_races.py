"""Five schedulers at once, with clocks up to 90 s wrong: `python -m tests.faults.reminding_races 3`."""

import json
import multiprocessing
import os
import sys
import time
from datetime import timedelta

WRONG = (-90, -45, 0, 45, 90)  # seconds


def main(rounds: int) -> None:
    """Forks them all at once, round after round; each round its clocks are five minutes further."""
    import django

    django.setup()
    import reminders.services  # noqa: F401 - read once, before the fork
    from tests.faults.reminding_clock import START

    fork = multiprocessing.get_context("fork")
    for number in range(rounds):
        now = START + timedelta(minutes=5 * number)
        gate = fork.Barrier(len(WRONG))
        processes = [fork.Process(target=plan, args=(gate, now + timedelta(seconds=s))) for s in WRONG]
        for process in processes:
            process.start()
        for process in processes:
            process.join()
            assert process.exitcode == 0
    print(json.dumps({"rounds": rounds}))


def plan(gate, now) -> None:
    from django.db import connection

    from reminders import services
    from reminders.services import planning

    connection.ensure_connection()
    write = planning._write
    # a machine that is busy between reading and writing
    planning._write = lambda *what: (time.sleep(0.1), write(*what))
    gate.wait(30)
    services.plan(now)


ROWS = """
from datetime import date, time, timedelta
from reminders.models import Rule
from tests import factories as make
programme = make.make_programme(start=date(2027, 3, 1), end=date(2027, 6, 1))
for kind in Rule.Kind.values:
    Rule.objects.create(programme=programme, kind=kind, is_on=kind in ("session_tomorrow", "session_today"))
people = [make.make_enrolment(programme) for n in range({people})]
for n in range({sessions}):
    when = {{"day": date(2027, 3, 11) + timedelta(days=n), "start": time(18), "end": time(20)}}
    session = make.make_session(programme, **when)
    for one in people:
        make.make_entry(session, one)
"""
# the guard, taken away
UNGUARDED = """
from django.db import connection
from reminders.models import Reminder
guards, Reminder._meta.constraints = Reminder._meta.constraints, []
with connection.schema_editor() as editor:
    if connection.vendor == "sqlite":
        editor._remake_table(Reminder)
    else:
        for one in guards:
            editor.remove_constraint(Reminder, one)
"""
FOUND = """
import json
from django.db.models import Count
from reminders.models import Reminder
key = ("rule", "person", "subject_type", "subject_id", "subject_revision")
rows = Reminder.objects.order_by().values(*key).annotate(n=Count("pk"))
print(json.dumps({"rows": len(rows), "more": sum(row["n"] > 1 for row in rows)}))
"""


def raced(fleet, *, people: int = 8, sessions: int = 5, rounds: int = 3, guarded: bool = True) -> dict:
    """How many (rule, person, session, revision) have a row, and how many of these more than one."""
    fleet.script(ROWS.format(people=people, sessions=sessions))
    if not guarded:
        fleet.script(UNGUARDED)
    began = time.monotonic()
    fleet._done([sys.executable, "-m", "tests.faults.reminding_races", str(rounds)], "races")
    return fleet.read(FOUND) | {
        "wanted": people * sessions * 2,
        "seconds": round(time.monotonic() - began, 1),
    }


if __name__ == "__main__":
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings")
    main(int(sys.argv[1]))
