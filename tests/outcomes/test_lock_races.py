"""A period is locked while somebody writes a fact of it: one of them waits. Real threads and connections."""

from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, date, datetime
from threading import Event

import pytest
from django.core.exceptions import ValidationError
from django.db import connection, connections, transaction

from outcomes import services
from outcomes.models import PeriodLock
from tests.factories import make_coordinator, make_funding
from tests.outcomes.answered import sheet_of_all
from tests.services import wait_until

pytestmark = [pytest.mark.postgres, pytest.mark.django_db(transaction=True)]
THEN = date(2025, 1, 10)
AT, NOW = datetime(2025, 1, 10, 12, tzinfo=UTC), datetime(2025, 6, 1, 12, tzinfo=UTC)


@pytest.fixture
def world():
    found = sheet_of_all(opens=date(2025, 1, 1), closes=date(2025, 2, 1))
    found.by = make_coordinator(found.programme)
    found.funding = make_funding(found.programme)
    said = {"kind": "agreement", "title": "Before", "day": THEN, "now": AT}
    found.result = services.save_result(by=found.by, programme=found.programme, **said)
    return found


def lock(world):
    period = {"start": date(2025, 1, 1), "end": date(2025, 2, 1)}
    return services.lock_period(by=world.by, programme=world.programme, now=NOW, **period)


FACTS = {
    "result": lambda w: services.save_result(
        by=w.by, programme=w.programme, kind="agreement", title="A", day=THEN, now=AT
    ),
    "withdrawal": lambda w: services.withdraw_result(by=w.by, result=w.result, reason="Wrong", now=NOW),
    "evidence": lambda w: services.add_evidence(
        by=w.by, result=w.result, address="https://example.org/a", now=NOW
    ),
    "cost": lambda w: services.save_cost(
        by=w.by, funding=w.funding, programme=w.programme, kind="spent", name="Hall", amount=5,
        currency="EUR", day=THEN,
    ),
    "grant": lambda w: services.save_grant(by=w.by, programme=w.programme, amounts=[(5, "EUR")], day=THEN),
    "answer": lambda w: services.save_answers(
        by=w.by, invitation=w.invitation, said={"jobs": "3"}, now=AT
    ),
}  # fmt: skip


def somebody_waits() -> bool:
    with connection.cursor() as cursor:
        cursor.execute("SELECT count(*) FROM pg_locks WHERE NOT granted AND locktype = 'advisory'")
        return cursor.fetchone()[0] > 0


def one_after_the_other(first, second) -> tuple[str, str]:
    """`first` is held back before it commits until `second` waits for it; what became of each."""
    has_begun = Event()

    def tried(act) -> str:
        try:
            act()
        except ValidationError as error:
            return error.code if hasattr(error, "code") else " ".join(error.messages)
        return "kept"

    def ahead():
        with transaction.atomic():
            said = tried(first)
            has_begun.set()
            wait_until(somebody_waits, seconds=10, what="the second waits for the first")
        return said

    def behind():
        assert has_begun.wait(10)
        return tried(second)

    def closing(act):
        try:
            return act()
        finally:
            connections.close_all()

    with ThreadPoolExecutor(2) as pool:
        found = [pool.submit(closing, act) for act in (ahead, behind)]
        return tuple(one.result(30) for one in found)


@pytest.mark.parametrize("fact", FACTS)
def test_a_fact_waits_for_a_period_that_is_being_locked_and_is_refused(world, fact):
    found = one_after_the_other(lambda: lock(world), lambda: FACTS[fact](world))
    assert found == ("kept", "locked")


@pytest.mark.parametrize("fact", FACTS)
def test_a_period_is_locked_after_the_fact_that_is_being_written(world, fact):
    assert one_after_the_other(lambda: FACTS[fact](world), lambda: lock(world)) == ("kept", "kept")
    assert PeriodLock.objects.get().start == date(2025, 1, 1)


def test_two_facts_do_not_wait_for_each_other(world):
    def both():
        with transaction.atomic():
            FACTS["result"](world)
            with ThreadPoolExecutor(1) as pool:
                other = pool.submit(lambda: (FACTS["cost"](world), connections.close_all()))
                return other.result(10)[0]

    assert both().amount == 5
