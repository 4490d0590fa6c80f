"""A figure opened: the rows behind it, counted again now, beside what was frozen."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import NamedTuple

from django.db.models import QuerySet
from django.urls import reverse
from django.utils import formats
from django.utils.translation import gettext_lazy as _

from accounts.models import User
from ideas.models import Idea, Review
from mentoring.models import Meeting
from outcomes.definitions import DEFINITIONS
from outcomes.document import amount, said
from outcomes.indicators import INDICATORS
from outcomes.models import Issue
from outcomes.payload import row_id
from outcomes.scope import Scope
from people.models import Person
from people.regions import region_name
from training.models import Attendance, Enrolment, Module, RosterEntry
from training.persons import met_by


@dataclass(frozen=True)
class Opened:
    """What the page of one figure shows. Rows that the reader may not see are only a number."""

    name: str
    frozen: str
    live: str
    columns: tuple[str, ...]
    rows: list  # of primary keys that the reader may see, in order
    hidden: int
    came: int | None  # rows of today that the issue does not hold; unknown where it kept no ids
    gone: int | None  # rows of the issue that are not there any more, or were erased


class Kind(NamedTuple):
    """How rows of one kind are found for a reader and printed."""

    columns: tuple[str, ...]
    visible: Callable[[User], QuerySet]
    lines: Callable[[Iterable], list[tuple]]


def _visible_attendance(user: User) -> QuerySet[Attendance]:
    return Attendance.objects.filter(entry__in=RosterEntry.objects.visible_to(user).order_by())


def _visible_reviews(user: User) -> QuerySet[Review]:
    return Review.objects.filter(task__idea__in=Idea.objects.visible_to(user).order_by())


def _persons(pks) -> list[tuple]:
    rows = Person.objects.filter(pk__in=pks).order_by("name_key", "pk")
    return [(person, person.municipality, region_name(person.region)) for person in rows]


def _places(pairs) -> list[tuple]:
    persons = Person.objects.in_bulk([person for person, _module in pairs])
    modules = Module.objects.in_bulk([module for _person, module in pairs])
    return [(persons[person], modules[module].title) for person, module in pairs]


def _attendances(pks) -> list[tuple]:
    rows = Attendance.objects.filter(pk__in=pks).select_related("entry__enrolment__person", "entry__session")
    ordered = rows.order_by("entry__session__day", "entry__enrolment__person__name_key", "pk")
    return [
        (
            row.entry.enrolment.person,
            row.entry.session.heading,
            _day(row.entry.session.day),
            _minutes(row.minutes),
        )
        for row in ordered
    ]


def _meetings(pks) -> list[tuple]:
    rows = Meeting.objects.filter(pk__in=pks).select_related("assignment__enrolment__person")
    return [
        (row.assignment.enrolment.person, row.get_place_display(), _day(row.day), _minutes(row.minutes))
        for row in rows.order_by("day", "pk")
    ]


def _ideas(pks) -> list[tuple]:
    rows = Idea.objects.filter(pk__in=pks).select_related("text").order_by("programme", "number")
    return [(row, f"{row.number}", row.get_state_display()) for row in rows]


def _reviews(pks) -> list[tuple]:
    rows = Review.objects.filter(pk__in=pks).select_related("task__idea__text").order_by("handed_in_at", "pk")
    return [(row.task.idea, formats.date_format(row.handed_in_at, "SHORT_DATE_FORMAT")) for row in rows]


def _day(day) -> str:
    return formats.date_format(day, "SHORT_DATE_FORMAT") if day else ""


def _minutes(minutes: int | None):
    return _("not known") if minutes is None else str(minutes)


KINDS = {
    "person": Kind((_("Person"), _("Municipality"), _("Region")), met_by, _persons),
    "place": Kind((_("Person"), _("Module")), met_by, _places),
    "attendance": Kind(
        (_("Person"), _("Session"), _("Day"), _("Minutes")), _visible_attendance, _attendances
    ),
    "meeting": Kind((_("Person"), _("Place"), _("Day"), _("Minutes")), Meeting.objects.visible_to, _meetings),
    "idea": Kind((_("Idea"), _("Number"), _("State")), Idea.objects.visible_to, _ideas),
    "review": Kind((_("Idea"), _("Handed in")), _visible_reviews, _reviews),
}


def opened(issue: Issue, code: str, *, user: User, now: datetime) -> Opened:
    """Count the figure again and compare its rows with those that the issue holds."""
    indicator, definition = INDICATORS[code], DEFINITIONS[code]
    scope = Scope.of(issue.report, now)
    live, rows = indicator.measure(scope), list(indicator.rows(scope))
    frozen = next(figure for figure in issue.document["figures"] if figure["code"] == code)
    kept = issue.payload["rows"][code]
    here = {row_id(issue.row_key, indicator.kind, pk) for pk in rows}
    then = set(kept["ids"]) if "ids" in kept else None
    seen = _seen(indicator.kind, rows, user)
    return Opened(
        name=str(definition.name),
        frozen=said(frozen),
        live=amount(definition.unit, live.value) if live.is_measured else said(live.as_dict()),
        columns=KINDS[indicator.kind].columns,
        rows=seen,
        hidden=len(rows) - len(seen),
        came=None if then is None else len(here - then),
        gone=None if then is None else len(then - here),
    )


def _seen(kind: str, rows: list, user: User) -> list:
    pks = [row[0] for row in rows] if kind == "place" else rows
    allowed = set(KINDS[kind].visible(user).filter(pk__in=pks).values_list("pk", flat=True))
    return sorted(row for row in rows if (row[0] if kind == "place" else row) in allowed)


def addresses(user: User, project, shown: Iterable[tuple]) -> list[str]:
    """The page of each line's person or idea, or nothing where the reader has none to open."""
    firsts = [line[0] for line in shown]
    persons = [one.pk for one in firsts if isinstance(one, Person)]
    hers = Enrolment.objects.visible_to(user).filter(person__in=persons, programme__project=project)
    page = dict(hers.order_by("pk").values_list("person", "pk")) if persons else {}
    found = []
    for one in firsts:
        if isinstance(one, Idea):
            found.append(reverse("ideas:idea_detail", args=[one.pk]))
        else:
            found.append(reverse("training:enrolment_detail", args=[page[one.pk]]) if one.pk in page else "")
    return found


def lines(code: str, rows: Iterable) -> list[tuple]:
    """The cells of some of an opened figure's rows, the first one an object with a name."""
    return KINDS[INDICATORS[code].kind].lines(list(rows))
