from datetime import timedelta
from uuid import uuid4

import pytest

from tests.factories import NOW, make_enrolment
from training import services
from training.checkin import candidates
from training.models import Attendance, Mark


def come(session, enrolment, minutes, operation=None):
    """Check in so many minutes after the start (10:00)."""
    now = NOW + timedelta(minutes=minutes)
    return services.check_in(session=session, enrolment=enrolment, operation=operation or uuid4(), now=now)


def state(enrolment):
    row = Attendance.objects.filter(entry__enrolment=enrolment).select_related("mark").first()
    return (row.status, str(row.arrival)[:5] if row.arrival else "", row.mark.source) if row else None


@pytest.mark.parametrize(
    ("minutes", "expected"),
    [
        (-30, ("present", "", "code")),
        (0, ("present", "", "code")),
        (9.99, ("present", "", "code")),
        (10, ("late", "10:10", "code")),
        (239, ("late", "13:59", "code")),
        (240, None),  # it is over: only the trainer marks now
    ],
)
def test_on_time_until_ten_minutes_after_the_start(enrol, plan, minutes, expected):
    one = enrol("Ana")
    come(plan(), one, minutes)
    assert state(one) == expected


def test_a_second_check_in_changes_nothing(enrol, plan):
    one = enrol("Ana")
    session, operation = plan(), uuid4()
    come(session, one, 0, operation)
    assert come(session, one, 0, operation) is None
    assert come(session, one, 90) is None
    assert Mark.objects.count() == 1


def test_the_trainers_late_stays_the_trainers_absent_gives_way(enrol, plan, mark):
    one, two = enrol("Ana"), enrol("Mira")
    session = plan()
    mark(session, one, "present")
    mark(session, two, "absent")
    come(session, one, 60)
    come(session, two, 60)
    assert state(one) == ("present", "", "tap")
    assert state(two) == ("late", "11:00", "code")


def test_who_is_not_on_the_roster_is_kept_unsettled(world, plan):
    session = plan()
    one = make_enrolment(world.programme)
    assert come(session, one, 0).outcome == services.Outcome.UNSETTLED
    assert state(one) is None


def test_candidates(world, enrol):
    milica, other = enrol("Jovanović Milica", born=1984), enrol("Милица Петровић", born=1990)
    twin, gone = enrol("Milica Đurić", born=1990), enrol("Vesna Kostić", born=1970)
    services.set_enrolment_state(by=world.coordinator, enrolment=gone, state="withdrawn", reason="x", now=NOW)
    unknown = enrol("Zora Zorić", born=None)

    def found(**said):
        return candidates(world.programme, **said)

    assert found(first_name="Милица", born=1984) == [milica]
    assert found(first_name="milica", born=1990) in ([other, twin], [twin, other])
    assert found(first_name="Mil", born=1984) == []
    assert found(first_name="Vesna", born=1970) == []
    assert found(first_name="Zora", born=None) == []
    assert found(first_name="Zora", born=1985) == []
    assert found(row_code="а1") == [milica]  # Cyrillic а
    assert found(row_code=f" {unknown.row_code.lower()} ") == [unknown]
    assert found(row_code="A9") == []
