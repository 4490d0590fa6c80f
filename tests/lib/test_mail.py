"""Messages and their way over a real SMTP server that answers as it is told."""

import socket
import ssl
import threading
from email import message_from_bytes, policy
from smtplib import SMTPException

import pytest
from aiosmtpd.controller import Controller
from aiosmtpd.smtp import AuthResult
from django.core.exceptions import ValidationError
from django.core.mail import EmailMultiAlternatives
from hypothesis import given
from hypothesis import strategies as st

from lib import mail, smtp
from tests.services import free_port


def letter(**words):
    return mail.build(
        **{"to": "ana@primer.rs", "subject": "Sutra", "text": "Dođite.", "message_id": "<1@rasadnik>"} | words
    )


def parsed(data):
    return message_from_bytes(data, policy=policy.default)


def words(part):
    """A text as it was before the wire made its line ends \\r\\n."""
    return part.get_content().replace("\r\n", "\n")


# --- what a message is -----------------------------------------------------------------------------


@pytest.mark.parametrize(
    "address",
    [
        "",
        "ana",
        "a@b@c.rs",
        "a@b.rs, c@d.rs",
        "a@b.rs; c@d.rs",
        "a@b.rs c@d.rs",
        "Ana <a@b.rs>",
        "a@b.rs\nBcc: c@d.rs",
        "a@",
    ],
)
def test_a_message_has_exactly_one_recipient(address):
    with pytest.raises(ValidationError):
        letter(to=address)


@pytest.mark.parametrize(
    ("given_", "used"),
    [(" ana@primer.rs ", "ana@primer.rs"), ("ana@пример.срб", "ana@xn--e1afmkfd.xn--90a3ac")],
)
def test_an_address_is_given_as_servers_take_it(given_, used):
    assert letter(to=given_)["To"] == used


@given(st.text(), st.text(), st.text())
def test_no_typed_text_adds_a_header_or_a_recipient(subject, name, value):
    sender = mail.named(name, "rasadnik@primer.rs")
    message = parsed(letter(subject=subject, from_=sender, headers={"X-Programme": value}).as_bytes())
    assert message.keys() == [
        "From", "To", "Subject", "Date", "Message-ID", "Auto-Submitted", "X-Programme",
        "Content-Type", "Content-Transfer-Encoding", "MIME-Version",
    ]  # fmt: skip
    assert [one.addr_spec for one in message["From"].addresses] == ["rasadnik@primer.rs"]
    assert [one.addr_spec for one in message["To"].addresses] == ["ana@primer.rs"]


@pytest.mark.parametrize("sign", ["\n", "\r\n", "\r", "\x0b", "\x00", "\u2028", "\x85"])
def test_line_breaks_in_a_subject_become_spaces(sign):
    message = parsed(letter(subject=f"Sutra{sign}Bcc: zao@primer.rs").as_bytes())
    assert message["Subject"] == "Sutra Bcc: zao@primer.rs"
    assert message["Bcc"] is None


def test_a_sender_that_is_two_is_refused():
    with pytest.raises(ValidationError):
        letter(from_="a@b.rs, c@d.rs")


def test_all_parts_arrive(scripted):
    message = letter(
        subject="Сутра почиње модул „Пословни модел“, дођите на време у Волгину улицу број петнаест",
        text="Здраво Ђорђе,\n.\n.. тачке\n" + "дуг ред " * 40,
        html="<p>Здраво</p>",
        reply_to="mara@primer.rs",
        from_=mail.named("Расадник, Ниш", "rasadnik@primer.rs"),
        headers={"List-Unsubscribe": f"<https://primer.rs/{'x' * 200}>"},
        attachments=[("седница.ics", b"BEGIN:VCALENDAR", "text/calendar; method=PUBLISH")],
        language="sr",
    )
    with mail.Transport() as transport:
        assert transport.deliver(message) == mail.Sent("250 kept")
    assert (scripted.senders, scripted.recipients) == (["rasadnik@primer.rs"], [["ana@primer.rs"]])
    raw = scripted.bodies[0]
    assert raw.isascii()
    assert max(len(line) for line in raw.split(b"\r\n")) <= 998
    assert b"List-Unsubscribe: <https://primer.rs/" + b"x" * 200 + b">\r\n" in raw
    got = parsed(raw)
    assert got["Subject"] == message["Subject"]
    assert got["From"].addresses[0].display_name == "Расадник, Ниш"
    assert (got["Reply-To"], got["Message-ID"], got["Content-Language"]) == (
        "mara@primer.rs",
        "<1@rasadnik>",
        "sr",
    )
    assert words(got.get_body(("plain",))) == "Здраво Ђорђе,\n.\n.. тачке\n" + "дуг ред " * 40 + "\n"
    assert words(got.get_body(("html",))) == "<p>Здраво</p>\n"
    (calendar,) = got.iter_attachments()
    assert (calendar.get_filename(), calendar.get_content()) == ("седница.ics", "BEGIN:VCALENDAR")
    assert calendar["Content-Type"].params["method"] == "PUBLISH"


