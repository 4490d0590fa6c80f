"""How each figure is counted: an aggregate in SQL for its value, and the very rows behind it.

`measure` gives the value, `rows` a queryset of the primary keys that it stands on (or of pairs of them):
the same filters, read by two paths, so that a figure opens to exactly its rows.
"""

from collections.abc import Callable
from typing import NamedTuple

from django.db.models import Case, Count, F, IntegerField, Q, QuerySet, Sum, When

from ideas.models import Idea, Round
from mentoring.models import Meeting
from outcomes import asking_quality, enterprises, goals
from outcomes.enrolled import applied, enrolled
from outcomes.scope import Scope
from outcomes.values import Reason, State, Value
from training.hours import progress
from training.models import Attendance, Enrolment, Module


class Indicator(NamedTuple):
    kind: str  # what one row is: person, place, attendance, meeting, idea, review
    measure: Callable[[Scope], Value]
    rows: Callable[[Scope], QuerySet]
    whole: Callable[[Scope], QuerySet] | None = None  # the rows of the denominator


def hours_of(minutes: int) -> float:
    """Minutes in hours, one decimal."""
    return round(minutes / 60, 1)


def not_begun(scope: Scope) -> Value | None:
    if scope.today < scope.start:
        return Value.without(State.NOT_YET_DUE, Reason.NOT_BEGUN)
    return None


# --- people: from applying to enrolling


def _persons(rows: Callable[[Scope], QuerySet]) -> Callable[[Scope], Value]:
    """Where nobody was ever written down, nobody knows whether nobody came."""

    def measure(scope: Scope) -> Value:
        if early := not_begun(scope):
            return early
        found = rows(scope).count()
        if not found and not Enrolment.objects.filter(programme__in=scope.programmes).exists():
            return Value.without(State.MISSING, Reason.NOBODY)
        return Value.count(found)

    return measure


# --- training


def unheld(scope: Scope) -> Value | None:
    """Why nothing can be said of sessions: a figure of nothing recorded is no zero."""
    if scope.marked().exists():
        return None
    if scope.held().exists():
        return Value.without(State.MISSING, Reason.NO_MARKS)
    if scope.today < scope.start or scope.dated().exists():
        return Value.without(State.NOT_YET_DUE, Reason.NOT_BEGUN)
    if scope.sessions().filter(day=None).exists():
        return Value.without(State.MISSING, Reason.NO_DATES)
    return Value.without(State.NOT_APPLICABLE, Reason.NO_SESSIONS)


def participants(scope: Scope) -> Value:
    return unheld(scope) or Value.count(scope.participants().count())


def places(scope: Scope) -> QuerySet:
    taken = scope.attended().exclude(entry__session__module=None)
    return taken.values_list("entry__enrolment__person", "entry__session__module").distinct()


def places_taken(scope: Scope) -> Value:
    if not Module.objects.filter(programme__in=scope.programmes).exists():
        return Value.without(State.NOT_APPLICABLE, Reason.NO_MODULES)
    return unheld(scope) or Value.count(places(scope).count())


def hours_received(scope: Scope) -> Value:
    if missing := unheld(scope):
        return missing
    found = scope.attended().aggregate(total=Sum("minutes"), all=Count("pk"), known=Count("minutes"))
    if found["all"] and not found["known"]:
        return Value.without(State.MISSING, Reason.NO_LENGTH)
    return Value.count(hours_of(found["total"] or 0), unknown=found["all"] - found["known"])


def attendance(scope: Scope) -> Value:
    if missing := unheld(scope):
        return missing
    there = Count("pk", filter=Q(status__in=Attendance.THERE))
    found = scope.marked().aggregate(there=there, marked=Count("pk"))
    expected = scope.held().aggregate(expected=Count("roster"))["expected"]
    return Value.share(found["there"], found["marked"], unknown=expected - found["marked"] or None)


def is_over(scope: Scope) -> bool:
    """No session that is paid for is still to come."""
    ahead = Q(starts_at__gt=scope.now) | Q(starts_at=None, day__gt=scope.today)
    return not scope.sessions().filter(ahead).exists()


def who_completed(scope: Scope) -> tuple[set[int], set[int], set[int]]:
    """Primary keys of persons: took part, completed a programme, not known (unmarked hours decide it).

    Counted where the last session of her programme lies in the period, by the rule of `training.hours`.
    """
    took_part, completed, open_ = set(), set(), set()
    for programme in scope.programmes:
        days = scope.sessions().filter(programme=programme).exclude(day=None).order_by("-day")
        last = days.values_list("day", flat=True).first()
        if last is None or not scope.start <= last < scope.end:
            continue
        there = Attendance.objects.filter(status__in=Attendance.THERE, entry__session__in=scope.sessions())
        rows = there.filter(entry__enrolment__programme=programme).values_list(
            "entry__enrolment", "entry__enrolment__person"
        )
        hours = progress(programme)
        for enrolment, person in rows.distinct():
            took_part.add(person)
            if hours[enrolment].completes:
                completed.add(person)
            elif hours[enrolment].can_reach:
                open_.add(person)
    return took_part, completed, open_ - completed


def completion(scope: Scope) -> Value:
    if missing := unheld(scope):
        return missing
    if not is_over(scope):
        return Value.without(State.NOT_YET_DUE, Reason.NOT_OVER)
    took_part, completed, open_ = who_completed(scope)
    return Value.share(len(completed), len(took_part), unknown=len(open_) or None)


