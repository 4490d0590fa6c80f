"""SMTP in two stages, with every ending sorted into what a caller can act on.

`Transport` keeps one connection open. Before the text leaves it asks back (`before_body`), so that the caller
can mark the row "being handed over" at the last moment: what fails before that is certainly unsent, only what
fails after it is uncertain.
"""

import contextlib
import re
import smtplib
import socket
import ssl
from collections.abc import Callable
from dataclasses import dataclass
from email.message import EmailMessage

from django.conf import settings

COMMAND_SECONDS = 20
TEXT_SECONDS = 180  # the whole text at once; 4.5.3.2.5
FINAL_DOT_SECONDS = 600  # RFC 5321, 4.5.3.2.6: a shorter wait makes second copies
# closing, no TLS now, or not on these terms: says nothing about the message
AWAY = {421, 454, 530, 534, 535, 538}
# a server that wants to see us again after a while, or a full box: minutes are of no use
PATIENCE = re.compile(r"(?i)gr[ea]y.?list|\b4\.2\.2\b|\bquota\b|\bover.?quota\b|\bmailbox.{0,20} full\b")
# by its enhanced code a refusal of one address or one box, not of us
OF_ONE = re.compile(r"^[45]\d\d[ -][45]\.[12]\.\d")


@dataclass(frozen=True)
class Outcome:
    """What became of one message; `reason` holds the server's words."""

    reason: str = ""

    @property
    def is_of_one(self) -> bool:
        """Does it say something about one address only, so that the next may well be taken?"""
        return bool(OF_ONE.match(self.reason) or PATIENCE.search(self.reason))


class Sent(Outcome):
    """Accepted by the server."""


class Abandoned(Outcome):
    """`before_body` said no: nothing left."""


class Later(Outcome):
    """Certainly not sent; to be tried again, after a while."""


class Soon(Later):
    """A passing trouble of the server; to be tried again in minutes."""


class Broken(Soon):
    """The connection broke, or no answer came, before the text was whole."""


class Never(Outcome):
    """Certainly not sent, and trying again is no use."""


class HostDown(Outcome):
    """The server is away or refuses us altogether: nothing about this message, no attempt is spent."""


class Uncertain(Outcome):
    """The whole text went out and no answer came: it may have arrived."""


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
            with contextlib.suppress(smtplib.SMTPException, OSError):
                self._smtp.quit()
            self._drop()

    def deliver(self, message: EmailMessage, *, before_body: Callable[[], object] | None = None) -> Outcome:
        """Hand one message of `build` over; never raises for what a server or the network does.

        `before_body()` is called once, after the recipient was accepted and just before the text leaves; a
        false answer abandons the message, an exception in it goes through and nothing was sent.
        """
        used_before = self._smtp is not None
        try:
            if not used_before:
                self._smtp = self._connect()
        except (smtplib.SMTPException, OSError) as error:
            return HostDown(_words(error))
        try:
            refused = self._envelope(message)
        except (smtplib.SMTPException, OSError) as error:
            self._drop()
            if used_before:  # a connection kept open too long: once more on a fresh one
                return self.deliver(message, before_body=before_body)
            return Broken(_words(error))
        if refused is not None:
            return refused
        if not self._asked(before_body):
            self._reset()
            return Abandoned()
        return self._body(message.as_bytes())

    def _connect(self) -> smtplib.SMTP:
        where = {"host": settings.EMAIL_HOST, "port": settings.EMAIL_PORT, "timeout": COMMAND_SECONDS}
        if settings.EMAIL_USE_SSL:
            smtp = smtplib.SMTP_SSL(**where, context=ssl.create_default_context())
        else:
            smtp = smtplib.SMTP(**where)
        try:
            # the final dot leaves by itself: it must not wait until the server has said that it has the text
            smtp.sock.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
            smtp.ehlo_or_helo_if_needed()
            if settings.EMAIL_USE_TLS:
                smtp.starttls(context=ssl.create_default_context())  # the default one checks no certificate
            if settings.EMAIL_HOST_USER:
                smtp.login(settings.EMAIL_HOST_USER, settings.EMAIL_HOST_PASSWORD)
        except BaseException:
            smtp.close()
            raise
        return smtp

    def _envelope(self, message: EmailMessage) -> Outcome | None:
        """MAIL and RCPT; None when both were taken. A refused sender is our setting, not her address."""
        code, said = self._smtp.mail(message["From"].addresses[0].addr_spec)
        if code >= 500:
            self._drop()
            return HostDown(_reply(code, said))
        if 200 <= code < 300:
            code, said = self._smtp.rcpt(message["To"])
        return None if code in (250, 251, 252) else self._refused(code, said)

    def _asked(self, before_body: Callable[[], object] | None) -> bool:
        try:
            return before_body is None or bool(before_body())
        except BaseException:
            self._reset()
            raise

    def _body(self, text: bytes) -> Outcome:
        """DATA, the text and the final dot. A server keeps nothing of a text without its final dot."""
        smtp = self._smtp
        try:
            code, said = smtp.docmd("DATA")
            if code != 354:
                return self._refused(code, said)
            smtp.sock.settimeout(TEXT_SECONDS)
            smtp.send(re.sub(rb"(?m)^\.", b"..", text if text.endswith(b"\r\n") else text + b"\r\n"))
        except (smtplib.SMTPException, OSError) as error:
            self._drop()
            return Broken(_words(error))
        try:
            smtp.sock.settimeout(FINAL_DOT_SECONDS)
            smtp.send(b".\r\n")
            code, said = smtp.getreply()
            smtp.sock.settimeout(COMMAND_SECONDS)
        except (smtplib.SMTPException, OSError) as error:
            self._drop()
            return Uncertain(_words(error))
        if 200 <= code < 300:
            return Sent(_reply(code, said))
        if not 400 <= code < 600:
            self._drop()
            return Uncertain(_reply(code, said))  # no answer that means anything
        return self._refused(code, said)

    def _refused(self, code: int, said: bytes) -> Outcome:
        """Sort a refusal, and make the connection fit for the next message."""
        words = _reply(code, said)
        if code in AWAY:
            self._drop()
            return HostDown(words)
        self._reset()
        if code >= 500:
            return Never(words)
        return Later(words) if PATIENCE.search(words) else Soon(words)

    def _reset(self) -> None:
        try:
            if self._smtp is not None and self._smtp.rset()[0] != 250:
                self._drop()
        except (smtplib.SMTPException, OSError):
            self._drop()

    def _drop(self) -> None:
        if self._smtp is not None:
            self._smtp.close()
            self._smtp = None


def _reply(code: int, said: bytes | str) -> str:
    said = said.decode("utf-8", "replace") if isinstance(said, bytes) else str(said)
    return " ".join(f"{code} {said}".split())


def _words(error: Exception) -> str:
    if isinstance(error, smtplib.SMTPResponseException):
        return _reply(error.smtp_code, error.smtp_error)
    return " ".join(str(error).split()) or type(error).__name__
