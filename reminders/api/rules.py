"""The rules of a programme for scripts: who is told of what, when, by which way and in which words."""

from django.core.exceptions import PermissionDenied
from rest_framework import serializers

from lib.api import Resource
from lib.api.narrowed import Said, example
from people.models import Programme
from reminders import services
from reminders.filters import QuietHoursFilter, RuleFilter, RuleTextFilter
from reminders.models import QuietHours, Rule, RuleText

RULE = {
    "is_on": True, "at_hour": 18, "after_days": 1, "audience": "participants", "condition": "",
    "module": None, "channel": "email",
}  # fmt: skip
TEXT = {"subject": "See you on {day}", "text": "Dear {person},\n\nwe meet at {start} for {session}."}


@example(id=4, programme="start-up-2025", kind="session_tomorrow", **RULE)
class RuleSerializer(serializers.ModelSerializer):
    programme = serializers.SlugRelatedField(slug_field="code", read_only=True)

    class Meta:
        model = Rule
        fields = ["id", "programme", "kind", *services.FIELDS]


@example(**RULE | {"at_hour": 19, "sure": False})
class RuleSaidSerializer(Said):
    at_hour = serializers.IntegerField(min_value=0, max_value=23, help_text="In the programme's zone.")
    sure = serializers.BooleanField(
        required=False, help_text="Yes: though it would write to more than 200 people now."
    )

    class Meta:
        model = Rule
        fields = [*services.FIELDS, "sure"]


class RuleViewSet(Resource):
    """Which reminders a programme sends, to whom, when and by which way. A change plans anew what was not
    sent yet; one that would write to more than 200 people now is refused unless it is `sure`."""

    serializer_class = RuleSerializer
    writes = RuleSaidSerializer
    filterset_class = RuleFilter
    queryset = Rule.objects.none()
    programme = "programme"

    def get_queryset(self):
        return Rule.objects.visible_to(self.request.user).select_related("programme__tenant", "module")

    def change(self, row, said, *, by, now):
        _runs(by, row.programme)
        services.change_rule(by=by, rule=row, now=now, **said)


@example(id=3, rule=4, language="en", **TEXT)
class RuleTextSerializer(serializers.ModelSerializer):
    class Meta:
        model = RuleText
        fields = ["id", "rule", "language", "subject", "text"]


@example(rule=4, language="en", **TEXT)
class RuleTextSaidSerializer(Said):
    fixed = ("rule", "language")

    class Meta:
        model = RuleText
        fields = ["rule", "language", "subject", "text"]


class RuleTextViewSet(Resource):
    """A programme's own words of a rule, instead of ours. Placeholders stand in braces, and each kind has its
    own; one that it does not know is refused."""

    serializer_class = RuleTextSerializer
    writes = RuleTextSaidSerializer
    filterset_class = RuleTextFilter
    queryset = RuleText.objects.none()
    programme = "rule__programme"

    def get_queryset(self):
        return RuleText.objects.visible_to(self.request.user).select_related("rule__programme__tenant")

    def add(self, said, *, by, now):
        _runs(by, said["rule"].programme)
        return services.word_rule(by=by, **said)

    def change(self, row, said, *, by, now):
        _runs(by, row.rule.programme)
        words = {"subject": row.subject, "text": row.text} | said
        services.word_rule(by=by, rule=row.rule, language=row.language, **words)

    def remove(self, row, *, by, now):
        _runs(by, row.rule.programme)
        services.unword_rule(by=by, rule=row.rule, language=row.language)


@example(id=2, programme="start-up-2025", starts="21:00:00", ends="08:00:00")
class QuietHoursSerializer(serializers.ModelSerializer):
    programme = serializers.SlugRelatedField(slug_field="code", read_only=True)

    class Meta:
        model = QuietHours
        fields = ["id", "programme", "starts", "ends"]


@example(programme="start-up-2025", starts="22:00:00", ends="07:00:00")
class QuietHoursSaidSerializer(Said):
    fixed = ("programme",)
    programme = serializers.SlugRelatedField(slug_field="code", queryset=Programme.objects.none())

    class Meta:
        model = QuietHours
        fields = ["programme", "starts", "ends"]


class QuietHoursViewSet(Resource):
    """When nothing reaches anybody, by the reader's clock. A programme without any has the usual ones, from
    21:00 to 08:00."""

    serializer_class = QuietHoursSerializer
    writes = QuietHoursSaidSerializer
    filterset_class = QuietHoursFilter
    queryset = QuietHours.objects.none()
    programme = "programme"

    def get_queryset(self):
        return QuietHours.objects.visible_to(self.request.user).select_related("programme__tenant")

    def add(self, said, *, by, now):
        _runs(by, said["programme"])
        usual = {"starts": QuietHours.STARTS, "ends": QuietHours.ENDS}
        return services.set_quiet_hours(by=by, **usual | said)

    def change(self, row, said, *, by, now):
        _runs(by, row.programme)
        hours = {"starts": row.starts, "ends": row.ends} | said
        services.set_quiet_hours(by=by, programme=row.programme, **hours)

    def remove(self, row, *, by, now):
        _runs(by, row.programme)
        services.forget_quiet_hours(by=by, row=row)


def _runs(by, programme: Programme) -> None:
    if not by.has_perm("reminders.run", programme):
        raise PermissionDenied
