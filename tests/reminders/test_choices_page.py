"""What a person chose: by her link, by one press of her mail program, or signed in."""

from datetime import timedelta

import pytest
from django.core.exceptions import ValidationError
from django.test import Client
from django.urls import reverse

from lib import signing
from reminders import reading, services
from reminders.models import Gateway, Preference, Reminder, Rule
from tests.factories import (
    NOW,
    make_coordinator,
    make_enrolment,
    make_entry,
    make_person,
    make_programme,
    make_session,
    make_user,
)

pytestmark = pytest.mark.django_db
KIND, OTHER, ESSENTIAL = "session_tomorrow", "meeting_not_logged", "mentor_found"


@pytest.fixture
def her():
    """On the roster of a session; her reminder is planned."""
    session = make_session(make_programme(end=NOW.date() + timedelta(days=90)))
    her = make_person(session.programme.tenant, name="Ana Anić", language="en")
    make_entry(session, make_enrolment(session.programme, person=her))
    for kind in (KIND, ESSENTIAL):
        Rule.objects.get_or_create(programme=session.programme, kind=kind)
    plan(her)
    return her


def plan(her) -> Reminder:
    rule = Rule.objects.get(kind=KIND)
    what = {"subject_type": "training.session", "subject_revision": 1, "due_at": NOW + timedelta(days=1)}
    return rule.reminders.create(person=her, subject_id=rule.programme.sessions.get().pk, **what)


def address(her, name: str = "choices") -> str:
    return reverse(f"reminders:{name}", args=[reading.token_of(her.pk)])


def chosen(her) -> list[tuple]:
    return list(her.preferences.order_by("kind").values_list("kind", "channel", "rhythm"))


def fields(**said) -> dict:
    return {"way_": "", "often_": "at_once", f"way_{KIND}": "same", f"often_{KIND}": "at_once"} | said


def test_her_link_opens_her_choices_and_shows_her_first_name_only(client, her):
    text = client.get(address(her)).content.decode()
    assert "Ana, you choose what reaches you" in text
    assert "Anić" not in text and her.email not in text
    assert "Session tomorrow" in text and "Mentor found" in text  # her choice, and what always comes


def test_no_other_text_opens_anything(client, her):
    for token in ("x", signing.sign("training.wall", her.pk, 1), signing.sign(reading.PURPOSE, her.pk, 2)):
        for name in ("choices", "choices_stop"):
            assert client.get(reverse(f"reminders:{name}", args=[token])).status_code == 404
            assert client.post(reverse(f"reminders:{name}", args=[token])).status_code == 404
    gone = reverse("reminders:choices", args=[signing.sign(reading.PURPOSE, 999_999, 1)])
    assert client.get(gone).status_code == 404


def test_it_is_kept_and_what_was_planned_is_planned_anew(client, her):
    said = fields(**{f"way_{KIND}": "email", f"often_{KIND}": "daily"})
    assert client.post(address(her), said).status_code == 302
    assert chosen(her) == [(KIND, "email", "daily")]
    assert Reminder.objects.count() == 0
    plan(her)
    client.post(address(her), said)  # nothing changed: nothing is planned anew
    assert Reminder.objects.count() == 1
    client.post(address(her), fields(way_="none"))
    assert chosen(her) == [("", "none", "at_once")]  # the kind goes as everything else again
    assert Reminder.objects.count() == 0


def test_what_is_in_a_sender_s_hands_is_left_there(her):
    Reminder.objects.update(attempts=1)
    services.choose(person=her, kind=KIND, channel="none", rhythm="at_once", now=NOW)
    assert Reminder.objects.count() == 1


def test_a_message_only_where_one_can_reach_her(client, her):
    said = fields(way_="message")
    assert client.post(address(her), said).status_code == 422
    with pytest.raises(ValidationError):
        services.choose(person=her, kind=KIND, channel="message", rhythm="at_once", now=NOW)
    Gateway.objects.create(tenant=her.tenant, url="https://a.example/")
    her.phone = "064 1234567"
    her.save()
    assert client.post(address(her), said).status_code == 302
    assert chosen(her) == [("", "message", "at_once")]


