"""Short messages by the organisation's own gateway: signed, sorted, and never into a private network."""

import json
import socket
import sys
import threading
from contextlib import contextmanager
from pathlib import Path

import pytest
from django.conf import settings as configured
from django.core.exceptions import ValidationError
from django.urls import reverse
from django.utils import timezone

from lib import posting, smtp
from lib.phones import international
from reminders import services
from reminders.models import Gateway, Reminder, Rule
from reminders.ways import gateway as ways
from tests.factories import (
    NOW,
    make_administrator,
    make_coordinator,
    make_enrolment,
    make_entry,
    make_person,
    make_programme,
    make_session,
    make_tenant,
)
from tests.services import child, free_port, wait_until

pytestmark = pytest.mark.django_db


@contextmanager
def server(answer: bytes | None, *, reads: bool = True):
    """Takes one request and says `answer`; None: hangs up. Yields (port, what it got)."""
    listening, got = socket.create_server(("127.0.0.1", 0)), []

    def serve():
        connection, _from = listening.accept()
        with connection:
            connection.settimeout(5)
            if reads:
                got.append(_request(connection))
            if answer is not None:
                connection.sendall(answer)

    thread = threading.Thread(target=serve, daemon=True)
    thread.start()
    try:
        yield listening.getsockname()[1], got
    finally:
        thread.join(5)
        listening.close()


def _request(connection: socket.socket) -> bytes:
    said = b""
    while b"\r\n\r\n" not in said:
        said += connection.recv(65536)
    head, _gap, body = said.partition(b"\r\n\r\n")
    length = int(head.lower().split(b"content-length: ")[1].split(b"\r\n")[0])
    while len(body) < length:
        body += connection.recv(65536)
    return head + b"\r\n\r\n" + body


def said(code: int, more: str = "") -> bytes:
    return f"HTTP/1.1 {code} X\r\n{more}Content-Length: 2\r\n\r\nok".encode()


def short(port: int, tenant=None) -> ways.Short:
    gateway = Gateway.objects.create(tenant=tenant or make_tenant(), url=f"http://127.0.0.1:{port}/sms?x=1")
    return ways.Short(gateway, "reminder-7.1@rasadnik", "+381641234567", "Sutra u 10 – sala 3", "sr-latn")


@pytest.fixture
def due() -> Reminder:
    """One woman with a telephone, to be told by a short message."""
    session = make_session()
    her = make_person(session.programme.tenant, phone="064/123-45-67", language="en")
    make_entry(session, make_enrolment(session.programme, person=her))
    rule, _new = Rule.objects.get_or_create(programme=session.programme, kind="session_tomorrow")
    return rule.reminders.create(
        person=her, subject_type="training.session", subject_id=session.pk, subject_revision=1, due_at=NOW,
        channel="message",
    )  # fmt: skip


@pytest.mark.parametrize(
    ("answer", "outcome"),
    [
        (said(200), smtp.Sent),
        (said(202), smtp.Sent),
        (said(302, "Location: http://127.0.0.1:1/\r\n"), smtp.Never),
        (said(400), smtp.Never),
        (said(404), smtp.Never),
        (said(408), smtp.Later),
        (said(429), smtp.Later),
        (said(500), smtp.Later),
        (said(503), smtp.Later),
        (said(401), smtp.HostDown),
        (b"no protocol at all\r\n\r\n", smtp.Uncertain),
        (None, smtp.Uncertain),
    ],
)
def test_its_answers_are_sorted(settings, answer, outcome):
    with server(answer) as (port, got):
        settings.GATEWAY_HOSTS = [f"127.0.0.1:{port}"]
        with ways.Way() as way:
            assert type(way.deliver(short(port), before_body=lambda: True)) is outcome
    assert got[0].startswith(b"POST /sms?x=1 HTTP/1.1\r\n") and b"Idempotency-Key: reminder-7.1@" in got[0]


def test_nobody_there_is_nothing_about_the_message(settings):
    port = free_port()
    settings.GATEWAY_HOSTS = ["127.0.0.1"]
    asked = []
    outcome = ways.Way().deliver(short(port), before_body=lambda: asked.append(1))
    assert (type(outcome), asked) == (smtp.HostDown, [])


