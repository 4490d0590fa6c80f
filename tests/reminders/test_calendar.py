"""A person's calendar: what goes along with letters and what her feed holds are the same events."""

import re
from datetime import UTC, date, datetime, time, timedelta
from email import message_from_bytes, policy

import pytest
import vobject
from django.conf import settings
from django.urls import reverse
from django.utils import timezone, translation

from lib import mail
from lib.quotas import count
from mentoring import services as mentoring
from mentoring.models import Slot
from mentoring.slots import shown
from reminders import services
from reminders.calendar import addresses, parts_of
from reminders.calendar.events import events_of
from reminders.kinds import KINDS
from reminders.models import Feed, Reminder, Rule
from tests.factories import (
    NOW,
    TODAY,
    make_assignment,
    make_coordinator,
    make_enrolment,
    make_entry,
    make_goal,
    make_mentor,
    make_person,
    make_programme,
    make_round,
    make_seat,
    make_session,
    make_slot,
    make_user,
    make_venue,
)
from training import services as training
from training.models import Session

pytestmark = pytest.mark.django_db
K = Rule.Kind
EVIL = "Ђурђа, 🙂; \\n\r\nATTENDEE:x\nMETHOD:CANCEL\u2028END:VCALENDAR"


class Program:
    """A calendar program of one person: events by UID; a larger SEQUENCE replaces, an equal one by a later
    stamp; CANCEL takes out."""

    def __init__(self):
        self.events, self.seen = {}, {}

    def take(self, content: bytes) -> None:
        assert max(len(line) for line in content.split(b"\r\n")) <= 75
        calendar = vobject.readOne(content.decode())
        for event in calendar.vevent_list:
            uid, version = event.uid.value, (int(event.sequence.value), event.dtstamp.value)
            if version < self.seen.get(uid, (0, datetime.min.replace(tzinfo=UTC))):
                continue
            self.seen[uid] = version
            self.events.pop(uid, None)
            if calendar.method.value != "CANCEL" and event.status.value != "CANCELLED":
                self.events[uid] = event.dtstart.value

    def takes(self, kind: str, subject, person) -> list[str]:
        """What goes along with this letter; the methods that its parts name."""
        parts = parts_of(kind, KINDS[kind].subjects([subject.pk])[subject.pk], person)
        for _name, content, _kind in parts:
            self.take(content)
        return [re.search(r"method=(\w+)", kind)[1] for _name, _content, kind in parts]


@pytest.fixture
def programme():
    return make_programme(name="Start-up")


@pytest.fixture
def session(programme):
    venue = make_venue(programme.tenant, name="Sala 2", address="Trg 1", municipality="Niš")
    return make_session(programme, title="Pricing", venue=venue, day=TODAY + timedelta(days=1))


@pytest.fixture
def person(programme, session):
    """On its roster; without an account."""
    person = make_person(programme.tenant, name="Mila Nova", email="mila@primer.example", language="en")
    make_entry(session, make_enrolment(programme, person=person))
    return person


def at(hour: int, day: date = TODAY + timedelta(days=1)) -> datetime:
    return datetime.combine(day, time(hour), UTC) - timedelta(hours=1)  # Belgrade, before the summer


def uid(noun: str, row) -> str:
    return f"{noun}-{row.pk}@{re.search('//([^:/]+)', settings.SITE_URL)[1]}"


def feed_of(client, person, **headers):
    url = addresses.feed_url(services.feed_of(person=person, now=NOW - timedelta(days=40)))
    return client.get(url.removeprefix(settings.SITE_URL.rstrip("/")), headers=headers)


def shown_in(answer) -> dict:
    """{UID: (start, status)} of a feed."""
    assert (answer.status_code, answer["Content-Type"]) == (200, "text/calendar; charset=utf-8")
    rows = vobject.readOne(answer.content.decode()).contents.get("vevent", [])
    return {row.uid.value: (row.dtstart.value, row.status.value) for row in rows}


@pytest.fixture
def today(monkeypatch):
    """The clock of the house stands at NOW."""
    monkeypatch.setattr(timezone, "now", lambda: NOW)


# --- letters ---------------------------------------------------------------------------------------


