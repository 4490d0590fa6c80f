"""Lists that span rooms, to take along: the programmes."""

from datetime import timedelta

from django.utils.translation import gettext_lazy as _

from lib.exports import Column, Export
from lib.languages import told
from people.models import Programme

PROGRAMMES = Export(
    "programmes",
    _("Programmes"),
    (
        Column("code", _("Code")),
        Column("programme", _("Programme"), ("name", "name_sr"), told),
        Column("short_name", _("Short name")),
        Column("participants", _("Who takes part"), words=dict(Programme.Participants.choices)),
        Column("start", _("From")),
        Column("last_day", _("Until"), "end", lambda end: end - timedelta(days=1) if end else None),
        Column("people", _("Taking part")),
        Column("ideas", _("Ideas"), "idea_count"),
    ),
)
