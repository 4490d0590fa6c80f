"""Lists of a programme's mentors, needs and applications: what a page shows and an export takes along."""

import django_filters
from django.db.models import Count, OuterRef, Prefetch, Q, QuerySet, Subquery, TextField
from django.db.models.functions import Cast
from django.utils.translation import gettext_lazy as _

from accounts.models import User
from lib.exports import Column, Export
from lib.filters import Filters
from lib.folding import fold
from mentoring.models import Assignment, Function, Mentor, MentorApplication, Need, Offer
from mentoring.profiles import windows
from people.exports import called, who
from people.models import Programme
from people.sectors import SECTORS
from training.models import Enrolment

NAME = ("mentor__person__name_key", "pk")


class MentorsFilter(Filters):
    """A programme's mentors by what they offer in it."""

    q = django_filters.CharFilter(method="named", label=_("Find a mentor"))
    state = django_filters.ChoiceFilter(
        "mentor__state", choices=Mentor.State, label=_("State"), empty_label=_("any")
    )
    function = django_filters.ChoiceFilter(
        method="helps", choices=Function, label=_("Business function"), empty_label=_("any")
    )
    sector = django_filters.ChoiceFilter(
        method="knows", choices=list(SECTORS.items()), label=_("Sector"), empty_label=_("any")
    )

    class Meta:
        model = Offer
        fields = ["q", "state", "function", "sector"]

    def named(self, rows, _name, text):
        key = fold(text)
        place = Q(mentor__person__municipality__icontains=text)
        return rows.filter(Q(mentor__person__name_key__contains=key) | place)

    def helps(self, rows, _name, value):
        return holding(rows, "mentor__functions", value)

    def knows(self, rows, _name, value):
        return holding(rows, "mentor__sectors", value)


def holding(rows: QuerySet, path: str, value: str) -> QuerySet:
    """Rows whose list of plain words holds this one; the same on both databases."""
    return rows.annotate(held=Cast(path, TextField())).filter(held__contains=f'"{value}"')


def offers(user: User, programme: Programme) -> QuerySet[Offer]:
    """In the order of names, each with how many she guides here now."""
    alive = Q(mentor__assignments__programme=programme, mentor__assignments__state__in=Assignment.ALIVE)
    rows = Offer.objects.visible_to(user).filter(programme=programme)
    return rows.annotate(guides=Count("mentor__assignments", filter=alive)).order_by(*NAME)


class PeopleFilter(Filters):
    """Who takes part, by whether she said what she needs."""

    q = django_filters.CharFilter(method="named", label=_("Find a person"))
    stated = django_filters.ChoiceFilter(
        method="by_stated",
        label=_("Need"),
        choices=[("yes", _("stated")), ("no", _("not stated"))],
        empty_label=_("any"),
    )

    class Meta:
        model = Enrolment
        fields = ["q", "stated"]

    def __init__(self, *args, of: Programme, **kwargs):
        self.of = of
        super().__init__(*args, **kwargs)

    def named(self, rows, _name, text):
        key = fold(text)
        named = Q(person__name_key__contains=key) | Q(enterprise__name_key__contains=key)
        return rows.filter(named)

    def by_stated(self, rows, _name, value):
        stated = Need.objects.filter(enrolment__programme=self.of).values("enrolment")
        return rows.filter(pk__in=stated) if value == "yes" else rows.exclude(pk__in=stated)


def people(programme: Programme) -> QuerySet[Enrolment]:
    """Who takes part, each with what she asked for, the newest first."""
    rows = Enrolment.objects.filter(programme=programme).taking_part()
    needs = Prefetch("needs", Need.objects.order_by("-pk"))
    rows = rows.select_related("person", "enterprise").prefetch_related(needs)
    return rows.order_by("person__name_key", "pk")


def needs(rows: QuerySet[Enrolment]) -> QuerySet[Enrolment]:
    """For the export: the newest need of each beside her."""
    newest = Need.objects.filter(enrolment=OuterRef("pk")).order_by("-pk")
    columns = ("sector", "functions", "language", "place", "windows", "text")
    picked = {f"need_{name}": Subquery(newest.values(name)[:1]) for name in columns}
    return rows.prefetch_related(None).annotate(**picked)


class CandidateFilter(Filters):
    """Applications of a programme that their mail confirmed."""

    q = django_filters.CharFilter(method="named", label=_("Find a person"))
    state = django_filters.ChoiceFilter(
        choices=MentorApplication.State, label=_("State"), empty_label=_("any")
    )

    class Meta:
        model = MentorApplication
        fields = ["q", "state"]

    def named(self, rows, _name, text):
        return rows.filter(Q(name__icontains=text) | Q(email__icontains=text))


def _words(choices) -> dict:
    return {str(value): label for value, label in choices}


def _named(choices):
    known = _words(choices)
    return lambda values: ", ".join(str(known.get(value, value)) for value in values or [])


def _within(windows_: list | None) -> str:
    return windows.told(windows_ or [])


MENTORS = Export(
    "mentors",
    _("Mentors"),
    (
        Column("mentor", _("Mentor"), who("mentor__person"), called),
        Column("municipality", _("Municipality"), "mentor__person__municipality"),
        Column("state", _("State"), "mentor__state", words=dict(Mentor.State.choices)),
        Column("away_until", _("Not available until"), "mentor__away_until"),
        Column("functions", _("Business functions"), "mentor__functions", _named(Function.choices)),
        Column("sectors", _("Sectors"), "mentor__sectors", _named(SECTORS.items())),
        Column("languages", _("Languages"), "mentor__languages", _named(User.Language.choices)),
        Column("guides", _("Guides now")),
        Column("capacity", _("How many entrepreneurs")),
        Column("hours", _("Hours")),
        Column("per", _("Hours in"), words=dict(Offer.Per.choices)),
        Column("windows", _("When she has time"), made=_within),
        Column("wishes", _("Whom she would like to guide")),
    ),
)
NEEDS = Export(
    "needs",
    _("Needs"),
    (
        Column("row_code", _("Row code")),
        Column("person", _("Entrepreneur"), who("person"), called),
        Column("enterprise", _("Enterprise"), "enterprise__name"),
        Column("text", _("In her words"), "need_text"),
        Column("functions", _("Business functions"), "need_functions", _named(Function.choices)),
        Column("sector", _("Sector (NACE section)"), "need_sector"),
        Column("language", _("Language"), "need_language", words=dict(User.Language.choices)),
        Column("place", _("Place"), "need_place", words=dict(Need.Place.choices)),
        Column("windows", _("When she has time"), "need_windows", _within),
    ),
)
CANDIDATES = Export(
    "candidates",
    _("Mentors' applications"),
    (
        Column("name", _("Name")),
        Column("created_at", _("Sent")),
        Column("confirmed_at", _("Confirmed")),
        Column("state", _("State"), words=dict(MentorApplication.State.choices)),
        Column("state_at", _("State since")),
        Column("reason", _("Reason")),
        Column("email", _("E-mail")),
        Column("phone", _("Phone")),
    ),
)
