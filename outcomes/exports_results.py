"""Lists of results, costs, grants and narratives to take along."""

from datetime import timedelta

from django.db.models import Count, OuterRef, QuerySet, Subquery, Value
from django.db.models.functions import Coalesce, NullIf
from django.utils.translation import gettext_lazy as _

from lib.exports import Column, Export, Joined, parted
from lib.languages import told
from outcomes.models import Cost, Evidence, Grant, Party, Result
from people.exports import called, who
from people.models import Funding


def _listed(joined: str | None) -> str:
    return "; ".join(parted(joined))


RESULTS = Export(
    "results",
    _("Results"),
    (
        Column("id", _("Number"), "pk"),
        Column("day", _("Day")),
        Column("kind", _("Kind"), words=dict(Result.Kind.choices)),
        Column("title", _("What it is"), ("title", "title_sr"), told),
        Column("number", _("How many")),
        Column("parties", _("Parties"), "party_names", _listed),
        Column("place", _("Place")),
        Column("countries", _("Countries"), "countries", "; ".join),
        Column("row_code", _("Row code"), "enrolment__row_code"),
        Column("person", _("Of whom"), who("enrolment__person"), called),
        Column("enterprise", _("Enterprise"), "enterprise__name"),
        Column("session", _("Session"), "session_id"),
        Column(
            "attribution", _("How far it is the programme's doing"), words=dict(Result.Attribution.choices)
        ),
        Column("evidence", _("Pieces of evidence"), "pieces"),
        Column("reported_to", _("Also reported to"), "funders", _listed),
        Column("note", _("Note")),
        Column("withdrawn_at", _("Taken back")),
        Column("reason", _("Why it was taken back")),
    ),
)

COSTS = Export(
    "costs",
    _("Costs"),
    (
        Column("kind", _("Planned or spent"), words=dict(Cost.Kind.choices)),
        Column("name", _("Budget line")),
        Column("day", _("Day")),
        Column("amount", _("Amount")),
        Column("currency", _("Currency")),
        Column("as_written", _("As it was written")),
        Column("is_eligible", _("The funder pays it")),
        Column("programme", _("Programme"), "programme__code"),
        Column("module", _("Module"), "module__number"),
        Column("note", _("Note")),
    ),
)

GRANTS = Export(
    "grants",
    _("Grants"),
    (
        Column("id", _("Number"), "pk"),
        Column("day", _("Day")),
        Column("row_code", _("Row code"), "enrolment__row_code"),
        Column("person", _("To whom"), who("enrolment__person"), called),
        Column("state", _("State"), words=dict(Grant.State.choices)),
        Column("amount", _("Amount"), "amounts__amount"),  # a line a currency
        Column("currency", _("Currency"), "amounts__currency"),
        Column("as_written", _("Amount as it was written")),
        Column("purpose", _("What for")),
        Column("country", _("Country")),
        Column("funding", _("Funding"), "funding__code"),
    ),
)

NARRATIVES = Export(
    "narratives",
    _("What is told"),
    (
        Column("start", _("From")),
        Column("last_day", _("Until"), "end", lambda end: end - timedelta(days=1)),
        Column("indicator", _("Indicator")),
        Column("happened", _("What happened")),
        Column("went_wrong", _("What went wrong")),
        Column("changes_next", _("What changes next")),
    ),
)


def results(found: QuerySet[Result]) -> QuerySet[Result]:
    """With the names of its parties and fundings, and how much evidence there is."""
    named = Coalesce(NullIf("name", Value("")), "organisation__name")
    parties = Party.objects.filter(result=OuterRef("pk")).order_by().values("result")
    fundings = Funding.objects.filter(results=OuterRef("pk")).order_by().values("results")
    pieces = Evidence.objects.filter(result=OuterRef("pk")).order_by().values("result")
    return found.annotate(
        party_names=Subquery(parties.annotate(names=Joined(named)).values("names")),
        funders=Subquery(fundings.annotate(names=Joined("funder__name")).values("names")),
        pieces=Coalesce(Subquery(pieces.annotate(n=Count("pk")).values("n")), 0),
    )


def grants(found: QuerySet[Grant]) -> QuerySet[Grant]:
    """A line an amount; a grant without one has a line of its own."""
    return found.order_by(*Grant._meta.ordering, "amounts__currency")
