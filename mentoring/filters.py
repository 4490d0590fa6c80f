"""One filter of assignments, used by the page and by the API."""

import django_filters
from django.utils.translation import gettext_lazy as _

from lib.filters import Filters, KeyFilter
from lib.folding import fold
from mentoring.models import (
    Assignment,
    Goal,
    Meeting,
    Mentor,
    MentorApplication,
    Need,
    Note,
    Offer,
    Preference,
)


class AssignmentFilter(Filters):
    q = django_filters.CharFilter(method="named", label=_("Mentor or entrepreneur"))
    state = django_filters.MultipleChoiceFilter(choices=Assignment.State, label=_("State"))
    programme = django_filters.CharFilter(field_name="programme__code", label=_("Programme"))

    class Meta:
        model = Assignment
        fields = ["q", "state", "programme"]

    def named(self, rows, _name, text):
        key = fold(text)
        return rows.filter(mentor__person__name_key__contains=key) | rows.filter(
            enrolment__person__name_key__contains=key
        )


class AssignmentsFilter(AssignmentFilter):
    """The API's: over programmes."""

    state_at = django_filters.IsoDateTimeFromToRangeFilter("state_at")

    class Meta(AssignmentFilter.Meta):
        fields = ["q", "state", "state_at", "programme", "mentor", "enrolment"]


class GoalFilter(Filters):
    programme = django_filters.CharFilter("assignment__programme__code", help_text=_("The programme's code."))
    due = django_filters.DateFromToRangeFilter("due")

    class Meta:
        model = Goal
        fields = ["assignment", "state", "due", "programme"]


class MeetingFilter(Filters):
    programme = django_filters.CharFilter("assignment__programme__code", help_text=_("The programme's code."))
    day = django_filters.DateFromToRangeFilter("day")
    counts = django_filters.BooleanFilter(
        "cancelled_at", lookup_expr="isnull", help_text=_("True: without those that were cancelled.")
    )

    class Meta:
        model = Meeting
        fields = ["assignment", "day", "place", "function", "programme", "counts"]


class NoteFilter(Filters):
    programme = django_filters.CharFilter("assignment__programme__code", help_text=_("The programme's code."))

    class Meta:
        model = Note
        fields = ["assignment", "meeting", "layer", "programme"]


class MentorFilter(Filters):
    q = django_filters.CharFilter(
        method="named", help_text=_("Part of a name, in any script, with diacritics or without.")
    )
    programme = django_filters.CharFilter(
        "offers__programme__code", help_text=_("The code of a programme in which she offers something.")
    )

    class Meta:
        model = Mentor
        fields = ["q", "state", "person", "programme"]

    def named(self, rows, _name, text):
        return rows.filter(person__name_key__contains=fold(text))


class OfferFilter(Filters):
    programme = django_filters.CharFilter("programme__code", help_text=_("The programme's code."))

    class Meta:
        model = Offer
        fields = ["programme", "mentor"]


class NeedFilter(Filters):
    programme = django_filters.CharFilter("enrolment__programme__code", help_text=_("The programme's code."))
    enrolment = KeyFilter("enrolment")

    class Meta:
        model = Need
        fields = ["programme", "enrolment", "sector", "language", "place"]


class PreferenceFilter(Filters):
    programme = django_filters.CharFilter("enrolment__programme__code", help_text=_("The programme's code."))

    class Meta:
        model = Preference
        fields = ["programme", "enrolment", "mentor", "side", "says"]


class CandidateFilter(Filters):
    programme = django_filters.CharFilter("programme__code", help_text=_("The programme's code."))

    class Meta:
        model = MentorApplication
        fields = ["programme", "state", "mentor"]
