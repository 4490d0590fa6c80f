"""The plan and what did not go: who, what, when and why; found in three clicks; told by a person."""

import re
from datetime import timedelta
from urllib.parse import parse_qs, unquote, urlsplit

import pytest
from django.core.exceptions import ValidationError
from django.urls import reverse
from django.utils import timezone

from reminders import planned, services
from reminders.models import Reminder, Rule
from reminders.plainly import plainly
from reminders.ways.drafts import drafts
from tests.factories import (
    NOW,
    make_coordinator,
    make_enrolment,
    make_entry,
    make_person,
    make_programme,
    make_session,
    make_trainer,
    today_there,
)

pytestmark = pytest.mark.django_db
BACKEND = "allauth.account.auth_backends.AuthenticationBackend"
SERVER = "550 5.1.1 <a@b.rs> no such user here"


@pytest.fixture
def programme():
    today = today_there()
    return make_programme(start=today, end=today + timedelta(days=60), country="RS")


@pytest.fixture
def coordinator(client, programme):
    client.force_login(make_coordinator(programme, language="en"), backend=BACKEND)
    return client


def some(programme, n: int = 1, kind: str = "session_tomorrow", **fields) -> list[Reminder]:
    """So many women of one session, each with a reminder of it."""
    session = make_session(programme, day=today_there() + timedelta(days=3))
    rule, _new = Rule.objects.get_or_create(programme=programme, kind=kind)
    plain = {"subject_type": "training.session", "subject_id": session.pk, "subject_revision": 1}
    plain |= {"due_at": NOW + timedelta(days=1)}
    found = []
    for number in range(n):
        phone, name = f"064 123 45 {number:02}", f"Ana Anić {number}"
        her = make_person(programme.tenant, phone=phone, language="en", name=name)
        make_entry(session, make_enrolment(programme, person=her))
        found.append(rule.reminders.create(person=her, **plain | fields))
    return found


def plan(client, programme):
    return client.get(reverse("reminders:reminder_list", args=[programme.code]))


def rows(client, programme, **asked):
    return client.get(reverse("reminders:reminder_rows", args=[programme.code]), asked)


def people(answer) -> list[int]:
    return [line.row.pk for line in answer.context["lines"]]


def test_thirty_people_who_hear_of_one_session_are_one_line(coordinator, programme):
    thirty, (one,) = some(programme, 30), some(programme)
    answer = plan(coordinator, programme)
    assert sorted(group.n for group in answer.context["groups"]) == [1, 30]
    text = answer.content.decode()
    assert "31 reminders are planned; none is stuck" in text
    assert "Session tomorrow, to 30 people" in text and str(one.person) in text
    assert "The evening before at 18:00" in text  # why: the rule's sentence
    found = rows(
        coordinator, programme, state="planned", rule=thirty[0].rule_id, subject=thirty[0].subject_id
    )
    assert found.context["page"].paginator.count == 30


def test_every_state_is_counted_and_found_one_click_away(coordinator, programme):
    made = some(programme, 10)
    for row, state in zip(made, Reminder.State.values, strict=True):
        Reminder.objects.filter(pk=row.pk).update(state=state, reason="550 no" if state == "failed" else "")
    text = plan(coordinator, programme).content.decode()
    links = re.findall(r'<b>(\d+)</b> <a href="([^"]*state=(\w+))"', text)
    assert [(state, n) for n, _url, state in links] == [
        ("planned", "1"), ("held", "1"), ("sending", "2"), ("sent", "1"), ("failed", "1"), ("uncertain", "1"),
        ("dropped", "1"), ("expired", "1"), ("told", "1"),
    ]  # fmt: skip
    for n, url, _state in links:
        found = coordinator.get(url)
        assert len(people(found)) == int(n) == found.context["page"].paginator.count
    assert "3 reminders did not go" in text  # failed, uncertain, held


