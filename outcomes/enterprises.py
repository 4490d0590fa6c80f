"""Enterprises that a programme supported, and which of them women own: how OP-03 and OP-04 are counted."""

from collections import defaultdict
from datetime import date, timedelta

from django.db.models import F, Min, Q

from mentoring.models import Meeting
from outcomes.scope import Scope
from outcomes.values import Reason, State, Value
from people.models import Ownership
from people.woman_owned import Owner, woman_owned
from training.models import Attendance


def supported(scope: Scope) -> list[int]:
    """Primary keys of enterprises whose first day with us since the funding began lies in the period: a
    session that somebody of them attended, or a meeting with a mentor."""
    ever = scope.sessions().filter(day__gte=scope.since).filter(scope.begun())
    there = Attendance.objects.filter(status__in=Attendance.THERE, entry__session__in=ever)
    met = Meeting.objects.counting().filter(
        assignment__programme__in=scope.programmes, day__gte=scope.since, day__lte=scope.today
    )
    first: dict[int, date] = {}
    for rows, path, day in (
        (there, "entry__enrolment__enterprise", "entry__session__day"),
        (met, "assignment__enrolment__enterprise", "day"),
    ):
        found = rows.exclude(**{path: None}).order_by().values(path).annotate(first=Min(day))
        for firm, on in found.values_list(path, "first"):
            first[firm] = min(on, first.get(firm, on))
    return sorted(firm for firm, on in first.items() if scope.start <= on < scope.end)


def enterprises(scope: Scope) -> Value:
    if scope.today < scope.start:
        return Value.without(State.NOT_YET_DUE, Reason.NOT_BEGUN)
    found = supported(scope)
    if not found and not (scope.marked().exists() or scope.meetings().exists()):
        return Value.without(State.MISSING, Reason.NO_MARKS)
    return Value.count(len(found))


def by_owner(scope: Scope) -> dict[bool | None, list[int]]:
    """Supported enterprises: owned by women, not, or not known, by the rule of the funding, on the last day
    of the period (today, before that)."""
    firms, day = supported(scope), min(scope.end - timedelta(days=1), scope.today)
    holds = (Q(start=None) | Q(start__lte=day)) & (Q(end=None) | Q(end__gt=day))
    owners: dict[int, list[Owner]] = defaultdict(list)
    rows = Ownership.objects.filter(holds).annotate(firm=F("enterprise")).order_by("pk")
    columns = ("firm", "person__sex", "share", "is_founder", "is_manager")
    for start in range(0, len(firms), 5000):
        some = rows.filter(enterprise__in=firms[start : start + 5000])
        for firm, *owner in some.values_list(*columns):
            owners[firm].append(Owner(*owner))
    found: dict[bool | None, list[int]] = {True: [], False: [], None: []}
    for firm in firms:
        found[woman_owned(owners[firm], scope.woman_owned)].append(firm)
    return found


def owned_by_women(scope: Scope) -> Value:
    if scope.today < scope.start:
        return Value.without(State.NOT_YET_DUE, Reason.NOT_BEGUN)
    found = by_owner(scope)
    yes, no, open_ = len(found[True]), len(found[False]), len(found[None])
    if not yes + no:
        why = Reason.NO_OWNERS if open_ else Reason.NO_ENTERPRISES
        return Value.without(State.MISSING if open_ else State.NOT_APPLICABLE, why)
    return Value.share(yes, yes + no, unknown=open_ or None, sides=(yes, no))


def known_owners(scope: Scope) -> list[int]:
    found = by_owner(scope)
    return sorted([*found[True], *found[False]])
