"""Who has no account books, moves and gives back by the link of a letter."""

import re
from datetime import time, timedelta

import pytest
from django.utils import timezone

from mentoring.meetings import links
from mentoring.models import Assignment, Slot
from reminders import services
from reminders.models import Reminder
from tests.factories import (
    NOW,
    TODAY,
    make_assignment,
    make_enrolment,
    make_meeting,
    make_mentor,
    make_person,
    make_programme,
    make_slot,
    make_user,
    today_there,
)

pytestmark = pytest.mark.django_db
HER = "mila@primer.example"


@pytest.fixture
def pair():
    programme = make_programme()
    her = make_person(programme.tenant, name="Mila Nova", email=HER, language="en")
    mentor = make_mentor(programme, person=make_person(programme.tenant, name="Vesna Vesić"))
    row = make_assignment(mentor, make_enrolment(programme, person=her), start=TODAY)
    Assignment.objects.filter(pk=row.pk).update(state_at=NOW)
    return row


def ahead(pair, hour=17, **fields) -> Slot:
    day = today_there() + timedelta(days=3)
    return make_slot(pair.mentor, day=day, start=time(hour), end=time(hour, 30), **fields)


def test_the_letter_that_a_mentor_was_found_leads_to_her_times(client, pair, smtp_sink):
    slot = ahead(pair)
    services.plan(NOW)
    assert services.send_due(NOW) == {"sent": 1}
    [letter] = smtp_sink.to(HER)
    assert letter.subject == "Your mentor: Vesna Vesić"
    address = re.search(r"https?://[^/\s]+(/met/times/\S+)", letter.text)[1]
    assert [client.get(address).status_code, client.head(address).status_code] == [200, 200]
    assert Slot.objects.get().booked_by is None
    done = client.post(address, {"slot": slot.pk, "about": "Prices"}, follow=True)
    assert (done.status_code, "Booked: Vesna Vesić" in done.text) == (200, True)
    slot.refresh_from_db()
    assert (slot.booked_by, slot.about) == (pair.enrolment, "Prices")
    services.plan(NOW + timedelta(minutes=5))
    assert Reminder.objects.filter(rule__kind="mentor_found").count() == 1


def test_she_moves_and_gives_back_and_only_the_mentor_hears(client, pair):
    one, two = ahead(pair), ahead(pair, 19)
    address = links.times_address(pair)
    client.post(address, {"slot": one.pk})
    assert client.get(address, {"instead": one.pk}).context["moves"] == one
    client.post(address, {"slot": two.pk, "instead": one.pk})
    assert client.post(address, {"release": two.pk}).status_code == 302
    assert not Slot.objects.exclude(booked_by=None).exists()
    services.plan(timezone.now())
    told = Reminder.objects.filter(rule__kind__startswith="booking").values_list("person__name", flat=True)
    assert set(told) == set()  # this programme is long over: nobody has rules there
    pair.programme.end = today_there() + timedelta(days=30)
    pair.programme.save()
    services.plan(timezone.now())
    assert set(told.all()) == {"Vesna Vesić"}


def test_what_is_not_hers_she_neither_takes_nor_gives_back(client, pair):
    address = links.times_address(pair)
    others = make_slot(make_mentor(pair.programme), day=today_there() + timedelta(days=3))
    assert client.post(address, {"slot": others.pk}).status_code == 400
    booked = ahead(pair, booked_by=make_enrolment(pair.programme))
    assert client.post(address, {"release": booked.pk}).status_code == 404
    assert client.post(address, {"release": "x"}).status_code == 302
    booked.refresh_from_db()
    assert booked.booked_by is not None


@pytest.mark.parametrize("state", ["completed", "ended", "offered"])
def test_it_dies_with_the_pair(client, pair, state):
    Assignment.objects.filter(pk=pair.pk).update(state=state)
    answer = client.get(links.times_address(pair))
    assert (answer.status_code, "Mila" in answer.text) == (410, False)


def test_a_stranger_finds_nothing(client, pair):
    other = links.log_address(pair).split("/")[-2]  # signed for something else
    for token in ("x", "1-1-1.forged", other):
        assert client.get(f"/met/times/{token}/").status_code == 404


def test_whoever_was_shut_out_does_not_come_in_by_the_link(client, pair):
    person = pair.enrolment.person
    person.user = make_user(pair.programme.tenant, is_active=False)
    person.save()
    assert client.get(links.times_address(pair)).status_code == 410


def test_a_pair_that_met_or_began_long_ago_is_no_news(pair):
    Assignment.objects.filter(pk=pair.pk).update(start=TODAY - timedelta(days=8))
    services.plan(NOW)
    Assignment.objects.filter(pk=pair.pk).update(start=TODAY)
    make_meeting(pair, day=TODAY)
    services.plan(NOW)
    assert not Reminder.objects.filter(rule__kind="mentor_found").exists()
