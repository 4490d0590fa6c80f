"""Short messages, by SMS or a chat program: handed to the organisation's own gateway, signed."""

import hmac
import json
from collections.abc import Callable, Iterator, Sequence
from datetime import datetime
from typing import NamedTuple

from django.conf import settings
from django.core.exceptions import ValidationError
from django.db.models import Q
from django.utils import timezone, translation
from django.utils.crypto import constant_time_compare, salted_hmac
from django.utils.translation import gettext as _

from lib import posting
from lib.phones import international
from lib.plain import unlinked
from lib.signing import KEY_VERSION
from lib.smtp import Outcome
from reminders.kinds import KINDS
from reminders.models import Channel, Gateway, Reminder
from reminders.services.messages import short_texts_of
from reminders.ways import Route

SALT = "rasadnik.reminders.gateway"
FRESH = 300  # seconds: an older one is a copy that somebody kept


def routes() -> Iterator[Route]:
    """One for each organisation that has a gateway. The others' short messages wait."""
    for one in Gateway.objects.filter(is_on=True).order_by("pk"):
        yield Route(
            host=host_of(one),
            rows=Q(channel=Channel.MESSAGE, rule__programme__tenant=one.tenant_id),
            address=lambda to: to.phone,
            nowhere=_("No telephone number is known."),
            messages_of=messages_of,
            opened=Way,
        )


class Short(NamedTuple):
    """What goes out, and where to. `id` is the same over all tries."""

    gateway: Gateway
    id: str
    to: str  # "+381641234567"
    text: str
    language: str


def message_of(reminder: Reminder) -> Short:
    """Raises ValidationError where she has no number, or her organisation no gateway that is on."""
    found = messages_of([reminder])[reminder.pk]
    if isinstance(found, ValidationError):
        raise found
    return found


def messages_of(reminders: Sequence[Reminder]) -> dict[int, Short | ValidationError]:
    """For a batch by the key of the reminder; those of one carrier go in one message, under its id."""
    tenants = {row.rule.programme.tenant_id for row in reminders}
    gateways = {one.tenant_id: one for one in Gateway.objects.filter(tenant__in=tenants, is_on=True)}
    texts, found = short_texts_of(reminders), {}
    together: dict[int, list[Reminder]] = {}
    for row in reminders:
        together.setdefault(row.carrier_id or row.pk, []).append(row)
    for rows in together.values():
        made = _made(rows, gateways.get(rows[0].rule.programme.tenant_id), texts)
        found |= {row.pk: made for row in rows}
    return found


def _made(rows: list[Reminder], gateway: Gateway | None, texts: dict[int, str]) -> Short | ValidationError:
    first = min(rows, key=lambda row: row.pk)
    to = KINDS[first.rule.kind].to(first)
    number = international(to.phone, first.rule.programme.country)
    text = "\n\n".join(filter(None, (texts[row.pk] for row in rows)))
    if gateway is None:
        return ValidationError(_("The organisation has no gateway for short messages that is on."))
    if not number:
        words = _("“%(phone)s” is no telephone number.") if to.phone else _("No telephone number is known.")
        return ValidationError(words % {"phone": to.phone})
    if not text:
        return ValidationError(_("What it was about is no longer there."))
    return Short(gateway, first.message_id.strip("<>"), number, text, to.language)


class Way:
    """As `lib.mail.Transport`: `with Way() as way: way.deliver(message_of(reminder))`."""

    def __enter__(self) -> "Way":
        return self

    def __exit__(self, *exc) -> None:
        pass

    def deliver(self, message: Short, *, before_body: Callable[[], object] | None = None) -> Outcome:
        """Hand it over; never raises for what the gateway or the network does."""
        now = timezone.now()
        body = body_of(message, now)
        headers = {
            "Content-Type": "application/json",
            "Idempotency-Key": message.id,
            "User-Agent": "Rasadnik",
            **signed(body, key_of(message.gateway.tenant_id, message.gateway.revision), now),
        }
        hosts = settings.GATEWAY_HOSTS
        try:
            place = posting.place_of(message.gateway.url, hosts)
        except ValidationError as error:
            return posting.HostDown(error.messages[0])  # its own address is wrong, not the message
        return posting.post(place, body, headers, trusted=hosts, before_body=before_body)


def host_of(gateway: Gateway) -> str:
    """By which name it is left in peace while it refuses."""
    return f"gateway:{gateway.pk}"


def key_of(tenant_id: int, revision: int) -> str:
    """The secret that the gateway checks signatures with: derived, never stored, void with the revision."""
    said = f"{KEY_VERSION}-{tenant_id}-{revision}"
    return salted_hmac(SALT, said, algorithm="sha256").hexdigest()


def body_of(message: Short, now: datetime) -> bytes:
    said = {"id": message.id, "to": message.to, "text": message.text, "language": message.language}
    return json.dumps(said | {"sent_at": now.isoformat()}, ensure_ascii=False).encode()


def signed(body: bytes, key: str, now: datetime) -> dict[str, str]:
    at = str(int(now.timestamp()))
    return {"Rasadnik-Timestamp": at, "Rasadnik-Signature": f"sha256={signature(body, key, at)}"}


def signature(body: bytes, key: str, at: str) -> str:
    """HMAC-SHA256 over "<timestamp>.<body>", in hexadecimal digits. The key is the text that it is."""
    return hmac.new(key.encode(), at.encode() + b"." + body, "sha256").hexdigest()


def is_genuine(body: bytes, key: str, at: str, said: str, now: datetime) -> bool:
    """What a gateway does with what it gets: is it ours, and is it from now?"""
    if not at.isascii() or not at.isdigit() or abs(now.timestamp() - int(at)) > FRESH:
        return False
    return constant_time_compare(said, f"sha256={signature(body, key, at)}")


def trial_of(gateway: Gateway, to: str, now: datetime) -> Short:
    """A message to the administrator herself."""
    text = _("A trial message of %(organisation)s: it arrived.") % {
        "organisation": unlinked(gateway.tenant.name)
    }
    return Short(
        gateway, f"trial-{gateway.pk}-{int(now.timestamp())}@rasadnik", to, text, translation.get_language()
    )