def test_an_invitation_its_update_and_its_cancellation_are_one_event(session, person, today):
    program, name = Program(), uid("session", session)
    assert program.takes(K.SESSION_TOMORROW, session, person) == ["REQUEST"]
    assert {key: at.astimezone(UTC) for key, at in program.events.items()} == {name: at(10)}
    row = training.move_session(
        by=None, session=session, day=session.day + timedelta(days=1), start=time(12), end=time(14), now=NOW
    )
    assert program.takes(K.SESSION_CHANGED, row, person) == ["REQUEST"]
    moved = at(12, TODAY + timedelta(days=2))
    assert {key: at.astimezone(UTC) for key, at in program.events.items()} == {name: moved}
    row = training.cancel_session(by=None, session=row, now=NOW)
    assert program.takes(K.SESSION_CHANGED, row, person) == ["CANCEL"]
    assert program.events == {}


def test_the_three_may_arrive_in_any_order(session, person, today):
    first = parts_of(K.SESSION_TOMORROW, Session.objects.get(pk=session.pk), person)[0][1]
    row = training.move_session(
        by=None, session=session, day=session.day, start=time(12), end=time(14), now=NOW
    )
    second = parts_of(K.SESSION_CHANGED, row, person)[0][1]
    program = Program()
    program.take(second)
    program.take(first)
    assert [one.astimezone(UTC) for one in program.events.values()] == [at(12)]


def test_who_is_expected_no_more_has_it_taken_out(session, person, today):
    program = Program()
    program.takes(K.SESSION_TOMORROW, session, person)
    session.roster.all().delete()
    row = training.move_session(
        by=None, session=session, day=session.day, start=time(12), end=time(14), now=NOW
    )
    assert program.takes(K.SESSION_CHANGED, row, person) == ["CANCEL"]
    assert program.events == {}


def test_who_leads_it_is_expected_too(session, programme, today):
    trainer = make_person(programme.tenant, email="vesna@primer.example")
    training.change_session(by=None, session=session, trainers=[trainer], start=time(9), now=NOW)
    assert Program().takes(K.SESSION_CHANGED, session, trainer) == ["REQUEST"]


def test_a_session_that_lost_its_day_is_taken_out_from_where_it_was(session, person, today):
    program = Program()
    program.takes(K.SESSION_TOMORROW, session, person)
    row = training.change_session(by=None, session=session, day=None, start=None, end=None, now=NOW)
    assert program.takes(K.SESSION_CHANGED, row, person) == ["CANCEL"]
    assert program.events == {}


def test_an_invitation_says_when_where_and_to_whom(session, person, today):
    ((name, content, kind),) = parts_of(K.SESSION_TOMORROW, session, person)
    event = vobject.readOne(content.decode()).vevent
    assert (name, kind) == ("invite.ics", "text/calendar; method=REQUEST; charset=utf-8")
    assert b"DTSTART;TZID=Europe/Belgrade:20250313T100000\r\n" in content
    assert (event.summary.value, event.description.value) == ("Pricing", "Start-up")
    assert event.location.value == "Sala 2, Trg 1, Niš"
    assert (event.attendee.value, event.attendee.params["PARTSTAT"]) == (
        "mailto:mila@primer.example",
        ["NEEDS-ACTION"],
    )


def test_names_and_titles_add_nothing(session, person, today):
    Session.objects.filter(pk=session.pk).update(title=EVIL)
    person.name = EVIL.replace("\u2028", " ")
    content = parts_of(K.SESSION_TOMORROW, Session.objects.get(pk=session.pk), person)[0][1]
    calendar = vobject.readOne(content.decode())
    assert (calendar.method.value, len(calendar.vevent_list)) == ("REQUEST", 1)
    assert calendar.vevent.summary.value.startswith("Ђурђа, 🙂; \\n ATTENDEE:")
    assert [row.value for row in calendar.vevent.attendee_list] == ["mailto:mila@primer.example"]


@pytest.mark.parametrize("email", ["", "no address", "a@b.example, c@d.example"])
def test_without_an_address_nothing_goes_along(session, person, email):
    person.email = email
    assert parts_of(K.SESSION_TOMORROW, session, person) == []
    assert parts_of(K.SESSION_TOMORROW, session, None) == []
    assert parts_of(K.REVIEW_WAITING, session, person) == []


def test_who_has_a_place_gets_all_sessions_to_come(session, person, programme, today):
    past = make_session(programme, day=TODAY - timedelta(days=1))
    later = make_session(programme, day=TODAY + timedelta(days=9))
    enrolment = person.enrolments.get()
    for row in (past, later):
        make_entry(row, enrolment)
    ((name, content, kind),) = parts_of(K.ENROLLED, enrolment, person)
    assert (name, kind) == ("sessions.ics", "text/calendar; charset=utf-8")
    program = Program()
    program.take(content)
    assert program.events.keys() == {uid("session", session), uid("session", later)}
    session.roster.all().delete()
    row = training.cancel_session(by=None, session=session, now=NOW)
    assert program.takes(K.SESSION_CHANGED, row, person) == ["CANCEL"]
    assert program.events.keys() == {uid("session", later)}


