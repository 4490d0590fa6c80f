"""A programme in a dozen numbers, for who runs it: no funding, no period, no gate."""

from collections.abc import Sequence

from django.db.models import Count, Q

from ideas.models import Idea
from mentoring.models import Assignment
from people.models import Programme
from training.models import Enrolment, Session


def figures(programme: Programme) -> dict[str, int | str]:
    """Distinct persons everywhere; an idea without a known end is `unknown`, not a failure."""
    states = Idea.objects.filter(programme=programme).aggregate(
        projects=Count("pk"),
        graduated=Count("pk", filter=Q(state=Idea.State.LAUNCHED)),
        not_graduated=Count("pk", filter=Q(state=Idea.State.STOPPED)),
        unknown=Count("pk", filter=Q(state=Idea.State.UNKNOWN)),
    )
    took_part = Enrolment.objects.filter(programme=programme).taking_part()
    guided = Assignment.objects.filter(programme=programme, state__in=Assignment.COUNTED)
    sessions = Session.objects.filter(programme=programme, cancelled_at=None).aggregate(
        sessions=Count("pk"), unscheduled=Count("pk", filter=Q(day=None))
    )
    return {
        "programme": programme.code,
        **states,
        "participants": took_part.aggregate(n=Count("person", distinct=True))["n"],
        "mentors": guided.aggregate(n=Count("mentor__person", distinct=True))["n"],
        **sessions,
    }


def everybody(programmes: Sequence[Programme]) -> dict[str, int]:
    """People over all programmes: who was both participant and mentor, and who came back as a mentor in a
    later programme than her first as a participant. The order is that of `programmes`."""
    place = {programme.pk: number for number, programme in enumerate(programmes)}
    took_part = Enrolment.objects.filter(programme__in=place).taking_part().order_by()
    guided = Assignment.objects.filter(programme__in=place, state__in=Assignment.COUNTED).order_by()
    first: dict[int, int] = {}
    for person, programme in took_part.values_list("person", "programme").distinct():
        first[person] = min(place[programme], first.get(person, place[programme]))
    last: dict[int, int] = {}
    for person, programme in guided.values_list("mentor__person", "programme").distinct():
        last[person] = max(place[programme], last.get(person, place[programme]))
    both = first.keys() & last.keys()
    return {
        "participants": len(first),
        "mentors": len(last),
        "both": len(both),
        "mentor_later": sum(last[person] > first[person] for person in both),
    }
