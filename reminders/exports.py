"""The plan of reminders to take along: what is due to whom, what went, what did not."""

from collections import defaultdict

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
    Rule.Kind.MEETING_TO_CONFIRM: lambda meeting: str(meeting.assignment.enrolment.person),
    Rule.Kind.BOOKING_OVER: lambda change: str(change.slot),
    Rule.Kind.BOOKING_OVER_MENTOR: lambda change: str(change.slot),
    Rule.Kind.MENTOR_FOUND: lambda assignment: str(assignment.mentor),
    Rule.Kind.MENTOR_INVITED: lambda offer: str(offer.mentor),
    Rule.Kind.OFFER_WAITING: lambda assignment: str(assignment.enrolment.person),
    Rule.Kind.APPLICATION_UNCONFIRMED: lambda application: f"#{application.pk}",
    Rule.Kind.MENTOR_UNCONFIRMED: lambda application: f"#{application.pk}",
}


def reminders(user: User, programme: Programme) -> tuple[Export, QuerySet[Reminder]]:
    """All of the programme, by the time they are due. A query a kind that occurs for what they are about."""
    found = Reminder.objects.visible_to(user).filter(rule__programme=programme)
    subjects = defaultdict(list)
    for kind, pk in found.order_by().values_list("rule__kind", "subject_id").distinct():
        subjects[kind].append(pk)
    about = {
        (kind, pk): ABOUT[kind](row)
        for kind, ids in subjects.items()
        for pk, row in KINDS[kind].subjects(ids).items()
    }
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
