"""Definitions of figures over the API: versions that the organisation made, all that count in a programme,
and what a version would give that nobody has kept yet."""

from rest_framework import serializers
from rest_framework.decorators import action

from lib.api import Resource, noun
from lib.api.bodies import Json, written
from lib.api.narrowed import Said, example, shows
from outcomes import defined, services
from outcomes.api.tables import CountedProgrammeViewSet
from outcomes.counting.spec import in_words
from outcomes.defined import Defined
from outcomes.definitions import DISAGGREGATIONS
from outcomes.filters_asking import IndicatorFilter
from outcomes.models import IndicatorVersion
from outcomes.registry import definitions
from outcomes.rules import insist
from outcomes.services.definitions import check_definition

SHARE = {
    "count": "answers",
    "aggregation": "share",
    "values": {"now": {"question": "satisfaction", "at": ["exit"]}},
    "numerator": ["at_least", "now", 4],
    "denominator": ["known", "now"],
}
WORDS = {
    "name": "Satisfied at the end",
    "name_sr": "Zadovoljne na kraju",
    "unit": "percent",
    "numerator": "Persons who gave a 4 or a 5.",
    "numerator_sr": "Osobe koje su dale 4 ili 5.",
    "denominator": "Persons who answered.",
    "denominator_sr": "Osobe koje su odgovorile.",
    "spec": SHARE,
    "disaggregations": ["module"],
    "standard": "IRIS PI7163",
    "level": "outcome",
    "kirkpatrick": 1,
}
MADE = {"code": "LO-01", **WORDS, "reason": "The funder asks for 4 and 5."}
VALUE = {"state": "measured", "value": 83.3, "numerator": 20, "denominator": 24, "said": "83.3 %"}
HOW = ["“now” is the answer to “satisfaction” at the end."]
ONE = {"code": "LO-01", "version": 2, "source": "own", "name": "Satisfied at the end", "unit": "percent"}
ONE |= {"numerator": "Persons who gave a 4 or a 5.", "denominator": "Persons who answered.", "spec": SHARE}
ONE |= {"how": HOW, "level": "outcome", "kirkpatrick": 1, "disaggregations": ["module"], "standard": ""}
ONE |= {"is_guarded": False, "lines": 1}


@example(id=3, number=2, **MADE, made_at="2025-05-02T09:30:00Z")
class IndicatorSerializer(serializers.ModelSerializer):
    """Rows are added, never changed. `spec` says how it is counted: its language stands in the documentation
    of the product."""

    class Meta:
        model = IndicatorVersion
        fields = ["id", "number", *MADE, "made_at"]
        read_only_fields = fields


@example(**MADE)
class IndicatorSaidSerializer(Said):
    """A definition of the organisation's own; with a code that there is, its next version, and `reason` says
    why. What it leaves out is empty in this version."""

    spec = serializers.JSONField()
    disaggregations = serializers.ListField(
        child=serializers.ChoiceField(choices=list(DISAGGREGATIONS.items())), required=False
    )
    kirkpatrick = serializers.IntegerField(min_value=1, max_value=4, required=False, allow_null=True)

    class Meta:
        model = IndicatorVersion
        fields = list(MADE)


class IndicatorViewSet(Resource):
    """Definitions of figures that the organisation made, version by version. All that count, the library's
    too, stand at each programme under `definitions/`."""

    serializer_class = IndicatorSerializer
    writes = IndicatorSaidSerializer
    filterset_class = IndicatorFilter
    queryset = IndicatorVersion.objects.none()

    def get_queryset(self):
        return IndicatorVersion.objects.visible_to(self.request.user)

    def add(self, said, *, by, now):
        return services.save_definition(by=by, tenant=by.tenant, **said)


@example(**ONE)
class DefinitionSerializer(serializers.Serializer):
    """In its newest version, in the language of who asks. `how` says in sentences what `spec` is as data."""

    code = serializers.CharField(source="definition.code")
    version = serializers.IntegerField(source="definition.version")
    source = serializers.CharField(source="definition.source", help_text="library, or own.")
    name = serializers.CharField(source="definition.name")
    unit = serializers.CharField(source="definition.unit")
    numerator = serializers.CharField(source="definition.numerator")
    denominator = serializers.CharField(source="definition.denominator")
    spec = serializers.JSONField(source="definition.how")
    how = serializers.SerializerMethodField()
    level = serializers.CharField(source="definition.level")
    kirkpatrick = serializers.IntegerField(source="definition.kirkpatrick", allow_null=True)
    disaggregations = serializers.ListField(source="definition.disaggregations")
    standard = serializers.CharField(source="definition.standard")
    is_guarded = serializers.BooleanField(source="definition.is_guarded")
    lines = serializers.SerializerMethodField()

    def get_how(self, row: Defined) -> list[str]:
        return in_words(row.definition.how)

    def get_lines(self, row: Defined) -> int:
        return len(row.lines)


@example(definitions=[ONE])
class DefinitionsSerializer(serializers.Serializer):
    definitions = DefinitionSerializer(many=True)


@example(**VALUE)
class TriedFigureSerializer(serializers.Serializer):
    """`said` is the figure as a page tells it."""

    state = serializers.CharField(source="value.state")
    value = serializers.FloatField(source="value.value", allow_null=True)
    numerator = serializers.FloatField(source="value.numerator", allow_null=True)
    denominator = serializers.FloatField(source="value.denominator", allow_null=True)
    said = serializers.CharField()


@example(how=HOW, unknown_questions=[], is_guarded=False, new=VALUE, present=VALUE)
class TriedSerializer(serializers.Serializer):
    """What it gives now in this programme; `present` is the newest version that is kept, null where there is
    none."""

    how = serializers.ListField(child=serializers.CharField())
    unknown_questions = serializers.ListField(child=serializers.CharField(), source="nowhere")
    is_guarded = serializers.BooleanField(source="definition.is_guarded")
    new = TriedFigureSerializer()
    present = TriedFigureSerializer(allow_null=True)


class DefinedProgrammeViewSet(CountedProgrammeViewSet):
    __doc__ = CountedProgrammeViewSet.__doc__

    @action(detail=True)
    @shows(DefinitionsSerializer)
    def definitions(self, request, code=None):
        """All definitions of the organisation in their newest version, the library's too."""
        programme = self.get_object()
        insist(request.user, "read_tables", programme)
        found = {"definitions": defined.defined(request.user, programme)}
        return Json(written(DefinitionsSerializer(found).data))

    @noun(IndicatorSaidSerializer, shows=TriedSerializer)
    def definition_preview(self, row, said, *, by, now):
        """What a version would give in this programme now, beside the newest kept. It keeps nothing."""
        insist(by, "keep_definitions", row)
        code = said.pop("code")
        known = definitions(row.tenant).get(code)
        check_definition(known, code, said)
        return defined.tried(row, known, code, said, now)
