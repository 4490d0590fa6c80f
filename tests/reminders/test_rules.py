"""Rules as data: edited with a preview on real people, worded, asked about before they write to many."""

from datetime import time, timedelta
from smtplib import SMTPException

import pytest
from django.core.exceptions import ValidationError
from django.urls import reverse
from django.utils import timezone

from accounts.models import AuditEntry
from people.models import Person
from reminders import services
from reminders.kinds import KINDS
from reminders.models import Channel, Gateway, QuietHours, Reminder, Rule, RuleText
from reminders.services import rules as rule_services
from tests.factories import (
    make_coordinator,
    make_enrolment,
    make_entry,
    make_module,
    make_person,
    make_programme,
    make_rule,
    make_session,
    make_trainer,
    today_there,
)

pytestmark = pytest.mark.django_db
KIND = Rule.Kind.SESSION_TOMORROW
WORDS = {"subject": "Vidimo se: {session}", "text": "Draga {person},\n\npočinjemo u {start}.\nDođi."}


@pytest.fixture
def programme():
    """Two women on the roster of a session in three days."""
    today = today_there()
    programme = make_programme(start=today, end=today + timedelta(days=60), name="Vrt")
    session = make_session(
        programme, day=today + timedelta(days=3), title="Cene", start=time(10), end=time(12)
    )
    for name in ("Ana Anić", "Đurđa Đorđević-Stanojković"):
        person = make_person(programme.tenant, name=name, language="en", email=f"{len(name)}@primer.example")
        make_entry(session, make_enrolment(programme, person=person))
    return programme


@pytest.fixture
def by(programme):
    return make_coordinator(programme)


@pytest.fixture
def rule(programme):
    return make_rule(programme, kind=KIND, at_hour=18, after_days=1)


@pytest.fixture
def coordinator(client, by):
    client.force_login(by)
    return client


def address(name: str, *args) -> str:
    return reverse(f"reminders:{name}", args=args)


def data_of(rule: Rule, **said) -> dict:
    plain = {"is_on": "on", "at_hour": rule.at_hour, "audience": "", "module": "", "channel": "email"}
    return plain | said


# --- the services


def test_what_is_not_said_stays(by, rule):
    services.change_rule(by=by, rule=rule, audience="trainers", at_hour=17)
    services.change_rule(by=by, rule=rule, is_on=False)
    rule.refresh_from_db()
    assert (rule.is_on, rule.at_hour, rule.after_days, rule.audience) == (False, 17, 1, "trainers")
    assert AuditEntry.objects.filter(verb="change", object_type="reminders.rule").count() == 2
    with pytest.raises(TypeError):
        services.change_rule(by=by, rule=rule, programme=rule.programme)


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("at_hour", 24), ("at_hour", -1), ("audience", "dogs"), ("condition", "rain"), ("channel", "pigeon"),
        ("channel", "message"), ("kind", None),
    ],
)  # fmt: skip
def test_what_a_rule_cannot_be(by, rule, field, value):
    if field == "kind":  # a module of another programme
        field, value = "module", make_module(make_programme())
    with pytest.raises(ValidationError) as refused:
        services.change_rule(by=by, rule=rule, **{field: value})
    assert list(refused.value.error_dict) in ([field], ["__all__"])
    assert Rule.objects.filter(pk=rule.pk, at_hour=18, audience="", channel="email").exists()


def test_by_message_where_there_is_a_gateway(by, rule):
    Gateway.objects.create(tenant=rule.programme.tenant, url="https://primer.example/")
    services.change_rule(by=by, rule=rule, channel=Channel.MESSAGE)
    services.plan(timezone.now())
    assert set(Reminder.objects.values_list("channel", flat=True)) == {"message"}


def test_whom_it_names_is_planned_anew_and_nobody_else(by, rule, programme):
    services.plan(timezone.now())
    assert Reminder.objects.count() == 2
    trainer = make_trainer(programme).person
    programme.sessions.get().trainers.add(trainer)
    services.change_rule(by=by, rule=rule, audience="trainers")
    services.plan(timezone.now())
    assert [row.person for row in Reminder.objects.all()] == [trainer]
    services.change_rule(by=by, rule=rule, audience="", module=make_module(programme))
    services.plan(timezone.now())
    assert not Reminder.objects.exists()


