"""Somebody is invited to be a mentor: a letter with a link, on which she answers without an account."""

import re
from datetime import timedelta

import pytest
from django.core.exceptions import ValidationError

from accounts.models import AuditEntry
from mentoring import services
from mentoring.meetings import links
from mentoring.models import Mentor
from reminders import services as reminders
from reminders.models import Reminder
from tests.factories import NOW, make_mentor, make_person, make_programme, make_user

pytestmark = pytest.mark.django_db
HER = "milanka@primer.example"


def invited(programme=None, **her) -> Mentor:
    programme = programme or make_programme(name="Start-up", name_sr="Start-up obuka")
    said = {"name": "Milanka Savić", "email": HER, "language": "en"} | her
    mentor = make_mentor(programme, person=make_person(programme.tenant, **said))
    Mentor.objects.filter(pk=mentor.pk).update(state="invited", state_at=NOW)
    mentor.refresh_from_db()
    return mentor


def sweep(now=NOW) -> dict:
    reminders.plan(now)
    return reminders.send_due(now)


def address_of(mentor) -> str:
    return links.invitation_address(mentor.offers.get())


def test_the_letter_leads_to_a_page_on_which_yes_makes_her_active(client, smtp_sink):
    mentor = invited()
    assert sweep() == {"sent": 1}
    [letter] = smtp_sink.to(HER)
    assert letter.subject == "Will you be a mentor of Start-up?"
    address = re.search(r"https?://[^/\s]+(/mentor-invitations/\S+)", letter.text)[1]
    for _look in range(3):  # programs that read mail open links
        assert (client.get(address).status_code, client.head(address).status_code) == (200, 200)
    assert Mentor.objects.get().state == "invited"
    answer = client.post(address, {"answer": "yes"})
    assert "Thank you: you are a mentor now" in answer.text
    mentor.refresh_from_db()
    assert (mentor.state, mentor.state_reason) == ("active", "")
    assert list(Mentor.objects.active_in(mentor.offers.get().programme)) == [mentor]
    assert AuditEntry.objects.filter(object_id=mentor.pk, object_type="mentoring.mentor").exists()
    assert sweep(NOW + timedelta(minutes=1)) == {}


def test_no_is_on_record_with_its_reason_and_the_link_is_dead(client):
    mentor = invited()
    address = address_of(mentor)
    assert client.post(address, {"answer": "no", "reason": "Nemam vremena"}).status_code == 200
    mentor.refresh_from_db()
    assert (mentor.state, mentor.state_reason) == ("left", "Nemam vremena")
    for again in (client.get(address), client.post(address, {"answer": "yes"})):
        assert again.status_code == 410
        assert "Milanka" not in again.text
    mentor.refresh_from_db()
    assert mentor.state == "left"


def test_a_press_without_an_answer_changes_nothing(client):
    mentor = invited()
    assert client.post(address_of(mentor), {}).status_code == 200
    too_long = client.post(address_of(mentor), {"answer": "no", "reason": "x" * 301})
    assert too_long.status_code == 422
    mentor.refresh_from_db()
    assert mentor.state == "invited"


@pytest.mark.parametrize("token", ["1-1-1.forged", "x", "1-1-1." + "A" * 43])
def test_a_link_that_is_none_of_ours(client, token):
    invited()
    assert client.get(f"/mentor-invitations/{token}/").status_code == 404


def test_another_link_of_ours_does_not_answer(client):
    mentor = invited()
    other = links.signed.sign(links.LOG, mentor.offers.get().pk, 1)
    assert client.get(f"/mentor-invitations/{other}/").status_code == 404


def test_whoever_was_shut_out_does_not_come_in_by_the_link(client):
    programme = make_programme()
    mentor = invited(programme, user=make_user(programme.tenant, is_active=False))
    assert client.get(address_of(mentor)).status_code == 410


def test_she_answers_once():
    mentor = invited()
    services.answer_invitation(mentor=mentor, accept=True, now=NOW)
    with pytest.raises(ValidationError) as refused:
        services.answer_invitation(mentor=mentor, accept=False, now=NOW)
    assert refused.value.code == "used"
    assert Mentor.objects.get().state == "active"


def test_nobody_without_an_address_and_nobody_of_a_programme_that_is_over_is_asked():
    programme = make_programme()
    invited(programme, email="")
    assert reminders.plan(NOW) == 0
    reminders.plan(NOW)  # the rules are there
    Mentor.objects.get().person.__class__.objects.update(email=HER)
    programme.end = NOW.date()
    programme.save()
    assert reminders.plan(NOW) == 0
    programme.end = NOW.date() + timedelta(days=1)
    programme.save()
    assert reminders.plan(NOW) == 1


def test_wanted_in_two_programmes_she_gets_one_letter(smtp_sink):
    mentor = invited()
    second = make_programme(mentor.person.tenant)
    services.add_offer(by=None, mentor=mentor, programme=second)
    assert sweep() == {"sent": 1}
    assert Reminder.objects.get().rule.programme == second


def test_made_active_by_hand_the_letter_is_dropped(smtp_sink):
    mentor = invited()
    reminders.plan(NOW)
    services.change_mentor_state(by=None, mentor=mentor, state="active", now=NOW)
    assert reminders.send_due(NOW) == {"dropped": 1}
    assert smtp_sink.received == []