@pytest.fixture
def pair(programme):
    mentor = make_person(programme.tenant, name="Vesna", email="vesna@primer.example")
    her = make_person(programme.tenant, name="Mila", email="mila@primer.example")
    return make_assignment(make_mentor(programme, person=mentor), make_enrolment(programme, person=her))


def booked(pair, **said) -> Slot:
    slot = make_slot(pair.mentor, **said)
    return mentoring.book_slot(by=None, slot=slot, enrolment=pair.enrolment, about="ZRNO-O-CEMU", now=NOW)


def test_an_office_hour_is_one_event_in_mail_file_and_feed(client, pair, programme, today):
    slot, her = booked(pair), pair.enrolment.person
    parts = parts_of(K.MEETING_UPCOMING, Slot.objects.get(pk=slot.pk), her)
    mailed = vobject.readOne(parts[0][1].decode()).vevent
    file = vobject.readOne(shown.calendar(slot, make_coordinator(programme), NOW).decode()).vevent
    fed = vobject.readOne(feed_of(client, her).content.decode()).vevent
    said = {(one.uid.value, one.sequence.value, one.dtstart.value) for one in (mailed, file, fed)}
    assert {(name, sequence) for name, sequence, _start in said} == {(uid("slot", slot), "2")}
    assert len(said) == 1
    assert mailed.attendee.params["PARTSTAT"] == ["ACCEPTED"]


def test_what_she_wants_to_talk_about_leaves_neither_by_mail_nor_by_feed(client, pair, today):
    slot = booked(pair)
    for person in (pair.enrolment.person, pair.mentor.person):
        ((_name, content, _kind),) = parts_of(K.MEETING_UPCOMING, Slot.objects.get(pk=slot.pk), person)
        assert "ZRNO" not in content.decode()
        assert "ZRNO" not in feed_of(client, person).content.decode()


def test_a_moved_office_hour_puts_the_new_one_in_and_takes_the_old_one_out(pair, today):
    old, her = booked(pair), pair.enrolment.person
    program = Program()
    assert program.takes(K.MEETING_UPCOMING, old, her) == ["REQUEST"]
    new = make_slot(pair.mentor, start=time(19), end=time(19, 30))
    mentoring.book_slot(by=None, slot=new, enrolment=pair.enrolment, instead=old, now=NOW)
    change = old.changes.get()
    assert program.takes(K.BOOKING_OVER, change, her) == ["REQUEST", "CANCEL"]
    assert program.events.keys() == {uid("slot", new)}
    hers = Program()
    hers.takes(K.MEETING_UPCOMING, old, pair.mentor.person)
    assert hers.events == {}
    assert hers.takes(K.BOOKING_OVER_MENTOR, change, pair.mentor.person) == ["REQUEST", "CANCEL"]
    assert hers.events.keys() == {uid("slot", new)}


def test_an_office_hour_that_somebody_else_booked_since_stays_with_its_mentor(pair, programme, today):
    slot = booked(pair, is_open=True)
    other = make_enrolment(programme, person=make_person(programme.tenant, email="o@primer.example"))
    mentoring.release_slot(by=None, slot=slot, now=NOW)
    slot.refresh_from_db()
    mentoring.book_slot(by=None, slot=slot, enrolment=other, about="", now=NOW)
    change = slot.changes.get()
    hers, mentors = Program(), Program()
    assert hers.takes(K.BOOKING_OVER, change, pair.enrolment.person) == ["CANCEL"]
    assert mentors.takes(K.BOOKING_OVER_MENTOR, change, pair.mentor.person) == ["REQUEST"]
    assert mentors.events.keys() == {uid("slot", slot)}
    assert (
        str(other.person)
        not in parts_of(
            K.BOOKING_OVER, KINDS[K.BOOKING_OVER].subjects([change.pk])[change.pk], pair.enrolment.person
        )[0][1].decode()
    )


