"""One filter of assignments, used by the page and by the API."""

import django_filters
from django.utils.translation import gettext_lazy as _

from lib.folding import fold
from mentoring.models import Assignment


class AssignmentFilter(django_filters.FilterSet):
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
