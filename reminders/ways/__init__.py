"""By which ways messages leave: letters over the mail server, short messages over an own gateway."""

from collections.abc import Callable, Iterator, Sequence
from contextlib import AbstractContextManager
from importlib import import_module
from typing import Any, NamedTuple

from django.core.exceptions import ValidationError
from django.db.models import Q

from reminders.kinds.due import Recipient
from reminders.models import Reminder

MODULES = ("email", "gateway")  # each has `routes()`


class Route(NamedTuple):
    """One server that takes messages, and how to hand it some."""

    host: str  # its name for the breaker: "smtp:mail.example:587", "gateway:3"
    rows: Q  # which reminders go there
    address: Callable[[Recipient], str]  # where it finds her; empty: nowhere
    nowhere: str  # the words for that
    # by the key of the reminder what `deliver` takes, or why there is none; those of one carrier share it
    messages_of: Callable[[Sequence[Reminder]], dict[int, Any | ValidationError]]
    # gives what has `deliver(message, before_body=…) -> lib.mail.Outcome`; connects with the first message
    opened: Callable[[], AbstractContextManager]


def routes() -> Iterator[Route]:
    """Those that there are now: the mail server, and each gateway that is on."""
    for name in MODULES:
        yield from import_module(f"reminders.ways.{name}").routes()