def test_a_mail_holds_the_invitation_where_programs_look_for_it(session, person, today):
    parts = parts_of(K.SESSION_TOMORROW, session, person)
    raw = mail.build(
        to=person.email, subject="x", text="x", html="<p>x</p>", attachments=parts,
        pictures={"logo.png": b"\x89PNG"},
    ).as_bytes()  # fmt: skip
    got = message_from_bytes(raw, policy=policy.default)
    kinds = [part.get_content_type() for part in got.walk() if not part.is_multipart()]
    assert kinds == ["text/plain", "text/html", "image/png", "text/calendar", "application/ics"]
    beside = next(part for part in got.walk() if part.get_content_type() == "text/calendar")
    assert beside["Content-Type"].params == {"charset": "utf-8", "method": "REQUEST"}
    assert beside.get_content().encode() == parts[0][1]
    (file,) = got.iter_attachments()
    assert (file.get_filename(), file.get_content()) == ("invite.ics", parts[0][1])
    assert [part.get_content_type() for part in got.iter_parts()] == [
        "multipart/alternative",
        "application/ics",
    ]


def test_a_letter_carries_it_and_several_letters_together_do_not(session, person, programme, today):
    again = make_session(programme, title="Labels", day=session.day, start=time(16), end=time(17))
    make_entry(again, person.enrolments.get())
    services.plan(NOW)
    rows = Reminder.objects.filter(person=person, rule__kind=K.SESSION_TOMORROW).order_by("pk")
    one, together = services.message_of(rows[0]), services.digest_of(list(rows))
    kinds = [part.get_content_type() for part in one.walk() if "alendar" in part.get_content_type()]
    assert kinds == ["text/calendar"]
    assert [part.get_filename() for part in one.iter_attachments()] == ["invite.ics"]
    assert "calendar" not in " ".join(part.get_content_type() for part in together.walk())
    assert len(rows) == 2


# --- the feed --------------------------------------------------------------------------------------


def test_a_moved_session_moves_and_a_cancelled_one_goes(client, session, person, monkeypatch):
    monkeypatch.setattr(timezone, "now", lambda: NOW)
    name = uid("session", session)
    assert shown_in(feed_of(client, person)) == {name: (_local(session), "CONFIRMED")}
    row = training.move_session(
        by=None, session=session, day=session.day, start=time(15), end=time(16), now=NOW
    )
    assert shown_in(feed_of(client, person)) == {name: (_local(row), "CONFIRMED")}
    training.cancel_session(by=None, session=row, now=NOW)
    assert shown_in(feed_of(client, person))[name][1] == "CANCELLED"
    monkeypatch.setattr(timezone, "now", lambda: NOW + timedelta(days=14))
    assert shown_in(feed_of(client, person)) == {}


def _local(session) -> datetime:
    at = vobject.icalendar.getTzid("Europe/Belgrade")
    return datetime.combine(session.day, session.start, at)


def test_who_withdrew_has_nothing_of_it(client, session, person, today):
    person.enrolments.update(state="withdrawn")
    assert shown_in(feed_of(client, person)) == {}


def test_it_holds_all_that_is_hers_and_nothing_else(client, programme, session, pair, today):
    mentor, her = pair.mentor.person, pair.enrolment.person
    make_session(programme)  # she is on no roster
    led = make_session(programme, trainers=[mentor], day=TODAY)
    slot = booked(pair)
    make_slot(pair.mentor, start=time(20), end=time(21))  # nobody booked it
    round_ = make_round(programme, closes_at=NOW.replace(hour=23) + timedelta(days=3))
    make_seat(round_, mentor)
    make_seat(make_round(programme), mentor, left_at=NOW)
    goal = make_goal(pair, text="A price list", due=TODAY + timedelta(days=5))
    make_goal(pair, due=TODAY + timedelta(days=6), state="reached")
    make_goal(pair)
    found = shown_in(feed_of(client, mentor))
    assert found.keys() == {uid("session", led), uid("slot", slot), uid("round", round_), uid("goal", goal)}
    # 23:00 UTC is midnight in Belgrade: the last moment is of the day before
    assert found[uid("round", round_)][0] == TODAY + timedelta(days=3)
    assert found[uid("goal", goal)][0] == TODAY + timedelta(days=5)
    assert shown_in(feed_of(client, her)).keys() == {uid("slot", slot), uid("goal", goal)}


def test_the_mentors_event_has_the_link_that_logs_the_meeting(client, pair, today):
    booked(pair)
    assert "/met/" in feed_of(client, pair.mentor.person).content.decode().replace("\r\n ", "")
    hers = feed_of(client, pair.enrolment.person).content.decode().replace("\r\n ", "")
    assert "Log the meeting" not in hers
    assert "URL:http" in hers
    assert "/met/times/" in hers  # no account: the link by which she books


