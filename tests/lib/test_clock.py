from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

import pytest
from django.core.exceptions import ValidationError
from django.utils import translation
from hypothesis import given
from hypothesis import strategies as st

from lib.clock import instant, is_zone, local

BELGRADE = "Europe/Belgrade"


@pytest.mark.parametrize(
    ("day", "at", "moment"),
    [
        (date(2027, 3, 27), time(18), datetime(2027, 3, 27, 17, tzinfo=UTC)),
        (date(2027, 3, 28), time(18), datetime(2027, 3, 28, 16, tzinfo=UTC)),
        (date(2027, 3, 28), time(1, 59), datetime(2027, 3, 28, 0, 59, tzinfo=UTC)),
        (date(2027, 3, 28), time(3), datetime(2027, 3, 28, 1, tzinfo=UTC)),
        (date(2027, 10, 31), time(18), datetime(2027, 10, 31, 17, tzinfo=UTC)),
        (date(2027, 10, 31), time(1, 59), datetime(2027, 10, 30, 23, 59, tzinfo=UTC)),
        (date(2027, 10, 31), time(3), datetime(2027, 10, 31, 2, tzinfo=UTC)),
    ],
)
def test_a_wall_time_is_one_instant(day, at, moment):
    assert instant(day, at, BELGRADE) == moment
    assert instant(day, at, BELGRADE).tzinfo is UTC


@pytest.mark.parametrize("at", [time(2), time(2, 30), time(2, 59, 59)])
@pytest.mark.parametrize("fold", [None, 0, 1])
def test_a_time_that_the_clocks_leave_out_is_refused_in_words(at, fold):
    with translation.override("en"), pytest.raises(ValidationError) as refused:
        instant(date(2027, 3, 28), at, BELGRADE, fold=fold)
    words = f"{at:%H:%M} does not exist on 28 March 2027 in Europe/Belgrade: the clocks change."
    assert (refused.value.messages, refused.value.code) == ([words], "gap")


def test_a_time_that_comes_twice_asks_which():
    with translation.override("en"), pytest.raises(ValidationError) as refused:
        instant(date(2027, 10, 31), time(2, 30), BELGRADE)
    words = "02:30 happens twice on 31 October 2027 in Europe/Belgrade: say which."
    assert (refused.value.messages, refused.value.code) == ([words], "twice")
    assert instant(date(2027, 10, 31), time(2, 30), BELGRADE, fold=0) == datetime(
        2027, 10, 31, 0, 30, tzinfo=UTC
    )
    assert instant(date(2027, 10, 31), time(2, 30), BELGRADE, fold=1) == datetime(
        2027, 10, 31, 1, 30, tzinfo=UTC
    )


@pytest.mark.parametrize(
    ("name", "known"),
    [
        (BELGRADE, True),
        ("UTC", True),
        ("Europe/Atlantis", False),
        ("Europe", False),
        ("", False),
        ("../../etc/passwd", False),
        ("/etc/localtime", False),
        ("Europe/Belgrade\x00", False),
        (None, False),
    ],
)
def test_names_of_zones(name, known):
    assert is_zone(name) is known


@pytest.mark.parametrize(
    ("day", "zone", "code"), [(date(2027, 1, 1), "Nowhere", "zone"), (date.min, BELGRADE, "range")]
)
def test_what_is_no_instant_is_refused(day, zone, code):
    with pytest.raises(ValidationError) as refused:
        instant(day, time(0), zone)
    assert refused.value.code == code


def test_a_moment_without_a_zone_is_no_instant():
    with pytest.raises(ValueError, match="without a zone"):
        local(datetime(2027, 1, 1), BELGRADE)  # noqa: DTZ001


ZONES = [
    BELGRADE,
    "Australia/Lord_Howe",
    "America/Sao_Paulo",
    "Asia/Kathmandu",
    "Africa/Casablanca",
    "Europe/Dublin",
]
HOURS = [datetime(2027, 3, 25, tzinfo=UTC) + timedelta(minutes=30 * n) for n in range(2 * 24 * 5)]
HOURS += [datetime(2027, 10, 28, tzinfo=UTC) + timedelta(minutes=30 * n) for n in range(2 * 24 * 5)]


@pytest.mark.parametrize("zone", ZONES)
def test_every_half_hour_around_the_changes_comes_back(zone):
    for moment in HOURS:
        wall = local(moment, zone)
        assert instant(wall.date(), wall.time(), zone, fold=wall.fold) == moment


@pytest.mark.parametrize("zone", ZONES)
def test_every_wall_time_has_one_answer_or_a_refusal(zone):
    """Against zoneinfo itself: a time exists when it survives the way to UTC and back."""
    for start in (date(2027, 3, 25), date(2027, 10, 28), date(2027, 4, 1)):
        for n in range(5 * 48):
            wall = datetime.combine(start, time(0)) + timedelta(minutes=30 * n)
            found = {
                back.astimezone(UTC)
                for fold in (0, 1)
                if (back := wall.replace(tzinfo=ZoneInfo(zone), fold=fold))
                .astimezone(UTC)
                .astimezone(ZoneInfo(zone))
                .replace(tzinfo=None)
                == wall
            }
            try:
                assert {instant(wall.date(), wall.time(), zone)} == found
            except ValidationError as refused:
                assert len(found) == {"gap": 0, "twice": 2}[refused.code]


@given(st.datetimes(datetime(2000, 1, 1), datetime(2040, 1, 1)), st.sampled_from(ZONES))  # noqa: DTZ001
def test_a_class_keeps_its_wall_time_a_week_later(wall, zone):
    try:
        first = instant(wall.date(), wall.time(), zone)
        next_one = instant(wall.date() + timedelta(days=7), wall.time(), zone)
    except ValidationError:
        return
    assert local(first, zone).time() == local(next_one, zone).time() == wall.time()
