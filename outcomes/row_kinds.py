"""What one row behind a figure is, by kind: who may see it, and how it is printed."""

from collections.abc import Callable, Iterable
from typing import NamedTuple

from django.db.models import Q, QuerySet
from django.utils import formats
from django.utils.translation import gettext_lazy as _

from accounts.models import User
from ideas.models import Idea, Review
from mentoring.models import Assignment, Goal, Meeting
from outcomes.models import Cost, Invitation, Result
from people.models import Enterprise, Person
from people.regions import region_name
from training.models import Attendance, Module, RosterEntry
from training.persons import met_by


class Kind(NamedTuple):
    """How rows of one kind are found for a reader and printed."""

    columns: tuple[str, ...]
    visible: Callable[[User], QuerySet]
    lines: Callable[[Iterable], list[tuple]]


def _visible_attendance(user: User) -> QuerySet[Attendance]:
    return Attendance.objects.filter(entry__in=RosterEntry.objects.visible_to(user).order_by())


def _visible_enterprises(user: User) -> QuerySet[Enterprise]:
    """Those of persons whom the user meets, and those of her address book."""
    hers = Enterprise.objects.filter(enrolments__person__in=met_by(user).order_by()).order_by()
    book = Enterprise.objects.visible_to(user).order_by()
    return Enterprise.objects.filter(Q(pk__in=hers.values("pk")) | Q(pk__in=book.values("pk")))


def _visible_goals(user: User) -> QuerySet[Goal]:
    return Goal.objects.filter(assignment__in=Assignment.objects.visible_to(user).order_by())


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


def _enterprises(pks) -> list[tuple]:
    rows = Enterprise.objects.filter(pk__in=pks).order_by("name_key", "pk")
    return [(row, row.municipality, row.get_registered_display() or _("not known")) for row in rows]


def _goals(pks) -> list[tuple]:
    rows = Goal.objects.filter(pk__in=pks).select_related("assignment__enrolment__person")
    return [
        (row.assignment.enrolment.person, row.text, _day(row.due), row.get_state_display())
        for row in rows.order_by("due", "pk")
    ]


def _invitations(pks) -> list[tuple]:
    rows = Invitation.objects.filter(pk__in=pks).select_related("wave", "enrolment__person")
    return [
        (row.enrolment.person if row.enrolment else row, row.wave.code, row.get_state_display())
        for row in rows.order_by("wave", "enrolment__person__name_key", "pk")
    ]


def _respondents(keys) -> list[tuple]:
    """Persons, and invitations that name nobody: those have the minus of their key."""
    unnamed = Invitation.objects.filter(pk__in=[-key for key in keys if key < 0]).order_by("pk")
    return _persons([key for key in keys if key > 0]) + [(row, row.source, row.source_id) for row in unnamed]


def _results(pks) -> list[tuple]:
    rows = Result.objects.filter(pk__in=pks).order_by("day", "pk")
    return [(row, row.get_kind_display(), _day(row.day), _plain(row.number)) for row in rows]


def _costs(pks) -> list[tuple]:
    rows = Cost.objects.filter(pk__in=pks).order_by("day", "pk")
    return [(row.name, _day(row.day), f"{formats.number_format(row.amount)} {row.currency}") for row in rows]


def _plain(number) -> str:
    return "" if number is None else formats.number_format(number.normalize())


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
    "enterprise": Kind(
        (_("Enterprise"), _("Municipality"), _("Registration")), _visible_enterprises, _enterprises
    ),
    "goal": Kind((_("Person"), _("Goal"), _("Due"), _("State")), _visible_goals, _goals),
    "invitation": Kind((_("Person"), _("Wave"), _("State")), Invitation.objects.visible_to, _invitations),
    "respondent": Kind((_("Person"), _("Municipality"), _("Region")), met_by, _respondents),
    "result": Kind((_("Result"), _("Kind"), _("Day"), _("How many")), Result.objects.visible_to, _results),
    "cost": Kind((_("Budget line"), _("Day"), _("Amount")), Cost.objects.visible_to, _costs),
}


def seen(kind: str, rows: list, user: User) -> list:
    """Those of the rows that the user may see, in order."""
    if kind == "respondent":
        unnamed = [-row for row in rows if row < 0]
        allowed = _allowed(met_by(user), [row for row in rows if row > 0])
        allowed |= {-pk for pk in _allowed(Invitation.objects.visible_to(user), unnamed)}
        return sorted(allowed.intersection(rows))
    allowed = _allowed(KINDS[kind].visible(user), [row[0] for row in rows] if kind == "place" else rows)
    return sorted(row for row in rows if (row[0] if kind == "place" else row) in allowed)


def _allowed(visible: QuerySet, pks: list) -> set:
    """In chunks: SQLite takes no more than 32,766 values."""
    found: set = set()
    for start in range(0, len(pks), 20_000):
        found.update(visible.filter(pk__in=pks[start : start + 20_000]).values_list("pk", flat=True))
    return found
