"""The pages of offers, answers, steps and goals, and the same over the API."""

from datetime import timedelta
from uuid import uuid4

import pytest
from django.urls import reverse
from django.utils import timezone

from mentoring import services
from mentoring.models import Assignment, Goal, Note
from reminders import services as reminders
from reminders.models import Reminder
from tests.factories import (
    make_assignment,
    make_awake,
    make_coordinator,
    make_enrolment,
    make_goal,
    make_meeting,
    make_mentor,
    make_need,
    make_person,
    make_programme,
    make_user,
    today_there,
)

pytestmark = pytest.mark.django_db
JSON = "application/json"


@pytest.fixture
def programme():
    today = today_there()
    return make_programme(code="start-up", start=today - timedelta(days=9), end=today + timedelta(days=90))


def signed_in(client, user):
    client.force_login(user, backend="allauth.account.auth_backends.AuthenticationBackend")
    return client


@pytest.fixture
def coordinator(client, programme):
    return signed_in(client, make_coordinator(programme))


def page(name, *args) -> str:
    return reverse(f"mentoring:{name}", args=args)


def offered(programme, **fields) -> Assignment:
    row = make_assignment(
        fields.pop("mentor", None) or make_mentor(programme),
        fields.pop("enrolment", None) or make_enrolment(programme),
        **{"state": "proposed", "start": None} | fields,
    )
    now = timezone.now()
    by = make_coordinator(programme)
    services.offer(by=by, assignment=row, until=now + timedelta(days=7), now=now)
    return row


def in_days(days: int) -> str:
    return (today_there() + timedelta(days=days)).isoformat()


def test_a_mentor_is_asked_from_the_page(coordinator, programme):
    mentor, hers = make_mentor(programme), make_enrolment(programme)
    data = {"enrolment": hers.pk, "mentor": mentor.pk, "how": "ask", "until": in_days(5)}
    data |= {"agreed_hours": 25, "share_on_premises": 75}
    answer = coordinator.post(page("assignment_create", "start-up"), data)
    row = Assignment.objects.get()
    assert answer.url == page("assignment_detail", row.pk)
    assert (row.state, row.agreed_hours, row.share_on_premises, row.start) == ("offered", 25, 75, None)
    assert [one.state for one in row.changes.all()] == ["proposed", "offered"]
    assert row.offered_until.astimezone(timezone.get_default_timezone()) > timezone.now()


def test_what_cannot_be_offered_is_not_proposed_either(coordinator, programme):
    hers = make_enrolment(programme)
    offered(programme, enrolment=hers)
    data = {"enrolment": hers.pk, "mentor": make_mentor(programme).pk, "how": "ask", "until": in_days(5)}
    assert coordinator.post(page("assignment_create", "start-up"), data).status_code == 400
    assert Assignment.objects.count() == 1


@pytest.mark.parametrize("until", ["", "soon", in_days(-1), in_days(400), "9999-12-31"])
def test_an_offer_has_a_day_that_can_be(coordinator, programme, until):
    row = make_assignment(make_mentor(programme), make_enrolment(programme), state="proposed")
    assert coordinator.post(page("assignment_offer", row.pk), {"until": until}).status_code == 400
    row.refresh_from_db()
    assert row.state == "proposed"


def test_she_says_yes_on_her_phone(client, programme):
    row = offered(programme)
    signed_in(client, row.mentor.person.user)
    shown = client.get(page("assignment_answer", row.pk))
    assert (shown.status_code, row.changes.count()) == (200, 1)
    assert f"Will you guide {row.enrolment}?" in shown.content.decode()
    taps = [client.post(page("assignment_answer", row.pk), {"answer": "yes"}).url for _tap in "ab"]
    assert taps == [page("assignment_detail", row.pk)] * 2
    row.refresh_from_db()
    assert (row.state, row.changes.count()) == ("accepted", 2)


def test_she_says_no_with_a_reason_and_a_day(client, programme):
    row = offered(programme)
    signed_in(client, row.mentor.person.user)
    address = page("assignment_answer", row.pk)
    assert client.post(address, {"answer": "no", "reason": ""}).status_code == 400
    late = {"answer": "no", "reason": "I travel", "away_until": in_days(-1)}
    assert client.post(address, late).status_code == 400
    assert client.post(address, late | {"away_until": in_days(30)}).status_code == 302
    row.refresh_from_db()
    row.mentor.refresh_from_db()
    assert (row.state, row.reason, str(row.mentor.away_until)) == ("declined", "I travel", in_days(30))
    assert client.get(address).status_code == 200


