"""Results with their parties over the API."""

from rest_framework import serializers

from lib.api import Resource, noun
from lib.api.narrowed import Narrowed, Said, example
from outcomes import rules, services
from outcomes.filters_results import ResultsFilter
from outcomes.models import Party, Result
from people.models import Funding, Organisation, Programme

PARTIES = [{"organisation": 4, "name": "", "role": "buyer"}]
TOLD = {
    "programme": "start-up-2025",
    "kind": "agreement",
    "title": "Agreement on joint purchase",
    "title_sr": "Sporazum o zajedničkoj nabavci",
    "day": "2025-05-14",
    "number": None,
    "place": "Zlatibor",
    "countries": ["RS", "BA"],
    "session": 11,
    "enrolment": None,
    "enterprise": None,
    "introduction": None,
    "attribution": "contributed",
    "note": "",
    "reported_to": [7],
    "source": "",
    "source_id": "",
}
FIELDS = list(TOLD)
SHOWN = {"id": 3, **TOLD, "parties": PARTIES, "evidence": [12]}
SHOWN |= {"withdrawn_at": None, "reason": "", "at": "2025-05-15T09:00:00Z"}


@example(**PARTIES[0])
class PartySerializer(serializers.ModelSerializer):
    """An organisation of the address book, or a name."""

    class Meta:
        model = Party
        fields = ["organisation", "name", "role"]
        read_only_fields = fields


@example(organisation=4, role="buyer")
class PartySaidSerializer(Narrowed, serializers.Serializer):
    organisation = serializers.PrimaryKeyRelatedField(
        queryset=Organisation.objects.none(), required=False, allow_null=True
    )
    name = serializers.CharField(max_length=200, required=False, allow_blank=True)
    role = serializers.CharField(max_length=100, required=False, allow_blank=True)


@example(**SHOWN)
class ResultRowSerializer(serializers.ModelSerializer):
    """`number`: of jobs the full-time equivalents; null is unknown. `evidence`: their keys."""

    programme = serializers.SlugRelatedField(slug_field="code", read_only=True)
    countries = serializers.ListField(child=serializers.CharField(), read_only=True)
    parties = PartySerializer(many=True, read_only=True)
    evidence = serializers.PrimaryKeyRelatedField(many=True, read_only=True)
    reported_to = serializers.PrimaryKeyRelatedField(many=True, read_only=True)
    attribution = serializers.ChoiceField(
        choices=Result.Attribution.choices, allow_blank=True, read_only=True
    )

    class Meta:
        model = Result
        fields = ["id", *FIELDS, "parties", "evidence", "withdrawn_at", "reason", "at"]
        read_only_fields = fields


@example(**TOLD, parties=PARTIES)
class ResultRowSaidSerializer(Said):
    """`parties` and `reported_to` are all of them; left out they stay as they are."""

    programme = serializers.SlugRelatedField(slug_field="code", queryset=Programme.objects.none())
    countries = serializers.ListField(
        child=serializers.CharField(max_length=2), required=False, max_length=250
    )
    parties = PartySaidSerializer(many=True, required=False, max_length=60)
    reported_to = serializers.PrimaryKeyRelatedField(
        many=True, required=False, queryset=Funding.objects.none()
    )
    fixed = ("programme", "source", "source_id")
    sources = {"reported_to": rules.kept_fundings}

    class Meta:
        model = Result
        fields = [*FIELDS, "parties"]


@example(reason="Signed by one side only.")
class ResultWithdrawalSerializer(serializers.Serializer):
    reason = serializers.CharField(max_length=300)


class ResultViewSet(Resource):
    """What happened and can be shown: agreements, contracts, registrations, jobs. Taken back with a reason,
    never deleted; a day in a locked period is refused."""

    serializer_class = ResultRowSerializer
    writes = ResultRowSaidSerializer
    filterset_class = ResultsFilter
    queryset = Result.objects.none()
    programme = "programme"

    def get_queryset(self):
        rows = Result.objects.visible_to(self.request.user).select_related("programme__tenant")
        return rows.prefetch_related("parties", "evidence", "reported_to")

    def add(self, said, *, by, now):
        rules.insist(by, "keep_results", said["programme"])
        return services.save_result(by=by, now=now, **said)

    def change(self, row, said, *, by, now):
        rules.insist(by, "keep_results", row.programme)
        services.save_result(by=by, result=row, now=now, **said)

    @noun(ResultWithdrawalSerializer)
    def withdrawal(self, row, said, *, by, now):
        """Take it back: it counts no more, and can still be read."""
        rules.insist(by, "keep_results", row.programme)
        services.withdraw_result(by=by, result=row, now=now, **said)

    @noun()
    def restoration(self, row, said, *, by, now):
        """Have it count again."""
        rules.insist(by, "keep_results", row.programme)
        services.restore_result(by=by, result=row)
