"""Filters of office hours and introductions, used by the pages and by the API."""

import django_filters
from django.utils.translation import gettext_lazy as _

from lib.filters import Filters
from lib.folding import fold
from mentoring.models import Introduction, Slot

STATES = [("free", _("free")), ("booked", _("booked")), ("cancelled", _("cancelled"))]


class SlotFilter(Filters):
    q = django_filters.CharFilter(method="named", label=_("Mentor or entrepreneur"))
    state = django_filters.ChoiceFilter(choices=STATES, method="standing", label=_("State"))

    class Meta:
        model = Slot
        fields = ["q", "state"]

    def named(self, rows, _name, text):
        key = fold(text)
        mentor = rows.filter(mentor__person__name_key__contains=key)
        return mentor | rows.filter(booked_by__person__name_key__contains=key)

    def standing(self, rows, _name, state):
        if state == "cancelled":
            return rows.exclude(cancelled_at=None)
        return rows.filter(cancelled_at=None, booked_by__isnull=state == "free")


class SlotsFilter(SlotFilter):
    """The API's: over programmes."""

    programme = django_filters.CharFilter("programme__code", help_text=_("The programme's code."))
    starts_at = django_filters.IsoDateTimeFromToRangeFilter("starts_at")

    class Meta(SlotFilter.Meta):
        fields = ["q", "state", "programme", "mentor", "booked_by", "starts_at", "is_open"]


class IntroductionFilter(Filters):
    q = django_filters.CharFilter(method="named", label=_("Entrepreneur, or to whom"))

    class Meta:
        model = Introduction
        fields = ["q", "kind", "came"]

    def named(self, rows, _name, text):
        key = fold(text)
        hers = rows.filter(enrolment__person__name_key__contains=key)
        return hers | rows.filter(name__icontains=text)


class IntroductionsFilter(IntroductionFilter):
    """The API's: over programmes."""

    programme = django_filters.CharFilter("enrolment__programme__code", help_text=_("The programme's code."))
    day = django_filters.DateFromToRangeFilter("day")

    class Meta(IntroductionFilter.Meta):
        fields = ["q", "kind", "came", "programme", "enrolment", "assignment", "day"]