# --- mentoring


def unmet(scope: Scope) -> Value | None:
    if early := not_begun(scope):
        return early
    if not scope.assignments().exists():
        return Value.without(State.NOT_APPLICABLE, Reason.NO_ASSIGNMENTS)
    if not scope.meetings().exists():
        return Value.without(State.MISSING, Reason.NO_MEETINGS)
    return None


def mentoring_hours(scope: Scope) -> Value:
    minutes = scope.meetings().aggregate(total=Sum("minutes"))["total"]
    return unmet(scope) or Value.count(hours_of(minutes))


def on_premises(scope: Scope) -> QuerySet[Meeting]:
    return scope.meetings().filter(place=Meeting.Place.PREMISES)


def premises_share(scope: Scope) -> Value:
    if missing := unmet(scope):
        return missing
    here, person = Q(place=Meeting.Place.PREMISES), "assignment__enrolment__person"
    minutes = Sum(Case(When(here, then=F("minutes")), default=0, output_field=IntegerField()))
    found = scope.meetings().aggregate(
        here=minutes,
        all=Sum("minutes"),
        persons_here=Count(person, filter=here, distinct=True),
        persons_not=Count(person, filter=~here, distinct=True),
    )
    return Value.share(found["here"], found["all"], sides=(found["persons_here"], found["persons_not"]))


# --- ideas


def reviewed(scope: Scope) -> QuerySet[Idea]:
    before = scope.midnight(scope.end)
    return scope.ideas().filter(tasks__review__handed_in_at__lt=before).distinct()


def carried_on(scope: Scope) -> QuerySet[Idea]:
    return scope.ideas().filter(state__in=Idea.CARRIED_ON)


def _ideas(rows: Callable[[Scope], QuerySet]) -> Callable[[Scope], Value]:
    """A programme without an idea and without a round does nothing with ideas: that is no 0."""

    def measure(scope: Scope) -> Value:
        if early := not_begun(scope):
            return early
        found, here = rows(scope).count(), {"programme__in": scope.programmes}
        if found or Idea.objects.filter(**here).exists() or Round.objects.filter(**here).exists():
            return Value.count(found)
        return Value.without(State.NOT_APPLICABLE, Reason.NO_IDEAS)

    return measure


def _in_rounds(count: Callable[[Scope], QuerySet]) -> Callable[[Scope], Value]:
    def measure(scope: Scope) -> Value:
        if not Round.objects.filter(programme__in=scope.programmes).exists():
            return Value.without(State.NOT_APPLICABLE, Reason.NO_ROUNDS)
        return not_begun(scope) or Value.count(count(scope).count())

    return measure


def _keys(rows: Callable[[Scope], QuerySet]) -> Callable[[Scope], QuerySet]:
    return lambda scope: rows(scope).values_list("pk", flat=True)


INDICATORS = {
    "F-01": Indicator("person", _persons(applied), applied),
    "F-02": Indicator("person", _persons(enrolled), enrolled),
    "OP-01": Indicator("person", participants, Scope.participants),
    "OP-02": Indicator("place", places_taken, places),
    "OP-05": Indicator("attendance", hours_received, _keys(Scope.attended)),
    "OP-06": Indicator("attendance", attendance, _keys(Scope.attended), _keys(Scope.marked)),
    "OP-07": Indicator(
        "person", completion, lambda s: sorted(who_completed(s)[1]), lambda s: sorted(who_completed(s)[0])
    ),
    "OP-08": Indicator("meeting", mentoring_hours, _keys(Scope.meetings)),
    "OP-08.2": Indicator("person", lambda s: unmet(s) or Value.count(s.mentees().count()), Scope.mentees),
    "OP-08.3": Indicator("meeting", premises_share, _keys(on_premises), _keys(Scope.meetings)),
    "OP-09": Indicator("idea", _ideas(Scope.ideas), _keys(Scope.ideas)),
    "OP-09.2": Indicator("idea", _in_rounds(reviewed), _keys(reviewed)),
    "OP-09.3": Indicator("idea", _ideas(carried_on), _keys(carried_on)),
    "OP-09.4": Indicator("review", _in_rounds(Scope.reviews), _keys(Scope.reviews)),
    "OP-03": Indicator("enterprise", enterprises.enterprises, enterprises.supported),
    "OP-04": Indicator(
        "enterprise",
        enterprises.owned_by_women,
        lambda scope: enterprises.by_owner(scope)[True],
        enterprises.known_owners,
    ),
    "OP-08.4": Indicator("person", goals.hours_reached, goals.reached, lambda s: sorted(goals.agreed(s))),
    "OC-05": Indicator("goal", goals.goals_reached, _keys(goals.reached_goals), _keys(goals.due)),
    "DQ-01": Indicator(
        "invitation", asking_quality.response, _keys(asking_quality.answered), _keys(asking_quality.followed)
    ),
    "DQ-02": Indicator("person", asking_quality.coverage, asking_quality.with_baseline, enrolled),
    "DQ-03": Indicator(
        "invitation", asking_quality.lateness, _keys(asking_quality.late), _keys(asking_quality.came)
    ),
    "DQ-03.2": Indicator("invitation", asking_quality.days_late, _keys(asking_quality.late)),
}
