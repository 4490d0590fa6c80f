"""Of which meetings funders read the place. Where one to four people were met somewhere, the place would tell
of each of them; in a summary the share of meetings on the premises is withheld then, and so it is here."""

from collections import defaultdict
from datetime import date
from typing import NamedTuple

from django.db.models import Max, Q
from django.db.models.functions import TruncMonth

from mentoring.models import Meeting
from people.models import Funding, Programme

FLOOR = 5  # as that of a summary (outcomes/disclosure): in code, a funding can only raise it
WITHHELD = "[c]"


class Told(NamedTuple):
    """`hidden`: the months in which places are withheld; `sums`: may the sums by place be told? Less the
    months that are told, they tell of the hidden ones together."""

    hidden: frozenset[date]
    sums: bool


def told(programme: Programme) -> Told:
    """In two queries."""
    least = _least(programme)
    counting = Meeting.objects.counting().filter(assignment__programme=programme).order_by()
    names = ("month", "place", "assignment__enrolment__person")
    met: dict[date, dict[str, set[int]]] = defaultdict(lambda: defaultdict(set))
    for month, place, person in counting.annotate(month=TruncMonth("day")).values_list(*names).distinct():
        met[month][place].add(person)
    hidden = frozenset(month for month, places in met.items() if _is_small(places, least))
    together: dict[str, set[int]] = defaultdict(set)
    for month in hidden:
        for place, persons in met[month].items():
            together[place] |= persons
    return Told(hidden, not _is_small(together, least))


def _is_small(places: dict[str, set[int]], least: int) -> bool:
    return any(len(persons) < least for persons in places.values())


def _least(programme: Programme) -> int:
    paying = Q(scopes__programme=programme) | Q(modules__programme=programme)
    wanted = Funding.objects.filter(paying).aggregate(most=Max("threshold"))["most"]
    return max(FLOOR, wanted or 0)
