"""The organisation's gateway for short messages, for an administrator's scripts."""

from django.core.exceptions import PermissionDenied
from rest_framework import serializers

from lib.api import Resource, noun
from lib.api.narrowed import Said, example
from reminders import services
from reminders.models import Gateway


@example(
    id=3,
    url="https://sms.example/rasadnik",
    is_on=True,
    revision=2,
    tried_at="2025-03-11T17:00:00Z",
    words="",
)
class GatewaySerializer(serializers.ModelSerializer):
    class Meta:
        model = Gateway
        fields = ["id", "url", "is_on", "revision", "tried_at", "words"]
        read_only_fields = fields
        extra_kwargs = {
            "revision": {"help_text": "Of its key."},
            "words": {"help_text": "What it answered to the last trial message; empty: it took it."},
        }


@example(url="https://sms.example/rasadnik", is_on=True)
class GatewaySaidSerializer(Said):
    class Meta:
        model = Gateway
        fields = ["url", "is_on"]


@example(key="5f0c8f6b3f…")
class GatewayKeySerializer(serializers.Serializer):
    key = serializers.CharField(help_text="Shown once.")


class GatewayViewSet(Resource):
    """Where short messages are handed over: one at most. Rasadnik signs each with the key."""

    serializer_class = GatewaySerializer
    writes = GatewaySaidSerializer
    filterset_fields: list[str] = []
    queryset = Gateway.objects.none()

    def get_queryset(self):
        return Gateway.objects.visible_to(self.request.user).select_related("tenant")

    def add(self, said, *, by, now):
        """Where there is one already it is changed."""
        if not by.is_administrator:
            raise PermissionDenied
        return services.set_gateway(by=by, url=said["url"], is_on=said.get("is_on", True))

    def change(self, row, said, *, by, now):
        services.set_gateway(by=by, **{"url": row.url, "is_on": row.is_on} | said)

    @noun(None, shows=GatewayKeySerializer)
    def key(self, row, said, *, by, now):
        """A new key; the one of before is void from now on."""
        return {"key": services.renew_key(by=by, gateway=row)}
