"""P9 for sessions: what is planned at 18:00 is at 18:00, whatever the clocks do. Nothing ever moves."""

from datetime import date, datetime, time, timedelta
from zoneinfo import ZoneInfo

import pytest
from django.core.exceptions import ValidationError

from lib import clock
from people.models import Programme
from tests.factories import NOW, make_coordinator, make_programme
from training import services
from training.models import Session
from training.planning.proposing import Line, Part, Proposal, Shift, Wishes, propose, shifted
from training.planning.templates import BY_KEY
from training.services import previews

# zone: the days around its own two changes of 2027, besides those of Europe
ZONES = {
    "Europe/Belgrade": (),
    "Europe/London": (),
    "America/New_York": (date(2027, 3, 14), date(2027, 11, 7)),
    "Asia/Kathmandu": (),  # never changes, and is no whole hour away
    "Australia/Lord_Howe": (date(2027, 4, 4), date(2027, 10, 3)),  # by half an hour
    "Africa/Casablanca": (date(2027, 2, 7), date(2027, 3, 14)),  # the other way round, in Ramadan
}
EUROPE = [*(date(2027, 3, day) for day in range(25, 30)), *(date(2027, 10, day) for day in range(28, 32))]
EUROPE += [date(2027, 11, 1)]


def days_of(zone: str) -> list[date]:
    own = [day + timedelta(days=away) for day in ZONES[zone] for away in (-1, 0, 1)]
    return sorted({*EUROPE, *own})


def is_shown(day: date, at: time, zone: str) -> int:
    """How often the clocks there show this time on that day: 0 in the gap, 2 in the fold. By the instants,
    not by what the code under test says."""
    begin = datetime(day.year, day.month, day.day, tzinfo=ZoneInfo("UTC")) - timedelta(hours=15)
    here = (begin + timedelta(minutes=minute) for minute in range(0, 60 * 48, 15))
    shown = (moment.astimezone(ZoneInfo(zone)) for moment in here)
    return sum((one.date(), one.time()) == (day, at) for one in shown)


def moved(session: Session) -> bool:
    """Does a clock on its wall show something else than what was agreed?"""
    start = session.starts_at.astimezone(ZoneInfo(session.zone))
    end = session.ends_at.astimezone(ZoneInfo(session.zone))
    agreed = (session.day, session.start, session.day, session.end)
    return (start.date(), start.time(), end.date(), end.time()) != agreed


