"""What stands between the public form and whoever sends it a thousand times: no foreign service is asked."""

from datetime import datetime, timedelta
from hashlib import blake2b

from django.core.exceptions import ValidationError
from django.core.signing import BadSignature
from django.http import HttpRequest
from django.utils.translation import gettext as _

from lib import clock, signing
from lib.quotas import count
from people.models import Programme
from training.models import Application

PURPOSE, FORM = "training.application", "training.application.form"
TRIES = "training:apply"  # the counts of tries, in the cache
KEPT = timedelta(days=7)  # an application that nobody confirmed
SOONEST, LATEST = timedelta(seconds=3), timedelta(hours=12)  # from the page's opening to its coming back
LARGEST = 64 * 1024  # bytes of one form
PERIOD = 600  # seconds
FROM_ONE_ADDRESS = 40  # in a period: a whole hall applies from behind one
TO_ONE_MAILBOX, MAIL_PERIOD = 5, 3600


def is_open(programme: Programme, now: datetime) -> bool:
    """Half-open, in the programme's zone. Without a first day nobody applies."""
    today = clock.local(now, programme.zone).date()
    first, after = programme.applies_from, programme.applies_until
    return first is not None and first <= today and (after is None or today < after)


def comes_later(programme: Programme, now: datetime) -> bool:
    return clock.local(now, programme.zone).date() < programme.applies_from


def is_late(application: Application, now: datetime) -> bool:
    """Nobody confirmed it within a week."""
    return application.confirmed_at is None and application.created_at + KEPT <= now


def opened(programme: Programme, now: datetime) -> str:
    """A signed value for the form: when this page was opened, for which programme."""
    return signing.sign(FORM, programme.pk, int(now.timestamp()))


def check_opened(token: str, programme: Programme, now: datetime) -> None:
    """Raises ValidationError in words after which a person can try again."""
    try:
        pk, seconds = signing.read(token, FORM)
    except (BadSignature, ValueError):
        pk, seconds = 0, 0
    age = now - datetime.fromtimestamp(seconds, tz=now.tzinfo)
    if pk != programme.pk or not timedelta(0) <= age + timedelta(seconds=1) <= LATEST:
        raise ValidationError(_("This page lay open for too long. Nothing is lost: send it once more."))
    if age < SOONEST:
        words = _("That was quicker than anybody reads. Look through it once more, then send it again.")
        raise ValidationError(words)


def token_of(application: Application) -> str:
    """What the link in the mail carries: dies when the revision is raised."""
    return signing.sign(PURPOSE, application.pk, application.revision)


def read_token(token: str) -> tuple[int, int] | None:
    """(key, revision) of a link that we sent; None for anything else."""
    try:
        return signing.read(token, PURPOSE)
    except (BadSignature, ValueError):
        return None


def too_many_from(request: HttpRequest) -> bool:
    """Counts this try, by the address that our own proxies tell (lib.addresses)."""
    return count(f"{TRIES}:address:{request.META.get('REMOTE_ADDR', '')}", PERIOD) > FROM_ONE_ADDRESS


def too_many_to(email: str) -> bool:
    """Counts this letter. The same for an address that is known here and one that is not."""
    digest = blake2b(email.strip().lower().encode(), digest_size=16).hexdigest()
    return count(f"{TRIES}:mailbox:{digest}", MAIL_PERIOD) > TO_ONE_MAILBOX
