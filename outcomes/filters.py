"""What reports can be narrowed by."""

import django_filters
from django.utils.translation import gettext_lazy as _

from lib.filters import Filters
from outcomes.models import Issue, IssueStep, LogframeLine, Report, Target


class ReportFilter(Filters):
    programme = django_filters.CharFilter(
        "funding__programmes__code", help_text=_("The code of a programme that the funding pays for.")
    )

    class Meta:
        model = Report
        fields = ["funding", "programme"]


class IssueFilter(Filters):
    class Meta:
        model = Issue
        fields = ["report", "state"]


class IssueStepFilter(Filters):
    class Meta:
        model = IssueStep
        fields = ["issue", "kind"]


class TargetFilter(Filters):
    class Meta:
        model = Target
        fields = ["funding", "indicator", "line"]


class LogframeLineFilter(Filters):
    class Meta:
        model = LogframeLine
        fields = ["funding", "indicator", "level"]
