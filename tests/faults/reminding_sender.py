"""Senders without a broker, as the bench starts them: `python -m tests.faults.reminding_sender 3`. One
process reads the program once and forks; whoever of the others is killed is replaced at once."""

import os
import signal
import sys
import time
import traceback

import django

WITHOUT = "BENCH_WITHOUT"  # which guard is taken away; read here and nowhere in the product


def main(count: int) -> None:
    django.setup()
    from tests.faults import reminding_clock, reminding_guards

    reminding_clock.apply()
    reminding_guards.take_away(os.environ.get(WITHOUT, ""))
    warm()
    stopping: list[int] = []
    signal.signal(signal.SIGTERM, lambda number, frame: stopping.append(number))
    children: dict[int, int] = {}
    while not stopping:
        for place in set(range(count)) - set(children.values()):
            children[child(place)] = place
        time.sleep(0.02)
        while (ended := os.waitpid(-1, os.WNOHANG) if children else (0, 0))[0]:
            children.pop(ended[0], None)
            if not children:
                break
    for pid in children:
        os.kill(pid, signal.SIGTERM)
    for pid in children:
        os.waitpid(pid, 0)


def warm() -> None:
    """What every child needs is read once."""
    from django.template.loader import get_template
    from django.urls import reverse

    reverse("desk:today")
    for name in ("reminders/mail.html", "reminders/mail.txt"):
        get_template(name)


def child(place: int) -> int:
    if pid := os.fork():
        return pid
    try:
        send(place)
    except BaseException:
        traceback.print_exc()
    os._exit(0)


def send(place: int) -> None:
    """The first plans each time, the others now and then; all send."""
    from django.db import DatabaseError, connection

    from lib import halting
    from reminders.services import plan, send_due
    from tests.faults.reminding_clock import now

    signal.signal(signal.SIGTERM, halting.on_term)
    rounds = 0
    while not halting.asked():
        try:
            if place == 0 or rounds % 20 == 19:
                plan(now())
            send_due(now())
        except DatabaseError as error:
            print(type(error).__name__, str(error).splitlines()[:1], flush=True)
            connection.close()
        rounds += 1
        time.sleep(0.2)


if __name__ == "__main__":
    main(int(sys.argv[1]))
