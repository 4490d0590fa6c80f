"""What goes together: one message a day or a week for one person in one programme, and all its parts share
its fate."""

from datetime import timedelta

import pytest

from reminders import services
from reminders.models import Preference, Reminder, Rhythm
from reminders.services.claiming import claim
from tests.factories import NOW, make_enrolment, make_entry, make_person, make_programme, make_session
from tests.reminders.sent import SESSION, due_rows, row, states
from tests.reminders.servers import Troubled, listening

pytestmark = pytest.mark.django_db


@pytest.fixture
def daily():
    """One woman, three sessions tomorrow, told together; and another woman, told of one by itself."""
    return three_of_one()


def three_of_one(programme=None, person=None, rhythm=Rhythm.DAILY):
    programme = programme or make_programme()
    (first,) = due_rows(1, programme)
    person = person or make_person(programme.tenant)
    enrolment = make_enrolment(programme, person=person)
    rows = []
    for number in range(3):
        session = make_session(programme, day=SESSION, title=f"Part {number}")
        make_entry(session, enrolment)
        rows.append(row(first.rule, person, session, rhythm=rhythm))
    return rows


def test_they_go_in_one_message_under_the_id_of_the_lowest(daily, smtp_sink):
    assert services.send_due(NOW) == {"sent": 4}
    (letter,) = smtp_sink.to(daily[0].person.email)
    assert letter.message["Message-ID"] == daily[0].message_id
    assert all(f"Part {number}" in letter.text for number in range(3))
    assert len(smtp_sink.received) == 2
    rows = Reminder.objects.filter(person=daily[0].person)
    assert set(rows.values_list("carrier", flat=True)) == {daily[0].pk}
    assert rows.filter(tries__outcome="sent").count() == 3


def test_two_programmes_are_two_messages(smtp_sink):
    person = three_of_one()[0].person
    programme = make_programme(tenant=person.tenant)
    three_of_one(programme, person)
    services.send_due(NOW)
    assert len(smtp_sink.to(person.email)) == 2


def test_what_is_not_due_yet_waits_for_the_next(daily, smtp_sink):
    Reminder.objects.filter(pk=daily[2].pk).update(due_at=NOW + timedelta(days=1))
    assert services.send_due(NOW) == {"sent": 3}
    (letter,) = smtp_sink.to(daily[0].person.email)
    assert "Part 1" in letter.text and "Part 2" not in letter.text


def test_what_became_untrue_is_left_out_with_the_reason(daily, smtp_sink):
    from training.models import Session

    Session.objects.filter(pk=daily[0].subject_id).update(cancelled_at=NOW)
    services.send_due(NOW)
    services.send_due(NOW + timedelta(seconds=30))
    (letter,) = smtp_sink.to(daily[0].person.email)
    assert "Part 0" not in letter.text and "Part 1" in letter.text and "Part 2" in letter.text
    gone = Reminder.objects.get(state="dropped")
    assert (gone.pk, gone.reason) == (daily[0].pk, "The session was cancelled.")
    assert letter.message["Message-ID"] == daily[0].message_id


def test_a_refusal_is_of_all_its_parts(daily, settings):
    refused = daily[0].person.email
    with listening(settings, Troubled(rcpt={refused: "550 5.1.1 no such user"})) as server:
        assert services.send_due(NOW) == {"sent": 1, "failed": 3}
        assert services.send_due(NOW + timedelta(hours=1)) == {}
    assert server.asked.count(refused) == 1
    assert Reminder.objects.not_gone().count() == 3


def test_a_doubt_is_of_all_its_parts_and_the_second_copy_has_the_same_id(daily, settings):
    Reminder.objects.exclude(person=daily[0].person).delete()
    with listening(settings, Troubled(body="keep and drop")) as server:
        assert services.send_due(NOW) == {"planned": 3}
        assert set(Reminder.objects.values_list("unsure", flat=True)) == {1}
        assert services.send_due(NOW + timedelta(minutes=10)) == {"uncertain": 3}
    ids = {text.split(b"Message-ID: ")[1].split(b"\r\n")[0] for _to, text in server.received}
    assert (len(server.received), ids) == (2, {daily[0].message_id.encode()})


def test_a_later_one_does_not_join_a_message_that_was_tried(daily, settings):
    Reminder.objects.exclude(person=daily[0].person).delete()
    late = daily[2]
    Reminder.objects.filter(pk=late.pk).update(due_at=NOW + timedelta(minutes=3))
    with listening(settings, Troubled(rcpt={"": "451 busy"})) as server:
        services.send_due(NOW)
        server.rcpt = {}
        services.send_due(NOW + timedelta(minutes=4))
    ids = sorted(text.split(b"Message-ID: ")[1].split(b"\r\n")[0] for _to, text in server.received)
    assert ids == sorted([daily[0].message_id.encode(), late.message_id.encode()])


def test_a_batch_takes_a_message_whole(daily):
    rows = claim(sent_by_email(), NOW, 2)
    assert len(rows) == 4 and {one.carrier_id for one in rows} == {None, daily[0].pk}


def sent_by_email():
    from django.db.models import Q

    return Q(channel="email")


def test_she_stopped_them_in_the_meantime(daily, smtp_sink):
    person = daily[0].person
    Preference.objects.create(person=person, kind="", channel=Preference.NOTHING)
    assert services.send_due(NOW) == {"sent": 1, "dropped": 3}
    assert smtp_sink.to(person.email) == []
    reasons = Reminder.objects.filter(person=person).values_list("reason", flat=True)
    assert set(reasons) == {"She does not want these messages."}
    assert states().count("sent") == 1
