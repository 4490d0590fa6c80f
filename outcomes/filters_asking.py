"""Filters of who is asked and what they answered, used by the API."""

import django_filters
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from lib.filters import Filters, KeyFilter
from lib.folding import fold
from outcomes.models import (
    Answer,
    Contact,
    Edition,
    IndicatorVersion,
    Invitation,
    Item,
    Question,
    Questionnaire,
    Wave,
    Wording,
)


class InvitationFilter(Filters):
    programme = django_filters.CharFilter(field_name="wave__programme__code")
    wave = django_filters.CharFilter(field_name="wave__code")
    enrolment = KeyFilter(field_name="enrolment_id")
    state = django_filters.ChoiceFilter(choices=Invitation.State.choices)

    class Meta:
        model = Invitation
        fields = ["programme", "wave", "enrolment", "state"]


class AskedFilter(Filters):
    """Of one wave, on its page."""

    q = django_filters.CharFilter(method="named", label=_("Name"))
    state = django_filters.ChoiceFilter(choices=Invitation.State.choices, label=_("State"))

    class Meta:
        model = Invitation
        fields = ["q", "state"]

    def named(self, rows, _name, text):
        return rows.filter(Q(enrolment__person__name_key__contains=fold(text)) | Q(source_id=text))


class AnswerFilter(Filters):
    programme = django_filters.CharFilter(field_name="invitation__wave__programme__code")
    wave = django_filters.CharFilter(field_name="invitation__wave__code")
    invitation = KeyFilter(field_name="invitation_id")
    question = django_filters.CharFilter(field_name="question__code")
    is_unread = django_filters.BooleanFilter()

    class Meta:
        model = Answer
        fields = ["programme", "wave", "invitation", "question", "is_unread"]


class ContactFilter(Filters):
    programme = django_filters.CharFilter(field_name="invitation__wave__programme__code")
    invitation = KeyFilter(field_name="invitation_id")
    outcome = django_filters.ChoiceFilter(choices=Contact.Outcome.choices)

    class Meta:
        model = Contact
        fields = ["programme", "invitation", "outcome"]


class QuestionFilter(Filters):
    class Meta:
        model = Question
        fields = ["code", "kind"]


class IndicatorFilter(Filters):
    class Meta:
        model = IndicatorVersion
        fields = ["code", "number"]


class WordingFilter(Filters):
    class Meta:
        model = Wording
        fields = ["question"]


class QuestionnaireFilter(Filters):
    programme = django_filters.CharFilter(field_name="programme__code")

    class Meta:
        model = Questionnaire
        fields = ["programme", "code"]


class EditionFilter(Filters):
    programme = django_filters.CharFilter(field_name="questionnaire__programme__code")
    is_published = django_filters.BooleanFilter("published_at", "isnull", exclude=True)

    class Meta:
        model = Edition
        fields = ["programme", "questionnaire", "is_published"]


class ItemFilter(Filters):
    programme = django_filters.CharFilter(field_name="edition__questionnaire__programme__code")

    class Meta:
        model = Item
        fields = ["programme", "edition"]


class WaveFilter(Filters):
    programme = django_filters.CharFilter(field_name="programme__code")

    class Meta:
        model = Wave
        fields = ["programme", "code", "kind", "edition"]
