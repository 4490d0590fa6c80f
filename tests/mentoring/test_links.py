"""A meeting logged, and confirmed, by somebody who has nothing but the link of a mail."""

from uuid import uuid4

import pytest
from django.core import signing
from django.core.exceptions import ValidationError
from django.urls import reverse

from lib import signing as signed
from mentoring import services
from mentoring.meetings import links
from mentoring.models import Assignment, Meeting
from mentoring.views import links as views
from tests.factories import (
    NOW,
    TODAY,
    make_assignment,
    make_enrolment,
    make_meeting,
    make_mentor,
    make_person,
    make_programme,
    make_user,
)

pytestmark = pytest.mark.django_db


@pytest.fixture
def pair():
    """A mentor with an account, an entrepreneur without one."""
    programme = make_programme()
    mentor = make_mentor(programme, person=make_person(user=make_user(programme.tenant), name="Vesna Vesić"))
    person = make_person(programme.tenant, name="Đurđa Đorđević")
    return make_assignment(mentor, make_enrolment(programme, person=person))


def said(**fields) -> dict:
    plain = {"operation": str(uuid4()), "day": str(TODAY), "minutes": "45", "place": "online"}
    return plain | {"topic": "Cene tegli", "next_step": "Pita tri prodavnice"} | fields


def test_looking_spends_nothing_and_pressing_logs_once(client, pair):
    address = links.log_address(pair)
    for _n in range(3):  # a mail program, a scanner, the mentor
        assert (client.get(address).status_code, client.head(address).status_code) == (200, 200)
    assert (Meeting.objects.count(), links.log_address(pair)) == (0, address)
    page = client.get(address).content.decode()
    assert "Log a meeting with Đurđa Đorđević" in page
    assert f'value="{TODAY}"' not in page  # prefilled with today, which is another day
    done = client.post(address, said())
    assert (done.status_code, "45 minutes with" in done.content.decode()) == (200, True)
    meeting = Meeting.objects.get()
    assert (meeting.minutes, meeting.topic, meeting.by) == (45, "Cene tegli", pair.mentor.person.user)


def test_a_double_tap_is_one_meeting_and_the_same_answer(client, pair):
    address, data = links.log_address(pair), said()
    assert [client.post(address, data).status_code for _tap in "ab"] == [200, 200]
    assert Meeting.objects.count() == 1


def test_the_link_is_dead_after_its_use_and_names_nobody(client, pair):
    address = links.log_address(pair)
    client.post(address, said())
    for answer in (client.get(address), client.post(address, said())):
        page = answer.content.decode()
        assert (answer.status_code, "This link has done its work" in page) == (410, True)
        assert not any(name in page for name in ("Vesna", "Đurđa", "Cene tegli"))
    assert Meeting.objects.count() == 1


def test_a_refused_meeting_leaves_the_link_alive(client, pair):
    address = links.log_address(pair)
    answer = client.post(address, said(minutes="1800"))
    page = answer.content.decode()
    assert (answer.status_code, Meeting.objects.count()) == (422, 0)
    assert "A meeting lasts 12 hours (720 minutes) at most." in page
    assert 'value="Cene tegli"' in page
    assert client.post(address, said()).status_code == 200


def test_whatever_happens_to_the_pair_ends_the_link(client, pair):
    address = links.log_address(pair)
    Assignment.objects.filter(pk=pair.pk).update(revision=2)
    assert client.get(address).status_code == 410
    Assignment.objects.filter(pk=pair.pk).update(state="declined", revision=1)
    assert client.get(address).status_code == 410


def test_whoever_was_shut_out_does_not_come_in_by_a_link(client, pair):
    address = links.log_address(pair)
    user = pair.mentor.person.user
    user.is_active = False
    user.save()
    assert (client.get(address).status_code, client.post(address, said()).status_code) == (410, 410)
    assert Meeting.objects.count() == 0


@pytest.mark.parametrize("token", ["x", "0-0-0.x", "1-9000000-1", "../../admin", "1-1-1." + "a" * 300])
def test_a_wrong_link_says_nothing_of_anybody(client, pair, token):
    for route in ("meeting_log", "meeting_word"):
        answer = client.get(f"/met/{'word/' if route == 'meeting_word' else ''}{token}/")
        assert answer.status_code == 404
        assert "Vesna" not in answer.content.decode()


def test_a_link_of_one_purpose_is_none_of_another(client, pair):
    meeting = make_meeting(pair)
    log = signed.sign(links.LOG, meeting.pk, meeting.revision)
    assert client.get(reverse("mentoring:meeting_word", args=[log])).status_code == 404
    assert links.read(log, links.WORD) is None
    with pytest.raises(signing.BadSignature):
        signed.read(log, "training.certificate")


def test_nothing_of_it_is_kept_and_nobody_hears_where_it_is(client, pair):
    for address in (links.log_address(pair), links.word_address(make_meeting(pair)), "/met/x/"):
        answer = client.get(address)
        assert "no-store" in answer.headers["Cache-Control"]
        assert answer.headers["Referrer-Policy"] == "same-origin"


def test_it_is_asked_for_patience(client, pair, monkeypatch):
    monkeypatch.setattr(views, "MOST", 2)
    assert [client.get("/met/x/").status_code for _n in range(4)] == [404, 404, 429, 429]
    address = links.log_address(pair)
    assert client.get(address).status_code == 200  # a mail scanner in the same house takes nothing from her
    waiting = client.post(address, said())
    assert (waiting.status_code, waiting.headers["Retry-After"]) == (429, "600")


def test_two_with_one_link_log_one_meeting(pair):
    """Both read it while it was alive: the service decides."""
    again = Assignment.objects.get(pk=pair.pk)
    fields = {"day": TODAY, "minutes": 30, "place": "online", "topic": "x", "by": None, "revision": 1}
    services.log_meeting(assignment=pair, operation=uuid4(), now=NOW, **fields)
    with pytest.raises(ValidationError) as caught:
        services.log_meeting(assignment=again, operation=uuid4(), now=NOW, **fields)
    assert (caught.value.code, Meeting.objects.count()) == ("used", 1)


def test_the_other_side_confirms_without_an_account(client, pair):
    meeting = make_meeting(pair, by=pair.mentor.person.user)
    address = links.word_address(meeting)
    page = client.get(address).content.decode()
    assert "Did Đurđa Đorđević and Vesna Vesić meet" in page
    assert Meeting.objects.get().confirmed_at is None
    done = client.post(address)
    assert "Thank you: the meeting is confirmed" in done.content.decode()
    meeting.refresh_from_db()
    assert (meeting.confirmed_at is not None, meeting.confirmed_by) == (True, None)
    dead = client.post(address, {"objection": "No"})
    assert (dead.status_code, "Đurđa" in dead.content.decode()) == (410, False)
    assert Meeting.objects.get().objection == ""


def test_the_other_side_objects_with_words(client, pair):
    meeting = make_meeting(pair, by=pair.mentor.person.user)
    address = links.word_address(meeting)
    assert client.post(address, {"objection": " "}).status_code == 422
    assert "stands beside the meeting" in client.post(address, {"objection": "Bilo je sat"}).content.decode()
    assert Meeting.objects.values_list("objection", "confirmed_at").get() == ("Bilo je sat", None)


def test_a_cancelled_meeting_is_not_asked_about(client, pair):
    meeting = make_meeting(pair)
    address = links.word_address(meeting)
    Meeting.objects.update(cancelled_at="2025-03-12T09:00:00Z", cancelled_reason="x")
    assert (client.get(address).status_code, client.post(address).status_code) == (410, 410)
