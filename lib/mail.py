"""One transport for every mail: built for exactly one person, handed over in two stages, its outcome sorted.

`Transport` keeps one connection open. Before the text leaves it asks back (`before_body`), so that the caller
can mark the row "being handed over" at the last moment: what fails before that is certainly unsent, only what
fails after it is uncertain.
"""

import smtplib
import socket
from dataclasses import dataclass
from email.message import EmailMessage
from email.utils import formataddr, formatdate, make_msgid, parseaddr

from django.conf import settings
from django.core.exceptions import ValidationError
from django.core.mail.backends.base import BaseEmailBackend
from django.core.validators import validate_email
from django.utils.translation import gettext as _

COMMAND_SECONDS = 20
FINAL_DOT_SECONDS = 600  # RFC 5321, 4.5.3.2.6: a shorter wait makes second copies


@dataclass(frozen=True)
class Outcome:
    """What became of one message; `reason` holds the server's words."""

    reason: str = ""


class Sent(Outcome):
    """Accepted by the server."""


class Abandoned(Outcome):
    """`before_body` said no: nothing left."""


class Later(Outcome):
    """Certainly not sent; the server asks to try again."""


class Never(Outcome):
    """Certainly not sent, and trying again is no use."""


class HostDown(Outcome):
    """The server is away or refuses us altogether: nothing about this message."""


class Uncertain(Outcome):
    """The text went out and no answer came: it may have arrived."""


def build(
    *,
    to: str,
    subject: str,
    text: str,
    html: str | None = None,
    message_id: str | None = None,
    from_: str | None = None,
    reply_to: str | None = None,
    headers: dict[str, str] | None = None,
    attachments: tuple[tuple[str, bytes, str], ...] = (),
    language: str | None = None,
) -> EmailMessage:
    """A message to one address. `attachments` are (file name, content, type such as "text/calendar").

    Raises ValidationError for an address that is none, or that is two: a refused second one would be lost
    without a word.
    """
    message = EmailMessage()
    message["From"] = from_ or settings.DEFAULT_FROM_EMAIL
    message["To"] = one_address(to)
    message["Subject"] = " ".join(subject.split())  # a line break in a title must not become a header
    message["Date"] = formatdate()
    message["Message-ID"] = message_id or make_msgid(domain="rasadnik")
    message["Auto-Submitted"] = "auto-generated"
    if reply_to:
        message["Reply-To"] = one_address(reply_to)
    for name, value in (headers or {}).items():
        message[name] = " ".join(value.split())
    message.set_content(text)
    if html is not None:
        message.add_alternative(html, subtype="html")
    for name, content, kind in attachments:
        main, sub = kind.split("/")
        message.add_attachment(content, maintype=main, subtype=sub, filename=name)
    if language:  # last: the parts above take every Content-… header that stands there before
        message["Content-Language"] = language
    return message


def one_address(text: str) -> str:
    """The address, alone and valid; else ValidationError."""
    address = text.strip()
    try:
        validate_email(address)
    except ValidationError:
        raise ValidationError(_("“%(value)s” is not one e-mail address.") % {"value": text}, code="email") from None
    return address


