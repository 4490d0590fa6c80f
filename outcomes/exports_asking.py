"""Who was asked in a wave, to take along."""

from django.db.models import Count, QuerySet
from django.utils.translation import gettext_lazy as _

from lib.exports import Column, Export
from outcomes.models import Invitation
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
