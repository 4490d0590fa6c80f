"""The evening before a booked office hour both hear of it, each with her own link, and no mail says why."""

import re
from datetime import UTC, datetime, time, timedelta

import pytest

from mentoring import services as mentoring
from reminders import services
from reminders.kinds import KINDS
from reminders.models import Reminder, Rule
from tests.factories import (
    NOW,
    TODAY,
    make_assignment,
    make_enrolment,
    make_mentor,
    make_person,
    make_programme,
    make_rule,
    make_slot,
    make_user,
)

pytestmark = pytest.mark.django_db
KIND = Rule.Kind.MEETING_UPCOMING
HER, MENTOR = "mila@primer.example", "vesna@primer.example"
EVENING = datetime(2025, 3, 12, 17, 0, tzinfo=UTC)  # 18:00 in Belgrade, the evening before
ENDS = datetime(2025, 3, 13, 15, 30, tzinfo=UTC)  # half an hour before 17:00 there


@pytest.fixture
def pair():
    programme = make_programme()
    tenant = programme.tenant
    mentor = make_person(tenant, name="Vesna Vesić", email=MENTOR, language="en", user=make_user(tenant))
    her = make_person(tenant, name="Mila Nova", email=HER, language="en", user=make_user(tenant))
    enrolment = make_enrolment(programme, person=her)
    return make_assignment(
        make_mentor(programme, person=mentor), enrolment, state_at=NOW - timedelta(days=60)
    )


def booked(pair, now=NOW, **fields):
    slot = make_slot(pair.mentor, **fields)
    her = pair.enrolment
    return mentoring.book_slot(by=her.person.user, slot=slot, enrolment=her, about="ZRNO-O-CEMU", now=now)


def due(pair, now=NOW, **fields) -> list[tuple]:
    row = make_rule(pair.programme, kind=KIND, at_hour=18, **fields)
    return [(one.person_id, one.revision, one.due_at, one.send_before) for one in KINDS[KIND].due(row, now)]


def both(pair) -> tuple[int, int]:
    return pair.mentor.person_id, pair.enrolment.person_id


def test_both_hear_the_evening_before(pair):
    booked(pair)
    mentor, her = both(pair)
    assert due(pair) == [(mentor, 2, EVENING, ENDS), (her, 2, EVENING, ENDS)]


@pytest.mark.parametrize(("audience", "who"), [("mentor", 0), ("entrepreneur", 1)])
def test_a_rule_may_name_one_of_them(pair, audience, who):
    booked(pair)
    assert [row[0] for row in due(pair, audience=audience)] == [both(pair)[who]]


def test_booked_later_than_that_only_the_mentor_has_to_hear(pair):
    late = EVENING + timedelta(hours=1)
    booked(pair, now=late)
    assert [row[0] for row in due(pair, late)] == [pair.mentor.person_id]


def test_each_has_her_own_link_and_no_topic(pair, smtp_sink, client):
    booked(pair, place="elsewhere", where="Trg 1, Novi Sad")
    services.plan(NOW)
    services.send_due(EVENING)
    [hers], [mentors] = smtp_sink.to(HER), smtp_sink.to(MENTOR)
    assert hers.subject == "Vesna Vesić on 13 March 2025, 17:00–17:30"
    assert mentors.subject == "Mila Nova on 13 March 2025, 17:00–17:30"
    assert "You meet Vesna Vesić on 13 March 2025, 17:00–17:30." in hers.text
    assert "Place: elsewhere, Trg 1, Novi Sad." in mentors.text
    assert "ZRNO" not in hers.text + hers.html + mentors.text + mentors.html
    address = re.search(r"https?://[^/\s]+(/met/times/\S+)", hers.text)[1]
    assert client.get(address).status_code == 200  # she need not sign in
    assert "/met/times/" not in mentors.text
    assert f"/programmes/{pair.programme.code}/" in mentors.text


def test_a_meeting_room_on_the_net_is_opened_from_our_page(pair):
    slot = booked(pair, where="https://meet.example/a-room")
    subject = KINDS[KIND].subjects([slot.pk])[slot.pk]
    assert KINDS[KIND].values(subject, pair.enrolment.person)["place"] == "online"


def test_her_own_clock_is_said_where_it_differs(pair):
    slot = booked(pair)
    pair.enrolment.person.zone = "Europe/London"
    subject = KINDS[KIND].subjects([slot.pk])[slot.pk]
    said = KINDS[KIND].values(subject, pair.enrolment.person)["time"]
    assert said == "17:00–17:30 (Europe/Belgrade); for you 16:00–16:30 (Europe/London)"


@pytest.mark.parametrize("what", ["cancelled", "given back", "changed"])
def test_what_does_not_stand_is_not_said(pair, smtp_sink, what):
    slot, her = booked(pair), pair.enrolment.person.user
    services.plan(NOW)
    if what == "cancelled":
        mentoring.cancel_slot(by=pair.mentor.person.user, slot=slot, reason="Ill", now=NOW)
    else:
        mentoring.release_slot(by=her, slot=slot, now=NOW)
    if what == "changed":
        mentoring.book_slot(by=her, slot=slot, enrolment=pair.enrolment, now=NOW)
    services.send_due(EVENING)
    words = {
        "cancelled": "The office hour was cancelled.",
        "given back": "The office hour was given back.",
        "changed": "The office hour was changed since.",
    }
    rows = Reminder.objects.filter(rule__kind=KIND, subject_revision=2).values_list("state", "reason")
    assert list(rows) == [("dropped", words[what])] * 2


def test_it_costs_the_same_for_one_and_three(pair, django_assert_num_queries):
    row = make_rule(pair.programme, kind=KIND, at_hour=18)
    for n, hour in ((1, 9), (2, 11), (3, 13)):
        booked(pair, start=time(hour), end=time(hour + 1), day=TODAY + timedelta(days=1))
        with django_assert_num_queries(1):
            found = list(KINDS[KIND].due(row, NOW))
        assert len(found) == 2 * n
        with django_assert_num_queries(1):
            KINDS[KIND].subjects([one.subject_id for one in found])
