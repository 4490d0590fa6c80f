"""Two transactions that mark at once: each mark is kept, in one order, and the chain holds."""

from datetime import timedelta
from threading import Barrier, Thread
from types import SimpleNamespace
from uuid import uuid4

import pytest
from django.core.exceptions import ValidationError
from django.db import connection
from django.utils import timezone

from tests.factories import going_on, make_enrolment, make_entry, make_programme, make_session, make_trainer
from training import services
from training.models import Attendance, Mark, Session
from training.register.verifying import Counts, verify

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.postgres]
PHONES, TAPS = 8, 5


@pytest.fixture
def room():
    programme = make_programme()
    session = make_session(programme, **going_on())
    people = [make_enrolment(programme) for _n in range(3)]
    for who in people:
        make_entry(session, who)
    return SimpleNamespace(
        programme=programme, session=session, people=people, trainer=make_trainer(programme)
    )


def at_once(*acts) -> None:
    barrier, failures = Barrier(len(acts)), []

    def run(act):
        try:
            barrier.wait(10)
            act()
        except Exception as error:  # it is the test's to fail
            failures.append(error)
        finally:
            connection.close()

    threads = [Thread(target=run, args=(act,)) for act in acts]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(60)
    assert failures == []


def test_eight_phones_mark_the_same_person(room):
    def phone(n: int):
        for tap in range(TAPS):
            mark = {
                "operation": uuid4(), "enrolment": room.people[0].pk, "device": f"phone {n}", "seen": "",
                "status": "present" if (n + tap) % 2 else "absent",
            }  # fmt: skip
            services.record_marks(by=room.trainer, session=room.session, marks=[mark], now=timezone.now())

    at_once(*[lambda n=n: phone(n) for n in range(PHONES)])
    session, marks = Session.objects.get(pk=room.session.pk), Mark.objects.order_by("pk")
    assert (marks.count(), session.chain_length) == (PHONES * TAPS, PHONES * TAPS)
    assert list(verify(Session.objects.all(), Counts())) == []
    assert Attendance.objects.get().mark == marks.last()


def test_verifying_while_people_are_marked_raises_no_false_alarm(room):
    wrong = []

    def tap():
        for _n in range(20):
            mark = {"operation": uuid4(), "enrolment": room.people[1].pk, "status": "present"}
            services.record_marks(by=room.trainer, session=room.session, marks=[mark], now=timezone.now())

    def look():
        for _n in range(20):
            wrong.extend(verify(Session.objects.all(), Counts()))

    at_once(tap, tap, look)
    assert (wrong, Mark.objects.count()) == ([], 40)


def test_one_phone_for_two_people_at_once(room):
    """Both posts hold an open code: one of them comes in."""
    came, now = [], timezone.now() + timedelta(seconds=1)

    def come(who):
        try:
            services.check_in(
                session=room.session, enrolment=who, operation=uuid4(), device="row:aa", now=now
            )
            came.append(who)
        except ValidationError as error:
            assert error.code == "twice"

    at_once(*[lambda who=who: come(who) for who in room.people])
    assert (len(came), Mark.objects.count()) == (1, 1)
