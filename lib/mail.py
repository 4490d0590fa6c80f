"""One transport for every mail: built for exactly one person, handed over by `lib.smtp`.

Programme messages go through `Transport` from rows; one-time secrets through `send_now`; what Django and its
apps send through `Backend`.
"""

import re
import smtplib
from collections.abc import Mapping, Sequence
from email import policy
from email.headerregistry import Address, HeaderRegistry
from email.message import EmailMessage
from email.utils import formatdate, make_msgid, parseaddr

from django.conf import settings
from django.core.exceptions import ValidationError
from django.core.mail.backends.base import BaseEmailBackend
from django.core.validators import validate_email
from django.utils.translation import gettext as _

from lib.smtp import Abandoned, Broken, HostDown, Later, Never, Outcome, Sent, Soon, Transport, Uncertain

__all__ = ["Abandoned", "Backend", "Broken", "HostDown", "Later", "Never", "Outcome", "Sent", "Soon"]
__all__ += ["Transport", "Uncertain", "build", "named", "one_address", "send_now"]


class _Wire(policy.EmailPolicy):
    """Seven bits, CRLF; a long address or id stays on one line instead of being cut into encoded words."""

    def fold_binary(self, name, value):
        text = str(value)  # what an encoded word says, so it may hold line breaks again
        if text.isascii() and text.isprintable() and len(name) + len(text) < 900:
            return f"{name}: {text}{self.linesep}".encode("ascii")
        return super().fold_binary(name, value)


class _Headers(HeaderRegistry):
    """Makes the class of a header once, not anew for each line of each letter: nearly half of its cost."""

    def __init__(self):
        super().__init__()
        self._made = {}

    def __getitem__(self, name):
        known = name.lower()
        if known not in self._made:
            self._made[known] = super().__getitem__(name)
        return self._made[known]


_WIRE = _Wire(linesep="\r\n", cte_type="7bit", header_factory=_Headers())
Attachment = tuple[str, bytes, str]


def build(
    *,
    to: str,
    subject: str,
    text: str,
    html: str | None = None,
    message_id: str | None = None,
    from_: str | None = None,
    reply_to: str | None = None,
    headers: Mapping[str, str] | None = None,
    attachments: Sequence[Attachment] = (),
    pictures: Mapping[str, bytes] | None = None,
    language: str | None = None,
) -> EmailMessage:
    """A message to one address. `attachments` are (file name, content, type), the type as in a header:
    "text/calendar; method=REQUEST". `pictures` (PNG, JPEG) travel with the HTML, which shows the one called
    "logo.png" by `src="cid:logo.png"`: nothing is fetched when it is read.

    Line breaks and control signs in a subject, a name or a header become spaces, so that no typed text adds a
    header. Raises ValidationError for an address that is none, or that is two: a refused second one would be
    lost without a word. The first invitation among the attachments (text/calendar with method REQUEST or
    CANCEL) also stands beside the text, where mail programs look for it.
    """
    message = EmailMessage(policy=_WIRE)
    message["From"] = _sender(from_ or settings.DEFAULT_FROM_EMAIL)
    message["To"] = one_address(to)
    message["Subject"] = _one_line(subject)
    message["Date"] = formatdate()
    message["Message-ID"] = _one_line(message_id or make_msgid(domain="rasadnik"))
    message["Auto-Submitted"] = "auto-generated"
    if reply_to:
        message["Reply-To"] = one_address(reply_to)
    for name, value in (headers or {}).items():
        del message[name]
        message[name] = _one_line(value)
    message.set_content(text)
    if html is not None:
        message.add_alternative(html, subtype="html")
        for name, content in (pictures or {}).items():
            _show(message, name, content)
    for name, content, kind in _invited(message, attachments):
        _attach(message, name, content, kind)
    if language:  # last: the parts above take every Content-… header that stands there before
        message["Content-Language"] = language
    return message


def _sender(text: str) -> Address:
    found = _WIRE.header_factory("From", _one_line(text)).addresses
    if len(found) != 1:
        raise ValidationError(_("“%(value)s” is not one e-mail address.") % {"value": text}, code="email")
    return Address(found[0].display_name, addr_spec=one_address(found[0].addr_spec))


