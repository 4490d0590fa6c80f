"""The plan for scripts: what will go to whom and why."""

from rest_framework import serializers, viewsets

from reminders.models import Reminder


class ReminderSerializer(serializers.ModelSerializer):
    kind = serializers.CharField(source="rule.kind", read_only=True)
    programme = serializers.CharField(source="rule.programme.code", read_only=True)

    class Meta:
        model = Reminder
        fields = [
            "id", "programme", "kind", "person", "subject_type", "subject_id", "subject_revision",
            "due_at", "send_before", "state", "attempts", "reason", "sent_at",
        ]  # fmt: skip


class ReminderViewSet(viewsets.ReadOnlyModelViewSet):
    serializer_class = ReminderSerializer
    filterset_fields = {"state": ["exact"], "rule__programme__code": ["exact"], "person": ["exact"]}
    queryset = Reminder.objects.none()

    def get_queryset(self):
        return Reminder.objects.visible_to(self.request.user).select_related("rule__programme")
