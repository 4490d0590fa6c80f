"""A programme with a coordinator, a trainer and a running session; people are enrolled by the service."""

from datetime import time
from types import SimpleNamespace
from uuid import uuid4
from zoneinfo import ZoneInfo

import pytest
from django.utils import timezone

from tests.factories import (
    NOW,
    TODAY,
    make_coordinator,
    make_person,
    make_programme,
    make_trainer,
    make_venue,
)
from training import services


@pytest.fixture
def world(db):
    programme = make_programme(code="start-up", name="Start-up")
    return SimpleNamespace(
        programme=programme,
        coordinator=make_coordinator(programme),
        trainer=make_trainer(programme),
        venue=make_venue(programme.tenant),
    )


@pytest.fixture
def enrol(world):
    """Enrol somebody: `enrol("Mila Milić", born=1984)`."""

    def one(name: str = "Mila Milić", *, now=NOW, **person):
        who = make_person(world.programme.tenant, name=name, **person)
        return services.enrol(by=world.coordinator, programme=world.programme, person=who, now=now)

    return one


@pytest.fixture
def plan(world):
    """Plan a session today from 10 to 14 with half an hour of breaks: 210 minutes."""

    def one(title: str = "Business model", **fields):
        plain = {"day": TODAY, "start": time(10), "end": time(14), "break_minutes": 30}
        return services.plan_session(
            by=world.coordinator, programme=world.programme, title=title, **plain | fields
        )

    return one


@pytest.fixture
def running(plan):
    """A session that goes on while the test runs: the pages look at the real clock."""

    def one(title: str = "Business model", **fields):
        today = timezone.now().astimezone(ZoneInfo("Europe/Belgrade")).date()
        return plan(title, **{"day": today, "start": time(0), "end": time(23, 59)} | fields)

    return one


@pytest.fixture
def mark(world):
    """Record one mark and give its result: `mark(session, enrolment, "late", arrival=time(10, 25))`."""

    def one(session, enrolment, status="present", *, now=NOW, operation=None, **fields):
        what = {"operation": operation or uuid4(), "enrolment": enrolment, "status": status, **fields}
        [result] = services.record_marks(by=world.trainer, session=session, marks=[what], now=now)
        return result

    return one