def test_no_answer_in_time_is_uncertain(settings, monkeypatch):
    monkeypatch.setattr(posting, "ANSWER_SECONDS", 0.3)
    with socket.create_server(("127.0.0.1", 0)) as silent:
        port = silent.getsockname()[1]
        settings.GATEWAY_HOSTS = ["127.0.0.1"]
        assert type(ways.Way().deliver(short(port))) is smtp.Uncertain


def test_what_is_abandoned_leaves_nothing(settings):
    with socket.create_server(("127.0.0.1", 0)) as listening:
        port = listening.getsockname()[1]
        settings.GATEWAY_HOSTS = ["127.0.0.1"]
        assert type(ways.Way().deliver(short(port), before_body=lambda: False)) is smtp.Abandoned
        connection, _from = listening.accept()
        assert connection.recv(1) == b""


@pytest.mark.parametrize(
    "url",
    [
        "http://gateway.example/", "ftp://gateway.example/", "https://", "https://a:b@gateway.example/", "x",
        "https://gateway.example:99999/", "https://gateway.example\r\nX: y/",
    ],
)  # fmt: skip
def test_an_address_without_tls_or_without_sense_is_refused(url):
    with pytest.raises(ValidationError):
        posting.place_of(url, [])


@pytest.mark.parametrize(
    "host", ["127.0.0.1", "10.0.0.1", "[::1]", "169.254.169.254", "[::ffff:10.0.0.1]", "0.0.0.0"]
)
def test_a_private_network_is_never_reached(host):
    place = posting.place_of(f"https://{host}:1/", [])
    with pytest.raises(ValidationError, match="private network"):
        posting.addresses_of(place, [])
    assert type(posting.post(place, b"", {})) is smtp.Never
    assert posting.addresses_of(place, [place.host]) != []


def test_the_signature_is_over_time_and_body():
    key, body = ways.key_of(3, 1), b'{"id": 1}'
    headers = ways.signed(body, key, NOW)
    at, signature = headers["Rasadnik-Timestamp"], headers["Rasadnik-Signature"]
    assert ways.is_genuine(body, key, at, signature, NOW)
    assert not ways.is_genuine(body + b" ", key, at, signature, NOW)
    assert not ways.is_genuine(body, ways.key_of(3, 2), at, signature, NOW)
    assert not ways.is_genuine(body, ways.key_of(4, 1), at, signature, NOW)
    assert not ways.is_genuine(body, key, str(int(at) + 1), signature, NOW)
    assert not ways.is_genuine(body, key, at, signature, NOW + timezone.timedelta(minutes=6))
    assert not ways.is_genuine(body, key, "²", signature, NOW)


def test_a_message_holds_her_number_and_her_words(due):
    Gateway.objects.create(tenant=due.rule.programme.tenant, url="https://gateway.example/")
    message = ways.message_of(due)
    assert (message.to, message.language, message.id) == ("+381641234567", "en", due.message_id.strip("<>"))
    assert message.text == services.short_text_of(due)


def test_without_a_number_or_a_gateway_it_says_so(due):
    with pytest.raises(ValidationError, match="no gateway"):
        ways.message_of(due)
    Gateway.objects.create(tenant=due.rule.programme.tenant, url="https://gateway.example/")
    due.person.phone = "abc"
    with pytest.raises(ValidationError, match="“abc” is no telephone number"):
        ways.message_of(due)


@pytest.mark.parametrize(
    ("typed", "country", "number"),
    [
        ("064/123-45-67", "RS", "+381641234567"),
        ("+381 (0)64 123 4567", "DE", "+381641234567"),
        ("00381 64 1234567", "", "+381641234567"),
        ("641234567", "RS", "+381641234567"),
        ("381641234567", "RS", "+381641234567"),
        ("06 20 123 4567", "HU", "+36201234567"),
        ("612 345 678", "ES", "+34612345678"),
        ("06 12 34 56 78", "FR", "+33612345678"),
        ("064 1234567", "", ""),
        ("064 1234567", "XX", ""),
        ("064 1234567, 065 7654321", "RS", ""),
        ("call me", "RS", ""),
        ("12", "RS", ""),
        ("", "RS", ""),
    ],
)
def test_a_number_in_its_international_form(typed, country, number):
    assert international(typed, country) == number