@pytest.mark.parametrize(
    ("kind", "channel", "rhythm"),
    [(ESSENTIAL, "none", "at_once"), (ESSENTIAL, "email", "daily"), ("x", "email", "at_once"),
     (KIND, "by_hand", "at_once"), (KIND, "email", "hourly")],
)  # fmt: skip
def test_what_cannot_be_chosen_is_refused(her, kind, channel, rhythm):
    with pytest.raises(ValidationError):
        services.choose(person=her, kind=kind, channel=channel, rhythm=rhythm, now=NOW)
    assert chosen(her) == []


def test_one_press_of_a_mail_program_stops_it_once_and_again(her):
    stop = reading.stop_path(reading.token_of(her.pk), [KIND])
    program = Client(enforce_csrf_checks=True)
    for _press in range(2):
        answer = program.post(
            stop, "List-Unsubscribe=One-Click", content_type="application/x-www-form-urlencoded"
        )
        assert answer.status_code == 200
    assert chosen(her) == [(KIND, "none", "at_once")]
    assert Reminder.objects.count() == 0


def test_looking_stops_nothing(client, her):
    stop = reading.stop_path(reading.token_of(her.pk), [KIND])
    assert "<button" in client.get(stop).content.decode()
    client.head(stop)
    assert chosen(her) == []


def test_all_that_is_not_essential_is_stopped_at_once(client, her):
    services.choose(person=her, kind=KIND, channel="email", rhythm="daily", now=NOW)
    client.post(address(her, "choices_stop"))
    assert chosen(her) == [("", "none", "at_once"), (KIND, "none", "at_once")]
    client.post(
        address(her, "choices_stop") + f"?kind={ESSENTIAL}&kind=x"
    )  # what always comes: nothing changes
    assert chosen(her) == [("", "none", "at_once"), (KIND, "none", "at_once")]


def test_an_essential_one_alone_stops_nothing(client, her):
    text = client.post(address(her, "choices_stop") + f"?kind={ESSENTIAL}").content.decode()
    assert "These always come" in text and chosen(her) == []


def test_whoever_is_signed_in_needs_no_link(client, her):
    her.user = make_user(her.tenant)
    her.save()
    client.force_login(her.user, backend="allauth.account.auth_backends.AuthenticationBackend")
    own = reverse("reminders:choices_own")
    client.post(own, fields(way_="email", often_="weekly"))
    assert chosen(her) == [("", "email", "weekly")]
    client.force_login(make_user(her.tenant), backend="allauth.account.auth_backends.AuthenticationBackend")
    assert "No reminders are sent to you" in client.get(own).content.decode()


def test_a_choice_is_in_the_trail_without_what_it_says(her):
    from accounts.models import AuditEntry

    row = services.choose(person=her, kind=KIND, channel="none", rhythm="at_once", now=NOW)
    entry = AuditEntry.objects.get(object_type="reminders.preference", object_id=row.pk)
    assert (entry.verb, entry.by, entry.tenant, entry.fields) == (
        "choose",
        None,
        her.tenant,
        ["channel", "rhythm"],
    )


# --- for scripts


def test_her_choices_by_the_api(client, her):
    her.user = make_user(her.tenant)
    her.save()
    client.force_login(her.user, backend="allauth.account.auth_backends.AuthenticationBackend")
    json = {"content_type": "application/json"}
    made = client.post("/api/v1/choices/", {"kind": KIND, "channel": "email", "rhythm": "weekly"}, **json)
    assert made.status_code == 201, made.content
    row = Preference.objects.get()
    assert made.json() | {"at": ""} == {
        "id": row.pk, "kind": KIND, "channel": "email", "rhythm": "weekly", "at": "",
    }  # fmt: skip
    changed = client.patch(f"/api/v1/choices/{row.pk}/", {"channel": "none", "rhythm": "at_once"}, **json)
    assert (changed.status_code, chosen(her)) == (200, [(KIND, "none", "at_once")])
    stranger = make_coordinator(make_programme(her.tenant))
    client.force_login(stranger, backend="allauth.account.auth_backends.AuthenticationBackend")
    assert client.get("/api/v1/choices/").json()["results"] == []
    assert client.delete(f"/api/v1/choices/{row.pk}/").status_code == 404
    client.force_login(her.user, backend="allauth.account.auth_backends.AuthenticationBackend")
    assert client.delete(f"/api/v1/choices/{row.pk}/").status_code == 204
    assert chosen(her) == []
