"""How far the data of a programme can be trusted, and its groups beside each other."""

from django.utils import timezone
from rest_framework import serializers
from rest_framework.decorators import action

from lib.api.bodies import Json, written
from lib.api.narrowed import example, shows
from outcomes import comparing_said, quality
from outcomes.rules import insist

FACT = {
    "standard": "validity", "code": "baseline", "name": "With a baseline", "n": 27, "of": 30, "share": 90.0,
}  # fmt: skip
UNLOCKED = {
    "start": "2025-01-01", "end": "2025-02-01", "unlocked_at": "2025-03-04T09:30:00Z",
    "reason": "An invoice came late.",
}  # fmt: skip
LINE = {
    "group": "class", "name": "Class", "is_control": False, "asked": 20, "answered": 18, "n": 18,
    "mean": 61.1, "difference": 11.1, "error": 15.6,
}  # fmt: skip
COMPARED = {"code": "OC-01", "name": "Satisfied", "unit": "percent", "version": 1, "lines": [LINE]}


@example(**FACT)
class FactSerializer(serializers.Serializer):
    """`n` of `of`; of nothing there is no share, and of a plain count no `of`."""

    standard = serializers.CharField(help_text="validity, reliability, timeliness, precision or integrity.")
    code = serializers.CharField(help_text="Of the reliability: the code of a wave.")
    name = serializers.CharField()
    n = serializers.IntegerField()
    of = serializers.IntegerField(allow_null=True)
    share = serializers.FloatField(allow_null=True, help_text="In per cent.")


@example(**UNLOCKED)
class UnlockedSerializer(serializers.Serializer):
    start = serializers.DateField()
    end = serializers.DateField(help_text="The day after the last.")
    unlocked_at = serializers.DateTimeField()
    reason = serializers.CharField()


@example(facts=[FACT], days_late=2.0, unlocked=[UNLOCKED])
class QualitySerializer(serializers.Serializer):
    """Counted from the records, never judged."""

    facts = FactSerializer(many=True)
    days_late = serializers.FloatField(allow_null=True, help_text="The median, of what was answered late.")
    unlocked = UnlockedSerializer(many=True)


@example(**LINE)
class ComparedGroupSerializer(serializers.Serializer):
    """One group. Without a control group, or in it, there is no difference."""

    group = serializers.CharField(allow_null=True, help_text="Its code; null: who is in no group.")
    name = serializers.CharField()
    is_control = serializers.BooleanField()
    asked = serializers.IntegerField()
    answered = serializers.IntegerField()
    n = serializers.IntegerField(help_text="Of whom it is known.")
    mean = serializers.FloatField(help_text="Of a share: per cent.")
    difference = serializers.FloatField(
        allow_null=True, help_text="Less the control group; of a share: points."
    )
    error = serializers.FloatField(allow_null=True, help_text="The standard error of the difference.")


@example(**COMPARED)
class ComparedFigureSerializer(serializers.Serializer):
    code = serializers.CharField()
    name = serializers.CharField()
    unit = serializers.CharField()
    version = serializers.IntegerField()
    lines = ComparedGroupSerializer(many=True)


@example(results=[COMPARED])
class ComparisonSerializer(serializers.Serializer):
    """Every figure of answers by which two groups at least can be compared: not for funders."""

    results = ComparedFigureSerializer(many=True)


class Trusted:
    """What a programme's resource says of its data and of its groups."""

    @action(detail=True)
    @shows(QualitySerializer)
    def quality(self, request, code=None):
        """Baselines, response, lateness, what could not be read, what was changed and what was unlocked."""
        programme = self.get_object()
        insist(request.user, "read_tables", programme)
        found = quality.of(programme, timezone.now())
        facts = [
            {"standard": standard, "code": fact.code, "name": fact.name, "n": fact.n, "of": fact.of}
            | {"share": fact.share}
            for standard, _name, facts in found.by_standard
            for fact in facts
        ]
        unlocked = [{name: getattr(lock, name) for name in UNLOCKED} for lock in found.unlocked]
        return Json(written({"facts": facts, "days_late": found.days_late, "unlocked": unlocked}))

    @action(detail=True)
    @shows(ComparisonSerializer)
    def comparison(self, request, code=None):
        """Groups beside each other, the control group first."""
        programme = self.get_object()
        insist(request.user, "read_tables", programme)
        found = [compared(table) for table in comparing_said.tables(programme, timezone.now())]
        return Json(written({"results": found}))


def compared(table: comparing_said.Table) -> dict:
    definition = table.definition
    names = ("name", "is_control", "asked", "answered", "n", "mean", "difference", "error")
    return {
        "code": definition.code,
        "name": str(definition.name),
        "unit": str(definition.unit),
        "version": definition.version,
        "lines": [
            {"group": line.code} | {name: getattr(line, name) for name in names} for line in table.lines
        ],
    }