class Transport:
    """A reused SMTP connection as the settings EMAIL_* describe it: `with Transport() as t: t.deliver(…)`."""

    def __init__(self):
        self._smtp: smtplib.SMTP | None = None

    def __enter__(self) -> "Transport":
        return self

    def __exit__(self, *exc) -> None:
        self.close()

    def close(self) -> None:
        if self._smtp is not None:
            try:
                self._smtp.quit()
            except (smtplib.SMTPException, OSError):
                self._smtp.close()
            self._smtp = None

    def _connect(self) -> smtplib.SMTP:
        kind = smtplib.SMTP_SSL if settings.EMAIL_USE_SSL else smtplib.SMTP
        smtp = kind(settings.EMAIL_HOST, settings.EMAIL_PORT, timeout=COMMAND_SECONDS)
        smtp.ehlo_or_helo_if_needed()
        if settings.EMAIL_USE_TLS:
            smtp.starttls()
        if settings.EMAIL_HOST_USER:
            smtp.login(settings.EMAIL_HOST_USER, settings.EMAIL_HOST_PASSWORD)
        return smtp

    def _drop(self) -> None:
        if self._smtp is not None:
            self._smtp.close()
            self._smtp = None

    def deliver(self, message: EmailMessage, *, before_body=None) -> Outcome:
        """Hand one message over. `before_body()` is called after the recipient was accepted and before the
        text leaves; a false answer abandons the message."""
        try:
            if self._smtp is None:
                self._smtp = self._connect()
            refused = self._envelope(message)
        except (smtplib.SMTPAuthenticationError, smtplib.SMTPNotSupportedError) as error:
            self._drop()
            return HostDown(_words(error))
        except (smtplib.SMTPException, OSError) as error:
            self._drop()
            return HostDown(_words(error))
        if refused is not None:
            return refused
        if before_body is not None and not before_body():
            self._reset()
            return Abandoned()
        return self._body(message)

    def _envelope(self, message: EmailMessage) -> Outcome | None:
        """MAIL, RCPT, DATA up to the server's "go on"; None when it said so."""
        sender = parseaddr(message["From"])[1]
        for verb, argument in (("mail", sender), ("rcpt", message["To"])):
            code, said = getattr(self._smtp, verb)(argument)
            if code in (421, 535):
                self._drop()
                return HostDown(f"{code} {_text(said)}")
            if code not in (250, 251):
                self._reset()
                return _sorted(code, said)
        return None

    def _reset(self) -> None:
        try:
            self._smtp.rset()
        except (smtplib.SMTPException, OSError):
            self._drop()

    def _body(self, message: EmailMessage) -> Outcome:
        """DATA, the text and the final dot. From here on, silence means that we do not know."""
        smtp = self._smtp
        try:
            code, said = smtp.docmd("DATA")
        except (smtplib.SMTPException, OSError) as error:
            self._drop()
            return Later(_words(error))  # the text had not left
        if code != 354:
            self._reset()
            return _sorted(code, said)
        try:
            text = smtplib._quote_periods(smtplib._fix_eols(message.as_bytes().decode("ascii", "surrogateescape")).encode("ascii", "surrogateescape"))
            smtp.send(text if text.endswith(b"\r\n") else text + b"\r\n")
            smtp.sock.settimeout(FINAL_DOT_SECONDS)
            smtp.send(b".\r\n")
            code, said = smtp.getreply()
            smtp.sock.settimeout(COMMAND_SECONDS)
        except (smtplib.SMTPException, OSError, socket.timeout) as error:
            self._drop()
            return Uncertain(_words(error))
        return Sent(f"{code} {_text(said)}") if code == 250 else _sorted(code, said)


def _sorted(code: int, said: bytes) -> Outcome:
    words = f"{code} {_text(said)}"
    return Later(words) if 400 <= code < 500 or code < 0 else Never(words)


def _text(said: bytes | str) -> str:
    return said.decode("utf-8", "replace") if isinstance(said, bytes) else str(said)


def _words(error: Exception) -> str:
    code, said = getattr(error, "smtp_code", ""), getattr(error, "smtp_error", "")
    return f"{code} {_text(said)}".strip() or str(error) or type(error).__name__


def send_now(**words) -> None:
    """Build and deliver at once, for one-time secrets; raises SMTPException when it did not leave."""
    with Transport() as transport:
        outcome = transport.deliver(build(**words))
    if not isinstance(outcome, Sent | Uncertain):
        raise smtplib.SMTPException(outcome.reason)


class Backend(BaseEmailBackend):
    """Django's and allauth's mails, one recipient each, through the same transport."""

    def send_messages(self, email_messages) -> int:
        sent = 0
        with Transport() as transport:
            for mail in email_messages:
                html = next((body for body, kind in getattr(mail, "alternatives", ()) if kind == "text/html"), None)
                for address in mail.recipients():
                    outcome = transport.deliver(
                        build(to=address, subject=mail.subject, text=mail.body, html=html, from_=mail.from_email)
                    )
                    if isinstance(outcome, Sent | Uncertain):
                        sent += 1
                    elif not self.fail_silently:
                        raise smtplib.SMTPException(outcome.reason)
        return sent


def named(name: str, address: str) -> str:
    """`Ana Anić <ana@…>` for a From or Reply-To."""
    return formataddr((name, address))
