"""A booked office hour that does not stand any more: whoever of the two did not do it hears of it."""

import re
from datetime import time, timedelta

import pytest

from lib import clock
from mentoring import services as mentoring
from mentoring.models import Slot, SlotChange
from reminders import services
from reminders.models import Reminder
from tests.factories import (
    NOW,
    TODAY,
    make_assignment,
    make_coordinator,
    make_enrolment,
    make_mentor,
    make_person,
    make_programme,
    make_slot,
    make_user,
)

pytestmark = pytest.mark.django_db
HER, MENTOR = "mila@primer.example", "vesna@primer.example"
SOON = NOW + timedelta(minutes=1)


@pytest.fixture
def pair():
    programme = make_programme()
    tenant = programme.tenant
    mentor = make_person(tenant, name="Vesna Vesić", email=MENTOR, language="en", user=make_user(tenant))
    her = make_person(tenant, name="Mila Nova", email=HER, language="en", user=make_user(tenant))
    long_ago = {"state_at": NOW - timedelta(days=60)}  # who her mentor is, she knows
    return make_assignment(
        make_mentor(programme, person=mentor), make_enrolment(programme, person=her), **long_ago
    )


def booked(pair, **at) -> Slot:
    slot = make_slot(pair.mentor, **at)
    her = pair.enrolment
    return mentoring.book_slot(by=her.person.user, slot=slot, enrolment=her, about="ZRNO-O-CEMU", now=NOW)


def cancel(slot, by) -> None:
    mentoring.cancel_slot(by=by, slot=slot, reason="I am ill", now=NOW)


def sweep(now=SOON) -> dict:
    services.plan(now)
    return services.send_due(now)


def planned() -> list[tuple]:
    rows = Reminder.objects.order_by("pk")
    return list(rows.values_list("rule__kind", "person__name", "state"))


def test_cancelled_for_today_she_hears_at_once_and_why(pair, smtp_sink, client):
    here = clock.local(NOW, pair.programme.zone)
    today = {"day": TODAY, "start": time(here.hour + 2), "end": time(here.hour + 3)}
    cancel(booked(pair, **today), pair.mentor.person.user)
    assert sweep() == {"sent": 1}
    [letter] = smtp_sink.received
    assert list(letter.recipients) == [HER]
    assert letter.subject == f"Cancelled: 12 March 2025, {here.hour + 2:02}:00–{here.hour + 3:02}:00"
    assert "The time of Mila Nova with Vesna Vesić on 12 March 2025" in letter.text
    assert "The reason: “I am ill”" in letter.text
    assert "ZRNO" not in letter.text + letter.html
    address = re.search(r"https?://[^/\s]+(/met/times/\S+)", letter.text)[1]
    assert client.get(address).status_code == 200  # she need not sign in
    assert sweep(SOON + timedelta(minutes=1)) == {}


def test_given_back_the_mentor_hears_and_she_does_not(pair, smtp_sink):
    mentoring.release_slot(by=pair.enrolment.person.user, slot=booked(pair), now=NOW)
    assert sweep() == {"sent": 1}
    [letter] = smtp_sink.to(MENTOR)
    assert letter.subject == "Given back: 13 March 2025, 17:00–17:30"
    assert "Mila Nova with Vesna Vesić" in letter.text and "It is free for others again." in letter.text
    assert f"/programmes/{pair.programme.code}/slots/" in letter.text
    assert smtp_sink.to(HER) == []


def test_somebody_else_has_it_by_now(pair, smtp_sink):
    slot = booked(pair)
    mentoring.release_slot(by=pair.enrolment.person.user, slot=slot, now=NOW)
    other = make_assignment(pair.mentor, make_enrolment(pair.programme)).enrolment
    mentoring.book_slot(by=None, slot=slot, enrolment=other, now=NOW)
    assert sweep() == {"sent": 1}
    text = smtp_sink.to(MENTOR)[0].text
    assert "Somebody else has booked it since." in text and "free for others" not in text


def test_moved_the_mentor_reads_both_times(pair, smtp_sink):
    slot, later = booked(pair), make_slot(pair.mentor, start=time(19), end=time(19, 30))
    her = pair.enrolment
    mentoring.book_slot(by=her.person.user, slot=later, enrolment=her, instead=slot, now=NOW)
    assert list(SlotChange.objects.values_list("slot", "step", "moved_to")) == [(slot.pk, "moved", later.pk)]
    assert sweep() == {"sent": 1}
    [letter] = smtp_sink.to(MENTOR)
    assert letter.subject == "Moved to 13 March 2025, 19:00–19:30"
    assert "from 13 March 2025, 17:00–17:30 with Vesna Vesić to 13 March 2025, 19:00–19:30" in letter.text


def test_with_whom_she_meets_instead_is_no_business_of_the_mentor(pair, smtp_sink):
    slot, her = booked(pair), pair.enrolment
    other = make_mentor(pair.programme, person=make_person(pair.programme.tenant, name="Druga Mentorka"))
    elsewhere = make_slot(other, start=time(19), end=time(19, 30), is_open=True)
    mentoring.book_slot(by=her.person.user, slot=elsewhere, enrolment=her, instead=slot, now=NOW)
    assert sweep() == {"sent": 1}
    [letter] = smtp_sink.to(MENTOR)
    assert letter.subject.startswith("Given back") and "Druga" not in letter.text


def test_what_the_coordinator_does_both_hear(pair):
    cancel(booked(pair), make_coordinator(pair.programme))
    services.plan(SOON)
    assert planned() == [
        ("booking_over", "Mila Nova", "planned"),
        ("booking_over_mentor", "Vesna Vesić", "planned"),
    ]


def test_booked_again_before_the_letter_left_nothing_goes(pair, smtp_sink):
    slot, her = booked(pair), pair.enrolment
    mentoring.release_slot(by=her.person.user, slot=slot, now=NOW)
    services.plan(NOW)
    mentoring.book_slot(by=her.person.user, slot=slot, enrolment=her, now=NOW)
    assert services.send_due(SOON) == {"dropped": 1}
    assert smtp_sink.received == []


def test_given_back_twice_is_two_letters(pair, smtp_sink):
    slot, her = booked(pair), pair.enrolment
    for minutes in (0, 10):
        now = NOW + timedelta(minutes=minutes)
        mentoring.book_slot(by=her.person.user, slot=slot, enrolment=her, now=now)
        mentoring.release_slot(by=her.person.user, slot=Slot.objects.get(), now=now)
        assert sweep(now) == {"sent": 1}
    assert len(smtp_sink.to(MENTOR)) == 2


def test_once_the_hour_has_come_it_is_too_late(pair, smtp_sink):
    slot = booked(pair)
    cancel(slot, pair.mentor.person.user)
    services.plan(SOON)
    assert services.send_due(slot.starts_at) == {"expired": 1}
    Reminder.objects.all().delete()
    assert (services.plan(slot.starts_at), smtp_sink.received) == (0, [])


def test_a_free_slot_that_is_cancelled_concerns_nobody(pair):
    cancel(make_slot(pair.mentor), pair.mentor.person.user)
    assert (services.plan(SOON), SlotChange.objects.count()) == (0, 0)


def test_who_has_no_address_stands_among_what_did_not_go(pair):
    pair.enrolment.person.email = ""
    pair.enrolment.person.save()
    cancel(booked(pair), pair.mentor.person.user)
    assert sweep() == {"failed": 1}
    assert Reminder.objects.get().reason == "No e-mail address is known."
