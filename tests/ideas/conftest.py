"""A round on which two mentors judge two ideas of two entrepreneurs, at the time it is now."""

from datetime import timedelta
from types import SimpleNamespace

import pytest
from django.utils import timezone

from tests.factories import (
    make_coordinator,
    make_enrolment,
    make_idea,
    make_mentor,
    make_person,
    make_programme,
    make_round,
    make_seat,
    make_task,
    make_trainer,
)


@pytest.fixture
def now():
    return timezone.now().replace(microsecond=0)


@pytest.fixture
def world(db, now):
    programme = make_programme()
    person = make_person(programme.tenant, name="Nevenka Zlatiborac")
    enrolment = make_enrolment(programme, person=person)
    ideas = [
        make_idea(
            programme,
            title="Sušara za šljive",
            summary="Zajednička sušara za pet sela.",
            enrolments=[enrolment],
        ),
        make_idea(
            programme,
            title="Pivo od hleba",
            summary="Hleb umesto slada.",
            enrolments=[make_enrolment(programme)],
        ),
    ]
    for idea in ideas:
        idea.state = "in_review"
        idea.save()
    round = make_round(programme, opens_at=now - timedelta(days=1), closes_at=now + timedelta(days=1))
    mentors = [make_mentor(programme) for _ in range(2)]
    seats = [make_seat(round, mentor.person) for mentor in mentors]
    tasks = [[make_task(seat, idea) for idea in ideas] for seat in seats]
    return SimpleNamespace(
        programme=programme,
        coordinator=make_coordinator(programme),
        trainer=make_trainer(programme),
        enrolment=enrolment,
        ideas=ideas,
        round=round,
        criteria=list(round.criteria.all()),
        mentors=[mentor.person.user for mentor in mentors],
        people=[mentor.person for mentor in mentors],
        seats=seats,
        tasks=tasks,
    )


@pytest.fixture
def scores(world):
    """Five, four, three: with weights 50, 30, 20 a mean of 4.3."""
    return {criterion.pk: value for criterion, value in zip(world.criteria, (5, 4, 3), strict=True)}
