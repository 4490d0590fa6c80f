"""Calendars, read back by a library that is not the one which wrote them."""

import io
from datetime import UTC, date, datetime, time, timedelta

import pytest
import vobject
from dateutil import tz

from lib import clock, ics, ics_zones

NOW = datetime(2026, 11, 22, 9, tzinfo=UTC)
ZONES = (
    "Europe/Belgrade",
    "America/New_York",
    "Australia/Lord_Howe",  # half an hour, in the south
    "Europe/Dublin",
    "Africa/Casablanca",  # by the moon: no yearly rule
    "Asia/Kolkata",  # never
    "Africa/Cairo",  # at midnight
)
EVIL = [
    "Ђурђа Ђорђевић " * 20,
    "🙂" * 60,
    "a,b;c\\d\\n\r\nSTATUS:CANCELLED\nATTENDEE:x",
    "one\u2028END:VEVENT\x85two\x0bthree\x1dfour",
    'quote" and ^n caret: ATTENDEE;CN="x',
    "=?utf-8?q?=0D=0AATTENDEE?=",
]


def event(**said) -> ics.Event:
    base = {"uid": "a@x", "sequence": 1, "stamp": NOW, "starts_at": NOW, "ends_at": NOW + timedelta(hours=1)}
    return ics.Event(**base | {"title": "x"} | said)


def known(content: bytes):
    """The calendar as the other library reads it; the form of its lines checked."""
    assert content.endswith(b"\r\n")
    assert b"\n" not in content.replace(b"\r\n", b"")
    assert max(len(line) for line in content.split(b"\r\n")) <= 75
    return vobject.readOne(content.decode())


def starts(content: bytes) -> dict[str, datetime]:
    """{UID: start} by what stands in the file alone: under a name that no table of zones knows, read by the
    VTIMEZONE only."""
    text = content.decode().replace("TZID:", "TZID:Nowhere/").replace("TZID=", "TZID=Nowhere/")
    zones, found = tz.tzical(io.StringIO(text)), {}
    for row in vobject.readOne(text, transform=False).vevent_list:
        at = datetime.strptime(row.dtstart.value.removesuffix("Z"), "%Y%m%dT%H%M%S")  # noqa: DTZ007
        zone = UTC if row.dtstart.value.endswith("Z") else zones.get(row.dtstart.params["TZID"][0])
        found[row.uid.value] = at.replace(tzinfo=zone)
    return found


# --- zones -----------------------------------------------------------------------------------------


def changes_of(zone: str) -> list[datetime]:
    """The instants of 2027 (to the hour) after which the clocks of a zone show another offset."""
    hours = [datetime(2027, 1, 1, tzinfo=UTC) + timedelta(hours=n) for n in range(24 * 365)]
    pairs = zip(hours, hours[1:], strict=False)
    return [
        after
        for before, after in pairs
        if clock.local(before, zone).utcoffset() != clock.local(after, zone).utcoffset()
    ]


@pytest.mark.parametrize("zone", ZONES)
def test_the_hour_is_the_same_around_every_change_of_clocks(zone):
    """Four days before and after each change of 2027, every half hour, and the first of each month."""
    moments = [at + timedelta(minutes=30 * n) for at in changes_of(zone) for n in range(-192, 192)]
    moments += [datetime(2027, month, 1, hour, tzinfo=UTC) for month in range(1, 13) for hour in (0, 12)]
    events = [
        event(uid=f"{n}@x", starts_at=at, ends_at=at + timedelta(minutes=9), zone=zone)
        for n, at in enumerate(moments)
    ]
    found = starts(ics.published(events))
    assert len(found) == len(moments) >= 24
    for n, at in enumerate(moments):
        read, should = found[f"{n}@x"], clock.local(at, zone)
        assert read.astimezone(UTC) == at, should
        if not should.fold:  # the second of two equal hours is told in UTC
            assert read.replace(tzinfo=None) == should.replace(tzinfo=None)


def test_every_hour_that_belgrade_shows_in_2027():
    """Each day, each hour: what people agreed on is what stands in the file, and what is read back."""
    zone, events, agreed = "Europe/Belgrade", [], {}
    for n in range(365):
        for hour in (1, 2, 3, 9, 18):
            here = (date(2027, 1, 1) + timedelta(days=n), time(hour))
            if here == (date(2027, 3, 28), time(2)):
                continue  # this hour does not exist
            at = clock.instant(*here, zone, fold=0)
            agreed[f"{n}-{hour}@x"] = datetime.combine(*here)
            events.append(
                event(uid=f"{n}-{hour}@x", starts_at=at, ends_at=at + timedelta(minutes=30), zone=zone)
            )
    text = ics.published(events)
    assert len(agreed) == 365 * 5 - 1
    assert text.count(b"BEGIN:VTIMEZONE") == 1
    found = starts(text)
    assert {uid: at.replace(tzinfo=None) for uid, at in found.items()} == agreed
    assert all(found[row.uid].astimezone(UTC) == row.starts_at for row in events)


