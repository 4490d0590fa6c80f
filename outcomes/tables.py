"""A programme in six tables, for who runs it: the database groups, pandas lays out what is grouped.

Never a row at a time: whatever the size, what leaves the database is a line a cell. There is no gate here, so
no funder and no partner ever reads these.
"""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import TYPE_CHECKING, NamedTuple

from django.db.models import Avg, Count, F, QuerySet, Sum
from django.utils.translation import gettext_lazy as _

from ideas.models import Nomination, Review
from outcomes import tables_columns
from outcomes.models import Answer
from people.models import Programme
from training.models import Attendance

if TYPE_CHECKING:
    from pandas import DataFrame

Programmes = Iterable[Programme] | QuerySet[Programme]


class Asked(NamedTuple):
    """`values` of a grouped query: the row, the column (none: one column), what is measured, of how many."""

    rows: QuerySet
    row: str
    column: str
    measure: str
    n: str = "n"


@dataclass(frozen=True)
class Kind:
    """`is_mean`: cells are means and have an `n`; no mean of them is ever taken. `decimals` as printed."""

    name: str
    row: str
    column: str
    asked: Callable[[Programmes], Asked]
    is_mean: bool = False
    decimals: int = 0


def _attendance(programmes: Programmes) -> Asked:
    marked = Attendance.objects.filter(entry__session__programme__in=programmes)
    found = marked.order_by().values("entry__enrolment__person__region", "status").annotate(n=Count("pk"))
    return Asked(found, "entry__enrolment__person__region", "status", "n")


def _minutes(programmes: Programmes) -> Asked:
    there = Attendance.objects.filter(entry__session__programme__in=programmes, status__in=Attendance.THERE)
    found = there.order_by().values("entry__session__programme", "entry__session__module")
    found = found.annotate(n=Count("minutes"), minutes=Sum("minutes"))
    return Asked(found, "entry__session__module", "", "minutes")


def _judged(programmes: Programmes) -> QuerySet[Review]:
    done = {"handed_in_at__isnull": False, "score__isnull": False}
    return Review.objects.filter(task__idea__programme__in=programmes, **done).order_by()


def _scores(programmes: Programmes) -> Asked:
    found = _judged(programmes).values("task__idea__sector").annotate(n=Count("pk"), mean=Avg("score"))
    return Asked(found, "task__idea__sector", "", "mean")


def _ideas(programmes: Programmes) -> Asked:
    nominated = Nomination.objects.filter(idea__programme__in=programmes)
    found = nominated.order_by().values("idea__state", "enrolment__person__region")
    found = found.annotate(n=Count("idea", distinct=True))
    return Asked(found, "idea__state", "enrolment__person__region", "n")


def _answers(programmes: Programmes) -> Asked:
    said = Answer.objects.filter(
        invitation__wave__programme__in=programmes, number__isnull=False, currency="", is_unread=False
    )
    found = said.order_by().values("question__code", "invitation__wave__code")
    return Asked(
        found.annotate(n=Count("pk"), mean=Avg("number")), "question__code", "invitation__wave__code", "mean"
    )


def _reviewers(programmes: Programmes) -> Asked:
    found = _judged(programmes).values(reviewer=F("task__seat__reviewer"))
    return Asked(found.annotate(n=Count("pk"), mean=Avg("score")), "reviewer", "", "mean")


KINDS = {
    "attendance": Kind(_("Marks by region"), _("Region"), _("Mark"), _attendance),
    "hours": Kind(_("Hours of training by module"), _("Module"), "", _minutes),
    "scores": Kind(_("Scores by line of business"), _("Line of business"), "", _scores, True, 2),
    "ideas": Kind(_("Ideas by state and region"), _("State"), _("Region"), _ideas),
    "answers": Kind(_("Answers by question and wave"), _("Question"), _("Wave"), _answers, True, 2),
    "reviewers": Kind(_("What each reviewer gave"), _("Reviewer"), "", _reviewers, True, 2),
}

BY_COLUMNS = {"attendance": tables_columns.attendance, "hours": tables_columns.hours}


def frame(code: str, programmes: Programmes) -> "DataFrame":
    """One table as it is grouped: columns row, column, value, n. Means have their n and are never added."""
    import pandas as pd

    if code in BY_COLUMNS and tables_columns.worth_it(programmes):
        return BY_COLUMNS[code](programmes)
    asked = KINDS[code].asked(programmes)
    names = [asked.row, *([asked.column] if asked.column else []), asked.measure, asked.n]
    found = pd.DataFrame.from_records(list(asked.rows.values_list(*names)), columns=range(len(names)))
    if not asked.column:
        found.insert(1, "column", "")
    found.columns = ["row", "column", "value", "n"]
    return found


class Grid(NamedTuple):
    """A table laid out. `cells` by row, a number or None for "nothing there"; `n` the same of means."""

    columns: list[str]
    rows: list[tuple[object, list, list]]  # key, values by column, n by column


def laid_out(code: str, programmes: Programmes) -> Grid:
    """Rows and columns in order of their keys, what is not known last."""
    found = frame(code, programmes)
    if found.empty:
        return Grid([], [])
    found[["row", "column"]] = found[["row", "column"]].astype(object).fillna("")
    value = "mean" if KINDS[code].is_mean else "sum"
    grouped = found.groupby(["row", "column"], sort=False, observed=True).agg(
        value=("value", value), n=("n", "sum")
    )
    wide = grouped.unstack("column")
    values, n = (wide.xs(name, axis=1, level=0) for name in ("value", "n"))
    columns = sorted(values.columns, key=lambda key: (key == "", str(key)))
    rows = sorted(wide.index, key=lambda key: (key == "", str(key)))
    return Grid(
        columns,
        [
            (row, [_plain(values.at[row, c]) for c in columns], [_plain(n.at[row, c]) for c in columns])
            for row in rows
        ],
    )


def _plain(number):
    """None for what pandas has no number for."""
    return None if number is None or number != number else float(number)
