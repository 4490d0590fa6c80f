"""The rules of who may take part, and how they come out for each."""

from rest_framework import serializers

from lib.api import Resource, noun
from lib.api.narrowed import Said, example
from people.models import Programme
from training import rules, services
from training.filters import EligibilityRuleFilter, FindingFilter
from training.models import EligibilityRule, Finding

YOUNG = {
    "programme": "start-up-2025",
    "funding": None,
    "kind": "established_within",
    "values": [],
    "years": 3,
    "question": "",
    "question_sr": "",
    "wanted": True,
    "position": 1,
}


@example(id=3, **YOUNG)
class EligibilityRuleSerializer(serializers.ModelSerializer):
    programme = serializers.SlugRelatedField(slug_field="code", read_only=True)

    class Meta:
        model = EligibilityRule
        fields = ["id", *YOUNG]


class AnyOf(serializers.ListField):
    """Texts, or keys of clusters: the kind says which."""

    child = serializers.JSONField()


@example(**YOUNG)
class EligibilityRuleSaidSerializer(Said):
    """`values` are those of the kind: sexes, municipalities, regions, letters of NACE sections, keys of
    clusters (none: any), or the definition of woman-owned where the rule is no funder's."""

    programme = serializers.SlugRelatedField(slug_field="code", queryset=Programme.objects.none())
    values = AnyOf(required=False, max_length=200)
    fixed = ("programme", "kind")

    class Meta:
        model = EligibilityRule
        fields = list(YOUNG)


class EligibilityRuleViewSet(Resource):
    """Who may take part. A rule with a funding is that funder's own view, and binds nobody."""

    serializer_class = EligibilityRuleSerializer
    writes = EligibilityRuleSaidSerializer
    filterset_class = EligibilityRuleFilter
    queryset = EligibilityRule.objects.none()
    programme = "programme"

    def get_queryset(self):
        return EligibilityRule.objects.visible_to(self.request.user).select_related("programme__tenant")

    def add(self, said, *, by, now):
        rules.insist(by, "change_eligibility", said["programme"])
        return services.save_eligibility_rule(by=by, now=now, **said)

    def change(self, row, said, *, by, now):
        rules.insist(by, "change_eligibility", row.programme)
        services.save_eligibility_rule(by=by, programme=row.programme, rule=row, now=now, **said)

    def remove(self, row, *, by, now):
        rules.insist(by, "change_eligibility", row.programme)
        services.remove_eligibility_rule(by=by, rule=row, now=now)


@example(
    id=71, rule=3, enrolment=31, outcome="not_met", answer=None, checked_at="2025-02-03T09:00:00Z",
    fact={"established": "2019-05-01", "first_day": "2025-03-06", "since": "2022-03-06"},
    excepted_at="2025-02-04T10:00:00Z", exception="Began to trade in 2023 only",
)  # fmt: skip
class FindingSerializer(serializers.ModelSerializer):
    class Meta:
        model = Finding
        fields = [
            "id", "rule", "enrolment", "outcome", "fact", "answer", "checked_at", "excepted_at", "exception",
        ]  # fmt: skip


@example(reason="Began to trade in 2023 only")
class ExceptionSerializer(serializers.Serializer):
    reason = serializers.CharField(max_length=300)


@example(answer=True)
class AnswerSerializer(serializers.Serializer):
    answer = serializers.BooleanField(allow_null=True)


class FindingViewSet(Resource):
    """How each rule came out for each enrolment, and the fact that was used. Unknown is never not met."""

    serializer_class = FindingSerializer
    filterset_class = FindingFilter
    queryset = Finding.objects.none()
    programme = "enrolment__programme"

    def get_queryset(self):
        rows = Finding.objects.visible_to(self.request.user)
        return rows.select_related("rule", "enrolment__programme__tenant")

    @noun(ExceptionSerializer)
    def exception(self, row, said, *, by, now):
        """She may take part all the same: with your name and a reason."""
        rules.insist(by, "change_enrolment", row.enrolment.programme)
        services.make_exception(by=by, finding=row, now=now, **said)

    @noun()
    def no_exception(self, row, said, *, by, now):
        """Take the exception back: the rule stands again."""
        rules.insist(by, "change_enrolment", row.enrolment.programme)
        services.take_back_exception(by=by, finding=row)

    @noun(AnswerSerializer)
    def reply(self, row, said, *, by, now):
        """What she says to the rule's question; null: it is not known."""
        rules.insist(by, "change_enrolment", row.enrolment.programme)
        services.answer_eligibility(by=by, finding=row, now=now, **said)
