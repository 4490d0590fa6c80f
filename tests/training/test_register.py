"""The fold of marks, and minutes: pure, so every order and every edge is tried."""

from datetime import UTC, datetime, time
from types import SimpleNamespace
from uuid import UUID

import pytest
from hypothesis import given
from hypothesis import strategies as st

from training.models import Status
from training.register import Sitting, fold, minutes

marks = st.lists(
    st.builds(
        SimpleNamespace,
        operation=st.integers(1, 6).map(lambda n: UUID(int=n)),
        status=st.sampled_from(Status.values),
        arrival=st.none() | st.times(),
        leaving=st.none(),
    ),
    max_size=12,
).map(lambda found: [setattr(mark, "pk", n) or mark for n, mark in enumerate(found)])


@given(marks, st.randoms())
def test_state_does_not_depend_on_the_order_they_are_read_in(found, chance):
    shuffled = [*found]
    chance.shuffle(shuffled)
    assert fold(shuffled) == fold(found)


@given(marks)
def test_the_same_operation_again_changes_nothing(found):
    once = {}
    for mark in found:
        once.setdefault(mark.operation, mark)
    assert fold(found) == fold(once.values())


@given(marks)
def test_the_last_distinct_operation_decides(found):
    state = fold(found)
    first_of = {}
    for mark in found:
        first_of.setdefault(mark.operation, mark)
    last = list(first_of.values())[-1] if first_of else None
    if last is None or last.status == Status.CLEARED:
        assert state is None
    else:
        assert (state.mark, state.status) == (last, last.status)


def at(hour: int, minute: int = 0) -> datetime:
    return datetime(2025, 3, 12, hour, minute, tzinfo=UTC)


SITTING = Sitting(at(10), at(14), break_minutes=30, planned=210)


@pytest.mark.parametrize(
    ("status", "arrival", "leaving", "expected"),
    [
        (Status.PRESENT, None, None, 210),
        (Status.EXCUSED, None, None, 0),
        (Status.ABSENT, None, None, 0),
        (Status.LATE, at(10, 1), None, 209),
        (Status.LATE, at(10), None, 210),
        (Status.LATE, at(9), None, 210),
        (Status.LATE, at(13, 29), None, 1),
        (Status.LATE, at(13, 30), None, 0),
        (Status.LATE, at(13, 59), None, 0),
        (Status.LATE, None, None, None),
        (Status.LEFT_EARLY, None, at(13, 59), 209),
        (Status.LEFT_EARLY, None, at(14), 210),
        (Status.LEFT_EARLY, None, at(15), 210),
        (Status.LEFT_EARLY, None, at(10, 30), 0),
        (Status.LEFT_EARLY, None, None, None),
        (Status.LEFT_EARLY, at(11), at(13), 90),
    ],
)
def test_minutes(status, arrival, leaving, expected):
    assert minutes(SITTING, status, arrival, leaving) == expected


@given(st.sampled_from(Status.values[:5]), st.none() | st.times(), st.none() | st.times())
def test_minutes_never_exceed_the_session(status, arrival, leaving):
    def moment(one: time | None) -> datetime | None:
        return datetime.combine(at(0).date(), one, UTC) if one else None

    found = minutes(SITTING, status, moment(arrival), moment(leaving))
    assert found is None or 0 <= found <= 210


def test_a_session_without_length_has_unknown_minutes():
    assert minutes(Sitting(None, None, 0, None), Status.PRESENT, None, None) is None
    assert minutes(Sitting(None, None, 0, 90), Status.PRESENT, None, None) == 90
    assert minutes(Sitting(None, None, 0, 90), Status.LATE, at(10), None) is None