def test_what_did_not_go_says_why_and_goes_again(coordinator, programme):
    (row,) = some(programme, state="failed", reason=SERVER)
    text = rows(coordinator, programme, state="failed").content.decode()
    assert "There is no such mailbox" in text and "550 5.1.1 &lt;a@b.rs&gt; no such user here" in text
    assert str(row.person) in text and "Send again" in text
    detail = coordinator.get(reverse("reminders:reminder_detail", args=[row.pk])).content.decode()
    assert "There is no such mailbox" in detail and "Send again" in detail
    back = reverse("reminders:reminder_rows", args=[programme.code]) + "?state=failed"
    answer = coordinator.post(reverse("reminders:reminder_retry", args=[row.pk]), {"back": back})
    assert answer["Location"] == back
    assert Reminder.objects.get().state == "planned"


@pytest.mark.parametrize("back", ["https://evil.example/", "//evil.example", "/\\evil.example", ""])
def test_a_button_leads_back_to_our_own_pages_only(coordinator, programme, back):
    (row,) = some(programme, state="failed")
    answer = coordinator.post(reverse("reminders:reminder_retry", args=[row.pk]), {"back": back})
    assert answer["Location"] == reverse("reminders:reminder_list", args=[programme.code])


@pytest.mark.parametrize(
    ("said", "plain"),
    [
        (SERVER, "There is no such mailbox"),
        ("452 4.2.2 mailbox full", "Her mailbox is full"),
        ("554 5.7.1 blocked by policy", "refused it as unwanted"),
        ("535 authentication failed", "does not let us in"),
        ("timed out", "did not answer in time"),
        ("[Errno 111] Connection refused", "could not be reached"),
        ("421 closing", "could not be reached"),
        ("451 busy", "asked for patience"),
        ("550 no", "The server refused it"),
        ("404 not found", "The gateway refused it"),
        ("429 slow down", "asked for patience"),
        ("503 away", "The server refused it"),
        ("No e-mail address is known.", ""),
        ("", ""),
    ],
)
def test_a_server_s_words_in_plain_ones(said, plain):
    assert plain in plainly(said) if plain else plainly(said) == ""


def test_it_is_narrowed_by_kind_state_and_person(coordinator, programme):
    first, second = some(programme, 2)
    (other,) = some(programme, kind="session_today", state="failed")
    assert people(rows(coordinator, programme, q="anić 1")) == [second.pk]
    assert people(rows(coordinator, programme, kind="session_today")) == [other.pk]
    assert people(rows(coordinator, programme, state="planned", q="Ана")) == [first.pk, second.pk]
    assert people(rows(coordinator, programme, q="nobody")) == []
    for bad in ({"state": "x"}, {"rule": "x"}, {"page": "x"}, {"subject": 2**70}, {"kind": "\0"}):
        assert rows(coordinator, programme, **bad).status_code == 200


def test_a_message_is_copied_or_opened_as_a_draft_to_her(coordinator, programme):
    (row,) = some(programme)
    (line,) = planned.lines_of(Reminder.objects.select_related("rule__programme", "person"))
    text = services.short_text_of(row)
    whatsapp, viber, sms = (urlsplit(one.url) for one in line.drafts)
    assert (whatsapp.scheme, whatsapp.netloc, whatsapp.path) == ("https", "wa.me", "/381641234500")
    assert parse_qs(whatsapp.query) == {"text": [text]}
    assert parse_qs(viber.query) == {"number": ["+381641234500"], "draft": [text]}
    assert sms.path == "+381641234500" and unquote(sms.query) == f"body={text}"
    page = coordinator.get(reverse("reminders:reminder_detail", args=[row.pk])).content.decode()
    assert page.count('rel="noreferrer"') == 3 and "<textarea" in page


def test_without_a_number_it_says_so(coordinator, programme):
    (row,) = some(programme)
    row.person.phone = "ask her sister"
    row.person.save()
    address = reverse("reminders:reminder_detail", args=[row.pk])
    assert "“ask her sister” is no telephone number" in coordinator.get(address).content.decode()
    assert drafts("text", "") == []