# signs that some readers take for a line end are left to the line-break test
LETTERS = st.characters(
    exclude_characters="\r\x0b\x0c\x1c\x1d\x1e\x85\u2028\u2029\x00", exclude_categories=["Cs"]
)


@given(st.text(alphabet=LETTERS))
def test_a_text_comes_out_as_it_went_in(text):
    got = words(parsed(letter(text=text).as_bytes()))
    assert got.rstrip("\n") == text.rstrip("\n")


# --- what became of it -----------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("answers", "outcome", "asked"),
    [
        ({}, mail.Sent("250 kept"), 1),
        ({"rcpt": "450 4.2.0 greylisted"}, mail.Later("450 4.2.0 greylisted"), 0),
        ({"rcpt": "550 5.1.1 no such user"}, mail.Never("550 5.1.1 no such user"), 0),
        ({"rcpt": "421 4.3.2 closing"}, mail.HostDown("421 4.3.2 closing"), 0),
        ({"rcpt": "530 5.7.0 sign in first"}, mail.HostDown("530 5.7.0 sign in first"), 0),
        ({"mail": "451 4.3.0 busy"}, mail.Soon("451 4.3.0 busy"), 0),
        ({"mail": "550 5.7.1 sender refused"}, mail.HostDown("550 5.7.1 sender refused"), 0),
        ({"body": "451 4.3.0 disk full"}, mail.Soon("451 4.3.0 disk full"), 1),
        ({"body": "554 5.6.0 looks like spam"}, mail.Never("554 5.6.0 looks like spam"), 1),
        ({"body": "421 4.3.2 closing"}, mail.HostDown("421 4.3.2 closing"), 1),
    ],
)
def test_each_answer_is_sorted(scripted, answers, outcome, asked):
    for name, words in answers.items():
        setattr(scripted, name, words)
    calls = []
    with mail.Transport() as transport:
        assert transport.deliver(letter(), before_body=lambda: calls.append(1) or True) == outcome
    assert len(calls) == asked
    assert len(scripted.bodies) == isinstance(outcome, mail.Sent)


@pytest.mark.parametrize(
    "answers", [{"rcpt": "550 no"}, {"body": "554 no"}, {"rcpt": "421 bye"}, {"body": "drop"}]
)
def test_the_next_message_goes_after_any_trouble(scripted, answers):
    with mail.Transport() as transport:
        for name, words in answers.items():
            setattr(scripted, name, words)
        transport.deliver(letter())
        scripted.rcpt = scripted.body = None
        assert transport.deliver(letter()) == mail.Sent("250 kept")


def test_silence_after_the_final_dot_is_uncertain(scripted):
    scripted.body = "drop"
    with mail.Transport() as transport:
        outcome = transport.deliver(letter())
    assert type(outcome) is mail.Uncertain
    assert outcome.reason


def test_a_server_that_answers_too_late_is_uncertain(monkeypatch, settings):
    monkeypatch.setattr(smtp, "FINAL_DOT_SECONDS", 0.3)
    server = _mute_server(settings, answers=[b"220 hi", b"250 hi", b"250 ok", b"250 ok", b"354 go on"])
    with server, mail.Transport() as transport:
        outcome = transport.deliver(letter())
    assert type(outcome) is mail.Uncertain


def test_a_line_cut_before_the_text_is_certainly_unsent(settings):
    server = _mute_server(settings, answers=[b"220 hi", b"250 hi", b"250 ok", b"250 ok"], cut=True)
    with server, mail.Transport() as transport:
        outcome = transport.deliver(letter())
    assert type(outcome) is mail.Broken


def test_a_line_cut_at_the_recipient_spends_an_attempt(scripted):
    scripted.rcpt = "drop"
    with mail.Transport() as transport:
        assert type(transport.deliver(letter())) is mail.Broken


def test_nobody_listening_is_a_host_that_is_down(settings):
    settings.EMAIL_HOST, settings.EMAIL_PORT = "127.0.0.1", free_port()
    with mail.Transport() as transport:
        assert type(transport.deliver(letter())) is mail.HostDown


