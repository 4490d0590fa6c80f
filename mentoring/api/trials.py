"""What would give somebody of a matching run this mentor, or any: asked for, and read by asking again."""

from drf_spectacular.utils import extend_schema_field
from rest_framework import serializers

from jobs.models import Job
from lib.api.narrowed import example
from mentoring import services


@example(enrolment=31, mentor=5)
class TrialSaidSerializer(serializers.Serializer):
    """With a mentor: what would give her that one. Without: what would place her at all."""

    enrolment = serializers.IntegerField(min_value=1, max_value=2**31 - 1)
    mentor = serializers.IntegerField(min_value=1, max_value=2**31 - 1, required=False, allow_null=True)


class ChangeSerializer(serializers.Serializer):
    """The smallest change that gives her the mentor. `moved`: how many others would have another mentor, or
    none. `kind`: weight (`factor` from `before` to `after`), capacity (from `before`, null where the mentor
    did not say, to `after`), rule (`rules` to lift for the pair), pin (she is pinned to mentor `before`)."""

    kind = serializers.CharField()
    moved = serializers.IntegerField()
    factor = serializers.CharField(allow_null=True)
    before = serializers.IntegerField(allow_null=True)
    after = serializers.IntegerField(allow_null=True)
    rules = serializers.ListField(child=serializers.CharField())


class HelpSerializer(serializers.Serializer):
    """What would place her. `kind` and `fact`: places {"mentor", "places"}: so many more with that mentor;
    rule {"mentor", "rules"}: lifted for the pair; barred {"by": {rule: mentors}, "mentors"}; language
    {"language"}: nobody speaks it; no_mentors {}."""

    kind = serializers.CharField()
    fact = serializers.DictField()


@example(
    job=45, state="done", reason="", help=[],
    change={"kind": "weight", "moved": 2, "factor": "sector", "before": 25, "after": 31, "rules": []},
)  # fmt: skip
class TrialSerializer(serializers.Serializer):
    """The work as it stands. `change` and `help` are what it found, once `state` is done: `change` null and
    `help` empty where no single change is enough. Who asked for it may watch and stop `job`."""

    job = serializers.IntegerField(source="pk")
    state = serializers.CharField()
    reason = serializers.CharField()
    change = serializers.SerializerMethodField()
    help = serializers.SerializerMethodField()

    @extend_schema_field(ChangeSerializer(allow_null=True))
    def get_change(self, trial: Job) -> dict | None:
        answer = services.answer_of(trial)
        return answer and answer.change and ChangeSerializer(answer.change._asdict()).data

    @extend_schema_field(HelpSerializer(many=True))
    def get_help(self, trial: Job) -> list[dict]:
        answer = services.answer_of(trial)
        return HelpSerializer([each._asdict() for each in answer.help], many=True).data if answer else []
