"""The rules of a programme: switched and moved."""

from copy import copy
from datetime import datetime

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from accounts.audit import audit
from accounts.models import User
from reminders.kinds import KINDS
from reminders.models import Channel, Gateway, Reminder, Rule
from reminders.services.around import Around
from reminders.services.planning import found_by

MANY = 200  # a rule that would write to more people now asks first
FIELDS = ("is_on", "at_hour", "after_days", "audience", "condition", "module", "channel")


@transaction.atomic
def change_rule(*, by: User, rule: Rule, sure: bool = False, now: datetime | None = None, **said) -> Rule:
    """Switch a rule or say anew whom it tells, when and how: `said` is any of FIELDS, the others stay. What
    is planned and not sent yet is planned anew by the next sweep. Raises ValidationError with code `many` for
    one that would write to more than MANY people now, unless that is `sure`; nothing is changed then."""
    wanted = proposed(rule, **said)
    _check(wanted, rule)
    if not sure and (people := would_tell(wanted, now or timezone.now())) > MANY:
        raise _many(people)
    for name in FIELDS:
        setattr(rule, name, getattr(wanted, name))
    rule.save()
    _plan_anew(rule)
    audit(by, "change", rule, list(FIELDS))
    return rule


def proposed(rule: Rule, **said) -> Rule:
    """The rule as it would be; not saved."""
    if unknown := said.keys() - set(FIELDS):
        raise TypeError(f"a rule has no {', '.join(unknown)}")
    wanted = copy(rule)
    for name, value in said.items():
        setattr(wanted, name, value)
    return wanted


def would_tell(wanted: Rule, now: datetime) -> int:
    """How many people such a rule would write to by the records as they are, who are not written to by the
    rule as it stands."""
    if not wanted.is_on or wanted.channel == Channel.BY_HAND:
        return 0
    stands = Rule.objects.filter(pk=wanted.pk, is_on=True).exclude(channel=Channel.BY_HAND)
    there = wanted.reminders.order_by()
    there = there if stands.exists() else there.exclude(state=Reminder.State.PLANNED)
    known = set(there.values_list("person", "subject_id", "subject_revision"))
    try:
        found = found_by(wanted, Around(), now)
    except (ValidationError, LookupError, ValueError):  # the page says what is wrong with it
        return 0
    told = [key for key, settled in found.items() if settled and settled.channel != Channel.BY_HAND]
    new = [key for key in told if key not in known]
    return len({person or -subject for person, subject, _revision in new})


def _many(people: int) -> ValidationError:
    words = ngettext(
        "This rule would write to %(n)s person now. Say that you are sure; nothing is changed yet.",
        "This rule would write to %(n)s people now. Say that you are sure; nothing is changed yet.",
        people,
    )
    return ValidationError(words, code="many", params={"n": people})


def _check(wanted: Rule, before: Rule) -> None:
    kind = KINDS[wanted.kind]
    if wanted.kind in Rule.ALWAYS_ON and not (wanted.is_on and wanted.channel == Channel.EMAIL):
        words = _("This one stays on: without it nobody could apply. Close the form instead.")
        raise ValidationError({"is_on": words})
    wanted.full_clean()
    if wanted.audience and wanted.audience not in kind.audiences:
        raise ValidationError({"audience": _("This kind of reminder knows no such people.")})
    if wanted.condition and wanted.condition not in kind.conditions:
        raise ValidationError({"condition": _("This kind of reminder knows no such condition.")})
    if wanted.module and (not kind.takes_module or wanted.module.programme_id != wanted.programme_id):
        raise ValidationError({"module": _("Choose a module of this programme.")})
    if wanted.channel == Channel.MESSAGE != before.channel:
        gateways = Gateway.objects.filter(tenant__programmes=wanted.programme_id, is_on=True)
        if not gateways.exists():
            words = _("Your organisation has no gateway for SMS or chat that is on.")
            raise ValidationError({"channel": words})


def _plan_anew(rule: Rule) -> None:
    """Locked first, so that none is taken away that a sender has in hand."""
    untouched = {"state": Reminder.State.PLANNED, "attempts": 0, "unsure": 0, "carrier": None}
    rows = rule.reminders.filter(**untouched).order_by().select_for_update(of=("self",))
    keys = list(rows.values_list("pk", flat=True))
    for start in range(0, len(keys), 500):
        Reminder.objects.filter(pk__in=keys[start : start + 500]).delete()
