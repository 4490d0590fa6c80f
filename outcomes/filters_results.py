"""Filters of results, costs, grants, locks and narratives, used by the pages and by the API."""

import django_filters
from django.db.models import Exists, OuterRef, Q
from django.utils.translation import gettext_lazy as _

from lib import countries
from lib.filters import Filters, KeyFilter
from lib.folding import fold
from outcomes.models import Cost, Evidence, Grant, Narrative, PeriodLock, Result

SHOWN = [("yes", _("with evidence")), ("no", _("without evidence"))]
STANDING = [("counting", _("counting")), ("withdrawn", _("taken back"))]


class ResultFilter(Filters):
    q = django_filters.CharFilter(method="named", label=_("Words, a party, a place"))
    kind = django_filters.ChoiceFilter(choices=Result.Kind.choices, label=_("Kind"))
    attribution = django_filters.ChoiceFilter(
        choices=Result.Attribution.choices, label=_("How far it is the programme's doing")
    )
    shown = django_filters.ChoiceFilter(choices=SHOWN, method="with_evidence", label=_("Evidence"))
    country = django_filters.ChoiceFilter(choices=countries.choices, method="there", label=_("Country"))
    standing = django_filters.ChoiceFilter(choices=STANDING, method="stands", label=_("Counting"))

    class Meta:
        model = Result
        fields = ["q", "kind", "attribution", "shown", "country", "standing"]

    def named(self, rows, _name, text):
        key, own = fold(text), Q(title__icontains=text) | Q(title_sr__icontains=text)
        own |= Q(place__icontains=text) | Q(note__icontains=text)
        parties = Result.objects.filter(
            Q(parties__name__icontains=text) | Q(parties__organisation__name_key__contains=key)
        )
        return rows.filter(own | Q(pk__in=parties.order_by().values("pk")))

    def with_evidence(self, rows, _name, said):
        there = Exists(Evidence.objects.filter(result=OuterRef("pk")).order_by())
        return rows.filter(there if said == "yes" else ~there)

    def there(self, rows, _name, value: str):  # a hint by this name is what the schema reads
        return rows.filter(countries__icontains=f'"{value}"')  # codes have no quotes in them

    def stands(self, rows, _name, said):
        return rows.filter(withdrawn_at__isnull=said == "counting")


class ResultsFilter(ResultFilter):
    """The API's: over programmes."""

    programme = django_filters.CharFilter("programme__code", help_text=_("The programme's code."))
    day = django_filters.DateFromToRangeFilter("day")
    reported_to = KeyFilter("reported_to")

    class Meta(ResultFilter.Meta):
        fields = [
            *ResultFilter.Meta.fields, "programme", "day", "session", "enrolment", "enterprise",
            "introduction", "reported_to",
        ]  # fmt: skip


class EvidenceFilter(Filters):
    programme = django_filters.CharFilter("result__programme__code", help_text=_("The programme's code."))

    class Meta:
        model = Evidence
        fields = ["result", "programme"]


class CostFilter(Filters):
    q = django_filters.CharFilter("name", "icontains", label=_("Budget line"))

    class Meta:
        model = Cost
        fields = ["q", "kind"]


class CostsFilter(CostFilter):
    """The API's: over fundings."""

    programme = django_filters.CharFilter("programme__code", help_text=_("The programme's code."))
    day = django_filters.DateFromToRangeFilter("day")

    class Meta(CostFilter.Meta):
        fields = ["q", "kind", "funding", "programme", "module", "currency", "is_eligible", "day"]


class GrantFilter(Filters):
    q = django_filters.CharFilter(method="named", label=_("To whom, or what for"))
    state = django_filters.ChoiceFilter(choices=Grant.State.choices, label=_("State"))

    class Meta:
        model = Grant
        fields = ["q", "state"]

    def named(self, rows, _name, text):
        hers = Q(enrolment__person__name_key__contains=fold(text))
        return rows.filter(hers | Q(purpose__icontains=text) | Q(country__icontains=text))


class GrantsFilter(GrantFilter):
    """The API's: over programmes."""

    programme = django_filters.CharFilter("programme__code", help_text=_("The programme's code."))

    class Meta(GrantFilter.Meta):
        fields = ["q", "state", "programme", "funding", "enrolment"]


class PeriodLockFilter(Filters):
    programme = django_filters.CharFilter("programme__code", help_text=_("The programme's code."))
    holds = django_filters.BooleanFilter("unlocked_at", lookup_expr="isnull", label=_("Locked now"))

    class Meta:
        model = PeriodLock
        fields = ["programme", "holds"]


class NarrativeFilter(Filters):
    class Meta:
        model = Narrative
        fields = ["funding", "indicator", "start", "end"]