def test_a_host_that_never_greets_is_down(monkeypatch, settings):
    monkeypatch.setattr(smtp, "COMMAND_SECONDS", 0.3)
    with _mute_server(settings, answers=[]), mail.Transport() as transport:
        assert type(transport.deliver(letter())) is mail.HostDown


def test_no_encryption_where_we_ask_for_it_is_a_host_that_is_down(scripted, settings):
    settings.EMAIL_USE_TLS = True
    with mail.Transport() as transport:
        assert type(transport.deliver(letter())) is mail.HostDown
    assert scripted.bodies == []


# --- two stages ------------------------------------------------------------------------------------


def test_the_caller_is_asked_after_the_recipient_and_before_the_text(scripted):
    seen = []
    with mail.Transport() as transport:
        transport.deliver(letter(), before_body=lambda: seen.append(list(scripted.bodies)) or True)
    assert seen == [[]]
    assert len(scripted.bodies) == 1


def test_the_caller_may_abandon_it(scripted):
    with mail.Transport() as transport:
        assert transport.deliver(letter(), before_body=lambda: False) == mail.Abandoned()
        assert (scripted.resets, scripted.bodies) == (1, [])
        assert transport.deliver(letter(), before_body=lambda: True) == mail.Sent("250 kept")
    assert scripted.connections == 1


def test_an_error_of_the_caller_sends_nothing_and_leaves_the_line_usable(scripted):
    with mail.Transport() as transport:
        with pytest.raises(ZeroDivisionError):
            transport.deliver(letter(), before_body=lambda: 1 / 0)
        assert transport.deliver(letter()) == mail.Sent("250 kept")
    assert (len(scripted.bodies), scripted.connections) == (1, 1)


def test_one_connection_serves_many(scripted):
    with mail.Transport() as transport:
        outcomes = [transport.deliver(letter(to=f"p{n}@primer.rs")) for n in range(20)]
    assert set(outcomes) == {mail.Sent("250 kept")}
    assert scripted.connections == 1
    assert scripted.recipients == [[f"p{n}@primer.rs"] for n in range(20)]


def test_a_connection_that_slept_too_long_is_opened_again(scripted):
    with mail.Transport() as transport:
        transport.deliver(letter())
        transport._smtp.sock.shutdown(socket.SHUT_RDWR)  # as a server does after some idle minutes
        calls = []
        assert transport.deliver(letter(), before_body=lambda: calls.append(1) or True) == mail.Sent(
            "250 kept"
        )
    assert (len(scripted.bodies), len(calls)) == (2, 1)


# --- signing in and encryption ---------------------------------------------------------------------


@pytest.fixture(scope="module")
def certificate(tmp_path_factory):
    """A certificate for 127.0.0.1 that nobody vouches for."""
    from datetime import UTC, datetime, timedelta
    from ipaddress import ip_address

    x509 = pytest.importorskip("cryptography.x509")
    from cryptography.hazmat.primitives import hashes, serialization
    from cryptography.hazmat.primitives.asymmetric import ec

    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(x509.NameOID.COMMON_NAME, "127.0.0.1")])
    now = datetime.now(UTC)
    made = (
        x509.CertificateBuilder()
        .subject_name(name)
        .issuer_name(name)
        .public_key(key.public_key())
        .serial_number(1)
        .not_valid_before(now - timedelta(days=1))
        .not_valid_after(now + timedelta(days=1))
        .add_extension(x509.SubjectAlternativeName([x509.IPAddress(ip_address("127.0.0.1"))]), critical=False)
        .sign(key, hashes.SHA256())
    )
    folder = tmp_path_factory.mktemp("tls")
    (folder / "cert.pem").write_bytes(made.public_bytes(serialization.Encoding.PEM))
    plain = serialization.NoEncryption()
    pem, form = serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8
    (folder / "key.pem").write_bytes(key.private_bytes(pem, form, plain))
    return folder


@pytest.fixture
def locked_server(settings, certificate):
    """Speaks STARTTLS and wants the password `right`."""

    class Keep:
        bodies: list = []

        async def handle_DATA(self, server, session, envelope):
            self.bodies.append(envelope.content)
            return "250 kept"

    def authenticate(server, session, envelope, mechanism, data):
        return AuthResult(success=data.password == b"right", handled=data.password == b"right")

    context = ssl.create_default_context(ssl.Purpose.CLIENT_AUTH)
    context.load_cert_chain(certificate / "cert.pem", certificate / "key.pem")
    keep = Keep()
    keep.bodies = []
    controller = Controller(
        keep, hostname="127.0.0.1", port=free_port(), tls_context=context, require_starttls=True,
        authenticator=authenticate, auth_required=True,
    )  # fmt: skip
    controller.start()
    settings.EMAIL_HOST, settings.EMAIL_PORT, settings.EMAIL_USE_TLS = "127.0.0.1", controller.port, True
    settings.EMAIL_HOST_USER, settings.EMAIL_HOST_PASSWORD = "rasadnik", "right"
    yield keep
    controller.stop()


