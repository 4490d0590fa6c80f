"""The sending half of bench_reminders: 10,000 letters to a mail server on this machine, beside a loop of
smtplib that hands over one ready message again and again on one connection.

`figures()` yields them. It runs `python -m bench.reminding_send WORD …` in processes of their own, on a
PostgreSQL of its own: a sender is a process, as in real life. Each is started, says that it is ready, and
goes on when told.
"""

import asyncio
import json
import os
import resource
import smtplib
import subprocess
import sys
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from datetime import timedelta
from typing import Any

import django

from bench.doors import Figure

LETTERS, FEW, PART = 10_000, 1_000, 2_000
RAW_ONE, RAW_TWO = 0.9, 1.5  # of the raw loop: by one sender, by two


def figures() -> Iterator[Figure]:
    from bench.installed import installed
    from tests.services import free_port

    port = free_port()
    where = {"EMAIL_HOST": "127.0.0.1", "EMAIL_PORT": str(port), "LOG_LEVEL": "ERROR"}
    with installed(**where) as project, running(project, ["sink", str(port)]) as sink:
        heard(sink)
        yield from measured(project)


def measured(project) -> Iterator[Figure]:
    def rate(*senders: Sequence[str]) -> tuple[float, list[dict]]:
        """Letters a second of these processes together."""
        with many(project, senders) as started:
            said = [heard(one) for one in told(started)]
        took = max(one["ended"] for one in said) - min(one["began"] for one in said)
        return sum(one["letters"] for one in said) / took, said

    project.python("-m", "bench.reminding_send", "make", str(LETTERS))
    raw, parts = [], []
    for _turn in range(3):  # by turns, because the machine has other work too
        raw.append(rate(["raw", str(PART)])[0])
        project.python("-m", "bench.reminding_send", "due", str(PART))
        parts.append(rate(["send"])[0])
    built = rate(["built", str(PART)])[0]
    limit, ours = sorted(raw)[1], sorted(parts)[1]
    project.python("-m", "bench.reminding_send", "due", str(FEW))
    few = rate(["send", "queries"])[1][0]
    project.python("-m", "bench.reminding_send", "due", str(LETTERS))
    whole, (many_,) = rate(["send"])
    project.python("-m", "bench.reminding_send", "due", str(LETTERS))
    both, said = rate(["send"], ["send"])
    assert many_["letters"] == LETTERS and sum(one["letters"] for one in said) == LETTERS
    print(
        f"  a ready message on one connection {limit:.0f}/s ({', '.join(f'{one:.0f}' for one in raw)}); ",
        end="",
    )
    print(f"built each time and sent so {built:.0f}/s")
    print(f"  one sender {ours:.0f}/s ({', '.join(f'{one:.0f}' for one in parts)}), ", end="")
    print(f"{LETTERS} in one go {whole:.0f}/s; two senders {both:.0f}/s")
    print(f"  {few['queries'] / FEW:.2f} queries a letter; peak of the process: ", end="")
    print(f"{few['peak']:.0f} MB for {FEW}, {many_['peak']:.0f} MB for {LETTERS}")
    yield Figure("reminders.one-sender-to-raw-loop", ours / limit, RAW_ONE)
    yield Figure("reminders.one-sender-to-building-loop", ours / built, RAW_ONE)
    yield Figure("reminders.two-senders-to-raw-loop", both / limit, RAW_TWO)
    yield Figure("reminders.two-senders-to-building-loop", both / built, RAW_TWO)
    yield Figure("reminders.send-memory-1000-to-10000", few["peak"] / many_["peak"], 0.9)


@contextmanager
def running(project, words: Sequence[str]) -> Iterator[subprocess.Popen]:
    from tests import programs

    command = [sys.executable, "-m", "bench.reminding_send", *words]
    pipes = {"stdin": subprocess.PIPE, "stdout": subprocess.PIPE, "text": True}
    process = subprocess.Popen(command, cwd=programs.ROOT, env=project.environment, **pipes)
    try:
        yield process
    finally:
        process.kill()
        process.wait()


@contextmanager
def many(project, senders: Sequence[Sequence[str]]) -> Iterator[list[subprocess.Popen]]:
    from contextlib import ExitStack

    with ExitStack() as stack:
        yield [stack.enter_context(running(project, words)) for words in senders]


def told(started: list[subprocess.Popen]) -> list[subprocess.Popen]:
    """All of them, once each is ready, begin at once."""
    for one in started:
        assert heard(one) == "ready"
    for one in started:
        one.stdin.write("go\n")
        one.stdin.flush()
    return started


def heard(process: subprocess.Popen) -> Any:
    line = process.stdout.readline()
    assert line, "a process of the bench ended before it spoke"
    return json.loads(line)


def say(what: Any) -> None:
    print(json.dumps(what), flush=True)


# --- the processes -----------------------------------------------------------------------------------