def test_the_example_checks_the_signature_and_prints_what_it_gets(tmp_path, settings, due):
    """The gateway of `manage.py gateway_example`, as a process of its own."""
    tenant, port, log = due.rule.programme.tenant, free_port(), tmp_path / "gateway.log"
    settings.GATEWAY_HOSTS = [f"127.0.0.1:{port}"]
    row = services.set_gateway(by=make_administrator(tenant), url=f"http://127.0.0.1:{port}/", is_on=True)
    key = services.renew_key(by=make_administrator(tenant), gateway=row)
    command = [sys.executable, "manage.py", "gateway_example", "--port", port, "--key", key]
    with child(command, log=log, cwd=Path(configured.BASE_DIR)):
        wait_until(lambda: "Waiting" in log.read_text(), seconds=30, what=f"the example gateway, {log}")
        for _try in range(2):  # a second copy is taken and not told twice
            assert type(ways.Way().deliver(ways.message_of(due))) is smtp.Sent
        services.renew_key(by=make_administrator(tenant), gateway=row)
        assert type(ways.Way().deliver(ways.message_of(due))) is smtp.HostDown  # the old key is void
    (line,) = (line for line in log.read_text().splitlines() if line.startswith("{"))
    got = json.loads(line)
    assert (got["id"], got["to"]) == (due.message_id.strip("<>"), "+381641234567")
    assert got["text"] == services.short_text_of(due) and got["language"] == "en"
    assert sorted(got) == ["id", "language", "sent_at", "text", "to"]


# --- the administrator's page


@pytest.fixture
def administrator(client):
    user = make_administrator()
    make_programme(user.tenant)
    client.force_login(user, backend="allauth.account.auth_backends.AuthenticationBackend")
    client.user = user
    return client


def test_an_administrator_sets_it_and_sees_the_key_once(administrator):
    page = reverse("reminders:gateway_edit")
    assert "there is no gateway" in administrator.get(page).content.decode()
    refused = administrator.post(page, {"url": "http://gateway.example/", "is_on": "on"})
    assert refused.status_code == 422 and "begins with https" in refused.content.decode()
    administrator.post(page, {"url": "https://gateway.example/sms", "is_on": "on"})
    row = Gateway.objects.get()
    assert (row.url, row.is_on, row.tenant, row.revision) == (
        "https://gateway.example/sms", True, administrator.user.tenant, 1,
    )  # fmt: skip
    answer = administrator.post(reverse("reminders:gateway_key"))
    assert ways.key_of(row.tenant_id, 2) in answer.content.decode()
    assert "no-store" in answer["Cache-Control"]
    assert ways.key_of(row.tenant_id, 2) not in administrator.get(page).content.decode()


def test_a_trial_says_what_came_of_it(administrator, settings):
    with server(said(422)) as (port, _got):
        settings.GATEWAY_HOSTS = ["127.0.0.1"]
        services.set_gateway(by=administrator.user, url=f"http://127.0.0.1:{port}/", is_on=False)
        answer = administrator.post(reverse("reminders:gateway_trial"), {"to": "064 1234567"}, follow=True)
    assert "did not take it: 422 ok" in answer.content.decode()
    assert Gateway.objects.get().words == "422 ok"
    refused = administrator.post(reverse("reminders:gateway_trial"), {"to": "nobody"})
    assert refused.status_code == 422 and "no telephone number" in refused.content.decode()


def test_nobody_else_sees_or_changes_it(client):
    programme = make_programme()
    services.set_gateway(by=make_administrator(programme.tenant), url="https://a.example/", is_on=True)
    client.force_login(make_coordinator(programme))
    for name, ask in (
        ("edit", client.get),
        ("edit", client.post),
        ("key", client.post),
        ("trial", client.post),
    ):
        assert ask(reverse(f"reminders:gateway_{name}")).status_code == 403
    client.force_login(make_administrator())
    assert "a.example" not in client.get(reverse("reminders:gateway_edit")).content.decode()
    assert client.post(reverse("reminders:gateway_key")).status_code == 404
    assert Gateway.objects.get().revision == 1