def test_one_that_is_being_sent_is_left_in_hand(by, rule):
    services.plan(timezone.now())
    first, second = Reminder.objects.order_by("pk")
    Reminder.objects.filter(pk=first.pk).update(state="claimed", attempts=1)
    services.change_rule(by=by, rule=rule, at_hour=17)
    assert list(Reminder.objects.values_list("pk", flat=True)) == [first.pk]


def test_many_people_are_asked_about_first(by, rule, monkeypatch):
    services.change_rule(by=by, rule=rule, is_on=False)
    monkeypatch.setattr(rule_services, "MANY", 1)
    with pytest.raises(ValidationError, match="would write to 2 people now") as asked:
        services.change_rule(by=by, rule=rule, is_on=True, at_hour=17)
    assert (asked.value.code, asked.value.params["n"]) == ("many", 2)
    rule.refresh_from_db()
    assert (rule.is_on, rule.at_hour) == (False, 18)
    services.change_rule(by=by, rule=rule, is_on=True, sure=True)
    services.plan(timezone.now())
    services.change_rule(by=by, rule=rule, at_hour=17)  # they hear of it in any case
    services.change_rule(by=by, rule=rule, channel=Channel.BY_HAND)  # nothing is written by us
    with pytest.raises(ValidationError, match="2 people"):
        services.change_rule(by=by, rule=rule, channel=Channel.EMAIL)


def test_own_words_leave_in_her_language_with_names_as_they_are(by, rule, programme, smtp_sink):
    services.word_rule(by=by, rule=rule, language="sr-latn", **WORDS)
    hers = Person.objects.get(name="Ana Anić")
    Person.objects.filter(pk=hers.pk).update(language="sr")
    services.plan(timezone.now())
    services.send_due(Reminder.objects.latest("due_at").due_at)
    ana, other = sorted(smtp_sink.wait_for(2), key=lambda letter: hers.email not in letter.recipients)
    assert ana.subject == "Видимо се: Cene"
    assert "Драга Ana Anić,\n\nпочињемо у 10:00.\nДођи." in ana.text.replace("\r\n", "\n")
    assert "Vidimo" not in other.subject and "Cene" in other.subject  # English has no words of its own


@pytest.mark.parametrize("name", ["subject", "text"])
def test_an_unknown_placeholder_is_refused_on_save(by, rule, name):
    with pytest.raises(ValidationError) as refused:
        services.word_rule(by=by, rule=rule, language="en", **WORDS | {name: "Hi {person.email}"})
    assert list(refused.value.error_dict) == [name]
    assert "{session}" in refused.value.messages[0]
    assert not RuleText.objects.exists()


@pytest.mark.parametrize("bad", [{"language": "fr"}, {"subject": " "}, {"text": ""}, {"text": "x" * 3001}])
def test_words_that_are_none(by, rule, bad):
    with pytest.raises(ValidationError):
        services.word_rule(by=by, rule=rule, **{"language": "en"} | WORDS | bad)


def test_worded_twice_is_one_text_and_ours_come_back(by, rule):
    for subject in ("One", "Two"):
        services.word_rule(by=by, rule=rule, language="en", subject=subject, text="x")
    assert RuleText.objects.get().subject == "Two"
    services.unword_rule(by=by, rule=rule, language="en")
    services.unword_rule(by=by, rule=rule, language="en")
    assert list(AuditEntry.objects.order_by("pk").values_list("verb", flat=True)) == [
        "word",
        "word",
        "unword",
    ]


def test_quiet_hours_are_set_and_forgotten(by, programme):
    for ends in (time(7), time(6)):
        services.set_quiet_hours(by=by, programme=programme, starts=time(22), ends=ends)
    assert services.hours_of(programme) == (time(22), time(6))
    services.forget_quiet_hours(by=by, row=QuietHours.objects.get())
    assert services.hours_of(programme) == (time(21), time(8))


# --- the preview


def test_the_preview_says_how_many_and_shows_the_longest_name(rule, programme):
    session = programme.sessions.get()
    for n in range(8):
        make_entry(session, make_enrolment(programme, person=make_person(programme.tenant, name=f"Eva {n}")))
    longest = make_person(programme.tenant, name="Anastasija-Aleksandra Konstantinović Hadži-Popović")
    make_entry(session, make_enrolment(programme, person=longest))
    found = services.preview(rule, timezone.now())
    assert (found.people, found.messages, len(found.shown), found.is_past) == (11, 11, 5, False)
    assert [one.reminder.person for one in found.shown][-1] == longest
    assert not Reminder.objects.exists()  # nothing is written


