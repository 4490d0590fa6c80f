"""Who was asked in a wave, and what they answered, to take along."""

from django.db.models import Count, QuerySet
from django.utils.translation import gettext_lazy as _

from lib.exports import Column, Export
from outcomes.models import Answer, Invitation
from people.exports import called, who

ASKED = Export(
    "asked",
    _("Who was asked"),
    (
        Column("wave", _("Wave"), "wave__code"),
        Column("row_code", _("Row code"), "enrolment__row_code"),
        Column("person", _("Name"), who("enrolment__person"), called),
        Column("source_id", _("Row of the file"), "source_id"),
        Column("state", _("State"), words=dict(Invitation.State.choices)),
        Column("mode", _("How it was asked"), words=dict(Invitation.Mode.choices)),
        Column("answered_at", _("Answered at")),
        Column("is_late", _("Answered late")),
        Column("contacts", _("Attempts to reach her"), "attempts"),
    ),
)


def asked(found: QuerySet[Invitation]) -> QuerySet[Invitation]:
    return found.annotate(attempts=Count("contacts")).in_order()


ANSWERS = Export(
    "answers",
    _("Answers"),
    (
        Column("wave", _("Wave"), "invitation__wave__code"),
        Column("row_code", _("Row code"), "invitation__enrolment__row_code"),
        Column("person", _("Name"), who("invitation__enrolment__person"), called),
        Column("source_id", _("Row of the file"), "invitation__source_id"),
        Column("question", _("Question"), "question__code"),
        Column("choice", _("Choice"), "choice"),
        Column("number", _("Number"), "number"),
        Column("currency", _("Currency"), "currency"),
        Column("day", _("Day"), "day"),
        Column("text", _("In words"), "text"),
        Column("is_unread", _("Could not be read")),
        Column("evidence", _("How it is shown"), words=dict(Answer.Evidence.choices)),
    ),
)


def answered(found: QuerySet[Answer]) -> QuerySet[Answer]:
    """By question, so that what was said to one stands together."""
    return found.order_by("question__code", "pk")