def test_a_certificate_that_nobody_vouches_for_is_refused(locked_server):
    with mail.Transport() as transport:
        outcome = transport.deliver(letter())
    assert (type(outcome), locked_server.bodies) == (mail.HostDown, [])
    assert "certificate" in outcome.reason


@pytest.mark.parametrize(("password", "kind"), [("right", mail.Sent), ("wrong", mail.HostDown)])
def test_signing_in_over_tls(locked_server, certificate, settings, monkeypatch, password, kind):
    monkeypatch.setenv("SSL_CERT_FILE", str(certificate / "cert.pem"))
    settings.EMAIL_HOST_PASSWORD = password
    with mail.Transport() as transport:
        outcome = transport.deliver(letter())
    assert (type(outcome), len(locked_server.bodies)) == (kind, kind is mail.Sent)
    if kind is mail.HostDown:
        assert outcome.reason.startswith("535")


# --- at once, and Django's own ---------------------------------------------------------------------


def test_a_secret_goes_out_at_once(scripted):
    mail.send_now(to="ana@primer.rs", subject="Kod", text="123456", language="sr-latn")
    assert words(parsed(scripted.bodies[0])) == "123456\n"


@pytest.mark.parametrize("words", ["550 no such user", "451 busy", "421 closing"])
def test_a_secret_that_did_not_leave_raises(scripted, words):
    scripted.rcpt = words
    with pytest.raises(SMTPException, match=words):
        mail.send_now(to="ana@primer.rs", subject="Kod", text="123456")


@pytest.fixture
def django_mail(settings):
    settings.EMAIL_BACKEND = "lib.mail.Backend"
    message = EmailMultiAlternatives(
        "Naslov", "Tekst", "Rasadnik <r@primer.rs>", ["ana@primer.rs", "Mara <mara@primer.rs>"],
        bcc=["vesna@primer.rs"], reply_to=["Zoran <zoran@primer.rs>"],
        headers={"X-One": "1", "Message-ID": "<9@x>"},
    )  # fmt: skip
    message.attach_alternative("<p>Tekst</p>", "text/html")
    message.attach("a.txt", "prilog", "text/plain")
    return message


def test_what_django_sends_goes_to_each_alone(scripted, django_mail):
    assert django_mail.send() == 3
    assert scripted.recipients == [["ana@primer.rs"], ["mara@primer.rs"], ["vesna@primer.rs"]]
    assert scripted.connections == 1
    got = parsed(scripted.bodies[1])
    assert (got["To"], got["Reply-To"], got["X-One"], got["Message-ID"]) == (
        "mara@primer.rs",
        "zoran@primer.rs",
        "1",
        "<9@x>",
    )
    assert b"vesna" not in scripted.bodies[0] + scripted.bodies[1]
    assert words(got.get_body(("html",))) == "<p>Tekst</p>\n"
    assert [(one.get_filename(), one.get_content()) for one in got.iter_attachments()] == [
        ("a.txt", "prilog")
    ]


def test_a_failure_is_told_unless_silence_was_asked_for(scripted, django_mail):
    scripted.rcpt = "550 no such user"
    assert django_mail.send(fail_silently=True) == 0
    django_mail.connection = None  # it kept the silent one
    with pytest.raises(SMTPException):
        django_mail.send()


class _mute_server:
    """Says the given lines, one after each line it hears, then nothing more (or hangs up)."""

    def __init__(self, settings, *, answers, cut=False):
        self.listener = socket.create_server(("127.0.0.1", 0))
        settings.EMAIL_HOST, settings.EMAIL_PORT = "127.0.0.1", self.listener.getsockname()[1]
        settings.EMAIL_USE_TLS = settings.EMAIL_USE_SSL = False
        settings.EMAIL_HOST_USER = ""
        self.answers, self.cut, self.over = answers, cut, threading.Event()
        self.thread = threading.Thread(target=self._serve, daemon=True)

    def _serve(self):
        line, _address = self.listener.accept()
        with line, line.makefile("rb") as heard:
            for n, answer in enumerate(self.answers):
                if n:
                    heard.readline()
                line.sendall(answer + b"\r\n")
            if not self.cut:
                self.over.wait(30)

    def __enter__(self):
        self.thread.start()
        return self

    def __exit__(self, *exc):
        self.over.set()
        self.listener.close()
        self.thread.join(5)