def test_the_preview_is_what_leaves(by, rule, smtp_sink):
    services.word_rule(
        by=by, rule=rule, language="en", subject="See you, {person}", text="At {start}: {session}"
    )
    shown = {one.reminder.person.email: one.letter for one in services.preview(rule, timezone.now()).shown}
    services.plan(timezone.now())
    services.send_due(Reminder.objects.latest("due_at").due_at)
    for letter in smtp_sink.wait_for(2):
        (to,) = letter.recipients
        assert letter.subject == shown[to].subject
        assert all(line in letter.text for line in shown[to].lines)


def test_the_preview_of_what_is_proposed_and_of_a_text_that_nobody_saved(rule, programme):
    nobody = services.proposed(rule, audience="trainers")
    assert services.preview(nobody, timezone.now()).people == 0
    text = RuleText(rule=rule, language="sr-latn", **WORDS)
    first = services.preview(rule, timezone.now(), texts=[text], language="sr").shown[0]
    assert first.letter.subject == "Видимо се: Cene"
    assert not RuleText.objects.exists()


def test_nobody_now_shows_the_last_one(rule, programme):
    services.plan(timezone.now())
    programme.sessions.update(cancelled_at=timezone.now())
    found = services.preview(rule, timezone.now())
    assert (found.people, found.is_past, len(found.shown)) == (0, True, 1)


def test_a_test_message_goes_to_oneself_without_the_others_link(by, rule, smtp_sink):
    services.word_rule(by=by, rule=rule, language="sr-latn", **WORDS)
    services.send_test(by=by, rule=rule, language="sr-latn", now=timezone.now())
    (letter,) = smtp_sink.wait_for(1)
    assert list(letter.recipients) == [by.email]
    assert letter.subject.endswith("Vidimo se: Cene") and "Draga Ana Anić" in letter.text
    assert not Reminder.objects.exists()
    smtp_sink.refuse = "550 no"
    with pytest.raises(SMTPException):
        services.send_test(by=by, rule=rule, language="en", now=timezone.now())
    Reminder.objects.all().delete()
    rule.programme.sessions.all().delete()
    with pytest.raises(ValidationError, match="due to nobody"):
        services.send_test(by=by, rule=rule, language="en", now=timezone.now())


# --- the pages


def test_the_list_says_each_rule_in_a_sentence(coordinator, rule, programme):
    said = coordinator.get(address("rule_list", programme.code)).text
    assert "The evening before at 18:00, to everybody whom it concerns, by e-mail." in said
    assert "1 rule says who is told of what" in said
    services.plan(timezone.now())
    assert coordinator.get(address("rule_list", programme.code)).status_code == 200
    for one in programme.rules.all():
        assert coordinator.get(address("rule_edit", one.pk)).status_code == 200, one.kind


def test_a_rule_is_changed_from_its_page(coordinator, rule):
    page = coordinator.post(address("rule_edit", rule.pk), data_of(rule, at_hour=25))
    assert page.status_code == 422
    page = coordinator.post(address("rule_edit", rule.pk), data_of(rule, at_hour=17, audience="participants"))
    assert page.status_code == 302
    rule.refresh_from_db()
    assert (rule.at_hour, rule.audience, rule.is_on) == (17, "participants", True)


def test_the_page_previews_without_saving(coordinator, rule):
    page = coordinator.post(address("rule_edit", rule.pk), data_of(rule, at_hour=9, preview="yes"))
    assert (page.status_code, page.context["preview"].people) == (200, 2)
    assert "The evening before at 09:00" in page.text and "Đurđa" in page.text
    rule.refresh_from_db()
    assert rule.at_hour == 18


def test_the_page_asks_with_the_number_and_the_second_press_saves(coordinator, rule, monkeypatch):
    Rule.objects.update(is_on=False)
    monkeypatch.setattr(rule_services, "MANY", 1)
    page = coordinator.post(address("rule_edit", rule.pk), data_of(rule))
    assert "Write to 2 people" in page.text and not Rule.objects.get().is_on
    assert coordinator.post(address("rule_edit", rule.pk), data_of(rule, sure="yes")).status_code == 302
    assert Rule.objects.get().is_on


