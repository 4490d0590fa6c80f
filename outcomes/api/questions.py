"""Questions and their wordings over the API: a question is its code, a wording is how it is put."""

from rest_framework import serializers

from lib.api import Resource
from lib.api.narrowed import Narrowed, Said, example
from outcomes import rules, services
from outcomes.filters_asking import QuestionFilter, WordingFilter
from outcomes.models import Edition, Question, Wording

ASKS = {"code": "net_income", "kind": "money", "library": "", "is_guarded": True}
CHOICE = {"code": "retail", "en": "Retail", "sr": "Maloprodaja"}
PUT = {
    "text": "What did you earn last month?",
    "text_sr": "Koliko ste zaradili prošlog meseca?",
    "help": "After tax.",
    "help_sr": "Posle poreza.",
    "choices": [],
    "lowest": "0.0000",
    "highest": None,
    "low_label": "",
    "low_label_sr": "",
    "high_label": "",
    "high_label_sr": "",
    "unit": "",
    "unit_sr": "",
    "currency": "RSD",
}


@example(id=17, **ASKS)
class AskedQuestionSerializer(serializers.ModelSerializer):
    """`library` is the code of the question that ships with the product, where it is one."""

    class Meta:
        model = Question
        fields = ["id", *ASKS]
        read_only_fields = fields


@example(**CHOICE)
class OfferedChoiceSerializer(serializers.Serializer):
    """A code keeps its meaning through all wordings of its question."""

    code = serializers.CharField(max_length=60)
    en = serializers.CharField(max_length=200)
    sr = serializers.CharField(max_length=200, required=False, allow_blank=True)


@example(id=23, question=17, number=1, **PUT)
class AskedWordingSerializer(serializers.ModelSerializer):
    choices = OfferedChoiceSerializer(many=True, read_only=True)

    class Meta:
        model = Wording
        fields = ["id", "question", "number", *PUT]
        read_only_fields = fields


@example(edition=5, code="net_income", kind="money", is_guarded=True, **PUT)
class AskedQuestionSaidSerializer(Narrowed, serializers.ModelSerializer):
    """A question with its first wording, of the organisation whose draft `edition` is. To have it asked, post
    an item."""

    edition = serializers.PrimaryKeyRelatedField(queryset=Edition.objects.none())
    code = serializers.CharField(max_length=60)
    kind = serializers.ChoiceField(choices=Question.Kind.choices)
    is_guarded = serializers.BooleanField(
        required=False,
        help_text="It tells of income, closure, jobs or loss: figures of it are withheld by both sides.",
    )
    choices = OfferedChoiceSerializer(many=True, required=False, max_length=200)

    class Meta:
        model = Wording
        fields = ["edition", "code", "kind", "is_guarded", *PUT]


@example(question=17, **PUT)
class AskedWordingSaidSerializer(Said):
    choices = OfferedChoiceSerializer(many=True, required=False, max_length=200)

    class Meta:
        model = Wording
        fields = ["question", *PUT]


class AskedQuestionViewSet(Resource):
    """What is asked, by its code: the same in every wave, questionnaire and file."""

    serializer_class = AskedQuestionSerializer
    writes = AskedQuestionSaidSerializer
    filterset_class = QuestionFilter
    queryset = Question.objects.none()

    def get_queryset(self):
        return Question.objects.visible_to(self.request.user)

    def add(self, said, *, by, now):
        rules.insist(by, "keep_answers", said["edition"].questionnaire.programme)
        return services.save_question(by=by, **said).question


class AskedWordingViewSet(Resource):
    """How a question is put. What somebody has read stays: other words are another wording."""

    serializer_class = AskedWordingSerializer
    writes = AskedWordingSaidSerializer
    filterset_class = WordingFilter
    queryset = Wording.objects.none()

    def get_queryset(self):
        return Wording.objects.visible_to(self.request.user).select_related("question")

    def add(self, said, *, by, now):
        return services.save_wording(by=by, **said)
