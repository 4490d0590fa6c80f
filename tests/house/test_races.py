"""Ten equal requests at once have one effect and ten equal answers. Real threads, connections and locks."""

from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from threading import Barrier
from types import SimpleNamespace
from uuid import uuid4

import pytest
from django.core.exceptions import ValidationError
from django.db import connections
from django.test import Client
from django.utils import timezone

from accounts.models import AuditEntry
from ideas import services as ideas
from ideas.models import Idea, Nomination, Review, ReviewTask, Score
from jobs.models import Job
from mentoring import services as mentoring
from mentoring.models import Assignment, Meeting
from outcomes import services as outcomes
from people.models import Person
from tests.factories import (
    going_on,
    make_assignment,
    make_attendance,
    make_coordinator,
    make_enrolment,
    make_entry,
    make_idea,
    make_mentor,
    make_programme,
    make_report,
    make_round,
    make_seat,
    make_session,
    make_task,
    make_trainer,
    today_there,
)
from training import services as training
from training.models import Attendance, Certificate, Enrolment, Mark, SessionLog

pytestmark = [pytest.mark.postgres, pytest.mark.django_db(transaction=True)]
TAPS = 10


def at_once(*acts) -> list:
    """Do all of them in threads of their own, let go in the same moment; what each gave, errors raised."""
    barrier = Barrier(len(acts))

    def one(act):
        try:
            barrier.wait(10)
            return act()
        finally:
            connections.close_all()

    with ThreadPoolExecutor(len(acts)) as pool:
        return [future.result(30) for future in [pool.submit(one, act) for act in acts]]


@pytest.fixture
def world():
    """A session of today in a programme, somebody on its roster, a round that is open; real time."""
    now, programme = timezone.now(), make_programme()
    session = make_session(programme, **going_on())
    enrolment = make_enrolment(programme)
    make_entry(session, enrolment)
    turn = make_round(programme, opens_at=now - timedelta(days=1), closes_at=now + timedelta(days=1))
    return SimpleNamespace(
        now=now, programme=programme, session=session, enrolment=enrolment, round=turn,
        trainer=make_trainer(programme), coordinator=make_coordinator(programme), operation=uuid4(),
    )  # fmt: skip


def verbs(verb: str) -> int:
    return AuditEntry.objects.filter(verb=verb).count()


def test_a_mark(world):
    mark = {"operation": world.operation, "enrolment": world.enrolment.pk, "status": "present"}
    plain = {"by": world.trainer, "session": world.session, "marks": [mark], "now": world.now}
    results = at_once(*[lambda: training.record_marks(**plain)] * TAPS)
    assert sorted(result.outcome for [result] in results) == ["known"] * (TAPS - 1) + ["saved"]
    assert (Mark.objects.count(), Attendance.objects.count(), verbs("mark")) == (1, 1, 1)


def test_a_note(world):
    plain = {"by": world.trainer, "session": world.session, "operation": world.operation, "now": world.now}
    notes = at_once(*[lambda: training.write_log(text="Late start.", **plain)] * TAPS)
    assert {note.pk for note in notes} == {SessionLog.objects.get().pk}


def test_checking_in_by_code(world):
    plain = {"session": world.session, "enrolment": world.enrolment, "now": world.now}
    at_once(*[lambda: training.check_in(operation=uuid4(), **plain)] * TAPS)  # ten phones
    assert (Mark.objects.count(), Attendance.objects.count()) == (1, 1)


def test_somebody_at_the_door(world):
    plain = {"by": world.trainer, "session": world.session, "operation": world.operation, "now": world.now}
    came = at_once(*[lambda: training.add_walk_in(name="Mila Nova", phone="064 1", **plain)] * TAPS)
    assert {one.pk for one in came} == {Enrolment.objects.get(walk_in=True).pk}
    assert Person.objects.filter(name="Mila Nova").count() == 1


def test_an_idea(world):
    plain = {"by": None, "enrolment": world.enrolment, "session": world.session, "operation": world.operation}
    found = at_once(*[lambda: ideas.nominate(title="Bread", now=world.now, **plain)] * TAPS)
    assert {idea.pk for idea in found} == {Idea.objects.get().pk}
    assert (Nomination.objects.count(), verbs("nominated")) == (1, 1)


def test_ten_ideas_have_ten_numbers(world):
    plain = {"by": None, "enrolment": world.enrolment, "now": world.now}
    at_once(*[lambda n=n: ideas.nominate(title=f"Idea {n}", operation=uuid4(), **plain) for n in range(TAPS)])
    assert sorted(Idea.objects.values_list("number", flat=True)) == list(range(1, TAPS + 1))


def test_a_review(world):
    seat = make_seat(world.round, make_mentor(world.programme).person)
    task = make_task(seat, make_idea(world.programme, state="in_review"))
    scores = {one.pk: 4 for one in world.round.criteria.all()}

    def hand_in():
        own = ReviewTask.objects.get(pk=task.pk)  # each request reads it for itself
        return ideas.hand_in_review(by=seat.reviewer.user, task=own, scores=scores, now=world.now)

    reviews = at_once(*[hand_in] * TAPS)
    assert {review.pk for review in reviews} == {Review.objects.get().pk}
    assert (Score.objects.count(), verbs("handed in")) == (3, 1)


