"""The plan for scripts: what will go to whom and why; and the rules that make it."""

from django.core.exceptions import PermissionDenied
from rest_framework import serializers

from lib.api import Resource, noun
from lib.api.narrowed import Said, example
from reminders import services
from reminders.filters import ReminderFilter, RuleFilter
from reminders.models import Reminder, Rule


@example(
    id=91, programme="start-up-2025", kind="session_tomorrow", person=17, subject_type="training.session",
    subject_id=7, subject_revision=1, due_at="2025-03-11T17:00:00Z", send_before="2025-03-12T09:00:00Z",
    state="failed", attempts=3, reason="The mail server refused the address.", sent_at=None,
)  # fmt: skip
class ReminderSerializer(serializers.ModelSerializer):
    kind = serializers.ChoiceField(source="rule.kind", choices=Rule.Kind, read_only=True)
    programme = serializers.SlugRelatedField(source="rule.programme", slug_field="code", read_only=True)

    class Meta:
        model = Reminder
        fields = [
            "id", "programme", "kind", "person", "subject_type", "subject_id", "subject_revision",
            "due_at", "send_before", "state", "attempts", "reason", "sent_at",
        ]  # fmt: skip


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


@example(id=4, programme="start-up-2025", kind="session_tomorrow", is_on=True, at_hour=18, after_days=1)
class RuleSerializer(serializers.ModelSerializer):
    programme = serializers.SlugRelatedField(slug_field="code", read_only=True)

    class Meta:
        model = Rule
        fields = ["id", "programme", "kind", "is_on", "at_hour", "after_days"]


@example(is_on=True, at_hour=19, after_days=1)
class RuleSaidSerializer(Said):
    at_hour = serializers.IntegerField(min_value=0, max_value=23, help_text="In the programme's zone.")

    class Meta:
        model = Rule
        fields = ["is_on", "at_hour", "after_days"]


class RuleViewSet(Resource):
    """Which reminders a programme sends, and when. A change plans anew what was not sent yet."""

    serializer_class = RuleSerializer
    writes = RuleSaidSerializer
    filterset_class = RuleFilter
    queryset = Rule.objects.none()
    programme = "programme"

    def get_queryset(self):
        return Rule.objects.visible_to(self.request.user).select_related("programme__tenant")

    def change(self, row, said, *, by, now):
        if not by.has_perm("reminders.run", row.programme):
            raise PermissionDenied
        now_so = {"is_on": row.is_on, "at_hour": row.at_hour, "after_days": row.after_days}
        services.change_rule(by=by, rule=row, **now_so | said)
