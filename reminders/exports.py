"""The plan of reminders to take along: what is due to whom, what went, what did not."""

from collections import defaultdict

from django.db.models import QuerySet
from django.utils.translation import gettext_lazy as _

from accounts.models import User
from lib.exports import Column, Export
from people.exports import called, who
from people.models import Programme
from reminders.kinds import KINDS
from reminders.models import Channel, Reminder, Rhythm, Rule


def reminders(user: User, programme: Programme) -> tuple[Export, QuerySet[Reminder]]:
    """All of the programme, by the time they are due. A query a kind that occurs for what they are about."""
    found = Reminder.objects.visible_to(user).filter(rule__programme=programme)
    subjects = defaultdict(list)
    for kind, pk in found.order_by().values_list("rule__kind", "subject_id").distinct():
        subjects[kind].append(pk)
    about = {
        (kind, pk): KINDS[kind].about(row)
        for kind, ids in subjects.items()
        for pk, row in KINDS[kind].subjects(ids).items()
    }
    columns = (
        Column("kind", _("Reminder"), "rule__kind", words=dict(Rule.Kind.choices)),
        Column("about", _("About"), ("rule__kind", "subject_id"), lambda *key: about.get(key, "")),
        Column("person", _("Person"), who("person"), called),
        Column("due_at", _("Due")),
        Column("channel", _("Way"), words=dict(Channel.choices)),
        Column("rhythm", _("How often"), words=dict(Rhythm.choices)),
        Column("state", _("State"), words=dict(Reminder.State.choices)),
        Column("reason", _("Reason")),
        Column("attempts", _("Attempts")),
        Column("sent_at", _("Sent")),
        Column("told_how", _("How she was told"), words=dict(Reminder.How.choices)),
    )
    return Export("reminders", _("Reminders"), columns), found.order_by("due_at", "id")
