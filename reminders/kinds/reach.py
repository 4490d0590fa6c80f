"""Who can be reached at all by the way of a rule."""

from django.db.models import Q

from reminders.models import Channel, Rule

NEEDED = {Channel.EMAIL: "email", Channel.MESSAGE: "phone"}


def reachable(rule: Rule, path: str) -> Q:
    """For letters that nobody has to run after: who has no address is left out, not put among what did not
    go. `path` leads to the person: "enrolment__person"."""
    needed = NEEDED.get(rule.channel)
    return ~Q(**{f"{path}__{needed}": ""}) if needed else Q()
