"""How well those who were asked answered: response, baselines, lateness (DQ-01 to DQ-03)."""

from statistics import median

from django.db.models import QuerySet
from django.db.models.functions import Coalesce

from lib import clock
from outcomes.enrolled import enrolled
from outcomes.models import Invitation, Wave
from outcomes.scope import Scope
from outcomes.values import Reason, State, Value

BEFORE = (Wave.Kind.BASELINE, Wave.Kind.APPLICATION)


def followed(scope: Scope) -> QuerySet[Invitation]:
    """Who was asked months after the end, in waves that opened in the period and are open or were."""
    waves = Wave.objects.filter(
        programme__in=scope.programmes,
        kind=Wave.Kind.FOLLOW_UP,
        opens__gte=scope.start,
        opens__lt=scope.end,
        opens__lte=scope.today,
    )
    asked = Invitation.objects.filter(wave__in=waves.order_by().values("pk"))
    return asked.exclude(state__in=Invitation.NOT_DUE).order_by()


def answered(scope: Scope) -> QuerySet[Invitation]:
    return followed(scope).filter(state__in=Invitation.DONE)


def response(scope: Scope) -> Value:
    if scope.today < scope.start:
        return Value.without(State.NOT_YET_DUE, Reason.NOT_BEGUN)
    asked = followed(scope).count()
    if not asked:
        return Value.without(State.NOT_APPLICABLE, Reason.NOBODY_ASKED)
    return Value.share(answered(scope).count(), asked)


def with_baseline(scope: Scope) -> list[int]:
    """Enrolled persons who said something at the beginning, by the end of the period."""
    said = Invitation.objects.filter(
        wave__programme__in=scope.programmes,
        wave__kind__in=BEFORE,
        state__in=Invitation.DONE,
    )
    said = said.annotate(when=Coalesce("answered_at", "begun_at", "state_at"))
    said = said.filter(when__lt=scope.midnight(scope.end), enrolment__isnull=False).order_by()
    persons = said.annotate(who=Coalesce("enrolment__person__joined_to", "enrolment__person")).values("who")
    return sorted(enrolled(scope).filter(who__in=persons))


def coverage(scope: Scope) -> Value:
    if scope.today < scope.start:
        return Value.without(State.NOT_YET_DUE, Reason.NOT_BEGUN)
    waves = Wave.objects.filter(programme__in=scope.programmes, kind__in=BEFORE)
    if not waves.exists():
        return Value.without(State.NOT_APPLICABLE, Reason.NO_WAVE)
    found = len(with_baseline(scope))
    if not found and not waves.filter(opens__lt=scope.end, opens__lte=scope.today).exists():
        return Value.without(State.NOT_YET_DUE, Reason.NOT_ASKED_YET)
    return Value.share(found, enrolled(scope).count())


def came(scope: Scope) -> QuerySet[Invitation]:
    """What was answered in the period."""
    days = {
        "answered_at__gte": scope.midnight(scope.start),
        "answered_at__lt": scope.midnight(scope.end),
    }
    return Invitation.objects.filter(wave__programme__in=scope.programmes, **days).order_by()


def late(scope: Scope) -> QuerySet[Invitation]:
    return came(scope).filter(is_late=True)


def lateness(scope: Scope) -> Value:
    found = came(scope).count()
    if not found:
        return Value.without(State.MISSING, Reason.NO_ANSWERS)
    return Value.share(late(scope).count(), found)


def days_late(scope: Scope) -> Value:
    """The median of whole days after the last one; nobody late is nothing to tell."""
    if not came(scope).exists():
        return Value.without(State.MISSING, Reason.NO_ANSWERS)
    rows = late(scope).exclude(wave__closes=None).values_list("answered_at", "wave__closes")
    days = [(clock.local(at, scope.zone).date() - closes).days + 1 for at, closes in rows]
    if not days:
        return Value.without(State.NOT_APPLICABLE, Reason.NOBODY)
    return Value.count(median(days), n=len(days))
