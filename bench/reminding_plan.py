"""The planning half of bench_reminders: 20,000 people on rosters of sessions in the next days.

`figures()` yields them. It runs `python -m bench.reminding_plan WORD` on a PostgreSQL of its own: `make`
fills the database, `time` measures, `memory N` says the peak of a process that plans for N of them.
"""

import json
import resource
import statistics
import sys
import time
from collections.abc import Callable, Iterator
from datetime import timedelta

import django

from bench.doors import Figure

PEOPLE, FEW, EACH, ROUNDS = 20_000, 2_000, 200, 3


def figures() -> Iterator[Figure]:
    from bench.bench_export import measuring

    with measuring("bench.reminding_plan") as said:
        said("make")
        found = said("time")
        peaks = {n: said("memory", str(n))["peak"] for n in (FEW, PEOPLE)}
    first, again, gone = found["first"], found["again"], found["gone"]
    rate = PEOPLE / first["ours"]
    print(f"  planned {PEOPLE} in {first['ours']:.1f} s ({rate:.0f}/s), {first['queries']} queries; ", end="")
    print(f"the bare query and insert of the same rows {first['bare']:.1f} s")
    print(f"  a sweep that finds nothing new {again['ours']:.2f} s, {again['queries']} queries; ", end="")
    print(f"the bare queries of who is due and what is known {again['bare']:.2f} s")
    print(f"  all cancelled: {PEOPLE} dropped in {gone['ours']:.1f} s, {gone['queries']} queries; ", end="")
    print(f"one bare update {gone['bare']:.2f} s")
    print("  peak of the process: " + ", ".join(f"{mb:.0f} MB for {n}" for n, mb in peaks.items()))
    assert first["queries"] <= 250 and again["queries"] <= 200, "more queries the more people there are"
    yield Figure("reminders.plan-20000-to-bare-insert", first["bare"] / first["ours"], 0.5)
    yield Figure("reminders.sweep-to-bare-query", again["bare"] / again["ours"], 0.25)
    yield Figure("reminders.plan-memory-2000-to-20000", peaks[FEW] / peaks[PEOPLE], 0.66)


def make() -> dict:
    from django.core.management import call_command
    from django.utils import timezone

    from people.models import Person
    from tests import factories
    from training.models import Enrolment, RosterEntry

    call_command("migrate", verbosity=0)
    for code, people in (("few", FEW), ("many", PEOPLE)):
        day = timezone.now().date() + timedelta(days=3)
        programme = factories.make_programme(code=code, start=day, end=None)
        sessions = [
            factories.make_session(programme, day=day + timedelta(days=n % 9)) for n in range(people // EACH)
        ]
        rows = [
            Person(tenant=programme.tenant, name=f"{code} {n}", email=f"{code}{n}@primer.example")
            for n in range(people)
        ]
        rows = Person.objects.bulk_create(rows, batch_size=1000)
        rows = [
            Enrolment(programme=programme, person=one, state="enrolled", row_code=f"{n:05}")
            for n, one in enumerate(rows)
        ]
        rows = Enrolment.objects.bulk_create(rows, batch_size=1000)
        rows = [RosterEntry(session=sessions[n // EACH], enrolment=one) for n, one in enumerate(rows)]
        RosterEntry.objects.bulk_create(rows, batch_size=1000)
    return {}


def timings() -> dict:
    """Seconds (medians) of each, ours and bare by turns, and how many queries ours takes."""
    from django.utils import timezone

    from reminders import services

    now = timezone.now()
    _only("many")
    services.plan(now)  # the rules
    said = {}
    for name, steps in {"first": (_emptied, _inserted), "again": (_nothing, _read)}.items():
        before, bare = steps
        said[name] = _by_turns(before, lambda: services.plan(now), bare)
    said["gone"] = _by_turns(_cancelled, lambda: services.plan(now), _updated, rounds=1)
    return said


def _by_turns(before: Callable, ours: Callable, bare: Callable, rounds: int = ROUNDS) -> dict:
    from django.db import connection
    from django.test.utils import CaptureQueriesContext

    times: dict[str, list[float]] = {"ours": [], "bare": []}
    for _round in range(rounds):
        for name, work in (("ours", ours), ("bare", bare)):
            before()
            began = time.perf_counter()
            work()
            times[name].append(time.perf_counter() - began)
    before()
    with CaptureQueriesContext(connection) as asked:
        ours()
    return {name: statistics.median(each) for name, each in times.items()} | {"queries": len(asked)}


def _only(code: str) -> None:
    """Only this programme goes on: the other one is over."""
    from people.models import Programme
    from reminders.models import Rule

    Programme.objects.exclude(code=code).update(start="2000-01-01", end="2001-01-01")
    Rule.objects.exclude(programme__code=code).delete()


def _emptied() -> None:
    from reminders.models import Reminder

    Reminder.objects.all()._raw_delete("default")


def _nothing() -> None:
    pass


def _due() -> list[tuple]:
    """Who must hear of what, as the database says it: one query."""
    from training.models import RosterEntry

    rows = RosterEntry.objects.filter(session__programme__code="many", session__cancelled_at=None)
    fields = ("session", "enrolment__person", "session__revision", "session__starts_at")
    return list(rows.order_by().values_list(*fields))


def _inserted() -> None:
    from reminders.models import Reminder, Rule

    rule = Rule.objects.get(programme__code="many", kind="session_tomorrow")
    rows = [
        Reminder(
            rule=rule, person_id=person, subject_type="training.session", subject_id=session,
            subject_revision=revision, due_at=at, send_before=at,
        )
        for session, person, revision, at in _due()
    ]  # fmt: skip
    Reminder.objects.bulk_create(rows, batch_size=500)
    assert len(rows) == PEOPLE


def _read() -> None:
    from reminders.models import Reminder

    fields = ("pk", "person", "subject_id", "subject_revision", "state", "due_at", "wanted_at", "send_before")
    known = Reminder.objects.order_by().values_list(*fields)
    assert len(list(known)) == len(_due()) == PEOPLE


def _cancelled() -> None:
    from django.utils import timezone

    from reminders.models import Reminder
    from training.models import Session

    Reminder.objects.update(state="planned", reason="")
    Session.objects.filter(programme__code="many").update(cancelled_at=timezone.now())


def _updated() -> None:
    from reminders.models import Reminder

    assert Reminder.objects.filter(state="planned").update(state="dropped", reason="-") == PEOPLE


def memory(people: int) -> dict:
    """Peak MB of this process, which plans for so many."""
    from django.utils import timezone

    from people.models import Programme
    from reminders import services
    from training.models import Session

    code = "few" if people == FEW else "many"
    Session.objects.update(cancelled_at=None)
    Programme.objects.filter(code=code).update(end=None)
    _only(code)
    _emptied()
    assert services.plan(timezone.now()) == people
    return {"peak": resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024}


if __name__ == "__main__":
    django.setup()
    match sys.argv[1:]:
        case ["make"]:
            answer = make()
        case ["time"]:
            answer = timings()
        case ["memory", number]:
            answer = memory(int(number))
    print(json.dumps(answer))
