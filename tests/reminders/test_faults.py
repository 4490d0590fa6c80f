"""The short form of `make faults ONLY=reminders`: senders killed at each step, two at once, a clock that is
wrong, and whatever may happen to a session in whichever order."""

import os
import signal
import threading
import traceback
from datetime import timedelta
from random import Random

import pytest
from django.db import connection, transaction
from hypothesis import HealthCheck, Phase, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, rule
from hypothesis.stateful import run_state_machine_as_test as walk_through

from reminders import services
from reminders.models import Reminder, Rule
from reminders.services import claiming, sending
from tests.factories import make_entry, make_programme, make_session
from tests.faults.reminding_clock import START
from tests.faults.reminding_guards import take_away
from tests.faults.reminding_smtp import Post
from tests.faults.reminding_walk import Walk

PEOPLE = 6
LATER = claiming.LEASE + claiming.BREATH + timedelta(minutes=1)


@pytest.fixture
def post(settings):
    """An SMTP server that counts copies; on PostgreSQL and SQLite the real transport delivers there."""
    from config import settings as ours

    settings.EMAIL_BACKEND = ours.EMAIL_BACKEND
    with Post(1, delay=1, patience=3600, senders=list) as post:
        settings.EMAIL_HOST, settings.EMAIL_PORT = "127.0.0.1", post.port
        post.keeps = True
        yield post


@pytest.fixture
def people(transactional_db):
    """So many women on the roster of a session tomorrow, each with a letter that is due."""
    day = START.date() + timedelta(days=1)
    programme = make_programme(start=day, end=day + timedelta(days=30))
    session = make_session(programme, day=day)
    entries = [make_entry(session) for _number in range(PEOPLE)]
    services.plan(START)  # gives the rules
    Rule.objects.filter(kind="session_tomorrow").update(at_hour=8)
    services.plan(START)
    return [entry.enrolment.person.email for entry in entries]


def killed_at(monkeypatch, place: str, number: int) -> None:
    """This process forks; the child dies by -9 at that step of its so many-th letter."""
    real, count = getattr(sending, place), []

    def dies(*what, **fields):
        if fields.get("state", "sent") == "sent":
            count.append(1)
        if len(count) == number:
            os.kill(os.getpid(), signal.SIGKILL)
        return real(*what, **fields)

    monkeypatch.setattr(sending, place, dies)
    connection.close()
    if (pid := os.fork()) == 0:
        try:
            services.send_due(START)
        except Exception:
            traceback.print_exc()
        finally:
            os._exit(3)
    assert os.waitstatus_to_exitcode(os.waitpid(pid, 0)[1]) == -signal.SIGKILL
    monkeypatch.setattr(sending, place, real)


@pytest.mark.parametrize(
    ("place", "copies"),
    [("claim", 0), ("hand_over", 0), ("settle", 1)],
    ids=["before it is claimed", "before it is handed over", "after it was taken"],
)
def test_a_killed_sender_loses_nothing_and_doubles_only_what_was_in_its_hand(
    people, post, monkeypatch, place, copies
):
    killed_at(monkeypatch, place, 1 if place == "claim" else 3)
    come_back()
    assert is_kept(post)
    assert sorted(map(len, post.copies.values())) == [1] * (PEOPLE - copies) + [2] * copies


def come_back() -> None:
    """Others send; what was in the dead one's hand waits for a breath."""
    services.send_due(START + LATER)
    services.send_due(START + LATER + claiming.BREATH)


def is_kept(post) -> bool:
    """All are sent, under their own id, and twice only what may not have arrived."""
    rows = list(Reminder.objects.select_related("person"))
    twice = {to for to, ids in post.copies.items() if len(ids) == 2}
    return (
        {row.state for row in rows} == {"sent"}
        and {row.message_id for row in rows} == set(post.ids)
        and {row.person.email for row in rows if row.unsure} == twice
    )


