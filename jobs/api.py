"""Background work for scripts: watched, and stopped."""

from rest_framework import serializers

from jobs import services
from jobs.filters import JobFilter
from jobs.models import Job
from lib.api import Resource, noun
from lib.api.narrowed import example


@example(
    id=44, kind="outcomes.build_issue", state="done", stage="", done=18, total=18, attempt=1, reason="",
    result={"issue": 10}, created_at="2025-07-10T08:59:40Z", started_at="2025-07-10T08:59:41Z",
    ended_at="2025-07-10T09:00:00Z", cancel_wanted_at=None,
)  # fmt: skip
class JobSerializer(serializers.ModelSerializer):
    class Meta:
        model = Job
        fields = [
            "id", "kind", "state", "stage", "done", "total", "attempt", "reason", "result", "created_at",
            "started_at", "ended_at", "cancel_wanted_at",
        ]  # fmt: skip
        read_only_fields = fields


class JobViewSet(Resource):
    """What takes longer than a request: an administrator sees all of her organisation, everybody else what
    she asked for."""

    serializer_class = JobSerializer
    filterset_class = JobFilter
    queryset = Job.objects.none()
    programme = ""

    def get_queryset(self):
        return Job.objects.visible_to(self.request.user)

    @noun()
    def cancellation(self, row, said, *, by, now):
        """Stop it: at once while it waits, at its next step while it runs. What has ended stays as it is."""
        services.cancel(row, now=now)
