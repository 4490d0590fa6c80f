"""Narrowing a list of ideas: the page and the API ask the same way."""

import django_filters
from django.db.models import F
from django.utils.translation import gettext_lazy as _

from ideas.models import (
    Aim,
    Asked,
    Compared,
    Criterion,
    Idea,
    IdeaFile,
    Join,
    Mentored,
    Nomination,
    ReviewTask,
    Round,
    Seat,
)
from ideas.sectors import CHOICES
from lib.filters import Filters, KeyFilter
from lib.folding import fold


class IdeaFilter(Filters):
    """`q` finds words in any script, with or without diacritics, and an idea by its number."""

    REVIEWED = [("none", _("no review yet")), ("some", _("reviews missing")), ("all", _("all reviews in"))]
    JOINED = [("only", _("only those that are joined")), ("all", _("each for itself"))]

    q = django_filters.CharFilter(label=_("Words or number"), method="find")
    state = django_filters.ChoiceFilter(label=_("State"), choices=Idea.State, empty_label=_("every state"))
    sector = django_filters.ChoiceFilter(label=_("Sector"), choices=CHOICES, empty_label=_("every sector"))
    reviewed = django_filters.ChoiceFilter(
        label=_("Reviews"), choices=REVIEWED, method="narrow_reviewed", empty_label=_("any number")
    )

    joined = django_filters.ChoiceFilter(
        label=_("Joined ideas"),
        choices=JOINED,
        method="narrow_joined",
        empty_label=_("as one idea"),
    )

    class Meta:
        model = Idea
        fields = ["q", "state", "sector", "reviewed", "joined"]

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

    def narrow_joined(self, ideas, _name, value):
        """`none`: those that stand; `only`: those that stand under another one; `all` leaves none out."""
        if value == "none":
            return ideas.standing()
        return ideas.filter(pk__in=Join.objects.open().values("idea")) if value == "only" else ideas

    @property
    def is_narrowed(self) -> bool:
        return self.is_bound and any(self.data.get(name) for name in self.base_filters)

    @property
    def is_unfolded(self) -> bool:
        return self.is_bound and any(
            self.data.get(name) for name in ("state", "sector", "reviewed", "joined")
        )


class InOneProgramme(Filters):
    programme = django_filters.CharFilter("programme__code", help_text=_("The programme's code."))


class IdeasFilter(IdeaFilter):
    """The API's: over programmes."""

    programme = django_filters.CharFilter("programme__code", help_text=_("The programme's code."))
    state_at = django_filters.IsoDateTimeFromToRangeFilter("state_at")
    joined = django_filters.ChoiceFilter(
        label=_("Joined ideas"),
        choices=[("none", _("those that stand")), *IdeaFilter.JOINED],
        method="narrow_joined",
    )

    class Meta(IdeaFilter.Meta):
        fields = ["q", "state", "state_at", "sector", "stage", "cluster", "reviewed", "joined", "programme"]


class AimFilter(InOneProgramme):
    class Meta:
        model = Aim
        fields = ["programme", "code"]


class RoundFilter(InOneProgramme):
    class Meta:
        model = Round
        fields = ["programme"]


class OfRound(Filters):
    programme = django_filters.CharFilter("round__programme__code", help_text=_("The programme's code."))


class CriterionFilter(OfRound):
    class Meta:
        model = Criterion
        fields = ["round", "programme"]


class SeatFilter(OfRound):
    class Meta:
        model = Seat
        fields = ["round", "reviewer", "programme"]


class OfIdea(Filters):
    programme = django_filters.CharFilter("idea__programme__code", help_text=_("The programme's code."))


class NominationFilter(OfIdea):
    class Meta:
        model = Nomination
        fields = ["idea", "enrolment", "session", "programme"]


class IdeaFileFilter(OfIdea):
    class Meta:
        model = IdeaFile
        fields = ["idea", "programme"]


class MentoredFilter(OfIdea):
    class Meta:
        model = Mentored
        fields = ["idea", "assignment", "programme"]


class JoinFilter(OfIdea):
    parted = django_filters.BooleanFilter("parted_at", lookup_expr="isnull", exclude=True)

    class Meta:
        model = Join
        fields = ["idea", "into", "parted", "programme"]


class ComparedFilter(Filters):
    programme = django_filters.CharFilter("one__programme__code", help_text=_("The programme's code."))

    class Meta:
        model = Compared
        fields = ["one", "other", "says", "programme"]


class AskedFilter(OfIdea):
    class Meta:
        model = Asked
        fields = ["idea", "need", "programme"]


class ReviewFilter(OfIdea):
    round = KeyFilter("seat__round")
    reviewer = KeyFilter("seat__reviewer", help_text=_("Her person."))
    state_at = django_filters.IsoDateTimeFromToRangeFilter("state_at")

    class Meta:
        model = ReviewTask
        fields = ["round", "reviewer", "idea", "state", "state_at", "programme"]
