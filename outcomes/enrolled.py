"""From applying to enrolling: how F-01 and F-02 are counted."""

from django.db.models import Q, QuerySet
from django.db.models.functions import Coalesce

from outcomes.scope import Scope
from training.models import Enrolment

WHO = Coalesce("person__joined_to", "person")  # who was joined to somebody is that one


def applied(scope: Scope) -> QuerySet:
    """Primary keys of persons known to the programme in any state."""
    return scope.enrolments().annotate(who=WHO).values_list("who", flat=True).distinct()


def enrolled(scope: Scope) -> QuerySet:
    """In a state that takes part, or once on a roster: who withdrew had a place. Nobody of a control group
    had one."""
    place = Q(state__in=Enrolment.TAKING_PART) | Q(roster__isnull=False)
    rows = scope.enrolments().filter(place).exclude(group__is_control=True)
    return rows.annotate(who=WHO).values_list("who", flat=True).distinct()
