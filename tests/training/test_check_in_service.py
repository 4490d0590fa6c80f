from datetime import timedelta
from uuid import uuid4

import pytest
from django.core.exceptions import ValidationError

from tests.factories import NOW, make_enrolment
from training import services
from training.models import Attendance, Enrolment, Mark
from training.register.checkin import candidates, is_elsewhere


def come(session, enrolment, minutes, operation=None, **more):
    """Check in so many minutes after the start (10:00)."""
    fields = {"now": NOW + timedelta(minutes=minutes), "operation": operation or uuid4()} | more
    return services.check_in(session=session, enrolment=enrolment, **fields)


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


def test_only_who_is_on_the_roster(world, plan):
    session = plan()
    one = make_enrolment(world.programme)
    with pytest.raises(ValidationError, match="not on the roster") as refused:
        come(session, one, 0)
    assert (refused.value.code, Mark.objects.count()) == ("unknown", 0)


def test_one_phone_checks_in_one_person(enrol, plan):
    one, two, three = enrol("Ana"), enrol("Mira"), enrol("Zora")
    session, other = plan(), plan("Day 2")
    come(session, one, 0, device="row:aa")
    with pytest.raises(ValidationError, match="somebody else already") as refused:
        come(session, two, 0, device="name:aa")
    assert refused.value.code == "twice"
    come(session, two, 0, device="row:bb")
    come(other, three, 0, device="row:aa")  # one person a session
    come(session, three, 0, device="row:aa", is_shared=True)  # the trainer put up the codes for that
    assert [state(who)[2] for who in (one, two, three)] == ["code"] * 3


def test_a_trainer_strikes_it_out_and_she_does_not_come_in_again(world, enrol, plan):
    one, two = enrol("Ana"), enrol("Mira")
    session, operation = plan(), uuid4()
    come(session, one, 0, device="row:aa")

    def strike(reason="she is in Niš", **more):
        fields = {"operation": operation, "mark": Mark.objects.first(), "reason": reason} | more
        return services.strike_out(by=world.trainer, session=session, now=NOW, **fields)

    with pytest.raises(ValidationError, match="Write why"):
        strike(" ")
    assert strike().outcome == "saved"
    assert strike().outcome == "known"
    assert state(one) is None
    assert [(m.status, m.reason, m.by) for m in Mark.objects.all()] == [
        ("present", "", None),
        ("cleared", "struck out: she is in Niš", world.trainer),
    ]
    with pytest.raises(ValidationError, match="no longer stands"):
        strike(operation=uuid4())
    with pytest.raises(ValidationError, match="took your check-in back") as refused:
        come(session, one, 5, device="row:bb")
    assert refused.value.code == "struck"
    come(session, two, 5, device="row:aa")  # the phone is hers again


def test_only_what_came_by_code_is_struck_out(world, enrol, plan, mark):
    one = enrol("Ana")
    session = plan()
    mark(session, one)
    with pytest.raises(ValidationError, match="no longer stands"):
        services.strike_out(
            by=world.trainer, session=session, mark=Mark.objects.get(), reason="x", operation=uuid4(), now=NOW
        )


def test_candidates(world, enrol, plan):
    milica, other = enrol("Jovanović Milica", born=1984), enrol("Милица Петровић", born=1990)
    twin, gone = enrol("Milica Đurić", born=1990), enrol("Vesna Kostić", born=1970)
    unknown = enrol("Zora Zorić", born=None)
    session = plan()
    services.set_enrolment_state(by=world.coordinator, enrolment=gone, state="withdrawn", reason="x", now=NOW)
    enrol("Dara Darić", born=1977)
    elsewhere = Enrolment.objects.get(person__name="Dara Darić")
    session.roster.filter(enrolment=elsewhere).delete()

    def found(**said):
        return candidates(session, **said)

    assert found(first_name="Милица", born=1984) == [milica]
    assert found(first_name="milica", born=1990) in ([other, twin], [twin, other])
    assert found(first_name="Mil", born=1984) == []
    assert found(first_name="Vesna", born=1970) == []
    assert found(first_name="Zora", born=None) == []
    assert found(first_name="Zora", born=1985) == []
    assert found(first_name="Dara", born=1977) == []  # she takes part, and is not expected today
    assert found(row_code=elsewhere.row_code) == []
    assert found(row_code="а1") == [milica]  # Cyrillic а
    assert found(row_code=f" {unknown.row_code.lower()} ") == [unknown]
    assert found(row_code="A9") == []


def test_who_is_expected_elsewhere(world, enrol, plan):
    one, session = enrol("Ana"), plan()
    other = plan("Day 2")
    session.roster.all().delete()
    assert is_elsewhere(session, NOW, row_code=one.row_code)
    assert not is_elsewhere(session, NOW, row_code="Z9")
    assert not is_elsewhere(other, NOW, row_code=one.row_code)
    assert not is_elsewhere(session, NOW + timedelta(days=1), row_code=one.row_code)
