"""Packs of evidence: what was made, and asking for one. The archive itself is at `/packs/3/`."""

from rest_framework import serializers

from lib.api import Resource
from lib.api.bodies import Json, written
from lib.api.narrowed import Narrowed, example, shows
from people.models import Funding, Programme
from training import rules, services
from training.filters import PackFilter
from training.models import EvidencePack, Module


@example(
    id=3, programme="start-up-2025", module=None, funding=7, language="en",
    name="evidence-start-up-2025-bridge-2025-01-01-2025-07-01.zip", size=181_204,
    digest="9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08", by=3,
    at="2025-07-02T08:00:00Z",
)  # fmt: skip
class PackSerializer(serializers.ModelSerializer):
    """`digest` is the SHA-256 of the archive."""

    programme = serializers.SlugRelatedField(slug_field="code", read_only=True)
    name = serializers.CharField(source="file.name", read_only=True)
    size = serializers.IntegerField(source="file.size", read_only=True)
    digest = serializers.CharField(source="file.digest", read_only=True)

    class Meta:
        model = EvidencePack
        fields = [
            "id", "programme", "module", "funding", "language", "name", "size", "digest", "by", "at"
        ]  # fmt: skip
        read_only_fields = fields


@example(programme="start-up-2025", funding=7, start="2025-01-01", end="2025-07-01")
class PackSaidSerializer(Narrowed, serializers.Serializer):
    """Of a module, or of what a funding pays for; without days: the funding's period. `end` is the day after
    it."""

    programme = serializers.SlugRelatedField(slug_field="code", queryset=Programme.objects.none())
    module = serializers.PrimaryKeyRelatedField(
        required=False, allow_null=True, queryset=Module.objects.none()
    )
    funding = serializers.PrimaryKeyRelatedField(
        required=False, allow_null=True, queryset=Funding.objects.none()
    )
    start = serializers.DateField(required=False, allow_null=True)
    end = serializers.DateField(required=False, allow_null=True)


@example(id=44, state="queued")
class PackAskedSerializer(serializers.Serializer):
    """The background work that makes it."""

    id = serializers.IntegerField()
    state = serializers.CharField()


class PackViewSet(Resource):
    """Packs of evidence, for who runs a programme."""

    serializer_class = PackSerializer
    filterset_class = PackFilter
    queryset = EvidencePack.objects.none()
    programme = "programme"

    def get_queryset(self):
        return EvidencePack.objects.visible_to(self.request.user).select_related("programme", "file")

    @shows(PackAskedSerializer, takes=PackSaidSerializer)
    def create(self, request):
        """Ask for one; it is made in the background. Asking again meanwhile gives the same work."""
        said = self.said(takes=PackSaidSerializer)
        rules.insist(request.user, "make_pack", said["programme"])
        job = services.request_pack(by=request.user, **said)
        return Json(written({"id": job.pk, "state": job.state}))
