"""What is shown of an idea's way and its files, and what asks for a mentor or takes one step for many."""

from rest_framework import serializers

from accounts.models import User
from ideas.models import Asked, Idea
from ideas.services.screening import STEPS
from lib.api.narrowed import Narrowed, example
from mentoring.models import Function
from people.api.book import SECTORS
from people.models import Programme
from training.models import Enrolment


class IdeaChangeSerializer(serializers.Serializer):
    """One step of its way. `by` is null for who does not record ideas, and for what nobody did by hand."""

    state = serializers.ChoiceField(choices=Idea.State)
    at = serializers.DateTimeField()
    by = serializers.IntegerField(source="by_id", allow_null=True)
    reason = serializers.CharField()


STEP = {"state": "screened", "at": "2025-03-20T09:00:00Z", "by": 4, "reason": ""}


@example(results=[STEP])
class IdeaChangesSerializer(serializers.Serializer):
    results = IdeaChangeSerializer(many=True)


@example(enrolment=31, functions=["marketing"], text="A price list that shops take")
class AskingSerializer(Narrowed, serializers.Serializer):
    """What is left out is the idea's own: its sector, its language, its words."""

    enrolment = serializers.PrimaryKeyRelatedField(queryset=Enrolment.objects.none())
    sector = serializers.ChoiceField(choices=SECTORS, required=False, allow_blank=True)
    functions = serializers.ListField(child=serializers.ChoiceField(choices=Function.choices), required=False)
    language = serializers.ChoiceField(choices=User.Language.choices, required=False, allow_blank=True)
    text = serializers.CharField(required=False, allow_blank=True, max_length=500)


@example(id=5, idea=51, need=81, enrolment=31, at="2025-05-02T10:00:00Z")
class NeedAskedSerializer(serializers.ModelSerializer):
    """That a need for a mentor was made of the idea."""

    enrolment = serializers.IntegerField(source="need.enrolment_id", read_only=True)

    class Meta:
        model = Asked
        fields = ["id", "idea", "need", "enrolment", "at"]
        read_only_fields = fields


@example(programme="start-up-2025", ideas=[51, 52], state="screened", reason="", only_look=True)
class ScreeningSerializer(Narrowed, serializers.Serializer):
    """One step for many ideas of one programme. With `only_look` nothing is written."""

    programme = serializers.SlugRelatedField(slug_field="code", queryset=Programme.objects.none())
    ideas = serializers.ListField(
        child=serializers.IntegerField(min_value=1, max_value=2**63 - 1), allow_empty=False, max_length=5000
    )
    state = serializers.ChoiceField(choices=[(s.value, s.label) for s in STEPS])
    reason = serializers.CharField(required=False, allow_blank=True, default="", max_length=300)
    only_look = serializers.BooleanField(default=False)


class ScreeningStepSerializer(serializers.Serializer):
    """`words` say why it stays as it is; empty where it takes the step."""

    idea = serializers.IntegerField(source="idea.pk")
    number = serializers.IntegerField(source="idea.number")
    words = serializers.CharField()


@example(results=[{"idea": 51, "number": 12, "words": ""}])
class ScreeningStepsSerializer(serializers.Serializer):
    results = ScreeningStepSerializer(many=True)
