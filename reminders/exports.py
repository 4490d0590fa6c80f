"""The plan of reminders to take along: what is due to whom, what went, what did not."""

from django.db.models import QuerySet
from django.utils.translation import gettext_lazy as _

from accounts.models import User
from lib.exports import Column, Export
from people.exports import called, who
from people.models import Programme
from reminders.kinds import KINDS
from reminders.models import Reminder, Rule

# what a reminder is about, from the records that its kind reads at once
ABOUT = {
    Rule.Kind.SESSION_TOMORROW: lambda session: session.heading,
    Rule.Kind.REVIEW_WAITING: lambda seat: str(seat.round),
    Rule.Kind.MEETING_NOT_LOGGED: lambda assignment: str(assignment.enrolment.person),
    Rule.Kind.OFFER_WAITING: lambda assignment: str(assignment.enrolment.person),
    Rule.Kind.APPLICATION_UNCONFIRMED: lambda application: f"#{application.pk}",
    Rule.Kind.MENTOR_UNCONFIRMED: lambda application: f"#{application.pk}",
}


def reminders(user: User, programme: Programme) -> tuple[Export, QuerySet[Reminder]]:
    """All of the programme, by the time they are due. Two queries a kind for what they are about."""
    found = Reminder.objects.visible_to(user).filter(rule__programme=programme)
    about = {}
    for kind, subject in ABOUT.items():
        ids = found.filter(rule__kind=kind).order_by().values_list("subject_id", flat=True).distinct()
        about |= {(kind, pk): subject(row) for pk, row in KINDS[kind].subjects(list(ids)).items()}
    columns = (
        Column("kind", _("Reminder"), "rule__kind", words=dict(Rule.Kind.choices)),
        Column("about", _("About"), ("rule__kind", "subject_id"), lambda *key: about.get(key, "")),
        Column("person", _("Person"), who("person"), called),
        Column("due_at", _("Due")),
        Column("state", _("State"), words=dict(Reminder.State.choices)),
        Column("reason", _("Reason")),
        Column("attempts", _("Attempts")),
        Column("sent_at", _("Sent")),
    )
    return Export("reminders", _("Reminders"), columns), found.order_by("due_at", "id")
