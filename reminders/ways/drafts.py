"""A message as a draft in the coordinator's own program, to that person: plain links, we send nothing."""

from typing import NamedTuple
from urllib.parse import quote

from reminders.models import Reminder

How = Reminder.How


class Draft(NamedTuple):
    how: str
    name: str  # of the program
    url: str


def drafts(text: str, number: str) -> list[Draft]:
    """`number` in its international form; none: no draft."""
    if not number or not text:
        return []
    said, digits = quote(text, safe=""), number.removeprefix("+")
    return [
        Draft(How.WHATSAPP, "WhatsApp", f"https://wa.me/{digits}?text={said}"),
        Draft(How.VIBER, "Viber", f"viber://chat?number=%2B{digits}&draft={said}"),
        Draft(How.SMS, "SMS", f"sms:{number}?body={said}"),
    ]
