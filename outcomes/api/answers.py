"""What who is asked answered, and attempts to reach her, over the API."""

from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _
from rest_framework import serializers

from lib.api import Resource
from lib.api.narrowed import Narrowed, Said, example
from outcomes import rules, services
from outcomes.filters_asking import AnswerFilter, ContactFilter
from outcomes.models import Answer, Contact, Invitation, Question

ANSWERED = {
    "id": 512,
    "invitation": 31,
    "question": "turnover_month",
    "choice": "",
    "number": "1200.0000",
    "currency": "EUR",
    "day": None,
    "text": "",
    "is_unread": False,
    "evidence": "said",
    "at": "2025-12-03T18:20:00Z",
}


@example(**ANSWERED)
class GivenAnswerSerializer(serializers.ModelSerializer):
    """One value; of a question that takes any of several a row for each that was ticked. `is_unread`: what a
    file said could not be read, stands in `text`, and counts for nothing."""

    question = serializers.SlugRelatedField(slug_field="code", read_only=True)

    class Meta:
        model = Answer
        fields = list(ANSWERED)
        read_only_fields = fields


@example(invitation=31, question="turnover_month", said="1200 EUR", evidence="document", reason="")
class GivenAnswerSaidSerializer(Narrowed, serializers.Serializer):
    """`said` is what one would write in the form: `yes`, a choice's code, several codes with `;` between
    them, a number, an amount with its currency, a day as 2025-12-24, words. It takes the place of what stood
    there; said anew, it is noted as a change where the answers were handed in."""

    invitation = serializers.PrimaryKeyRelatedField(queryset=Invitation.objects.none())
    question = serializers.SlugRelatedField(slug_field="code", queryset=Question.objects.none())
    said = serializers.CharField(max_length=5000)
    mode = serializers.ChoiceField(choices=Invitation.Mode.choices, required=False)
    evidence = serializers.ChoiceField(choices=Answer.Evidence.choices, required=False)
    reason = serializers.CharField(max_length=300, required=False, allow_blank=True)


class AnswerViewSet(Resource):
    """What was answered. To say it again with another value changes it; the trail knows who did."""

    serializer_class = GivenAnswerSerializer
    writes = GivenAnswerSaidSerializer
    filterset_class = AnswerFilter
    queryset = Answer.objects.none()
    programme = "invitation__wave__programme"

    def get_queryset(self):
        rows = Answer.objects.visible_to(self.request.user)
        return rows.select_related("question", "invitation__wave__programme__tenant")

    def add(self, said, *, by, now):
        invitation, question = said["invitation"], said["question"]
        rules.insist(by, "keep_answers", invitation.wave.programme)
        if question.kind == Question.Kind.MANY:
            said["said"] = [code.strip() for code in said["said"].split(";") if code.strip()]
        services.save_answer(by=by, now=now, **said)
        rows = Answer.objects.filter(invitation=invitation, question=question)
        if (row := rows.order_by("pk").first()) is None:
            raise ValidationError({"said": [_("Say what she answered.")]})
        return row


TRIED = {"invitation": 31, "way": "phone", "outcome": "no_answer", "note": "Rang twice."}


@example(id=4, **TRIED, at="2025-12-01T10:00:00Z")
class ContactTriedSerializer(serializers.ModelSerializer):
    class Meta:
        model = Contact
        fields = ["id", *TRIED, "at"]
        read_only_fields = fields


@example(**TRIED)
class ContactTriedSaidSerializer(Said):
    invitation = serializers.PrimaryKeyRelatedField(queryset=Invitation.objects.none())

    class Meta:
        model = Contact
        fields = list(TRIED)


class ContactViewSet(Resource):
    """Attempts to reach who has not answered."""

    serializer_class = ContactTriedSerializer
    writes = ContactTriedSaidSerializer
    filterset_class = ContactFilter
    queryset = Contact.objects.none()
    programme = "invitation__wave__programme"

    def get_queryset(self):
        rows = Contact.objects.visible_to(self.request.user)
        return rows.select_related("invitation__wave__programme__tenant")

    def add(self, said, *, by, now):
        rules.insist(by, "keep_answers", said["invitation"].wave.programme)
        return services.log_contact(by=by, now=now, **said)
