"""Letters, over the mail server of the settings."""

from collections.abc import Iterator

from django.conf import settings
from django.db.models import Q
from django.utils.translation import gettext as _

from lib.mail import Transport
from reminders.models import Channel
from reminders.services.messages import messages_of
from reminders.ways import Route


def host() -> str:
    return f"smtp:{settings.EMAIL_HOST}:{settings.EMAIL_PORT}"


def routes() -> Iterator[Route]:
    yield Route(
        host=host(),
        rows=Q(channel=Channel.EMAIL),
        address=lambda to: to.email,
        nowhere=_("No e-mail address is known."),
        messages_of=messages_of,
        opened=Transport,
    )