def _attach(message: EmailMessage, name: str, content: bytes, kind: str) -> None:
    kind, *rest = (part.strip() for part in kind.split(";"))
    main, sub = kind.split("/")
    params = dict(part.split("=", 1) for part in rest if "=" in part)
    message.add_attachment(content, maintype=main, subtype=sub, filename=_one_line(name), params=params)


def _invited(message: EmailMessage, attachments: Sequence[Attachment]) -> list[Attachment]:
    """What is left to attach. As a file an invitation has a type that no program takes for a second one."""
    left = list(attachments)
    for place, (name, content, kind) in enumerate(left):
        if method := re.match(r"text/calendar; *method=(REQUEST|CANCEL)\b", kind):
            params = {"method": method[1]}
            message.add_alternative(content.decode(), subtype="calendar", charset="utf-8", params=params)
            left[place] = name, content, "application/ics"
            break
    return left


def _show(message: EmailMessage, name: str, content: bytes) -> None:
    """A picture inside the HTML part."""
    kind = "png" if content.startswith(b"\x89PNG") else "jpeg"
    page = message.get_body(preferencelist=("html",))
    related = message.get_body(preferencelist=("related", "html"))
    (related if related.get_content_type() == "multipart/related" else page).add_related(
        content, maintype="image", subtype=kind, cid=f"<{name}>", filename=name, disposition="inline"
    )


def _one_line(text: str) -> str:
    """Without control signs, and nothing that mail programs decode into some (`=?utf-8?q?=0A?=`)."""
    text = re.sub(r"[\x00-\x1f\x7f-\x9f\u2028\u2029\ud800-\udfff]", " ", str(text))
    return " ".join(text.replace("=?", "= ?").split())


def one_address(text: str) -> str:
    """The address, alone and valid, as mail servers take it (an IDN as xn--…); else ValidationError."""
    address = text.strip()
    try:
        validate_email(address)
        if not re.fullmatch(r"[^\x00-\x20\x7f\\\"]+", address) or "=?" in address:
            raise ValidationError("")  # quoted forms: valid on paper, read differently by every program
        user, _at, domain = address.rpartition("@")
        return f"{user}@{domain if domain.isascii() else domain.encode('idna').decode()}"
    except (ValidationError, UnicodeError):
        raise ValidationError(
            _("“%(value)s” is not one e-mail address.") % {"value": text}, code="email"
        ) from None


def named(name: str, address: str) -> str:
    """`Ana Anić <ana@…>` for `from_`."""
    return str(Address(_one_line(name), addr_spec=address))


def send_now(**words) -> None:
    """`build` and deliver at once, for one-time secrets; raises SMTPException when it did not leave."""
    with Transport() as transport:
        _at_once(transport, build(**words))


def _at_once(transport: Transport, message: EmailMessage) -> None:
    outcome = transport.deliver(message)
    if not isinstance(outcome, Sent | Uncertain):
        raise smtplib.SMTPException(outcome.reason)


class Backend(BaseEmailBackend):
    """What Django and its apps send, one message for each recipient, through the same transport."""

    def send_messages(self, email_messages) -> int:
        """How many left. Raises SMTPException for the first that did not, unless `fail_silently`."""
        sent = 0
        with Transport() as transport:
            for mail in email_messages:
                for address in mail.recipients():
                    try:
                        _at_once(transport, _from_django(mail, address))
                        sent += 1
                    except (smtplib.SMTPException, ValidationError):
                        if not self.fail_silently:
                            raise
        return sent


def _from_django(mail, address: str) -> EmailMessage:
    html = next((body for body, kind in getattr(mail, "alternatives", ()) if kind == "text/html"), None)
    headers = {
        name: value for name, value in mail.extra_headers.items() if name not in ("From", "To", "Message-ID")
    }
    return build(
        to=parseaddr(address)[1] or address,
        subject=mail.subject,
        text=mail.body,
        html=html,
        from_=mail.from_email,
        reply_to=parseaddr(mail.reply_to[0])[1] if mail.reply_to else None,
        message_id=mail.extra_headers.get("Message-ID"),
        headers=headers,
        attachments=[_django_attachment(one) for one in mail.attachments],
    )


def _django_attachment(one) -> Attachment:
    if not isinstance(one, tuple):  # a MIME part
        return one.get_filename() or "attachment", one.get_payload(decode=True) or b"", one.get_content_type()
    name, content, kind = one
    return (
        name or "attachment",
        content.encode() if isinstance(content, str) else content,
        kind or "application/octet-stream",
    )
