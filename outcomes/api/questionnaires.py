"""Questionnaires, their editions and what stands in them, over the API."""

from rest_framework import serializers

from lib.api import Resource, noun
from lib.api.narrowed import Said, example
from outcomes import rules, services
from outcomes.filters_asking import EditionFilter, ItemFilter, QuestionnaireFilter
from outcomes.library.questionnaires import SHEETS
from outcomes.models import Edition, Item, Questionnaire
from people.models import Programme

NAMED = {"name": "After the fair", "name_sr": "Posle sajma", "intro": "", "intro_sr": ""}
TOLD = {"programme": "start-up-2025", "code": "after-fair", **NAMED}
PLACED = {"is_required": False, "section": "Your business", "section_sr": "Vaš biznis"}
WHEN = {"question": "operating", "is": ["yes"]}


@example(id=4, **TOLD)
class AskedQuestionnaireSerializer(serializers.ModelSerializer):
    programme = serializers.SlugRelatedField(slug_field="code", read_only=True)

    class Meta:
        model = Questionnaire
        fields = ["id", *TOLD]
        read_only_fields = fields


@example(**TOLD)
class AskedQuestionnaireSaidSerializer(Said):
    programme = serializers.SlugRelatedField(slug_field="code", queryset=Programme.objects.none())
    fixed = ("programme", "code")

    class Meta:
        model = Questionnaire
        fields = list(TOLD)


@example(id=5, questionnaire=4, number=1, published_at=None)
class QuestionnaireEditionSerializer(serializers.ModelSerializer):
    class Meta:
        model = Edition
        fields = ["id", "questionnaire", "number", "published_at"]
        read_only_fields = fields


@example(questionnaire=4)
class QuestionnaireEditionSaidSerializer(Said):
    class Meta:
        model = Edition
        fields = ["questionnaire"]


@example(**WHEN)
class AskedWhenSerializer(serializers.Serializer):
    """Any of these answers to a question above."""

    question = serializers.CharField(max_length=60)

    def get_fields(self):  # `is` is a word of the language
        codes = serializers.ListField(child=serializers.CharField(max_length=60), max_length=200)
        return super().get_fields() | {"is": codes}


@example(id=9, edition=5, wording=23, position=1, **PLACED, shown_when=WHEN)
class AskedItemSerializer(serializers.ModelSerializer):
    """`shown_when` is {} or {"question": code, "is": [codes]}: it is asked only of who answered so."""

    shown_when = serializers.JSONField(read_only=True)

    class Meta:
        model = Item
        fields = ["id", "edition", "wording", "position", *PLACED, "shown_when"]
        read_only_fields = fields


@example(edition=5, wording=23, **PLACED, shown_when=WHEN)
class AskedItemSaidSerializer(Said):
    shown_when = AskedWhenSerializer(required=False)
    fixed = ("edition",)

    class Meta:
        model = Item
        fields = ["edition", "wording", *PLACED, "shown_when"]


@example(position=3)
class AskedPlaceSerializer(serializers.Serializer):
    position = serializers.IntegerField(min_value=1, max_value=1000, help_text="Counted from 1.")


@example(library="f6")
class LibraryQuestionnaireSerializer(serializers.Serializer):
    library = serializers.ChoiceField([(one.key, one.name) for one in SHEETS])


class QuestionnaireViewSet(Resource):
    """Sets of questions. A new one has an empty draft edition."""

    serializer_class = AskedQuestionnaireSerializer
    writes = AskedQuestionnaireSaidSerializer
    filterset_class = QuestionnaireFilter
    queryset = Questionnaire.objects.none()
    programme = "programme"

    def get_queryset(self):
        return Questionnaire.objects.visible_to(self.request.user).select_related("programme__tenant")

    def add(self, said, *, by, now):
        rules.insist(by, "keep_answers", said["programme"])
        return services.save_questionnaire(by=by, **said)

    def change(self, row, said, *, by, now):
        rules.insist(by, "keep_answers", row.programme)
        services.save_questionnaire(by=by, questionnaire=row, **said)


class EditionViewSet(Resource):
    """Versions of a questionnaire: a draft until it is published, unchanged from then on."""

    serializer_class = QuestionnaireEditionSerializer
    writes = QuestionnaireEditionSaidSerializer
    filterset_class = EditionFilter
    queryset = Edition.objects.none()
    programme = "questionnaire__programme"

    def get_queryset(self):
        rows = Edition.objects.visible_to(self.request.user)
        return rows.select_related("questionnaire__programme__tenant")

    def add(self, said, *, by, now):
        rules.insist(by, "keep_answers", said["questionnaire"].programme)
        return services.begin_edition(by=by, **said)

    @noun()
    def publication(self, row, said, *, by, now):
        """From now on it stays as it is, and may be asked."""
        rules.insist(by, "keep_answers", row.questionnaire.programme)
        services.publish_edition(by=by, edition=row, now=now)


class ItemViewSet(Resource):
    """Questions of an edition, each in one wording, in order. Only a draft changes."""

    serializer_class = AskedItemSerializer
    writes = AskedItemSaidSerializer
    filterset_class = ItemFilter
    queryset = Item.objects.none()
    programme = "edition__questionnaire__programme"

    def get_queryset(self):
        rows = Item.objects.visible_to(self.request.user)
        return rows.select_related("edition__questionnaire__programme__tenant", "wording__question")

    def add(self, said, *, by, now):
        rules.insist(by, "keep_answers", said["edition"].questionnaire.programme)
        return services.add_item(by=by, **said)

    def change(self, row, said, *, by, now):
        rules.insist(by, "keep_answers", row.edition.questionnaire.programme)
        services.save_item(by=by, item=row, **said)

    def remove(self, row, *, by, now):
        rules.insist(by, "keep_answers", row.edition.questionnaire.programme)
        services.remove_item(by=by, item=row)

    @noun(AskedPlaceSerializer)
    def place(self, row, said, *, by, now):
        """Where it stands among the questions of its draft; the others make room. Not above a question that
        its condition is about. Twice is once."""
        rules.insist(by, "keep_answers", row.edition.questionnaire.programme)
        services.place_item(by=by, item=row, **said)
