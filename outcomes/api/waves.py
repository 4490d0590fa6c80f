"""Waves over the API: when it is asked, and how many answered."""

from rest_framework import serializers

from lib.api import Resource, noun
from lib.api.narrowed import Said, example
from outcomes import rules, services
from outcomes.filters_asking import WaveFilter
from outcomes.models import Wave
from outcomes.response import response
from people.models import Programme

ASKS = {
    "programme": "start-up-2025",
    "edition": 5,
    "kind": "follow_up",
    "months": 6,
    "module": None,
    "opens": "2025-12-01",
    "closes": "2026-01-01",
    "is_retrospective": False,
}
CAME = {"asked": 24, "answered": 18, "partial": 1, "waiting": 3, "refused": 1, "unreachable": 1}
CAME |= {"withdrawn": 1}


@example(**CAME)
class WaveResponseSerializer(serializers.Serializer):
    """`asked` leaves out who withdrew her consent."""

    asked = serializers.IntegerField()
    answered = serializers.IntegerField()
    partial = serializers.IntegerField()
    waiting = serializers.IntegerField()
    refused = serializers.IntegerField()
    unreachable = serializers.IntegerField()
    withdrawn = serializers.IntegerField()


class Waves(serializers.ListSerializer):
    """The response of all of them in one query."""

    def to_representation(self, data):
        rows = list(data)
        self.child.responses = response(rows)
        return super().to_representation(rows)


@example(id=8, code="f6", **ASKS, response=CAME)
class AskedWaveSerializer(serializers.ModelSerializer):
    """`code` is the same for the same time in every programme: baseline, exit, f6. `closes` is the day after
    the last."""

    programme = serializers.SlugRelatedField(slug_field="code", read_only=True)
    response = serializers.SerializerMethodField()

    class Meta:
        model = Wave
        fields = ["id", "code", *ASKS, "response"]
        read_only_fields = fields
        list_serializer_class = Waves

    def get_response(self, row: Wave) -> WaveResponseSerializer:
        known = getattr(self, "responses", None) or response([row])
        return WaveResponseSerializer(known[row.pk]).data


@example(**ASKS)
class AskedWaveSaidSerializer(Said):
    programme = serializers.SlugRelatedField(slug_field="code", queryset=Programme.objects.none())
    fixed = ("programme",)

    class Meta:
        model = Wave
        fields = list(ASKS)


class WaveViewSet(Resource):
    """Times that a questionnaire is asked, with what came back."""

    serializer_class = AskedWaveSerializer
    writes = AskedWaveSaidSerializer
    filterset_class = WaveFilter
    queryset = Wave.objects.none()
    programme = "programme"

    def get_queryset(self):
        rows = Wave.objects.visible_to(self.request.user)
        return rows.select_related("programme__tenant", "edition__questionnaire", "module")

    def add(self, said, *, by, now):
        rules.insist(by, "keep_answers", said["programme"])
        return services.save_wave(by=by, **said)

    def change(self, row, said, *, by, now):
        rules.insist(by, "keep_answers", row.programme)
        services.save_wave(by=by, wave=row, **said)

    @noun()
    def inviting(self, row, said, *, by, now):
        """Ask everybody who takes part or took part and is not asked yet. Again is none."""
        rules.insist(by, "keep_answers", row.programme)
        services.invite(by=by, wave=row, now=now)