@pytest.mark.parametrize("n", [1, 3])
def test_it_costs_the_same_however_many_there_are(n, programme, pair, django_assert_num_queries):
    mentor = pair.mentor.person
    for number in range(n):
        make_session(programme, trainers=[mentor], day=TODAY + timedelta(days=number))
        make_seat(make_round(programme), mentor)
        make_goal(pair, due=TODAY)
        booked(pair, day=TODAY + timedelta(days=number + 1))
    with translation.override("en"), django_assert_num_queries(5):
        assert len(events_of(mentor, NOW, NOW)) == 4 * n


@pytest.mark.parametrize("n", [1, 3])
def test_a_request_for_it_costs_the_same_too(client, n, programme, person, django_assert_num_queries):
    for number in range(n - 1):
        row = make_session(programme, day=TODAY + timedelta(days=number + 2))
        make_entry(row, person.enrolments.get())
    path = addresses.feed_url(services.feed_of(person=person, now=NOW)).removeprefix(settings.SITE_URL)
    client.get(path)  # its hour is noted
    with django_assert_num_queries(6):  # the feed with her; five of what is hers
        client.get(path)


def test_what_did_not_change_is_not_sent_again(client, session, person, today):
    first = feed_of(client, person)
    assert first["Cache-Control"] == "private, no-cache"
    again = feed_of(client, person, if_none_match=first["ETag"])
    assert (again.status_code, again.content) == (304, b"")
    training.cancel_session(by=None, session=session, now=NOW)
    changed = feed_of(client, person, if_none_match=first["ETag"])
    assert (changed.status_code, changed["ETag"] == first["ETag"]) == (200, False)
    session.roster.all().delete()  # leaves no moment behind: the clock alone would keep it
    assert shown_in(feed_of(client, person, if_modified_since="Fri, 01 Jan 2100 00:00:00 GMT")) == {}


def test_only_the_newest_address_opens_it(client, session, person):
    feed = services.feed_of(person=person, now=NOW)
    assert services.feed_of(person=person, now=NOW) == feed
    old = addresses.feed_url(feed).removeprefix(settings.SITE_URL)
    assert client.get(old).status_code == 200
    new = services.renew_feed(person=person, now=NOW, revision=1)
    assert services.renew_feed(person=person, now=NOW, revision=1).revision == new.revision == 2
    assert client.get(old).status_code == 404
    path = addresses.feed_url(new).removeprefix(settings.SITE_URL)
    assert client.get(path).status_code == 200
    page = addresses.page_by_link(person).split("/")[-2]
    assert client.get(reverse("reminders:calendar_feed", args=[page])).status_code == 404
    for token in ("x", "1-1-1.forged", old.split("/")[-1][:-5] + "x"):
        assert client.get(reverse("reminders:calendar_feed", args=[token])).status_code == 404
    person.user = make_user(person.tenant, is_active=False)
    person.save()
    assert client.get(path).status_code == 404


def test_wrong_addresses_are_counted_and_right_ones_too(client, person, monkeypatch):
    path = addresses.feed_url(services.feed_of(person=person, now=NOW)).removeprefix(settings.SITE_URL)
    wrong = reverse("reminders:calendar_feed", args=["1-1-1.forged"])
    assert [client.get(wrong).status_code for _n in range(61)][-2:] == [404, 429]
    assert client.get(path).status_code == 200  # whoever shares her network does not shut her out
    count(f"feed:{Feed.objects.get().pk}", 600, 59)
    answer = client.get(path)
    assert (answer.status_code, answer["Retry-After"]) == (429, "600")


