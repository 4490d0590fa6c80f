"""The other side of a meeting is asked once, on the morning after, by a link that needs no account."""

import re
from datetime import timedelta

import pytest

from mentoring import services as mentoring
from mentoring.models import Meeting
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
)

pytestmark = pytest.mark.django_db
MORNING = NOW + timedelta(days=1)
KIND = {"rule__kind": "meeting_to_confirm"}


def meet(**her) -> Meeting:
    programme = make_programme()
    person = make_person(programme.tenant, name="Đurđa Đorđević", language="en", **her)
    pair = make_assignment(make_mentor(programme), make_enrolment(programme, person=person))
    plain = {"day": TODAY, "topic": "ZRNO", "next_step": "ZRNO", "at": NOW}
    return make_meeting(pair, by=pair.mentor.person.user, **plain)


def test_she_confirms_by_the_link_of_the_letter(client, smtp_sink):
    meeting = meet(email="djurdja@primer.example")
    services.plan(NOW)
    assert services.send_due(MORNING)["sent"] == 1
    [letter] = smtp_sink.to("djurdja@primer.example")
    assert "met on 12 March 2025 for 60 minutes, says the log." in letter.text
    assert "ZRNO" not in letter.text + letter.html  # neither the topic nor the next step
    address = re.search(r"https?://[^/\s]+(/met/word/\S+/)", letter.text)[1]
    assert client.get(address).status_code == 200
    client.post(address)
    meeting.refresh_from_db()
    assert meeting.confirmed_at is not None
    services.plan(MORNING)
    assert Reminder.objects.filter(**KIND).count() == 1


@pytest.mark.parametrize("what", ["confirmed", "cancelled"])
def test_who_has_spoken_is_not_asked(smtp_sink, what):
    meeting = meet(email="djurdja@primer.example")
    services.plan(NOW)
    whose = {"by": meeting.by, "meeting": meeting, "now": NOW}
    if what == "confirmed":
        mentoring.confirm_meeting(**whose)
    else:
        mentoring.cancel_meeting(reason="twice", **whose)
    services.send_due(MORNING)
    assert [row.state for row in Reminder.objects.filter(**KIND)] == ["dropped"]
    assert smtp_sink.to("djurdja@primer.example") == []


def test_nobody_without_an_address_and_nothing_long_past_is_asked_about():
    meet(email="")
    old = meet(email="djurdja@primer.example")
    Meeting.objects.filter(pk=old.pk).update(at=NOW - timedelta(days=30))
    services.plan(NOW)
    assert not Reminder.objects.filter(**KIND).exists()