def test_she_asks_before_she_decides(client, programme):
    row = offered(programme)
    signed_in(client, row.mentor.person.user)
    data = {"answer": "question", "operation": str(uuid4()), "text": "Which town is it?"}
    for _tap in "ab":
        assert client.post(page("assignment_answer", row.pk), data).status_code == 302
    assert list(Note.objects.values_list("layer", "text")) == [("programme", "Which town is it?")]
    row.refresh_from_db()
    assert (row.state, row.revision) == ("offered", 2)  # no second letter
    assert "Which town is it?" in client.get(page("assignment_answer", row.pk)).content.decode()


def test_an_offer_is_hers_alone(client, programme):
    row = offered(programme)
    hers = row.enrolment.person
    hers.user = make_user(programme.tenant)
    hers.save()
    expected = {
        hers.user: 403,  # she hears of a mentor when one said yes
        make_mentor(programme).person.user: 404,
        make_coordinator(make_programme(programme.tenant)): 404,
        make_coordinator(make_programme()): 404,
        make_coordinator(programme): 200,
    }
    for user, status in expected.items():
        assert signed_in(client, user).get(page("assignment_answer", row.pk)).status_code == status
    Assignment.objects.update(state="accepted")
    signed_in(client, hers.user)
    assert client.get(page("assignment_answer", row.pk)).status_code == 403
    assert client.get(page("assignment_detail", row.pk)).status_code == 200


def test_one_tap_asks_the_next_best(coordinator, programme):
    hers = make_enrolment(programme)
    need = make_need(hers, functions=["pricing"])
    row = offered(programme, enrolment=hers, need=need)
    best = make_mentor(programme, functions=["pricing"])
    make_mentor(programme)
    now = timezone.now()
    services.answer_offer(by=row.mentor.person.user, assignment=row, accept=False, reason="No time", now=now)
    shown = coordinator.get(page("offer_list", "start-up"))
    assert shown.context["vain"] == [(row, best)]
    assert "1 person waits for another mentor" in shown.content.decode()
    coordinator.post(page("offer_on", row.pk), {"mentor": best.pk})
    made = Assignment.objects.get(mentor=best)
    assert (made.state, made.need) == ("offered", need)
    coordinator.post(page("offer_on", row.pk), {"mentor": best.pk})
    assert Assignment.objects.count() == 2
    assert coordinator.get(page("offer_list", "start-up")).context["vain"] == []


def test_nobody_left_is_said(coordinator, programme):
    row = offered(programme)
    services.expire_offers(timezone.now() + timedelta(days=8))
    shown = coordinator.get(page("offer_list", "start-up"))
    assert shown.context["vain"] == [(row, None)]
    assert "No mentor is left whom nothing stands in the way of." in shown.content.decode()


def test_all_proposals_are_offered_at_once(coordinator, programme):
    rows = [
        make_assignment(make_mentor(programme), make_enrolment(programme), state="proposed") for _n in "abc"
    ]
    away = rows[0].mentor
    away.away_until = today_there() + timedelta(days=9)
    away.save()
    answer = coordinator.post(page("offer_all", "start-up"), {"until": in_days(3)}, follow=True)
    states = [Assignment.objects.get(pk=row.pk).state for row in rows]
    assert states == ["proposed", "offered", "offered"]
    assert f"{away} is not available until" in answer.content.decode()


def test_the_offers_cost_the_same_for_one_and_for_three(coordinator, programme, django_assert_num_queries):
    def more():
        offered(programme)
        make_assignment(make_mentor(programme), make_enrolment(programme), state="proposed")
        make_assignment(make_mentor(programme), make_enrolment(programme), state="declined")

    more()
    address = page("offer_list", "start-up")
    coordinator.get(address)
    with django_assert_num_queries(25):
        coordinator.get(address)
    more()
    more()
    with django_assert_num_queries(25):
        coordinator.get(address)


