"""The lines of a logframe with what is planned for them, to take along."""

from datetime import timedelta

from django.db.models import QuerySet
from django.utils.translation import gettext_lazy as _

from lib.exports import Column, Export
from outcomes.models import Level, LogframeLine

LINES = Export(
    "logframe",
    _("Logframe"),
    (
        Column("code", _("Code"), "code"),
        Column("parent", _("Stands under"), "parent__code"),
        Column("level", _("Level"), "level", words=dict(Level.choices)),
        Column("wording", _("Wording"), "wording"),
        Column("indicator", _("Definition that counts it"), "indicator"),
        Column("version", _("Version of the definition"), "version"),
        Column("unit", _("Unit"), "unit"),
        Column("start", _("From"), "targets__start"),
        Column("last_day", _("Until"), "targets__end", lambda end: end and end - timedelta(days=1)),
        Column("baseline", _("Baseline"), "targets__baseline"),
        Column("target", _("Target"), "targets__value"),
        Column("note", _("Note"), "targets__note"),
    ),
)


def lines(found: QuerySet[LogframeLine]) -> QuerySet[LogframeLine]:
    """A row a line and target; a line without one has a row of its own."""
    return found.order_by("position", "id", "targets__start", "targets__id")
