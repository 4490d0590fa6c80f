"""Narrowing a list of ideas: the page and the API ask the same way."""

import django_filters
from django.db.models import F
from django.utils.translation import gettext_lazy as _

from ideas.models import Aim, Idea, Mentored, Nomination, ReviewTask, Round
from ideas.sectors import CHOICES
from lib.filters import Filters, KeyFilter
from lib.folding import fold


class IdeaFilter(Filters):
    """`q` finds words in any script, with or without diacritics, and an idea by its number."""

    REVIEWED = [("none", _("no review yet")), ("some", _("reviews missing")), ("all", _("all reviews in"))]

    q = django_filters.CharFilter(label=_("Words or number"), method="find")
    state = django_filters.ChoiceFilter(label=_("State"), choices=Idea.State, empty_label=_("every state"))
    sector = django_filters.ChoiceFilter(label=_("Sector"), choices=CHOICES, empty_label=_("every sector"))
    reviewed = django_filters.ChoiceFilter(
        label=_("Reviews"), choices=REVIEWED, method="narrow_reviewed", empty_label=_("any number")
    )

    class Meta:
        model = Idea
        fields = ["q", "state", "sector", "reviewed"]

    def find(self, ideas, _name, text):
        number = text.strip().removeprefix("#")
        if number.isdecimal() and len(number) < 7:
            return ideas.filter(number=int(number))
        for word in fold(text).split():
            ideas = ideas.filter(text__text_key__contains=word)
        return ideas

    def narrow_reviewed(self, ideas, _name, value):
        """Needs `with_reviews()`."""
        if value == "none":
            return ideas.filter(judged=0)
        return (
            ideas.filter(judged__gte=F("asked"), asked__gt=0)
            if value == "all"
            else ideas.filter(judged__lt=F("asked"))
        )

    @property
    def is_narrowed(self) -> bool:
        return self.is_bound and any(self.data.get(name) for name in self.base_filters)

    @property
    def is_unfolded(self) -> bool:
        return self.is_bound and any(self.data.get(name) for name in ("state", "sector", "reviewed"))


class InOneProgramme(Filters):
    programme = django_filters.CharFilter("programme__code", help_text=_("The programme's code."))


class IdeasFilter(IdeaFilter):
    """The API's: over programmes."""

    programme = django_filters.CharFilter("programme__code", help_text=_("The programme's code."))
    state_at = django_filters.IsoDateTimeFromToRangeFilter("state_at")

    class Meta(IdeaFilter.Meta):
        fields = ["q", "state", "state_at", "sector", "stage", "reviewed", "programme"]


class AimFilter(InOneProgramme):
    class Meta:
        model = Aim
        fields = ["programme", "code"]


class RoundFilter(InOneProgramme):
    class Meta:
        model = Round
        fields = ["programme"]


class OfIdea(Filters):
    programme = django_filters.CharFilter("idea__programme__code", help_text=_("The programme's code."))


class NominationFilter(OfIdea):
    class Meta:
        model = Nomination
        fields = ["idea", "enrolment", "session", "programme"]


class MentoredFilter(OfIdea):
    class Meta:
        model = Mentored
        fields = ["idea", "assignment", "programme"]


class ReviewFilter(OfIdea):
    round = KeyFilter("seat__round")
    reviewer = KeyFilter("seat__reviewer", help_text=_("Her person."))
    state_at = django_filters.IsoDateTimeFromToRangeFilter("state_at")

    class Meta:
        model = ReviewTask
        fields = ["round", "reviewer", "idea", "state", "state_at", "programme"]
