"""What a list of people can be narrowed by; one filter set for the page and the API."""

import django_filters
from django.db.models import Exists, OuterRef, Q, QuerySet
from django.utils.translation import gettext_lazy as _

from lib.filters import Filters, KeyFilter
from lib.folding import fold
from training.hours import lost, under
from training.models import (
    Application,
    Attendance,
    Certificate,
    EligibilityRule,
    Enrolment,
    EvidencePack,
    Finding,
    Group,
    Headcount,
    Mark,
    Module,
    Photo,
    RosterEntry,
    Session,
    SessionLog,
    Signatory,
    Venue,
)


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
        everybody = Enrolment.objects.filter(programme=self.of).order_by()
        wanted = under(everybody) if which == self.UNDER else lost(everybody)
        return people.filter(pk__in=wanted.values("pk"))

    def __init__(self, *args, of, **kwargs):
        self.of = of
        super().__init__(*args, **kwargs)


class ApplicantFilter(EnrolmentFilter):
    """The page's of who applied: whoever still waits, if no state is asked for. `eligibility` stands beside
    each row."""

    WAITING = (Enrolment.State.APPLIED, Enrolment.State.WAITLISTED)
    eligibility = django_filters.ChoiceFilter(
        label=_("Rules"), choices=Enrolment.Eligibility.choices[:-1], empty_label=_("any")
    )
    state = django_filters.ChoiceFilter(
        label=_("State"),
        choices=[("all", _("any")), *Enrolment.State.choices],
        empty_label=_("waiting for an answer"),
        method="by_state",
    )
    programme = None

    def by_state(self, people: QuerySet, name: str, state: str) -> QuerySet:
        return people if state == "all" else people.filter(state=state)

    def filter_queryset(self, people: QuerySet) -> QuerySet:
        people = super().filter_queryset(people)
        return people if self.form.cleaned_data.get("state") else people.filter(state__in=self.WAITING)


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


class HeadcountFilter(InOneProgramme):
    class Meta:
        model = Headcount
        fields = ["programme", "session", "how", "country"]


class OfSession(Filters):
    programme = django_filters.CharFilter("session__programme__code", help_text=_("The programme's code."))


class NoteFilter(OfSession):
    class Meta:
        model = SessionLog
        fields = ["session", "programme"]


class MarkFilter(OfSession):
    at_server = django_filters.IsoDateTimeFromToRangeFilter("at_server")
    is_open_difference = django_filters.BooleanFilter(
        method="by_difference",
        help_text="It decides, and overrode the mark of another device without having seen it.",
    )

    class Meta:
        model = Mark
        fields = ["session", "enrolment", "unsettled", "is_open_difference", "at_server", "programme"]

    def by_difference(self, marks: QuerySet, name: str, wanted: bool) -> QuerySet:
        open_ones = Mark.objects.open_differences().order_by().values("pk")
        return marks.filter(pk__in=open_ones) if wanted else marks.exclude(pk__in=open_ones)


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


class CertificateFilter(Filters):
    programme = django_filters.CharFilter("enrolment__programme__code", help_text=_("The programme's code."))
    is_revoked = django_filters.BooleanFilter("revoked_at", lookup_expr="isnull", exclude=True)

    class Meta:
        model = Certificate
        fields = ["programme", "enrolment", "number"]


class SignatoryFilter(InOneProgramme):
    class Meta:
        model = Signatory
        fields = ["programme"]


class GroupFilter(InOneProgramme):
    class Meta:
        model = Group
        fields = ["programme", "code", "is_control"]


class PhotoFilter(OfSession):
    class Meta:
        model = Photo
        fields = ["session", "programme"]


class PackFilter(InOneProgramme):
    class Meta:
        model = EvidencePack
        fields = ["programme", "module", "funding"]


class EligibilityRuleFilter(InOneProgramme):
    class Meta:
        model = EligibilityRule
        fields = ["programme", "kind", "funding"]


class FindingFilter(Filters):
    programme = django_filters.CharFilter("enrolment__programme__code", help_text=_("The programme's code."))
    is_excepted = django_filters.BooleanFilter("excepted_at", lookup_expr="isnull", exclude=True)

    class Meta:
        model = Finding
        fields = ["rule", "enrolment", "outcome", "programme"]


class ApplicationFilter(InOneProgramme):
    is_confirmed = django_filters.BooleanFilter("confirmed_at", lookup_expr="isnull", exclude=True)

    class Meta:
        model = Application
        fields = ["programme", "enrolment"]