@pytest.mark.parametrize(
    "guard",
    [
        "a mark before the text leaves",
        "what the dead left is taken up",
        "one Message-ID over all tries",
        "a lease before others take over",
    ],
)
def test_without_a_guard_it_is_not_kept(people, post, monkeypatch, guard):
    for name in ("claim", "hand_over", "recover"):
        monkeypatch.setattr(sending, name, getattr(sending, name))  # is put back at the end
    monkeypatch.setattr(Reminder, "message_id", Reminder.message_id)
    take_away(guard)
    killed_at(monkeypatch, "settle", 3)
    if guard == "a lease before others take over":
        Reminder.objects.filter(state="handing_over").update(lease_until=START + LATER)
        services.send_due(START)  # the one that is handing it over still lives, for all that is known
        assert Reminder.objects.get(unsure=1).state == "planned"
        return
    come_back()
    assert not is_kept(post)


def test_five_senders_and_planners_at_once_write_to_each_once(people, post):
    failed = []

    def work(seconds: int) -> None:
        try:
            now = START + timedelta(minutes=2, seconds=seconds)
            services.plan(now)
            services.send_due(now)
        except Exception as error:
            failed.append(error)
        finally:
            connection.close()

    threads = [threading.Thread(target=work, args=(wrong,)) for wrong in (-90, -45, 0, 45, 90)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert failed == []
    assert sorted(post.copies) == sorted(people)
    assert [len(ids) for ids in post.copies.values()] == [1] * PEOPLE
    assert Reminder.objects.filter(person__email__in=people, unsure=0, state="sent").count() == PEOPLE


@pytest.mark.parametrize("step", ["connect", "ehlo", "mail", "rcpt", "data", "body", "dot"])
def test_a_mail_server_that_hangs_up_at_any_step_keeps_nobody_from_her_letter(people, post, step):
    post.shares = {step: 1.0}
    post.random = _Always("drop")
    services.send_due(START)
    post.shares = {}
    for number in range(1, 5):
        services.send_due(START + number * timedelta(minutes=40))
    rows = Reminder.objects.select_related("person")
    assert {row.state for row in rows} == {"sent"}
    for row in rows:
        assert len(post.copies[row.person.email]) in ((1, 2) if row.unsure else (1,))


class _Always(Random):
    """Each time the same act, and what was taken is not said to have been."""

    def __init__(self, act: str):
        super().__init__(1)
        self.act = act

    def random(self) -> float:
        return 0.7

    def choice(self, acts):
        return self.act


# --- whatever happens, in whichever order

seeds = st.integers(0, 10**6)
_post: list[Post] = []


class Machine(RuleBasedStateMachine):
    @initialize(seed=seeds)
    def begun(self, seed):
        self.savepoint = transaction.atomic()
        self.savepoint.__enter__()
        _post[0].letters.clear()
        _post[0].ids.clear()
        self.walk = Walk(_post[0], Random(seed))
        self.walk.plan()
        self.walk.add()

    @rule()
    def something_happens(self):
        self.walk.step()

    @rule()
    def the_sender_comes(self):
        self.walk.sweep()

    @invariant()
    def nothing_wrong_was_said(self):
        assert getattr(self, "walk", None) is None or self.walk.wrong == []

    def teardown(self):
        if hasattr(self, "walk"):
            self.walk.end()
            transaction.set_rollback(True)
            self.savepoint.__exit__(None, None, None)
            assert self.walk.wrong == []


@pytest.mark.django_db
def test_a_letter_says_what_the_records_say_when_it_is_handed_over(post):
    _post[:] = [post]
    walk_through(
        Machine,
        settings=settings(
            max_examples=3,
            stateful_step_count=8,
            deadline=None,
            derandomize=True,
            database=None,
            phases=[Phase.generate],
            suppress_health_check=list(HealthCheck),
        ),
    )
    assert post.total() > 0
