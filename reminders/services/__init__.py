"""What this room does. The row is the record; whatever nudges it may do so twice."""

from reminders.services.around import hours_of
from reminders.services.choosing import choose, stop, unchoose
from reminders.services.feeds import feed_of, mail_calendar_page, note_reading, renew_feed
from reminders.services.gateways import renew_key, set_gateway, try_gateway
from reminders.services.messages import digest_of, message_of, messages_of, short_text_of, short_texts_of
from reminders.services.planning import plan
from reminders.services.preview import preview, send_test
from reminders.services.rules import FIELDS, MANY, change_rule, proposed
from reminders.services.sending import recover, send_due
from reminders.services.steps import forget_letters, retry
from reminders.services.telling import told
from reminders.services.trouble import bad_settings, trouble
from reminders.services.watching import is_well, seen, standing
from reminders.services.wording import (
    check_words,
    forget_quiet_hours,
    set_quiet_hours,
    unword_rule,
    word_rule,
)

__all__ = [
    "told",
    "renew_key",
    "set_gateway",
    "try_gateway",
    "FIELDS",
    "MANY",
    "bad_settings",
    "change_rule",
    "check_words",
    "choose",
    "digest_of",
    "feed_of",
    "forget_letters",
    "forget_quiet_hours",
    "hours_of",
    "is_well",
    "mail_calendar_page",
    "message_of",
    "messages_of",
    "note_reading",
    "plan",
    "preview",
    "proposed",
    "recover",
    "renew_feed",
    "retry",
    "send_due",
    "seen",
    "send_test",
    "set_quiet_hours",
    "short_text_of",
    "short_texts_of",
    "standing",
    "stop",
    "trouble",
    "unchoose",
    "unword_rule",
    "word_rule",
]
