"""Where a person chooses what reaches her, and where she stops it with one press: signed addresses, because
most have no account. They never die: a mail is opened years later, and they open nothing but her choices."""

from collections.abc import Iterable
from urllib.parse import urlencode

from django.conf import settings
from django.core.signing import BadSignature
from django.urls import reverse

from lib import signing
from people.models import Person

PURPOSE, REVISION = "reminders.choices", 1


def token_of(person_id: int) -> str:
    return signing.sign(PURPOSE, person_id, REVISION)


def person_of(token: str) -> Person | None:
    """Whose address it is; of a row that was joined to another, the one that was kept. None: it is none of
    ours."""
    try:
        pk, revision = signing.read(token, PURPOSE)
    except (BadSignature, ValueError):
        return None
    rows = Person.objects.select_related("tenant", "joined_to__tenant")
    person = rows.filter(pk=pk).first() if revision == REVISION else None
    return (person.joined_to or person) if person else None


def choices_url(person_id: int) -> str:
    return _whole(reverse("reminders:choices", args=[token_of(person_id)]))


def stop_url(person_id: int, kinds: Iterable[str]) -> str:
    return _whole(stop_path(token_of(person_id), kinds))


def stop_path(token: str, kinds: Iterable[str]) -> str:
    """Without kinds: all that is not essential."""
    asked = urlencode([("kind", kind) for kind in sorted(set(kinds))])
    return reverse("reminders:choices_stop", args=[token]) + (f"?{asked}" if asked else "")


def _whole(path: str) -> str:
    return settings.SITE_URL.rstrip("/") + path
