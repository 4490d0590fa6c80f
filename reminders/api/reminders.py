"""The plan for scripts: what will go to whom and why."""

from django.core.exceptions import PermissionDenied
from rest_framework import serializers

from lib.api import Resource, noun
from lib.api.narrowed import example
from reminders import services
from reminders.filters import ReminderFilter
from reminders.models import Reminder, Rule


@example(
    id=91, programme="start-up-2025", kind="session_tomorrow", person=17, subject_type="training.session",
    subject_id=7, subject_revision=1, due_at="2025-03-11T17:00:00Z", send_before="2025-03-12T09:00:00Z",
    wanted_at=None, channel="email", rhythm="at_once", carrier=None, state="failed", attempts=3,
    try_after=None, reason="550 5.1.1 no such user", sent_at=None, told_how="",
)  # fmt: skip
class ReminderSerializer(serializers.ModelSerializer):
    kind = serializers.ChoiceField(source="rule.kind", choices=Rule.Kind, read_only=True)
    programme = serializers.SlugRelatedField(source="rule.programme", slug_field="code", read_only=True)

    class Meta:
        model = Reminder
        fields = [
            "id", "programme", "kind", "person", "subject_type", "subject_id", "subject_revision",
            "due_at", "wanted_at", "send_before", "channel", "rhythm", "carrier", "state", "attempts",
            "try_after", "reason", "sent_at", "told_how",
        ]  # fmt: skip
        extra_kwargs = {
            "wanted_at": {"help_text": "What the rule says, where quiet hours moved it."},
            "carrier": {"help_text": "In whose message it goes along, daily or weekly."},
            "reason": {"help_text": "The server's words, or ours in English."},
        }


@example(how="whatsapp")
class ToldSaidSerializer(serializers.Serializer):
    how = serializers.ChoiceField(choices=Reminder.How.choices)


class ReminderViewSet(Resource):
    """Messages that are due to somebody because of a fact in the records. They are planned by the records:
    none is made here."""

    serializer_class = ReminderSerializer
    filterset_class = ReminderFilter
    queryset = Reminder.objects.none()
    programme = "rule__programme"

    def get_queryset(self):
        return Reminder.objects.visible_to(self.request.user).select_related("rule__programme__tenant")

    @noun()
    def retry(self, row, said, *, by, now):
        """Send again what failed, is uncertain or was held: a person decided."""
        if not by.has_perm("reminders.run", row.rule.programme):
            raise PermissionDenied
        services.retry(by=by, reminder=row, now=now)

    @noun(ToldSaidSerializer)
    def told(self, row, said, *, by, now):
        """A person told her: it is never sent. Refused for one that is on its way, or that went."""
        if not by.has_perm("reminders.run", row.rule.programme):
            raise PermissionDenied
        services.told(by=by, reminder=row, how=said["how"], now=now)
