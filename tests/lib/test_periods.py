from datetime import date, timedelta

import pytest
from django.utils import translation
from hypothesis import given
from hypothesis import strategies as st

from lib.periods import Period

MARCH = Period(date(2017, 3, 1), date(2017, 4, 1))


@pytest.mark.parametrize(
    ("day", "inside"),
    [
        (date(2017, 2, 28), False),
        (date(2017, 3, 1), True),
        (date(2017, 3, 31), True),
        (date(2017, 4, 1), False),
    ],
)
def test_the_first_day_is_in_and_the_end_is_not(day, inside):
    assert (day in MARCH) is inside


@pytest.mark.parametrize(
    ("start", "end", "overlaps"),
    [
        (date(2017, 4, 1), date(2017, 5, 1), False),
        (date(2017, 3, 31), date(2017, 5, 1), True),
        (date(2017, 2, 1), date(2017, 3, 1), False),
        (date(2017, 2, 1), date(2017, 3, 2), True),
        (date(2017, 3, 10), date(2017, 3, 10), False),
    ],
)
def test_neighbours_do_not_overlap(start, end, overlaps):
    assert MARCH.overlaps(Period(start, end)) is overlaps
    assert Period(start, end).overlaps(MARCH) is overlaps


def test_its_last_day_and_length():
    assert (MARCH.last, MARCH.days, len(list(MARCH))) == (date(2017, 3, 31), 31, 31)
    assert Period.through(date(2017, 3, 1), date(2017, 3, 31)) == MARCH


def test_it_cannot_end_before_it_starts():
    with pytest.raises(ValueError, match="cannot end"):
        Period(date(2017, 3, 2), date(2017, 3, 1))


def test_it_is_said_with_its_last_day_in_the_readers_language():
    with translation.override("en"):
        assert str(MARCH) == "1 March 2017 – 31 March 2017"
        assert str(Period.through(date(2017, 3, 8), date(2017, 3, 8))) == "8 March 2017"
    with translation.override("sr-latn"):
        assert str(MARCH) == "1. marta 2017. – 31. marta 2017."


days = st.dates(date(2000, 1, 1), date(2040, 1, 1))
periods = st.builds(lambda start, n: Period(start, start + timedelta(days=n)), days, st.integers(0, 60))


@given(periods, periods)
def test_two_overlap_when_a_day_is_in_both(one, other):
    assert one.overlaps(other) is bool(set(one) & set(other))