def test_steps_and_agreement_of_a_coordinator(coordinator, programme):
    row = make_assignment(make_mentor(programme), make_enrolment(programme))
    address = page("assignment_state", row.pk)
    assert coordinator.post(address, {"state": "paused", "reason": ""}).status_code == 400
    assert coordinator.post(address, {"state": "proposed"}).status_code == 400
    assert coordinator.post(address, {"state": "paused", "reason": "Illness"}).status_code == 302
    agreed = {"agreed_hours": 50, "share_on_premises": 80}
    assert coordinator.post(page("assignment_agree", row.pk), agreed).status_code == 302
    assert coordinator.post(page("assignment_agree", row.pk), {"agreed_hours": 501}).status_code == 400
    row.refresh_from_db()
    assert (row.state, row.agreed_hours, row.share_on_premises) == ("paused", 50, 80)
    shown = coordinator.get(page("assignment_detail", row.pk)).content.decode()
    assert "Illness" in shown and "at least 80 % agreed" in shown


def test_handing_over_shows_what_was_before(coordinator, programme):
    old = make_assignment(make_mentor(programme), make_enrolment(programme))
    make_meeting(old, topic="Jars and lids")
    make_goal(old, text="Ten shops")
    data = {"mentor": make_mentor(programme).pk, "reason": "Illness", "how": "now"}
    answer = coordinator.post(page("assignment_hand_over", old.pk), data)
    made = Assignment.objects.get(goes_on_from=old)
    assert answer.url == page("assignment_detail", made.pk)
    shown = coordinator.get(answer.url).content.decode()
    assert [f"Before, with {old.mentor}" in shown, "Jars and lids" in shown, "Ten shops" in shown] == [
        True
    ] * 3
    signed_in(coordinator, made.mentor.person.user)
    assert "Jars and lids" in coordinator.get(answer.url).content.decode()
    assert coordinator.get(page("assignment_hand_over", made.pk)).status_code == 403


def test_goals_are_kept_by_the_two_of_them(client, programme):
    row = make_assignment(make_mentor(programme), make_enrolment(programme))
    hers = row.enrolment.person
    hers.user = make_user(programme.tenant)
    hers.save()
    signed_in(client, hers.user)
    data = {"operation": str(uuid4()), "text": "Ten shops", "due": in_days(30), "function": "marketing"}
    for _tap in "ab":
        assert client.post(page("goal_create", row.pk), data).status_code == 302
    goal = Goal.objects.get()
    assert (goal.text, str(goal.due), goal.state_by) == ("Ten shops", in_days(30), hers.user)
    signed_in(client, row.mentor.person.user)
    said = {"what": "state", "state": "partly", "remark": ""}
    assert client.post(page("goal_edit", goal.pk), said).status_code == 400
    assert client.post(page("goal_edit", goal.pk), said | {"remark": "Six shops"}).status_code == 302
    words = {"what": "words", "text": "Twelve shops", "due": "", "function": ""}
    assert client.post(page("goal_edit", goal.pk), words).status_code == 302
    goal.refresh_from_db()
    assert (goal.state, goal.remark, goal.text, goal.due) == ("partly", "Six shops", "Twelve shops", None)
    signed_in(client, make_mentor(programme).person.user)
    assert client.get(page("goal_edit", goal.pk)).status_code == 404
    assert client.post(page("goal_create", row.pk), data).status_code == 404


def test_a_pair_costs_the_same_for_one_and_for_three(coordinator, programme, django_assert_num_queries):
    old = make_assignment(make_mentor(programme), make_enrolment(programme), state="ended")
    row = make_assignment(make_mentor(programme), old.enrolment, goes_on_from=old)

    def more():
        for one in (old, row):
            make_meeting(one)
            make_goal(one)

    more()
    address = page("assignment_detail", row.pk)
    coordinator.get(address)
    with django_assert_num_queries(21):
        coordinator.get(address)
    more()
    more()
    with django_assert_num_queries(21):
        coordinator.get(address)


def test_a_mentor_hears_of_an_offer_once(programme, smtp_sink):
    person = make_person(programme.tenant, user=make_user(programme.tenant), language="en")
    row = offered(programme, mentor=make_mentor(programme, person=person))
    now = timezone.now()
    make_awake(programme)
    assert [reminders.plan(now), reminders.plan(now)] == [1, 0]
    assert reminders.send_due(now) == {"sent": 1}
    (letter,) = smtp_sink.wait_for(1)
    assert list(letter.recipients) == [row.mentor.person.email]
    assert f"Will you guide {row.enrolment}?" in letter.subject
    assert page("assignment_answer", row.pk) in letter.text
    assert reminders.plan(now) == 0