def test_when_it_was_read_is_noted_once_an_hour(client, person, monkeypatch):
    feed, path = services.feed_of(person=person, now=NOW), None
    path = addresses.feed_url(feed).removeprefix(settings.SITE_URL)
    read = []
    for minutes in (0, 59, 60, 61):
        monkeypatch.setattr(timezone, "now", lambda at=NOW + timedelta(minutes=minutes): at)
        client.get(path)
        feed.refresh_from_db()
        read.append(int((feed.read_at - NOW).total_seconds() // 60))
    assert read == [0, 0, 60, 60]


def test_it_speaks_her_language(client, session, person, pair, today):
    Session.objects.filter(pk=session.pk).update(title_sr="Cene")
    person.language = "sr"
    person.save()
    text = feed_of(client, person).content.decode()
    assert "SUMMARY:Цене\r\n" in text


def test_names_of_a_feed_add_nothing_to_it(client, session, person, today):
    person.tenant.name = "Savez, 🙂;\nMETHOD:CANCEL"
    person.tenant.save()
    Session.objects.filter(pk=session.pk).update(title=EVIL)
    calendar = vobject.readOne(feed_of(client, person).content.decode())
    assert (calendar.method.value, len(calendar.vevent_list)) == ("PUBLISH", 1)


# --- its pages -------------------------------------------------------------------------------------


def test_somebody_without_an_account_makes_her_address_and_a_new_one(client, person):
    page = addresses.page_by_link(person)
    assert b"Make my address" in client.get(page).content
    assert Feed.objects.count() == 0  # looking makes nothing
    answer = client.post(page)
    second = addresses.page_by_link(person)
    assert answer["Location"] == second != page
    assert client.get(page).status_code == 404
    answer = client.get(second)
    address = addresses.feed_url(Feed.objects.get())
    assert answer.context["address"] == address
    assert answer.context["webcal"] == f"webcal://{address.partition('://')[2]}"
    assert client.get(address.removeprefix(settings.SITE_URL)).status_code == 200
    third = client.post(second, {"revision": "1"})["Location"]
    assert client.get(second).status_code == 404
    assert client.get(address.removeprefix(settings.SITE_URL)).status_code == 404
    assert client.get(third).context["address"] != address
    assert client.post(third, {"revision": "1"})["Location"] == third  # she saw an older one: nothing happens
    for odd in ("x", "²", "9" * 30, "-1"):
        client.post(third, {"revision": odd})
    assert Feed.objects.get().revision == 2


def test_who_signs_in_has_no_page_by_link(client, person):
    page = addresses.page_by_link(person)
    assert client.get(page).status_code == 200
    person.user = make_user(person.tenant)
    person.save()
    assert client.get(page).status_code == 404
    assert reverse("reminders:calendar_own") in client.get(addresses.choices_path(person)).content.decode()


def test_the_link_of_a_letter_mails_her_calendar_and_shows_it_to_nobody(client, person, smtp_sink):
    choices = addresses.choices_path(person)
    page = addresses.page_by_link(person)
    shown = client.get(choices).content.decode()
    assert "/calendar/mine/" not in shown and "Send me the link" in shown
    ask = reverse("reminders:choices_calendar", args=[choices.split("/")[-2]])
    assert client.get(ask)["Location"] == choices
    for _time in range(5):
        answer = client.post(ask, follow=True)
        assert page not in answer.content.decode()
    assert "several times already" in answer.content.decode()
    letters = smtp_sink.wait_for(3)
    assert [(mail.recipients, page in mail.text) for mail in letters] == [((person.email,), True)] * 3
    assert client.get(page).status_code == 200
    person.email = ""
    person.save()
    assert "No e-mail address of yours is known" in client.post(ask, follow=True).content.decode()
    assert len(smtp_sink.received) == 3


def test_hers_is_nobody_elses(client, programme, person):
    mine = make_person(programme.tenant, user=make_user(programme.tenant))
    client.force_login(mine.user)
    assert client.get(reverse("reminders:calendar_own")).context["person"] == mine
    client.post(reverse("reminders:calendar_own"))
    assert list(Feed.objects.values_list("person", flat=True)) == [mine.pk]
    client.force_login(make_user(programme.tenant))  # in nobody's address book
    assert client.get(reverse("reminders:calendar_own")).status_code == 200
    assert client.post(reverse("reminders:calendar_own")).status_code == 200
    assert Feed.objects.count() == 1


def test_scripts_read_their_own_address_and_renew_it(client, programme, person):
    other = services.feed_of(person=person, now=NOW)
    user = make_coordinator(programme)
    client.force_login(user)
    assert client.get("/api/v1/feeds/").json()["results"] == []
    made = client.post("/api/v1/feeds/", {}, content_type="application/json").json()
    assert client.post("/api/v1/feeds/", {}, content_type="application/json").json() == made
    assert made["address"] == addresses.feed_url(Feed.objects.get(person=user.person))
    new = client.post(f"/api/v1/feeds/{made['id']}/renewal/", content_type="application/json").json()
    assert (new["revision"], new["address"] == made["address"]) == (2, False)
    assert client.get(f"/api/v1/feeds/{other.pk}/").status_code == 404
    renewal = f"/api/v1/feeds/{other.pk}/renewal/"
    assert client.post(renewal, content_type="application/json").status_code == 404