def sink(port: int) -> None:
    """Takes everything and keeps nothing."""
    from aiosmtpd.smtp import SMTP

    class Hole:
        async def handle_DATA(self, server, session, envelope):
            return "250 kept"

    async def main() -> None:
        loop = asyncio.get_running_loop()
        server = await loop.create_server(lambda: SMTP(Hole(), hostname="sink"), "127.0.0.1", port)
        say("ready")
        await server.serve_forever()

    asyncio.run(main())


def make(letters: int) -> None:
    from datetime import time as wall

    from django.utils import timezone

    from people.models import Person
    from reminders import services
    from reminders.models import QuietHours
    from tests import factories
    from training.models import Enrolment, RosterEntry

    day = timezone.now().date() + timedelta(days=3)
    programme = factories.make_programme(start=day, end=day + timedelta(days=200))
    factories.make_funding(programme, start=programme.start, end=programme.end)
    QuietHours.objects.create(programme=programme, starts=wall(3), ends=wall(3))
    sessions = [
        factories.make_session(programme, day=day + timedelta(days=n % 9)) for n in range(letters // 50)
    ]
    people = [
        Person(
            tenant=programme.tenant, name=f"Ana Anić {n}", email=f"ana{n}@primer.example", language="sr-latn"
        )
        for n in range(letters)
    ]
    people = Person.objects.bulk_create(people, batch_size=1000)
    rows = [
        Enrolment(programme=programme, person=one, state=Enrolment.State.ENROLLED, row_code=f"{n:05}")
        for n, one in enumerate(people)
    ]
    rows = Enrolment.objects.bulk_create(rows, batch_size=1000)
    rows = [RosterEntry(session=sessions[n // 50], enrolment=one) for n, one in enumerate(rows)]
    RosterEntry.objects.bulk_create(rows, batch_size=1000)
    assert services.plan(timezone.now()) == letters


def due(letters: int) -> None:
    """So many are due now, as if none had ever been sent."""
    from django.utils import timezone

    from reminders.models import Attempt, Reminder

    now = timezone.now()
    Attempt.objects.all()._raw_delete("default")
    Reminder.objects.update(
        state="planned", claim=None, attempts=0, sent_at=None, due_at=now + timedelta(days=2)
    )
    first = Reminder.objects.order_by("pk").values("pk")[:letters]
    Reminder.objects.filter(pk__in=list(first.values_list("pk", flat=True))).update(due_at=now)


def timed(work, letters: int | None = None) -> None:
    say("ready")
    sys.stdin.readline()
    began = time.time()
    done = work()
    said = {"began": began, "ended": time.time(), "letters": letters if letters is not None else done}
    say(said | {"peak": resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024} | EXTRA)


EXTRA: dict[str, int] = {}


def send(counting: bool) -> None:
    from django.db import connection, reset_queries
    from django.utils import timezone

    from reminders import services

    connection.ensure_connection()
    services.messages_of([one_of_them()])  # templates and catalogues are loaded once in the life of a worker

    def work() -> int:
        reset_queries()
        with counted(connection) if counting else contextmanager(lambda: iter([None]))():
            return services.send_due(timezone.now()).get("sent", 0)

    timed(work)


@contextmanager
def counted(connection) -> Iterator[None]:
    EXTRA["queries"] = 0

    def count(execute, sql, params, many, context):
        EXTRA["queries"] += 1
        return execute(sql, params, many, context)

    with connection.execute_wrapper(count):
        yield


def raw(letters: int) -> None:
    """The limit: nothing is built, nothing is written down."""
    message = message_of_one()
    sender, receiver = message["From"].addresses[0].addr_spec, message["To"]
    text = message.as_bytes()

    def work() -> None:
        with smtplib.SMTP("127.0.0.1", int(os.environ["EMAIL_PORT"])) as smtp:
            for _n in range(letters):
                smtp.sendmail(sender, [receiver], text)

    timed(work, letters)


def built(letters: int) -> None:
    """Each message is put together from ready words before it is sent: what a plain mail loop does."""
    from lib import mail

    made = message_of_one()
    parts = {kind: made.get_body((kind,)).get_content() for kind in ("plain", "html")}
    sender, receiver = made["From"].addresses[0].addr_spec, made["To"]

    def work() -> None:
        with smtplib.SMTP("127.0.0.1", int(os.environ["EMAIL_PORT"])) as smtp:
            for _n in range(letters):
                one = mail.build(
                    to=receiver, subject=made["Subject"], text=parts["plain"], html=parts["html"]
                )
                smtp.sendmail(sender, [receiver], one.as_bytes())

    timed(work, letters)


def one_of_them():
    from reminders.models import Reminder

    return Reminder.objects.select_related("rule__programme", "person").order_by("pk")[0]


def message_of_one():
    from reminders import services

    return services.message_of(one_of_them())


if __name__ == "__main__":
    match sys.argv[1:]:
        case ["sink", port]:
            sink(int(port))
        case [word, *further]:
            django.setup()
            if word == "send":
                send(bool(further))
            else:
                {"make": make, "due": due, "raw": raw, "built": built}[word](int(further[0]))