def test_two_who_step_back_at_once_give_the_idea_on_once_each(world):
    idea = make_idea(world.programme, state="in_review")
    seats = [make_seat(world.round, make_mentor(world.programme).person) for _ in range(4)]
    tasks = [make_task(seat, idea, place=1) for seat in seats[:2]]

    def step_back(pk):
        task = ReviewTask.objects.get(pk=pk)
        return ideas.cannot_judge(by=task.seat.reviewer.user, task=task, reason="no idea", now=world.now)

    at_once(*[lambda pk=task.pk: step_back(pk) for task in tasks])
    waiting = ReviewTask.objects.filter(idea=idea, state="waiting")
    assert sorted(waiting.values_list("seat", flat=True)) == [seat.pk for seat in seats[2:]]


def test_a_meeting(world):
    row = make_assignment(make_mentor(world.programme), world.enrolment)
    plain = {"by": row.mentor.person.user, "assignment": row, "operation": world.operation, "now": world.now}
    said = {"day": today_there(), "minutes": 60, "place": "online", "topic": "Prices"}
    meetings = at_once(*[lambda: mentoring.log_meeting(**plain, **said)] * TAPS)
    assert {meeting.pk for meeting in meetings} == {Meeting.objects.get().pk}
    row.refresh_from_db()
    assert (row.revision, verbs("log")) == (2, 1)


def test_a_meeting_through_the_page(world):
    """Nobody sees an error: each tap leads to the pair's page."""
    row = make_assignment(make_mentor(world.programme), world.enrolment)
    form = {
        "operation": str(world.operation), "day": str(today_there()), "minutes": 60, "place": "online",
        "topic": "Prices",
    }  # fmt: skip
    clients = [Client() for _ in range(TAPS)]
    for client in clients:
        client.force_login(
            row.mentor.person.user, backend="allauth.account.auth_backends.AuthenticationBackend"
        )
    path = f"/assignments/{row.pk}/meetings/new/"
    answers = at_once(*[lambda client=client: client.post(path, form) for client in clients])
    assert {(answer.status_code, answer.url) for answer in answers} == {(302, f"/assignments/{row.pk}/")}
    assert Meeting.objects.count() == 1


def test_an_assignment(world):
    """It has no operation: the first makes the pair, the others read why not."""
    mentor = make_mentor(world.programme)

    def assign():
        try:
            return mentoring.assign(
                by=world.coordinator, programme=world.programme, mentor=mentor, enrolment=world.enrolment,
                now=world.now,
            )  # fmt: skip
        except ValidationError as error:
            return error.messages

    results = at_once(*[assign] * TAPS)
    assert results.count(["This mentor guides this entrepreneur already."]) == TAPS - 1
    assert (Assignment.objects.count(), verbs("assign")) == (1, 1)


def test_the_last_free_place_of_a_mentor(world):
    mentor = make_mentor(world.programme)
    mentor.offers.update(capacity=1)
    people = [make_enrolment(world.programme) for _ in range(TAPS)]

    def assign(enrolment):
        try:
            mentoring.assign(
                by=world.coordinator, programme=world.programme, mentor=mentor, enrolment=enrolment,
                now=world.now,
            )  # fmt: skip
        except ValidationError as error:
            return error.messages

    results = at_once(*[lambda one=one: assign(one) for one in people])
    assert results.count(["She guides 1 already and offered no more."]) == TAPS - 1
    assert Assignment.objects.count() == 1


def test_a_summary(world):
    report = make_report()
    tenant = report.funding.project.tenant
    assert tenant != world.programme.tenant
    by = make_coordinator(report.funding.scopes.get().programme)
    found = at_once(*[lambda: outcomes.request_issue(by=by, report=report)] * TAPS)
    assert {job.pk for job in found} == {Job.objects.get().pk}


def test_the_register_and_ideas_of_one_room_do_not_wait_for_each_other(world):
    """Walk-ins hold the session and then the programme, nominations the programme and point to the session;
    both at once must not end with the database killing one of them."""
    people = [make_enrolment(world.programme) for _ in range(5)]
    door = {"by": world.trainer, "session": world.session, "now": world.now}
    room = {"by": None, "session": world.session, "now": world.now}
    for _turn in range(3):
        at_once(
            *[lambda n=n: training.add_walk_in(operation=uuid4(), name=f"New {n}", **door) for n in range(5)],
            *[
                lambda one=one: ideas.nominate(enrolment=one, operation=uuid4(), title="Bread", **room)
                for one in people
            ],
        )
    assert (Enrolment.objects.filter(walk_in=True).count(), Idea.objects.count()) == (15, 15)


def test_numbers_of_certificates(world):
    """Five people, each asked for twice in the same moment: no gap, no number twice."""
    people = [make_enrolment(world.programme) for _n in range(TAPS // 2)]
    for enrolment in people:
        make_attendance(make_entry(world.session, enrolment))

    def issue(enrolment):
        try:
            plain = {"by": world.coordinator, "enrolment": enrolment, "now": world.now}
            return training.issue_certificate(**plain).number
        except ValidationError:
            return None

    given = at_once(*[lambda one=one: issue(one) for one in people * 2])
    start = world.programme.code.upper()
    wanted = [f"{start}-{n:04}" for n in range(1, TAPS // 2 + 1)]
    assert sorted(filter(None, given)) == wanted
    assert sorted(Certificate.objects.values_list("number", flat=True)) == wanted
    assert verbs("issue") == TAPS // 2
