"""What the plan can be narrowed by."""

import django_filters
from django.utils.translation import gettext_lazy as _

from lib.filters import Filters
from reminders.models import Reminder, Rule


class ReminderFilter(Filters):
    programme = django_filters.CharFilter("rule__programme__code", help_text=_("The programme's code."))
    due_at = django_filters.IsoDateTimeFromToRangeFilter("due_at")

    class Meta:
        model = Reminder
        fields = ["programme", "state", "person", "due_at"]


class RuleFilter(Filters):
    programme = django_filters.CharFilter("programme__code", help_text=_("The programme's code."))

    class Meta:
        model = Rule
        fields = ["programme", "kind", "is_on"]