def test_the_words_are_written_shown_and_taken_back(coordinator, rule):
    page = address("text_edit", rule.pk, "sr-latn")
    assert "{session}" in coordinator.get(page).text
    wrong = coordinator.post(page, WORDS | {"text": "{nobody}"})
    assert wrong.status_code == 422 and "is no placeholder here" in wrong.text
    shown = coordinator.post(page, WORDS | {"preview": "yes"})
    assert "Vidimo se: Cene" in shown.text and not RuleText.objects.exists()
    assert coordinator.post(page, WORDS).status_code == 302
    assert RuleText.objects.get().text == WORDS["text"]
    coordinator.post(address("text_remove", rule.pk, "sr-latn"))
    assert not RuleText.objects.exists()
    assert coordinator.get(address("text_edit", rule.pk, "fr")).status_code == 404


def test_quiet_hours_from_the_page(coordinator, rule, programme):
    page = address("quiet_edit", programme.code)
    assert coordinator.post(page, {"starts": "25:00", "ends": "08:00"}).status_code == 422
    assert coordinator.post(page, {"starts": "20:00", "ends": "07:30"}).status_code == 302
    assert services.hours_of(programme) == (time(20), time(7, 30))


def test_the_always_on_rule_takes_words_but_no_switch(coordinator, by, programme):
    rule = make_rule(programme, kind=Rule.Kind.APPLICATION_UNCONFIRMED)
    assert "always on" in coordinator.get(address("rule_edit", rule.pk)).text
    for said in ({"is_on": False}, {"channel": Channel.BY_HAND}):
        with pytest.raises(ValidationError, match="stays on"):
            services.change_rule(by=by, rule=rule, **said)


ROUTES = ("rule_edit", "rule_test", "text_edit", "text_remove", "rule_list", "quiet_edit")


@pytest.mark.parametrize("route", ROUTES)
def test_a_stranger_finds_nothing(client, rule, route):
    language = ("en",) if route.startswith("text") else ()
    where = address(route, *((rule.programme.code,) if route in ROUTES[4:] else (rule.pk, *language)))
    method = client.get if route == "rule_list" else client.post
    client.force_login(make_coordinator(make_programme()))
    assert method(where).status_code == 404
    client.force_login(make_trainer(rule.programme))
    assert method(where).status_code in (403, 404)


@pytest.mark.parametrize("rows", [1, 3])
def test_the_list_costs_the_same_for_one_and_for_three(
    coordinator, rule, programme, rows, django_assert_num_queries
):
    Rule.objects.update(is_on=False)
    for kind in list(KINDS)[1:rows]:
        make_rule(programme, kind=kind, is_on=False)
    coordinator.get(address("rule_list", programme.code))
    with django_assert_num_queries(12):
        coordinator.get(address("rule_list", programme.code))


# --- the API


def test_the_api_changes_words_and_quiet_hours(coordinator, rule, monkeypatch, programme):
    at = f"/api/v1/rules/{rule.pk}/"
    said = coordinator.patch(at, {"audience": "participants"}, content_type="application/json").json()
    assert (said["audience"], said["channel"], said["module"], said["at_hour"]) == (
        "participants",
        "email",
        None,
        18,
    )
    Rule.objects.update(is_on=False)
    monkeypatch.setattr(rule_services, "MANY", 1)
    refused = coordinator.patch(at, {"is_on": True}, content_type="application/json")
    assert refused.status_code == 400 and "2 people" in refused.text
    assert (
        coordinator.patch(at, {"is_on": True, "sure": True}, content_type="application/json").status_code
        == 200
    )
    text = {"rule": rule.pk, "language": "en"} | WORDS
    wrong = coordinator.post("/api/v1/rule-texts/", text | {"text": "{x.y}"}, content_type="application/json")
    assert wrong.status_code == 400 and "is no placeholder here" in wrong.text
    made = coordinator.post("/api/v1/rule-texts/", text, content_type="application/json")
    assert made.status_code == 201
    one = f"/api/v1/rule-texts/{made.json()['id']}/"
    changed = coordinator.patch(one, {"subject": "Hi {person}"}, content_type="application/json")
    assert (changed.status_code, changed.json()["text"]) == (200, WORDS["text"])
    assert coordinator.delete(one).status_code == 204
    hours = {"programme": programme.code, "starts": "22:00", "ends": "06:00"}
    made = coordinator.post("/api/v1/quiet-hours/", hours, content_type="application/json")
    assert made.status_code == 201
    one = f"/api/v1/quiet-hours/{made.json()['id']}/"
    assert coordinator.patch(one, {"ends": "07:00"}, content_type="application/json").status_code == 200
    assert services.hours_of(programme) == (time(22), time(7))
    assert coordinator.delete(one).status_code == 204