@pytest.mark.parametrize("zone", ZONES)
def test_every_hour_around_both_changes(zone):
    """Each half hour of each day: kept as agreed, refused in the gap, asked for in the fold."""
    found = {"kept": 0, "gap": 0, "twice": 0, "moved": 0}
    for day in days_of(zone):
        for minute in range(0, 24 * 60, 30):
            at = time(minute // 60, minute % 60)
            times = is_shown(day, at, zone)
            try:
                moments = [clock.instant(day, at, zone)]
            except ValidationError as error:
                assert {"gap": 0, "twice": 2}[error.code] == times
                found[error.code] += 1
                moments = [clock.instant(day, at, zone, fold=n) for n in (0, 1)] if times else []
                assert len(set(moments)) == times
            else:
                assert times == 1
                found["kept"] += 1
            here = [moment.astimezone(ZoneInfo(zone)) for moment in moments]
            found["moved"] += sum((one.date(), one.time()) != (day, at) for one in here)
            assert clock.happens_twice(day, at, zone) == (times == 2)
    print(f"{zone}: {found}")
    half_hours = 0 if zone == "Asia/Kathmandu" else 1 if zone == "Australia/Lord_Howe" else 2
    gaps = half_hours
    expected = {"gap": gaps, "twice": gaps, "moved": 0, "kept": len(days_of(zone)) * 48 - 2 * gaps}
    assert found == expected


def series_over(change: date, part: int, hours) -> list[Line]:
    """A class at each of these hours, four days before the change and a week later."""
    first = change - timedelta(days=4)
    days = [line.day for line in propose(BY_KEY["weekly"], Wishes(starts=[first], count=2)).lines]
    assert days == [first, first + timedelta(weeks=1)]
    return [Line(part, day, time(hour), time(hour, 50), title="x") for day in days for hour in hours]


@pytest.mark.parametrize("zone", ZONES)
def test_a_class_of_every_hour_weekly_and_moved_over_the_change(zone):
    programme, n, wrong = Programme(zone=zone), 0, 0
    for change in (date(2027, 3, 28), date(2027, 10, 31), *ZONES[zone]):
        for line in series_over(change, 1, range(24)):
            for shift in (
                Shift(),
                Shift(days=-7),
                Shift(days=7),
                Shift(days=1, start=time(23), end=time(23, 50)),
            ):
                session = previews.moved(previews.session_of(programme, line), shift)
                session.derive()
                n, wrong = n + 1, wrong + moved(session)
    print(f"{zone}: {n} classes, moved {wrong}")
    assert (n, wrong) == (192 * (2 + len(ZONES[zone])), 0)


@pytest.mark.django_db
@pytest.mark.parametrize("zone", ["Europe/Belgrade", "Australia/Lord_Howe"])
def test_the_same_in_the_database_and_back(zone):
    programme = make_programme(zone=zone)
    by, change = make_coordinator(programme), date(2027, 10, 31) if zone[0] == "E" else date(2027, 10, 3)
    plan = Proposal([Part(1, "M", "")], series_over(change, 1, (0, 3, 18, 23)))
    made = services.plan_sessions(by=by, programme=programme, proposal=plan, now=NOW, confirmed=True)
    before = [(s.starts_at, s.ends_at) for s in made]
    there = services.move_series(by=by, sessions=made, shift=Shift(days=-7), now=NOW, confirmed=True)
    back = services.move_series(by=by, sessions=there, shift=Shift(days=7), now=NOW, confirmed=True)
    assert [session for session in [*made, *there, *back] if moved(session)] == []
    assert [(s.starts_at, s.ends_at) for s in Session.objects.order_by("starts_at")] == sorted(before)


def test_a_class_at_six_stays_at_six():
    lines = propose(
        BY_KEY["weekly"], Wishes(starts=[date(2027, 3, 16)], count=4, start=time(18), end=time(20))
    ).lines
    moments = [clock.instant(line.day, line.start, "Europe/Belgrade") for line in lines]
    assert [moment.hour for moment in moments] == [17, 17, 16, 16]


def test_breaks_go_along_with_a_new_start():
    shift = Shift(days=7, start=time(10, 30))
    day, start, end, breaks = shifted(date(2027, 3, 22), time(9), time(12), [["10:00", "10:15"]], shift)
    assert (day, start, end, breaks) == (date(2027, 3, 29), time(10, 30), time(13, 30), [["11:30", "11:45"]])
    with pytest.raises(OverflowError):
        shifted(date(2027, 3, 22), time(9), time(23), [], Shift(start=time(12)))


@pytest.mark.django_db
def test_moving_into_the_gap_is_refused_into_the_fold_asked():
    programme = make_programme()
    by = make_coordinator(programme)
    plan = {"by": by, "programme": programme, "title": "Night", "start": time(2, 10), "end": time(5)}
    spring = services.plan_session(day=date(2027, 3, 21), **plan)
    autumn = services.plan_session(day=date(2027, 10, 24), **plan)
    week = {"by": by, "shift": Shift(days=7), "now": NOW}
    with pytest.raises(ValidationError, match="Night.*does not exist"):
        services.move_series(sessions=[spring], **week)
    with pytest.raises(ValidationError, match="happens twice.*say which"):
        services.move_series(sessions=[autumn], **week)
    first = services.move_series(sessions=[autumn], fold=0, **week)[0]
    assert (first.fold, first.starts_at.hour) == (0, 0)
    second = services.change_session(by=by, session=first, fold=1, now=NOW)
    assert (second.fold, second.starts_at.hour, second.minutes) == (1, 1, 170)
    again = services.move_series(by=by, sessions=[second], shift=Shift(days=1), now=NOW)[0]
    assert (again.fold, again.start, again.starts_at.hour) == (None, time(2, 10), 1)
