"""Filters of matching runs and their pairs."""

import django_filters
from django.utils.translation import gettext_lazy as _

from lib.filters import Filters
from mentoring.models import MatchingRun, Proposal


class MatchingRunFilter(Filters):
    programme = django_filters.CharFilter("programme__code", help_text=_("The programme's code."))
    published = django_filters.BooleanFilter(
        "published_at", lookup_expr="isnull", exclude=True, help_text=_("Published ones, or the others.")
    )

    class Meta:
        model = MatchingRun
        fields = ["programme", "number", "published", "fingerprint"]


class ProposalFilter(Filters):
    programme = django_filters.CharFilter("run__programme__code", help_text=_("The programme's code."))

    class Meta:
        model = Proposal
        fields = ["programme", "run", "enrolment", "mentor", "is_pinned"]
