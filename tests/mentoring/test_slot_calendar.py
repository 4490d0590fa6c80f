"""The file for a calendar: one UID for all its versions, a growing sequence, taken back when it is off."""

from datetime import UTC, datetime, time, timedelta

import pytest
from django.core.exceptions import ValidationError
from django.urls import reverse

from lib import ics
from mentoring import services
from mentoring.meetings import links
from tests.factories import (
    NOW,
    make_assignment,
    make_coordinator,
    make_enrolment,
    make_mentor,
    make_person,
    make_programme,
    make_slot,
    make_user,
)


def parsed(content: bytes) -> dict[str, str]:
    """The properties of the one event and its calendar, unfolded."""
    assert content.endswith(b"\r\n")
    assert b"\n" not in content.replace(b"\r\n", b"")
    assert max(len(line) for line in content.split(b"\r\n")) <= 75
    lines = content.decode().replace("\r\n ", "").split("\r\n")[:-1]
    if "BEGIN:VTIMEZONE" in lines:  # tests/lib/test_ics.py reads it
        del lines[lines.index("BEGIN:VTIMEZONE") : lines.index("END:VTIMEZONE") + 1]
    found = dict(line.split(":", 1) for line in lines if not line.startswith(("BEGIN", "END")))
    assert lines[0] == "BEGIN:VCALENDAR"
    assert lines[-1] == "END:VCALENDAR"
    return found


def plain(text: str) -> str:
    return text.replace("\\n", "\n").replace("\\,", ",").replace("\\;", ";").replace("\\\\", "\\")


def event(**said) -> ics.Event:
    base = {"uid": "a", "sequence": 1, "stamp": NOW, "starts_at": NOW, "ends_at": NOW + timedelta(hours=1)}
    return ics.Event(**base | {"title": "x"} | said)


def test_typed_text_adds_no_line_and_no_property():
    evil = "a,b;c\\d\r\nSTATUS:CANCELLED\nATTENDEE:x\x00\x07"
    found = parsed(ics.calendar(event(title=evil, text=evil, place=evil)))
    assert found["STATUS"] == "CONFIRMED"
    assert "ATTENDEE" not in found
    assert plain(found["SUMMARY"]) == plain(found["DESCRIPTION"]) == "a,b;c\\d\nSTATUS:CANCELLED\nATTENDEE:x"


@pytest.mark.parametrize("text", ["Ђурђа Ђорђевић " * 20, "š" * 200, "🙂" * 60, "x" * 500])
def test_long_lines_fold_between_letters(text):
    assert parsed(ics.calendar(event(title=text)))["SUMMARY"] == text


def test_instants_are_in_utc():
    found = parsed(ics.calendar(event(starts_at=datetime(2025, 3, 30, 1, 0, tzinfo=UTC))))
    assert (found["DTSTART"], found["DTEND"]) == ("20250330T010000Z", "20250312T100000Z")


@pytest.fixture
def pair(db):
    programme = make_programme()
    person = make_person(programme.tenant, user=make_user(programme.tenant), name="Đurđa Đorđević")
    return make_assignment(make_mentor(programme), make_enrolment(programme, person=person))


def taken(client, slot, user) -> dict[str, str]:
    client.force_login(user, backend="allauth.account.auth_backends.AuthenticationBackend")
    answer = client.get(reverse("mentoring:slot_calendar", args=[slot.pk]))
    assert (answer.status_code, answer["Content-Type"]) == (200, "text/calendar; charset=utf-8")
    return parsed(answer.content)


def test_the_mentors_file_has_the_link_that_logs_the_meeting(client, pair, settings):
    settings.SITE_URL = "https://rasadnik.example"
    slot = make_slot(pair.mentor, booked_by=pair.enrolment, about="Prices, jars", where="Room 3", revision=2)
    found = taken(client, slot, pair.mentor.person.user)
    assert found["UID"] == f"slot-{slot.pk}@rasadnik.example"
    assert (found["SEQUENCE"], found["METHOD"], found["STATUS"]) == ("2", "PUBLISH", "CONFIRMED")
    here = [found[f"{name};TZID=Europe/Belgrade"] for name in ("DTSTART", "DTEND")]
    assert here == ["20250313T170000", "20250313T173000"]
    assert (found["SUMMARY"], found["LOCATION"]) == ("Mentoring: Đurđa Đorđević", "Room 3")
    link = f"https://rasadnik.example{links.log_address(pair)}"
    assert plain(found["DESCRIPTION"]) == f"Prices, jars\nLog the meeting: {link}"
    client.logout()
    assert client.get(link.removeprefix("https://rasadnik.example")).status_code == 200


def test_nobody_elses_file_has_it(client, pair):
    slot = make_slot(pair.mentor, booked_by=pair.enrolment, about="Prices")
    hers = taken(client, slot, pair.enrolment.person.user)
    assert (hers["DESCRIPTION"], hers["SUMMARY"]) == ("Prices", f"Mentoring: {pair.mentor}")
    staff = taken(client, slot, make_coordinator(pair.programme))
    assert staff["DESCRIPTION"] == "Prices"
    assert staff["SUMMARY"] == f"Mentoring: {pair.mentor} – Đurđa Đorđević"


def test_cancelled_it_takes_itself_out_under_the_same_name(client, pair):
    user = pair.enrolment.person.user
    slot = make_slot(pair.mentor, is_open=True)
    now = slot.starts_at - timedelta(hours=1)
    services.book_slot(by=user, slot=slot, enrolment=pair.enrolment, now=now)
    before = taken(client, slot, user)
    slot.refresh_from_db()
    services.cancel_slot(by=None, slot=slot, reason="I am ill", now=now)
    after = taken(client, slot, user)
    assert after["UID"] == before["UID"]
    assert (before["METHOD"], before["SEQUENCE"]) == ("PUBLISH", "2")
    assert (after["METHOD"], after["STATUS"], after["SEQUENCE"]) == ("CANCEL", "CANCELLED", "3")
    assert after["DESCRIPTION"] == "I am ill"


def test_given_back_it_takes_itself_out_too(client, pair):
    user = pair.enrolment.person.user
    slot = make_slot(pair.mentor, start=time(9), end=time(10))
    now = slot.starts_at - timedelta(hours=1)
    row = services.book_slot(by=user, slot=slot, enrolment=pair.enrolment, now=now)
    services.release_slot(by=user, slot=row, now=now)
    found = taken(client, slot, user)
    assert (found["METHOD"], found["SEQUENCE"]) == ("CANCEL", "3")
    with pytest.raises(ValidationError):
        services.log_slot(by=user, slot=slot, topic="Labels", now=slot.ends_at)
