from datetime import datetime, timedelta
from decimal import Decimal
from zoneinfo import ZoneInfo

import pytest

from ideas.scoring import minutes_left, weighted_mean

START = datetime(2025, 3, 12, 20, 0, tzinfo=ZoneInfo("Europe/Belgrade"))


def test_a_mean_counts_weights():
    assert weighted_mean([(5, 50), (4, 30), (3, 20)]) == Decimal("4.300")


def test_weights_need_not_add_up_to_a_hundred():
    assert weighted_mean([(5, 1), (2, 2)]) == Decimal("3.000")
    assert weighted_mean([(4, 40), (3, 35), (5, 45)]) == Decimal("4.083")


def test_a_half_is_rounded_up():
    assert weighted_mean([(1, 15), (2, 1)]) == Decimal("1.063")  # 1.0625


def test_nothing_to_weigh_is_no_mean():
    with pytest.raises(ValueError, match="no weight"):
        weighted_mean([])


def moments(*minutes):
    return [START + timedelta(minutes=minute) for minute in minutes]


def test_what_is_left_goes_by_her_own_median():
    assert minutes_left(moments(0, 2, 4, 10), waiting=26) == 55  # 2 minutes each, up to the next 5


def test_the_order_of_moments_does_not_matter():
    assert minutes_left(moments(4, 0, 2, 10), waiting=26) == 55


def test_a_pause_is_no_work():
    assert minutes_left(moments(0, 2, 4, 600, 602), waiting=10) == 20


@pytest.mark.parametrize("done", [(), (0,), (0, 2), (0, 300, 900)])
def test_a_pace_that_is_not_known_is_not_guessed(done):
    assert minutes_left(moments(*done), waiting=10) is None


def test_nothing_is_left_when_nothing_waits():
    assert minutes_left(moments(0, 2, 4, 6), waiting=0) is None
