"""A funder's logframe over the API: its lines, in the funder's words and order."""

from rest_framework import serializers

from lib.api import Resource, noun
from lib.api.narrowed import Said, example
from outcomes import rules, services
from outcomes.filters import LogframeLineFilter
from outcomes.models import LogframeLine
from people.models import Funding

PROMISED = {
    "funding": 7,
    "parent": None,
    "code": "OP 1.2",
    "wording": "Women who completed the training",
    "level": "output",
    "indicator": "OP-07",
    "version": None,
    "unit": "",
    "is_cumulative": True,
}
LINE = list(PROMISED)


@example(id=14, **PROMISED, position=3)
class LogframeLineSerializer(serializers.ModelSerializer):
    """`indicator` is the code of the definition that counts it; without one it has a target and no figure.
    `version` null: always its newest. `unit`: of a line without a definition."""

    class Meta:
        model = LogframeLine
        fields = ["id", *LINE, "position"]
        read_only_fields = fields


@example(**PROMISED)
class LogframeLineSaidSerializer(Said):
    funding = serializers.PrimaryKeyRelatedField(queryset=Funding.objects.none())
    parent = serializers.PrimaryKeyRelatedField(
        queryset=LogframeLine.objects.none(), required=False, allow_null=True
    )
    fixed = ("funding",)
    sources = {"funding": rules.kept_fundings}

    class Meta:
        model = LogframeLine
        fields = LINE


@example(position=1)
class LinePlaceSerializer(serializers.Serializer):
    position = serializers.IntegerField(min_value=1, max_value=1000, help_text="Counted from 1.")


class LogframeLineViewSet(Resource):
    """Lines of logframes. Once a summary was released with them they stay."""

    serializer_class = LogframeLineSerializer
    writes = LogframeLineSaidSerializer
    filterset_class = LogframeLineFilter
    queryset = LogframeLine.objects.none()
    programme = "funding__programmes"

    def get_queryset(self):
        fundings = rules.kept_fundings(self.request.user).order_by()
        rows = LogframeLine.objects.visible_to(self.request.user).filter(funding__in=fundings)
        return rows.select_related("funding__project__tenant", "parent")

    def add(self, said, *, by, now):
        rules.insist(by, "keep_logframe", said["funding"])
        return services.save_line(by=by, **said)

    def change(self, row, said, *, by, now):
        rules.insist(by, "keep_logframe", row.funding)
        services.save_line(by=by, line=row, **said)

    def remove(self, row, *, by, now):
        rules.insist(by, "keep_logframe", row.funding)
        services.remove_line(by=by, line=row)

    @noun(LinePlaceSerializer)
    def place(self, row, said, *, by, now):
        """Where it stands in its logframe; the others make room. Twice is once."""
        rules.insist(by, "keep_logframe", row.funding)
        services.place_line(by=by, line=row, **said)
