"""The post-box of a demo: every mail as it arrived at the local mail server, read from its Maildir.

A letter's number is the moment of its arrival in microseconds, as the Maildir names it: it never changes.
"""

import mailbox
import re
from base64 import b64encode
from dataclasses import dataclass
from datetime import UTC, datetime
from email import message_from_bytes, policy
from email.message import EmailMessage
from email.parser import BytesHeaderParser
from email.utils import getaddresses
from functools import cached_property
from pathlib import Path

from django.conf import settings
from django.db.models import Q

from accounts.models import Tenant, User
from people.models import Person

NAME = re.compile(r"^(\d+)\.M(\d+)P")  # as Python's mailbox and most mail servers name a message


@dataclass(frozen=True)
class Letter:
    """One message in the folder. Headers are read at first use, the whole only when it is opened."""

    number: int
    path: Path

    @property
    def at(self) -> datetime:
        return datetime.fromtimestamp(self.number / 1_000_000, UTC)

    @cached_property
    def headers(self) -> EmailMessage:
        with self.path.open("rb") as file:
            return BytesHeaderParser(policy=policy.default).parse(file)

    @cached_property
    def message(self) -> EmailMessage:
        return message_from_bytes(self.path.read_bytes(), policy=policy.default)

    @property
    def subject(self) -> str:
        return str(self.headers["Subject"] or "")

    @property
    def to(self) -> list[str]:
        """The addresses, in lower case."""
        fields = [*self.headers.get_all("To", []), *self.headers.get_all("Cc", [])]
        return [address.lower() for _name, address in getaddresses(map(str, fields)) if address]

    @property
    def text(self) -> str:
        return self._body("plain")

    @property
    def html(self) -> str:
        return self._body("html")

    @property
    def page(self) -> str:
        """The HTML with its pictures in it, as a mail program shows them."""
        html = self.html
        for part in self.message.walk():
            if part.get_content_maintype() == "image" and (name := part["Content-ID"]):
                content = b64encode(part.get_payload(decode=True)).decode()
                html = html.replace(
                    f"cid:{name.strip('<> ')}", f"data:{part.get_content_type()};base64,{content}"
                )
        return html

    def _body(self, kind: str) -> str:
        part = self.message.get_body(preferencelist=(kind,))
        return part.get_content() if part else ""

    @cached_property
    def parts(self) -> list[EmailMessage]:
        """The attachments, in their order."""
        return list(self.message.iter_attachments())


def attachment(part: EmailMessage) -> tuple[str, bytes]:
    """Its name, without any folder, and its content."""
    content = part.get_content()
    if isinstance(content, EmailMessage):
        content = content.as_bytes()
    elif isinstance(content, str):
        content = content.encode(part.get_content_charset("utf-8"))
    return Path(part.get_filename() or "attachment").name, content


def letters(tenant: Tenant) -> list[Letter]:
    """What arrived, the newest first; what went to somebody of another organisation stays out of sight."""
    found = sorted(_all(), key=lambda letter: -letter.number)
    others = _addresses_of_others(tenant)
    return [letter for letter in found if not others.intersection(letter.to)] if others else found


def letter(tenant: Tenant, number: int) -> Letter | None:
    found = next((letter for letter in _all() if letter.number == number), None)
    return found if found and not _addresses_of_others(tenant).intersection(found.to) else None


def _all() -> list[Letter]:
    folder = Path(settings.POSTBOX_DIR)
    if not (folder / "new").is_dir():
        return []
    box = mailbox.Maildir(folder, create=False)
    found = []
    for key in box.iterkeys():
        if match := NAME.match(key):
            number = int(match[1]) * 1_000_000 + int(match[2])
            found.append(Letter(number, folder / box._lookup(key)))
    return found


def _addresses_of_others(tenant: Tenant) -> set[str]:
    """In lower case: of users and persons of every other organisation in this installation."""
    if not Tenant.objects.exclude(pk=tenant.pk).exists():
        return set()
    users = User.objects.exclude(tenant=tenant).values_list("email", flat=True)
    persons = Person.objects.exclude(Q(tenant=tenant) | Q(email="")).values_list("email", flat=True)
    ours = {*map(str.lower, User.objects.filter(tenant=tenant).values_list("email", flat=True))}
    return {address.lower() for address in (*users, *persons)} - ours