def test_belgrade_is_two_yearly_rules_as_the_commonest_calendar_wants_them():
    lines = ics_zones.timezone("Europe/Belgrade", 2027, 2027).to_ical().decode().split("\r\n")
    assert lines[:-1] == [
        "BEGIN:VTIMEZONE", "TZID:Europe/Belgrade",
        "BEGIN:DAYLIGHT", "DTSTART:20260329T020000", "RRULE:FREQ=YEARLY;BYDAY=-1SU;BYMONTH=3",
        "TZNAME:CEST", "TZOFFSETFROM:+0100", "TZOFFSETTO:+0200", "END:DAYLIGHT",
        "BEGIN:STANDARD", "DTSTART:20261025T030000", "RRULE:FREQ=YEARLY;BYDAY=-1SU;BYMONTH=10",
        "TZNAME:CET", "TZOFFSETFROM:+0200", "TZOFFSETTO:+0100", "END:STANDARD",
        "END:VTIMEZONE",
    ]  # fmt: skip


def test_a_rule_that_ended_is_told_by_its_days():
    """America changed its rule in 2007."""
    at = [datetime(year, 3, 20, 15, tzinfo=UTC) for year in (2006, 2007, 2008)]
    events = [
        event(uid=f"{one.year}@x", starts_at=one, ends_at=one + timedelta(hours=1), zone="America/New_York")
        for one in at
    ]
    found = list(starts(ics.published(events)).values())
    assert [row.hour for row in found] == [10, 11, 11]
    assert [row.astimezone(UTC) for row in found] == at


def test_the_second_of_two_equal_hours_is_told_in_utc():
    first = clock.instant(date(2027, 10, 31), time(2, 30), "Europe/Belgrade", fold=0)
    second = first + timedelta(hours=1)
    found = [
        ics.calendar(event(starts_at=at, ends_at=at + timedelta(minutes=15), zone="Europe/Belgrade"))
        for at in (first, second)
    ]
    assert b"DTSTART;TZID=Europe/Belgrade:20271031T023000" in found[0]
    assert b"DTSTART:20271031T013000Z" in found[1]
    assert [starts(text)["a@x"].astimezone(UTC) for text in found] == [first, second]


# --- events ----------------------------------------------------------------------------------------


@pytest.mark.parametrize("text", EVIL)
def test_typed_text_adds_no_line_and_no_property(text):
    said = {"title": text, "text": text, "place": text, "zone": "Europe/Belgrade"}
    read = known(ics.invitation(event(**said), ics.Guest(text, "mila@primer.example")))
    props = [row.name for row in read.vevent.getChildren()]
    assert props == [
        "UID", "SEQUENCE", "DTSTAMP", "DTSTART", "DTEND", "ORGANIZER", "ATTENDEE", "SUMMARY", "DESCRIPTION",
        "LOCATION", "STATUS",
    ]  # fmt: skip
    assert len(read.vevent_list) == 1
    assert read.vevent.summary.value == read.vevent.description.value == ics.clean(text)
    assert read.vevent.attendee.value == "mailto:mila@primer.example"
    assert read.vevent.status.value == "CONFIRMED"


def test_clean_text_is_the_text():
    assert ics.clean("a\r\nb\rc\u2028d\x85e\x00\x07\tf") == "a\nb\nc\nd\ne f"
    assert ics.clean("Ђурђа, 🙂") == "Ђурђа, 🙂"


def test_an_invitation_says_whose_it_is(settings):
    settings.DEFAULT_FROM_EMAIL = "Расадник <rasadnik@primer.example>"
    guest = ics.Guest('Ana "Lola"\r\n^nAnić', "ana@primer.example", has_accepted=True)
    read = known(ics.invitation(event(url="https://primer.example/a?b=1,2;3"), guest))
    assert read.method.value == "REQUEST"
    assert read.vevent.organizer.value == "mailto:rasadnik@primer.example"
    assert read.vevent.organizer.params == {"CN": ["Расадник"]}
    assert read.vevent.attendee.params == {
        "CN": ["Ana 'Lola' nAnić"],
        "ROLE": ["REQ-PARTICIPANT"],
        "PARTSTAT": ["ACCEPTED"],
        "RSVP": ["FALSE"],
    }
    assert read.vevent.url.value == "https://primer.example/a?b=1,2;3"
    gone = known(ics.invitation(event(is_cancelled=True, sequence=2), guest))
    assert (gone.method.value, gone.vevent.status.value, gone.vevent.sequence.value) == (
        "CANCEL",
        "CANCELLED",
        "2",
    )


def test_a_day_is_a_whole_day_on_which_nobody_is_away():
    read = known(ics.calendar(event(starts_at=date(2027, 3, 28), ends_at=date(2027, 3, 29))))
    assert (read.vevent.dtstart.value, read.vevent.dtend.value) == (date(2027, 3, 28), date(2027, 3, 29))
    assert read.vevent.transp.value == "TRANSPARENT"


def test_a_feed_says_its_name_and_how_often_to_ask():
    every = timedelta(hours=1)
    text = ics.feed([event(), event(uid="b@x", is_cancelled=True)], name="Моји датуми\nX:y", every=every)
    read = known(text)
    assert read.method.value == "PUBLISH"
    assert b"REFRESH-INTERVAL;VALUE=DURATION:PT1H\r\nX-PUBLISHED-TTL:PT1H\r\n" in text
    assert read.x_wr_calname.value in ("Моји датуми\nX:y", "Моји датуми\\nX:y")
    assert [row.status.value for row in read.vevent_list] == ["CONFIRMED", "CANCELLED"]
    assert known(ics.feed([], name="x", every=every)).method.value == "PUBLISH"


def test_one_name_of_an_event_in_this_house_and_no_other(settings):
    settings.SITE_URL = "https://rasadnik.example:8443/x"
    assert ics.uid_of("session", 7) == "session-7@rasadnik.example"
