"""A programme's own words, and its quiet hours."""

from datetime import time

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils.translation import gettext as _

from accounts.audit import audit
from accounts.models import User
from people.models import Programme
from reminders import texts
from reminders.kinds import KINDS
from reminders.models import QuietHours, Rule, RuleText


@transaction.atomic
def word_rule(*, by: User, rule: Rule, language: str, subject: str, text: str) -> RuleText:
    """A programme's own words of a rule in one language, instead of ours. Raises ValidationError for a
    placeholder that its kind does not know."""
    row = RuleText.objects.filter(rule=rule, language=language).first()
    row = row or RuleText(rule=rule, language=language)
    row.subject, row.text = subject.strip(), text.strip()
    check_words(rule, row)
    row.save()
    audit(by, "word", row, ["language", "subject", "text"])
    return row


def check_words(rule: Rule, row: RuleText) -> None:
    """Raise ValidationError by field."""
    row.full_clean(validate_unique=False, validate_constraints=False)
    placeholders, wrong = KINDS[rule.kind].placeholders, {}
    for name in ("subject", "text"):
        try:
            texts.check(getattr(row, name), placeholders)
        except ValidationError as error:
            wrong[name] = error
    longest = RuleText._meta.get_field("text").max_length
    if len(row.text) > longest:
        wrong["text"] = _("At most %(n)s characters.") % {"n": longest}
    if wrong:
        raise ValidationError(wrong)


@transaction.atomic
def unword_rule(*, by: User, rule: Rule, language: str) -> None:
    """Our words again, in this language."""
    for row in RuleText.objects.filter(rule=rule, language=language):
        audit(by, "unword", row, ["language"])
        row.delete()


@transaction.atomic
def set_quiet_hours(*, by: User, programme: Programme, starts: time, ends: time) -> QuietHours:
    """When nothing reaches anybody, by the recipient's clock; equal: never quiet. What is planned moves with
    the next sweep."""
    row = QuietHours.objects.filter(programme=programme).first() or QuietHours(programme=programme)
    row.starts, row.ends = starts, ends
    row.full_clean(validate_unique=False)
    row.save()
    audit(by, "set", row, ["starts", "ends"])
    return row


@transaction.atomic
def forget_quiet_hours(*, by: User, row: QuietHours) -> None:
    """The usual ones again."""
    audit(by, "forget", row, ["starts", "ends"])
    row.delete()
