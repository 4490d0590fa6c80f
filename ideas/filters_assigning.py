"""Filters of assigning runs."""

import django_filters
from django.utils.translation import gettext_lazy as _

from ideas.models import AssigningRun
from lib.filters import Filters


class AssigningRunFilter(Filters):
    programme = django_filters.CharFilter("round__programme__code", help_text=_("The programme's code."))
    laid = django_filters.BooleanFilter(
        "laid_at", lookup_expr="isnull", exclude=True, help_text=_("Those on the desks, or the others.")
    )

    class Meta:
        model = AssigningRun
        fields = ["programme", "round", "number", "laid", "fingerprint"]