def test_who_was_told_by_a_person_is_never_written_to(coordinator, programme, smtp_sink):
    (row,) = some(programme)
    coordinator.post(reverse("reminders:reminder_told", args=[row.pk]), {"how": "whatsapp"})
    row.refresh_from_db()
    by = programme.memberships.get(role="coordinator").person.user
    assert (row.state, row.told_how, row.told_by) == ("told", "whatsapp", by)
    assert services.send_due(row.due_at + timedelta(minutes=1)) == {}
    services.plan(timezone.now())
    assert (Reminder.objects.get(pk=row.pk).state, smtp_sink.received) == ("told", [])
    assert "By WhatsApp" in rows(coordinator, programme, state="told").content.decode()


@pytest.mark.parametrize("state", ["claimed", "handing_over", "sent", "dropped", "expired", "told"])
def test_what_is_on_its_way_or_over_cannot_be_told(programme, state):
    (row,) = some(programme, state=state)
    with pytest.raises(ValidationError):
        services.told(by=make_coordinator(programme), reminder=row, how="call", now=NOW)
    assert (Reminder.objects.get().state, Reminder.objects.get().told_how) == (state, "")


def test_what_was_claimed_since_the_page_was_read_cannot_be_told(programme):
    (row,) = some(programme)
    Reminder.objects.update(state="claimed")  # the object in hand still says planned
    with pytest.raises(ValidationError, match="right now"):
        services.told(by=make_coordinator(programme), reminder=row, how="call", now=NOW)


def test_it_costs_the_same_for_one_and_for_many(coordinator, programme, django_assert_max_num_queries):
    some(programme, 2)
    some(programme, 1, state="failed", reason=SERVER)
    addresses = [reverse(f"reminders:reminder_{name}", args=[programme.code]) for name in ("list", "rows")]
    found = {}
    for many in (False, True):
        if many:
            for n in (3, 30):
                some(programme, n)
                some(programme, n, state="failed", reason=SERVER)
        for address in addresses:
            coordinator.get(address)
            with django_assert_max_num_queries(40) as asked:
                coordinator.get(address)
            found.setdefault(address, []).append(len(asked.captured_queries))
    assert {address: counts[0] - counts[1] for address, counts in found.items()} == dict.fromkeys(
        addresses, 0
    )


def test_only_who_runs_it_sees_and_tells(client, programme):
    (row,) = some(programme)
    pages = [reverse(f"reminders:reminder_{name}", args=[programme.code]) for name in ("list", "rows")]
    told = reverse("reminders:reminder_told", args=[row.pk])
    client.force_login(make_trainer(programme), backend=BACKEND)
    assert [client.get(page).status_code for page in pages] == [403, 403]
    assert client.post(told, {"how": "call"}).status_code == 403
    client.force_login(make_coordinator(make_programme()), backend=BACKEND)
    assert [client.get(page).status_code for page in pages] == [404, 404]
    assert client.post(told, {"how": "call"}).status_code == 404
    assert Reminder.objects.get().state == "planned"


def test_by_the_api_it_is_narrowed_and_told(coordinator, programme):
    row, other = some(programme, 2)
    answer = coordinator.get("/api/v1/reminders/", {"kind": "session_tomorrow", "person": row.person_id})
    (shown,) = answer.json()["results"]
    assert (shown["id"], shown["channel"], shown["rhythm"], shown["told_how"]) == (
        row.pk,
        "email",
        "at_once",
        "",
    )
    address = f"/api/v1/reminders/{row.pk}/told/"
    json = {"content_type": "application/json"}
    assert coordinator.post(address, {"how": "letter"}, **json).status_code == 400
    assert coordinator.post(address, {"how": "face"}, **json).json()["state"] == "told"
    assert coordinator.post(address, {"how": "face"}, **json).status_code == 400
    assert Reminder.objects.get(pk=other.pk).state == "planned"
