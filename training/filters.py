"""What a list of people can be narrowed by; one filter set for the page and the API."""

import django_filters
from django.db.models import Exists, OuterRef, Q, QuerySet
from django.utils.translation import gettext_lazy as _

from lib.filters import Filters, KeyFilter
from lib.folding import fold
from training.hours import progress
from training.models import Attendance, Enrolment, Mark, Module, RosterEntry, Session, SessionLog, Venue


class EnrolmentFilter(Filters):
    """`q` finds name, enterprise and row code in any script; municipalities as they are typed."""

    q = django_filters.CharFilter(label=_("Find a person"), method="find")
    state = django_filters.ChoiceFilter(label=_("State"), choices=Enrolment.State, empty_label=_("any"))
    programme = django_filters.CharFilter("programme__code", help_text=_("The programme's code."))

    class Meta:
        model = Enrolment
        fields = ["q", "state", "programme"]

    def find(self, people: QuerySet, name: str, text: str) -> QuerySet:
        for word in text.split():
            key = fold(word)
            people = people.filter(
                Q(person__name_key__contains=key)
                | Q(enterprise__name_key__contains=key)
                | Q(person__municipality__icontains=word)
                | Q(enterprise__municipality__icontains=word)
                | Q(row_code=key.upper())
            )
        return people


class PeopleFilter(EnrolmentFilter):
    """The page's: it knows its programme, and so the hours."""

    UNDER, LOST = "under", "lost"
    TAKING_PART, ATTENDING = "taking-part", "attending"
    part = django_filters.ChoiceFilter(
        label=_("Participation"),
        method="by_part",
        choices=[(TAKING_PART, _("taking part")), (ATTENDING, _("attending"))],
        empty_label=_("any"),
    )
    hours = django_filters.ChoiceFilter(
        label=_("Hours"),
        method="by_hours",
        choices=[(UNDER, _("under so far")), (LOST, _("can no longer complete"))],
        empty_label=_("any"),
    )
    programme = None

    def by_part(self, people: QuerySet, name: str, which: str) -> QuerySet:
        """Who is enrolled or has completed; or who was at a session, whatever her state is now."""
        if which == self.TAKING_PART:
            return people.filter(state__in=Enrolment.TAKING_PART)
        there = Attendance.objects.filter(entry__enrolment=OuterRef("pk"), status__in=Attendance.THERE)
        return people.filter(Exists(there))

    def by_hours(self, people: QuerySet, name: str, which: str) -> QuerySet:
        known = progress(self.of)
        wanted = [pk for pk, h in known.items() if (h.is_under if which == self.UNDER else not h.can_reach)]
        return people.filter(pk__in=wanted)

    def __init__(self, *args, of, **kwargs):
        self.of = of
        super().__init__(*args, **kwargs)


class EnrolmentsFilter(EnrolmentFilter):
    """The API's: over programmes."""

    state_at = django_filters.IsoDateTimeFromToRangeFilter("state_at")

    class Meta(EnrolmentFilter.Meta):
        fields = ["q", "state", "state_at", "programme", "person", "enterprise", "walk_in"]


class InOneProgramme(Filters):
    programme = django_filters.CharFilter("programme__code", help_text=_("The programme's code."))


class VenueFilter(Filters):
    class Meta:
        model = Venue
        fields = ["name", "municipality"]


class ModuleFilter(InOneProgramme):
    class Meta:
        model = Module
        fields = ["programme", "venue"]


class SessionFilter(InOneProgramme):
    day = django_filters.DateFromToRangeFilter("day")
    is_cancelled = django_filters.BooleanFilter("cancelled_at", lookup_expr="isnull", exclude=True)
    is_closed = django_filters.BooleanFilter("closed_at", lookup_expr="isnull", exclude=True)

    class Meta:
        model = Session
        fields = ["programme", "day", "module", "venue"]


class OfSession(Filters):
    programme = django_filters.CharFilter("session__programme__code", help_text=_("The programme's code."))


class NoteFilter(OfSession):
    class Meta:
        model = SessionLog
        fields = ["session", "programme"]


class MarkFilter(OfSession):
    at_server = django_filters.IsoDateTimeFromToRangeFilter("at_server")

    class Meta:
        model = Mark
        fields = ["session", "enrolment", "unsettled", "at_server", "programme"]


class RosterFilter(OfSession):
    class Meta:
        model = RosterEntry
        fields = ["session", "enrolment", "programme"]


class AttendanceFilter(Filters):
    session = KeyFilter("entry__session")
    enrolment = KeyFilter("entry__enrolment")
    programme = django_filters.CharFilter(
        "entry__session__programme__code", help_text=_("The programme's code.")
    )

    class Meta:
        model = Attendance
        fields = ["session", "enrolment", "status", "programme"]
