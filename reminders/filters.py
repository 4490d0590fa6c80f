"""What the plan can be narrowed by."""

import django_filters
from django.utils.translation import gettext_lazy as _

from lib.filters import Filters
from reminders.models import QuietHours, Reminder, Rule, RuleText


class ReminderFilter(Filters):
    programme = django_filters.CharFilter("rule__programme__code", help_text=_("The programme's code."))
    kind = django_filters.ChoiceFilter("rule__kind", choices=Rule.Kind.choices)
    due_at = django_filters.IsoDateTimeFromToRangeFilter("due_at")

    class Meta:
        model = Reminder
        fields = ["programme", "kind", "state", "channel", "person", "subject_type", "subject_id", "due_at"]


class RuleFilter(Filters):
    programme = django_filters.CharFilter("programme__code", help_text=_("The programme's code."))

    class Meta:
        model = Rule
        fields = ["programme", "kind", "is_on", "channel"]


class RuleTextFilter(Filters):
    programme = django_filters.CharFilter("rule__programme__code", help_text=_("The programme's code."))

    class Meta:
        model = RuleText
        fields = ["programme", "rule", "language"]


class QuietHoursFilter(Filters):
    programme = django_filters.CharFilter("programme__code", help_text=_("The programme's code."))

    class Meta:
        model = QuietHours
        fields = ["programme"]
