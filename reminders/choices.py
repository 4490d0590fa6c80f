"""By which way and how often somebody is told: her own choice before the rule's."""

from collections.abc import Iterable
from datetime import datetime, time, timedelta

from lib import clock
from reminders.kinds.due import Due, Kind, evening
from reminders.models import Preference, Rhythm, Rule

TOGETHER_AT = time(8)  # what goes together goes in the morning
MONDAY = 0


def hers(kind: str, preferences: Iterable[Preference]) -> Preference | None:
    """Her choice for this kind, else the one for all that have none of their own."""
    by_kind = {one.kind: one for one in preferences}
    return by_kind.get(kind) or by_kind.get("")


def settled(
    kind: Kind, rule: Rule, preferences: Iterable[Preference], due: Due, zone: str
) -> tuple[str | None, str, datetime]:
    """Way, rhythm and moment (before quiet hours) of one reminder. No way: she does not want it. What is
    essential comes in any case and by itself, by the way that she chose. `preferences` are her own."""
    choice = hers(rule.kind, preferences)
    channel = (choice.channel if choice else "") or rule.channel
    rhythm = choice.rhythm if choice else Rhythm.AT_ONCE
    if channel == Preference.NOTHING:
        if not kind.is_essential:
            return None, Rhythm.AT_ONCE, due.due_at
        channel = rule.channel
    if kind.is_essential or rhythm == Rhythm.AT_ONCE:
        return channel, Rhythm.AT_ONCE, due.due_at
    moment = together_at(due.due_at, rhythm, zone)
    if due.send_before is not None and moment >= due.send_before:
        return channel, Rhythm.AT_ONCE, due.due_at
    return channel, rhythm, moment


def together_at(at: datetime, rhythm: str, zone: str) -> datetime:
    """Her next morning, or, once a week, her next Monday morning."""
    here = clock.local(at, zone)
    day = here.date() if here.time() <= TOGETHER_AT else here.date() + timedelta(days=1)
    if rhythm == Rhythm.WEEKLY:
        day += timedelta(days=(MONDAY - day.weekday()) % 7)
    return evening(day, TOGETHER_AT.hour, zone)
