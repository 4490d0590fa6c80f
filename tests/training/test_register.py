"""The fold of marks, and minutes: pure, so every order and every edge is tried."""

from datetime import UTC, date, datetime, time, timedelta
from types import SimpleNamespace
from uuid import UUID

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from training.models import Session, Status
from training.register.reckoning import Sitting, fold, instant, late_by, minutes, sitting_of

MINUTE = timedelta(minutes=1)

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


@settings(deadline=None)
@given(marks, st.randoms())
def test_state_does_not_depend_on_the_order_they_are_read_in(found, chance):
    shuffled = [*found]
    chance.shuffle(shuffled)
    assert fold(shuffled) == fold(found)


@settings(deadline=None)
@given(marks)
def test_the_same_operation_again_changes_nothing(found):
    once = {}
    for mark in found:
        once.setdefault(mark.operation, mark)
    assert fold(found) == fold(once.values())


@settings(deadline=None)
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


# --- breaks by the clock

BY_THE_CLOCK = Sitting(at(10), at(14), 30, 210, ((at(12), at(12, 30)),))


@pytest.mark.parametrize(
    ("status", "arrival", "leaving", "expected"),
    [
        (Status.LATE, at(10, 1), None, 209),
        (Status.LATE, at(12), None, 90),  # the break that she missed costs nothing
        (Status.LATE, at(12, 20), None, 90),
        (Status.LATE, at(12, 30), None, 90),
        (Status.LATE, at(13, 59), None, 1),
        (Status.LEFT_EARLY, None, at(12), 120),
        (Status.LEFT_EARLY, None, at(12, 10), 120),
        (Status.LEFT_EARLY, None, at(13), 150),
        (Status.LEFT_EARLY, at(11), at(13), 90),
        (Status.LEFT_EARLY, at(12, 5), at(12, 20), 0),
        (Status.HALF_DAY, None, None, 105),
    ],
)
def test_minutes_around_breaks(status, arrival, leaving, expected):
    assert minutes(BY_THE_CLOCK, status, arrival, leaving) == expected


def test_half_a_day_is_rounded_down_and_what_the_source_knew_counts():
    assert minutes(Sitting(None, None, 0, 91), Status.HALF_DAY, None, None) == 45
    assert minutes(SITTING, Status.PRESENT, None, None, 120) == 120
    assert minutes(SITTING, Status.LATE, None, None, 120) == 120
    assert minutes(SITTING, Status.PRESENT, None, None, 999) == 210  # the session was made shorter since
    assert minutes(SITTING, Status.ABSENT, None, None, 120) == 0
    assert minutes(Sitting(None, None, 0, None), Status.PRESENT, None, None, 120) is None


@st.composite
def sittings(draw):
    """Any session with any breaks: also two that overlap, lie outside, or are only known as minutes."""
    start, length = draw(st.integers(0, 600)), draw(st.integers(1, 800))
    pairs = draw(st.lists(st.tuples(st.integers(0, 1400), st.integers(1, 200)), max_size=3))
    known = draw(st.booleans())
    breaks = tuple((at(0) + n * MINUTE, at(0) + (n + long) * MINUTE) for n, long in pairs) if known else ()
    lost = draw(st.integers(0, length))
    return Sitting(at(0) + start * MINUTE, at(0) + (start + length) * MINUTE, lost, length - lost, breaks)


clocks = st.integers(0, 1500).map(lambda n: at(0) + n * MINUTE)
there = st.sampled_from([Status.PRESENT, Status.LATE, Status.LEFT_EARLY, Status.HALF_DAY])


@settings(deadline=None)
@given(sittings(), st.sampled_from(Status.values[:6]), st.none() | clocks, st.none() | clocks)
def test_minutes_lie_between_none_and_the_whole_session(sitting, status, arrival, leaving):
    found = minutes(sitting, status, arrival, leaving)
    assert found is None or 0 <= found <= sitting.planned


@settings(deadline=None)
@given(sittings(), st.lists(clocks, min_size=4, max_size=4))
def test_who_was_there_longer_has_no_fewer_minutes(sitting, times):
    came, later, earlier, went = sorted(times)
    both = minutes(sitting, Status.LEFT_EARLY, came, went)
    assert both >= minutes(sitting, Status.LEFT_EARLY, later, went)
    assert both >= minutes(sitting, Status.LEFT_EARLY, came, earlier)
    assert both >= minutes(sitting, Status.LEFT_EARLY, later, earlier)
    assert minutes(sitting, Status.LATE, came, None) >= both
    assert minutes(sitting, Status.PRESENT, None, None) >= minutes(sitting, Status.LATE, came, None)


@settings(deadline=None)
@given(sittings(), st.integers(0, 900), st.integers(0, 900))
def test_a_source_that_says_more_gives_no_less(sitting, some, more):
    low, high = sorted([some, more])
    assert minutes(sitting, Status.PRESENT, None, None, low) <= minutes(
        sitting, Status.PRESENT, None, None, high
    )


def test_breaks_are_read_in_the_sessions_own_time():
    session = Session(
        day=date(2025, 7, 1), start=time(10), end=time(14), zone="Europe/Belgrade", break_minutes=30,
        breaks=[["12:00", "12:30"]],
    )  # fmt: skip
    session.starts_at, session.ends_at = instant(session, session.start), instant(session, session.end)
    sitting = sitting_of(session, 210)
    assert sitting.breaks == (
        (datetime(2025, 7, 1, 10, tzinfo=UTC), datetime(2025, 7, 1, 10, 30, tzinfo=UTC)),
    )
    assert minutes(sitting, Status.LATE, instant(session, time(12, 15)), None) == 90
    assert late_by(session, time(12, 15)) == 135
    session.day = date(2025, 3, 30)  # clocks skip 02:30: then the minutes count as a whole
    session.breaks = [["02:30", "03:30"]]
    assert sitting_of(session, 210).breaks == ()


def test_a_session_without_length_has_unknown_minutes():
    assert minutes(Sitting(None, None, 0, None), Status.PRESENT, None, None) is None
    assert minutes(Sitting(None, None, 0, 90), Status.PRESENT, None, None) == 90
    assert minutes(Sitting(None, None, 0, 90), Status.LATE, at(10), None) is None
