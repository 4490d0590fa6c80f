"""A rule in one sentence."""

from django.utils.text import capfirst
from django.utils.translation import gettext as _

from reminders.kinds import KINDS
from reminders.models import Channel, Rule


def sentence_of(rule: Rule) -> str:
    """ "The evening before at 18:00, to everybody whom it concerns, by e-mail"; whom is said where a rule
    could name some alone."""
    whom = [who_of(rule)] if KINDS[rule.kind].audiences else []
    return ", ".join([capfirst(when_of(rule)), *whom, way_of(rule.channel)])


def when_of(rule: Rule) -> str:
    kind = KINDS[rule.kind]
    what = {"time": f"{rule.at_hour:02}:00", "what": kind.days_mean, "n": rule.after_days}
    if rule.kind == Rule.Kind.SESSION_TOMORROW:
        return _("the evening before at %(time)s") % what
    if kind.takes_days and kind.takes_hour:
        return _("%(what)s: %(n)s, at %(time)s") % (what | {"what": days_of(rule)})
    if kind.takes_days:
        return _("%(what)s: %(n)s") % (what | {"what": days_of(rule)})
    return _("at %(time)s") % what if kind.takes_hour else _("at once")


def days_of(rule: Rule) -> str:
    """What the number of days means, in the kind's own words."""
    return str(KINDS[rule.kind].days_mean or Rule._meta.get_field("after_days").verbose_name)


def who_of(rule: Rule) -> str:
    audience = KINDS[rule.kind].audiences.get(rule.audience)
    return _("only to: %(who)s") % {"who": audience} if audience else _("to everybody whom it concerns")


def way_of(channel: str) -> str:
    return {
        Channel.EMAIL: _("by e-mail"),
        Channel.MESSAGE: _("by SMS or chat message"),
        Channel.BY_HAND: _("told by a person"),
    }[channel]


def only_of(rule: Rule) -> list[str]:
    """Under which condition alone, and for which module."""
    said = []
    if words := KINDS[rule.kind].conditions.get(rule.condition):
        said.append(_("Only if: %(what)s.") % {"what": words})
    if rule.module_id and KINDS[rule.kind].takes_module:
        said.append(_("Only of the module %(module)s.") % {"module": rule.module})
    return said
