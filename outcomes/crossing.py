"""Participants by region and line of business at once: counted from the two breakdowns as they are shown, so
that their numbers are its margins; what is hidden in it: outcomes/disclosure/crossed.py."""

from django.db.models import Max
from django.utils.translation import gettext_lazy as _

from outcomes.disclosure import Table
from outcomes.disclosure.crossed import LEAST_PEOPLE, Crossed, crossed
from outcomes.scope import Scope
from training.models import Enrolment

CODE, ROWS, COLUMNS = "region_line", "region", "line"
NAME = _("Participants by region and line of business")


def crossing(tables: dict[str, Table], scope: Scope, threshold: int) -> Crossed | None:
    """None where one of the two is not shown, or where so few take part that no such table is made."""
    rows, columns = tables[ROWS].cells, tables[COLUMNS].cells
    if not rows or not columns or sum(cell.count for cell in rows) < LEAST_PEOPLE:
        return None
    units = _units(scope)
    people = [[_both(row, column) for column in columns] for row in rows]
    counts = [[len(here) for here in line] for line in people]
    sizes = [[min(len(here), len({units.get(p, -p) for p in here})) for here in line] for line in people]
    return crossed(counts, sizes, threshold)


def _both(row, column) -> set[int]:
    return {person for _row, person in row.rows} & {person for _row, person in column.rows}


def _units(scope: Scope) -> dict[int, int]:
    """The enterprise of each who has one."""
    own = Enrolment.objects.filter(programme__in=scope.programmes, enterprise__isnull=False).order_by()
    return dict(own.values("person").annotate(unit=Max("enterprise")).values_list("person", "unit"))
