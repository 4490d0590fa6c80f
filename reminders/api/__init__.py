from reminders.api.choices import ChoiceViewSet
from reminders.api.feeds import FeedViewSet
from reminders.api.gateways import GatewayViewSet
from reminders.api.reminders import ReminderViewSet
from reminders.api.rules import QuietHoursViewSet, RuleTextViewSet, RuleViewSet

__all__ = [
    "ChoiceViewSet",
    "FeedViewSet",
    "GatewayViewSet",
    "ReminderViewSet",
    "QuietHoursViewSet",
    "RuleTextViewSet",
    "RuleViewSet",
]
