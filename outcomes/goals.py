"""Whether mentoring reached what was agreed: hours (OP-08.4) and goals (OC-05)."""

from django.db.models import Count, Q, QuerySet, Sum

from mentoring.models import Assignment, Goal, Meeting
from outcomes.scope import Scope
from outcomes.values import Reason, State, Value


def agreed(scope: Scope) -> dict[int, int]:
    """Hours agreed, by person first met in the period; who agreed on none is not in it."""
    rows = scope.assignments().filter(enrolment__person__in=scope.mentees(), agreed_hours__isnull=False)
    hours = rows.values("enrolment__person").annotate(hours=Sum("agreed_hours"))
    return dict(hours.values_list("enrolment__person", "hours"))


def reached(scope: Scope) -> list[int]:
    """Persons whose meetings until the end of the period make these hours."""
    met = Meeting.objects.counting().filter(
        assignment__programme__in=scope.programmes, day__lt=scope.end, day__lte=scope.today
    )
    minutes = met.order_by().values("assignment__enrolment__person").annotate(total=Sum("minutes"))
    had = dict(minutes.values_list("assignment__enrolment__person", "total"))
    return sorted(person for person, hours in agreed(scope).items() if had.get(person, 0) >= 60 * hours)


def hours_reached(scope: Scope) -> Value:
    if scope.today < scope.start:
        return Value.without(State.NOT_YET_DUE, Reason.NOT_BEGUN)
    if not scope.meetings().exists():
        why = Reason.NO_MEETINGS if scope.assignments().exists() else Reason.NO_ASSIGNMENTS
        state = State.MISSING if why is Reason.NO_MEETINGS else State.NOT_APPLICABLE
        return Value.without(state, why)
    whole = len(agreed(scope))
    if not whole:
        return Value.without(State.NOT_APPLICABLE, Reason.NO_HOURS_AGREED)
    yes = len(reached(scope))
    return Value.share(yes, whole, sides=(yes, whole - yes))


def due(scope: Scope) -> QuerySet[Goal]:
    """Goals whose day lies in the period and has come."""
    mine = Goal.objects.filter(
        assignment__programme__in=scope.programmes, assignment__state__in=Assignment.COUNTED
    )
    return mine.filter(due__gte=scope.start, due__lt=scope.end, due__lte=scope.today).order_by()


def goals_reached(scope: Scope) -> Value:
    if scope.today < scope.start:
        return Value.without(State.NOT_YET_DUE, Reason.NOT_BEGUN)
    yes = Q(state=Goal.State.REACHED)
    person = "assignment__enrolment__person"
    found = due(scope).aggregate(
        reached=Count("pk", filter=yes),
        all=Count("pk"),
        persons=Count(person, filter=yes, distinct=True),
        others=Count(person, filter=~yes, distinct=True),
    )
    if not found["all"]:
        return Value.without(State.NOT_APPLICABLE, Reason.NO_GOALS)
    return Value.share(found["reached"], found["all"], sides=(found["persons"], found["others"]))


def reached_goals(scope: Scope) -> QuerySet[Goal]:
    return due(scope).filter(state=Goal.State.REACHED)
