"""What the funders of a programme are owed and were given, to take along."""

from datetime import timedelta

from django.db.models import FilteredRelation, Q, QuerySet
from django.db.models.fields.json import KeyTextTransform, KeyTransform
from django.utils.translation import gettext_lazy as _

from accounts.models import User
from lib.exports import Column, Export
from lib.languages import told
from outcomes.models import Issue, Report

NAMES = ("funding__funder__name", "funding__funder__name_sr")

REPORTS = Export(
    "reports",
    _("Reports"),
    (
        Column("report", _("Report"), "name"),
        Column("funder", _("Funder"), NAMES, told),
        Column("funding", _("Funding"), "funding__code"),
        Column("language", _("Language"), "funding__language"),
        Column("start", _("From")),
        Column("last_day", _("Until"), "end", lambda end: end - timedelta(days=1)),
        Column("due", _("Due")),
        Column("issue", _("Issue"), "seen__number"),
        Column("state", _("State"), "seen__state", words=dict(Issue.State.choices)),
        Column("built_at", _("Built"), "seen__built_at"),
        Column("issued_at", _("Released"), "seen__issued_at"),
        Column("heading", _("Summary"), "said"),
        Column("fingerprint", _("Fingerprint"), "seen__fingerprint"),
    ),
)


def reports(user: User, found: QuerySet[Report]) -> QuerySet[Report]:
    """A line an issue that she may see; a report without one has a line of its own."""
    issues = Issue.objects.visible_to(user).filter(report__in=found).order_by().values_list("pk", flat=True)
    seen = FilteredRelation("issues", condition=Q(issues__in=[0, *issues]))  # 0: a list must not be empty
    heading = KeyTextTransform("heading", KeyTransform("document", "seen__payload"))
    rows = found.annotate(seen=seen).annotate(said=heading)
    return rows.order_by("due", "start", "pk", "-seen__number")
