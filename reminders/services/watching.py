"""Is what returns by itself still at work? And what keeps messages from leaving, in words."""

from datetime import datetime, timedelta

from django.conf import settings
from django.db.models import Q
from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from lib import clock
from people.models import Programme
from reminders.models import Channel, Gateway, Host, Reminder, Sweep
from reminders.ways import email, gateway

SLACK = timedelta(seconds=25)  # beyond its rhythm; with the usual 30 s it is noticed within a minute
OLDEST = timedelta(minutes=15)  # so long nothing that is due waits, however much is due at once


def seen(now: datetime) -> None:
    """The sweep is at work. Clocks differ: it never goes back."""
    mine = Sweep.objects.filter(name=Sweep.REMINDERS)
    if not mine.filter(at__lt=now).update(at=now) and not mine.exists():
        Sweep.objects.get_or_create(name=Sweep.REMINDERS, defaults={"at": now})


def last_sweep() -> datetime | None:
    return Sweep.objects.filter(name=Sweep.REMINDERS).values_list("at", flat=True).first()


def stands_still(now: datetime) -> bool:
    """Has no sweep been seen for too long?"""
    last = last_sweep()
    return last is None or last < now - timedelta(seconds=settings.SWEEP_SECONDS) - SLACK


def is_well(now: datetime) -> bool:
    """Sweeps come, no server is away that something is due to, and nothing has been due for long."""
    if stands_still(now):
        return False
    waiting = Reminder.objects.due(now).exclude(channel=Channel.BY_HAND)
    if waiting.filter(_late(now), channel=Channel.EMAIL).exists():
        return False
    away = set(Host.objects.values_list("name", flat=True))
    if email.host() in away and waiting.filter(channel=Channel.EMAIL).exists():
        return False
    tenants = [one.tenant_id for one in Gateway.objects.filter(is_on=True) if gateway.host_of(one) in away]
    short = waiting.filter(channel=Channel.MESSAGE, rule__programme__tenant__in=tenants)
    return not (tenants and short.exists())


def _late(now: datetime) -> Q:
    """Due for long, and no server asked for patience meanwhile."""
    long_ago = now - OLDEST
    return Q(due_at__lt=long_ago) & (Q(try_after=None) | Q(try_after__lt=long_ago))


def standing(programme: Programme, now: datetime) -> list[str]:
    """What keeps messages of this programme from leaving, in whole sentences; empty: nothing does."""
    said = []
    if stands_still(now):
        said.append(_still(programme))
    one = Gateway.objects.filter(tenant=programme.tenant_id, is_on=True).first()
    names = {email.host(): Channel.EMAIL} | ({gateway.host_of(one): Channel.MESSAGE} if one else {})
    due = Reminder.objects.due(now).filter(rule__programme=programme)
    for host in Host.objects.filter(name__in=names).order_by("name"):
        said.append(_away(host, names[host.name], programme))
        said.append(_waiting(due.filter(channel=names[host.name]).count()))
    if one is None and (count := due.filter(channel=Channel.MESSAGE).count()):
        said.append(_without_gateway(count))
    return [sentence for sentence in said if sentence]


def _moment(at: datetime, programme: Programme) -> str:
    return date_format(clock.local(at, programme.zone), "DATETIME_FORMAT")


def _still(programme: Programme) -> str:
    last = last_sweep()
    if last is None:
        return _("Nothing has been sent by itself yet: the worker has not started.")
    words = _("Nothing is planned or sent: the worker was last seen at work on %(when)s.")
    return words % {"when": _moment(last, programme)}


def _away(host: Host, channel: str, programme: Programme) -> str:
    words = _("The mail server has taken nothing since %(when)s. It said: “%(words)s”")
    if channel == Channel.MESSAGE:
        words = _("The gateway for short messages has taken nothing since %(when)s. It said: “%(words)s”")
    return words % {"when": _moment(host.failed_at, programme), "words": host.words}


def _waiting(count: int) -> str:
    if not count:
        return ""
    words = ngettext(
        "%(n)s message waits for it and leaves by itself when it is back.",
        "%(n)s messages wait for it and leave by themselves when it is back.",
        count,
    )
    return words % {"n": count}


def _without_gateway(count: int) -> str:
    words = ngettext(
        "%(n)s short message waits: the organisation has no gateway that is on.",
        "%(n)s short messages wait: the organisation has no gateway that is on.",
        count,
    )
    return words % {"n": count}
