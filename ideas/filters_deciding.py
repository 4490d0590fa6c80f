"""Narrowing decisions and comments."""

import django_filters
from django.utils.translation import gettext_lazy as _

from ideas.models import Decision, ReviewTask, Selection
from lib.filters import Filters, KeyFilter


class SelectionFilter(Filters):
    programme = django_filters.CharFilter("round__programme__code", help_text=_("The programme's code."))

    class Meta:
        model = Selection
        fields = ["round", "programme"]


class DecisionFilter(Filters):
    round = KeyFilter("selection__round")
    programme = django_filters.CharFilter("idea__programme__code", help_text=_("The programme's code."))

    class Meta:
        model = Decision
        fields = ["selection", "round", "idea", "verdict", "by_hand", "programme"]


class CommentFilter(Filters):
    round = KeyFilter("seat__round")
    programme = django_filters.CharFilter("idea__programme__code", help_text=_("The programme's code."))

    class Meta:
        model = ReviewTask
        fields = ["round", "idea", "programme"]
