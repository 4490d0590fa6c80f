from reminders.models.readers import Feed, Preference, Rhythm
from reminders.models.reminders import Attempt, Reminder
from reminders.models.rules import Channel, QuietHours, Rule, RuleText
from reminders.models.ways import Gateway, Host, Sweep

__all__ = [
    "Attempt",
    "Channel",
    "Feed",
    "Gateway",
    "Host",
    "Preference",
    "QuietHours",
    "Reminder",
    "Rhythm",
    "Rule",
    "RuleText",
    "Sweep",
]
