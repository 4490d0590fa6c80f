"""The short form of `make faults ONLY=register`: 150 people marked in a browser while the network is cut."""

import random

from django.db.models import Count

from tests import factories as make
from tests.faults.cutting import Line
from tests.faults.fault_register import check
from tests.faults.registering import Phone, judged, keep_all
from tests.fixtures.browser import PHONE, signed_in
from training.models import Attendance, Mark

SESSIONS, PEOPLE, CUTS, SEED = 5, 30, 45, 4


def test_a_hundred_and_fifty_people_through_a_cut_network(transactional_db, live_server, browser):
    programme = make.make_programme()
    trainer = make.make_trainer(programme)
    people = [make.make_enrolment(programme) for _number in range(PEOPLE)]
    sessions = [make.make_session(programme) for _number in range(SESSIONS)]
    for session in sessions:
        for enrolment in people:
            make.make_entry(session, enrolment)
    with Line(live_server.thread.port, seed=SEED) as line:
        home = f"http://localhost:{line.port}"
        context = browser.new_context(viewport={"width": PHONE[0], "height": PHONE[1]}, has_touch=True)
        context.add_cookies(signed_in(home, trainer))
        phone = Phone(context, home, held=held, random=random.Random(SEED))
        done = keep_all(
            phone,
            line,
            [session.pk for session in sessions],
            [enrolment.pk for enrolment in people],
            cuts=CUTS,
            odd=lambda number: {"offline": number % 2 == 1, "two_tabs": number == 2, "clock": number // 4},
        )
        context.close()
    found = judged(done, operations(), statuses())
    print(f"seed {SEED}; {dict(found)}; cuts {dict(line.done)}")
    check(found)
    assert found["taps"] >= SESSIONS * PEOPLE
    assert line.done.total() >= CUTS


def held(session: int) -> int:
    return Mark.objects.filter(session=session).count()


def operations() -> dict[int, int]:
    return dict(Mark.objects.order_by().values_list("session").annotate(Count("pk")))


def statuses() -> dict[int, dict[int, str]]:
    found = {}
    rows = Attendance.objects.values_list("entry__session", "entry__enrolment", "status")
    for session, enrolment, status in rows:
        found.setdefault(session, {})[enrolment] = status
    return found