def test_an_answered_offer_is_not_sent(programme, smtp_sink):
    person = make_person(programme.tenant, user=make_user(programme.tenant), language="en")
    row = offered(programme, mentor=make_mentor(programme, person=person))
    now = timezone.now()
    make_awake(programme)
    reminders.plan(now)
    services.answer_offer(by=row.mentor.person.user, assignment=row, accept=True, now=now)
    assert reminders.send_due(now) == {"dropped": 1}
    assert Reminder.objects.get().reason == "The offer was answered or taken back."


def send(client, path: str, said: dict | None = None, method: str = "post"):
    answer = getattr(client, method)(f"/api/v1/{path}", said or {}, JSON)
    return answer.status_code, answer.json()


def test_the_whole_way_over_the_api(client, programme):
    mentor, hers = make_mentor(programme), make_enrolment(programme)
    boss = make_coordinator(programme)
    signed_in(client, boss)
    said = {"programme": "start-up", "mentor": mentor.pk, "enrolment": hers.pk, "state": "proposed"}
    status, made = send(client, "assignments/", said | {"share_on_premises": 75})
    assert (status, made["state"], made["share_on_premises"]) == (201, "proposed", 75)
    path = f"assignments/{made['id']}/"
    until = (timezone.now() + timedelta(days=3)).isoformat()
    assert send(client, f"{path}offer/", {"until": until})[1]["state"] == "offered"
    signed_in(client, mentor.person.user)
    status, words = send(client, f"{path}answer-to-offer/", {"accept": False})
    assert (status, words) == (400, {"reason": ["Say why."]})
    assert send(client, f"{path}answer-to-offer/", {"accept": True})[1]["state"] == "accepted"
    assert send(client, f"{path}state/", {"state": "active"})[0] == 403
    signed_in(client, boss)
    assert send(client, f"{path}state/", {"state": "active"})[1]["state"] == "active"
    assert send(client, path, {"agreed_hours": 40}, "patch")[1]["agreed_hours"] == 40
    assert send(client, path, {"mentor": make_mentor(programme).pk}, "patch")[0] == 400
    other = {"mentor": make_mentor(programme).pk, "reason": "Illness"}
    status, after = send(client, f"{path}handing-over/", other)
    assert (status, after["goes_on_from"], after["agreed_hours"]) == (201, made["id"], 40)
    steps = client.get(f"/api/v1/{path}changes/").json()["results"]
    assert [one["state"] for one in steps] == ["proposed", "offered", "accepted", "active", "ended"]
    assert [one["by"] for one in steps] == [
        boss.name,
        boss.name,
        mentor.person.user.name,
        boss.name,
        boss.name,
    ]


def test_an_offer_goes_on_over_the_api(coordinator, programme):
    row = offered(programme)
    until = (timezone.now() + timedelta(days=3)).isoformat()
    said = {"mentor": make_mentor(programme).pk, "until": until}
    assert send(coordinator, f"assignments/{row.pk}/offering-on/", said)[0] == 400
    services.expire_offers(timezone.now() + timedelta(days=8))
    status, made = send(coordinator, f"assignments/{row.pk}/offering-on/", said)
    assert (status, made["state"], made["mentor"]) == (201, "offered", said["mentor"])
    stranger = {"mentor": make_mentor().pk, "until": until}
    assert send(coordinator, f"assignments/{row.pk}/offering-on/", stranger)[0] == 400


def test_goals_over_the_api(client, programme):
    row = make_assignment(make_mentor(programme), make_enrolment(programme))
    signed_in(client, row.mentor.person.user)
    said = {"assignment": row.pk, "text": "Ten shops", "due": in_days(9), "operation": str(uuid4())}
    ids = [send(client, "goals/", said)[1]["id"] for _tap in "ab"]
    assert ids == [Goal.objects.get().pk] * 2
    path = f"goals/{ids[0]}/"
    assert send(client, path, {"due": None}, "patch")[1]["due"] is None
    assert send(client, path, {"text": " "}, "patch")[0] == 400
    assert send(client, f"{path}state/", {"state": "dropped"})[0] == 400
    assert send(client, f"{path}state/", {"state": "reached"})[1]["state"] == "reached"
    assert send(client, "goals/", said | {"assignment": make_assignment().pk})[0] == 400
    signed_in(client, make_coordinator(make_programme()))
    assert send(client, path, {"text": "x"}, "patch")[0] == 404
    assert client.get("/api/v1/goals/").json()["results"] == []
