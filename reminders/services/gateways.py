"""The organisation's gateway for short messages: its address, its key, a trial."""

from datetime import datetime

from django.conf import settings
from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils.translation import gettext as _

from accounts.audit import audit
from accounts.models import User
from lib import posting
from lib.phones import international
from lib.smtp import Outcome, Sent
from reminders.models import Gateway
from reminders.ways import gateway as ways


@transaction.atomic
def set_gateway(*, by: User, url: str, is_on: bool) -> Gateway:
    """Of her organisation: made, or changed. Raises ValidationError for an address that is refused."""
    try:
        posting.place_of(url, settings.GATEWAY_HOSTS)
    except ValidationError as error:
        raise ValidationError({"url": error}) from None
    rows = Gateway.objects.select_for_update()
    row, _is_new = rows.get_or_create(tenant_id=by.tenant_id, defaults={"url": url, "is_on": is_on})
    if row.url != url:
        row.tried_at, row.words = None, ""
    row.url, row.is_on = url, is_on
    row.save()
    audit(by, "change", row, ["url", "is_on"])
    return row


@transaction.atomic
def renew_key(*, by: User, gateway: Gateway) -> str:
    """A new key, to be shown once; the old one is void from now on."""
    row = Gateway.objects.select_for_update().get(pk=gateway.pk)
    row.revision += 1
    row.save(update_fields=["revision"])
    audit(by, "renew", row, ["revision"])
    return ways.key_of(row.tenant_id, row.revision)


def try_gateway(*, by: User, gateway: Gateway, to: str, country: str, now: datetime) -> Outcome:
    """A message to one number, at once, also while it is off. Raises ValidationError for no number."""
    number = international(to, country)
    if not number:
        words = _("“%(phone)s” is no telephone number.") % {"phone": to}
        raise ValidationError({"to": words})
    with ways.Way() as way:  # outside any transaction: it may take its time
        outcome = way.deliver(ways.trial_of(gateway, number, now))
    gateway.tried_at = now
    gateway.words = "" if isinstance(outcome, Sent) else (outcome.reason or type(outcome).__name__)[:500]
    with transaction.atomic():
        gateway.save(update_fields=["tried_at", "words"])
        audit(by, "try", gateway, ["tried_at", "words"])
    return outcome
