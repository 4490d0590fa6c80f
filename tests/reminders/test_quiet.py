"""Quiet hours, minute by minute, also while the clocks change (P21)."""

from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from reminders.quiet import HEADROOM, allowed, is_quiet, zone_of

BELGRADE = "Europe/Belgrade"
ZONES = (BELGRADE, "America/New_York", "Australia/Lord_Howe", "Asia/Kathmandu", "Africa/Casablanca", "UTC")
WINDOWS = (
    (time(21), time(8)),  # over midnight, as usual
    (time(1, 30), time(2, 30)),  # inside of the hour that is left out, or that comes twice
    (time(2, 30), time(12)),
    (time(14), time(2, 15)),
    (time(12), time(12)),  # empty
    (time(0), time(23, 59)),
)
WEEKS = (date(2027, 3, 25), date(2027, 10, 28))
MINUTE = timedelta(minutes=1)


def minutes(first: date, days: int = 7) -> list[datetime]:
    start = datetime.combine(first, time(), UTC)
    return [start + n * MINUTE for n in range(days * 24 * 60)]


def wall_is_quiet(at: datetime, zone: str, starts: time, ends: time) -> bool:
    """Said another way than ours: by the minutes of the day."""
    here = at.astimezone(ZoneInfo(zone))
    now, since, until = (t.hour * 60 + t.minute for t in (here, starts, ends))
    return (now - since) % 1440 < (until - since) % 1440


@pytest.mark.parametrize("first", WEEKS)
@pytest.mark.parametrize(("starts", "ends"), WINDOWS)
def test_every_minute_of_both_weeks(first, starts, ends):
    """Moved to the first minute that is not quiet, and to no other; nothing leaves in a quiet one."""
    found, following, wrong = {}, None, []
    for at in reversed(minutes(first, 9)):
        following = following if wall_is_quiet(at, BELGRADE, starts, ends) else at
        found[at] = following
    for at in minutes(first):
        if allowed(at, zone=BELGRADE, starts=starts, ends=ends) != found[at]:
            wrong.append(at)
    assert wrong == []


@pytest.mark.parametrize("first", WEEKS)
@pytest.mark.parametrize(("starts", "ends"), WINDOWS)
def test_never_past_its_subject(first, starts, ends):
    """A subject four hours later: before it, never in a quiet hour, and as near as it goes."""
    hours, wrong, all_of_them = {"zone": BELGRADE, "starts": starts, "ends": ends}, [], minutes(first, 8)
    quiet = {at: wall_is_quiet(at, BELGRADE, starts, ends) for at in all_of_them}
    for at in all_of_them[24 * 60 : 7 * 24 * 60 : 7]:
        before = at + timedelta(hours=4)
        moment = allowed(at, before=before, **hours)
        later = next((n for n in range(240) if not quiet[at + n * MINUTE]), None)
        if later is not None:
            wrong += [at] if moment != at + later * MINUTE else []
            continue
        earlier = next(n for n in range(1, 24 * 60) if not quiet[at - n * MINUTE])
        last = at - earlier * MINUTE  # the last minute that is not quiet
        is_near = last + MINUTE - HEADROOM <= moment <= last
        wrong += [] if is_near and not wall_is_quiet(moment, **hours_of(hours)) else [at]
    assert wrong == []


def hours_of(hours: dict) -> dict:
    return {"zone": hours["zone"], "starts": hours["starts"], "ends": hours["ends"]}


def test_where_only_quiet_hours_are_left_there_is_no_moment():
    now = datetime(2027, 3, 1, 22, 0, tzinfo=UTC)  # 23:00, of a session at 07:30
    hours = {"zone": BELGRADE, "starts": time(21), "ends": time(8), "before": now + timedelta(hours=8.5)}
    assert allowed(now, after=now, **hours) is None
    assert allowed(now, **hours) == datetime(2027, 3, 1, 19, 55, tzinfo=UTC)


at_any = st.integers(0, 420 * 24 * 3600).map(
    lambda n: datetime(2026, 12, 1, tzinfo=UTC) + timedelta(seconds=n)
)
wall = st.times().map(lambda at: at.replace(second=0, microsecond=0))


@settings(max_examples=300, deadline=None, derandomize=True)
@given(at_any, st.sampled_from(ZONES), wall, wall, st.integers(1, 3000))
def test_any_moment_in_any_zone(at, zone, starts, ends, minutes_left):
    hours = {"zone": zone, "starts": starts, "ends": ends}
    before = at + minutes_left * MINUTE
    free, bound = allowed(at, **hours), allowed(at, before=before, **hours)
    assert not is_quiet(free, **hours) and not is_quiet(bound, **hours)
    assert at <= free <= at + timedelta(hours=26) and bound < before
    assert is_quiet(at, **hours) == wall_is_quiet(at, zone, starts, ends)
    assert bound == free if free < before else bound < at


def test_a_zone_that_does_not_exist_is_the_programmes():
    assert zone_of("Europe/Beograd", BELGRADE) == zone_of("", BELGRADE) == BELGRADE
    assert zone_of("Asia/Kathmandu", BELGRADE) == "Asia/Kathmandu"
    with pytest.raises((LookupError, ValueError)):
        allowed(datetime(2027, 3, 1, tzinfo=UTC), zone="Europe/Beograd", starts=time(21), ends=time(8))
