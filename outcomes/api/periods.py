"""Locked periods, and what is told of a period, over the API. `end` is always the day after the last."""

from rest_framework import serializers

from lib.api import Resource, noun
from lib.api.narrowed import Said, example
from outcomes import rules, services
from outcomes.filters_results import NarrativeFilter, PeriodLockFilter
from outcomes.models import Narrative, PeriodLock
from people.models import Funding, Programme

LOCKED = {"programme": "start-up-2025", "start": "2025-01-01", "end": "2025-07-01"}


@example(id=2, **LOCKED, locked_at="2025-07-20T09:00:00Z", unlocked_at=None, reason="")
class PeriodLockSerializer(serializers.ModelSerializer):
    programme = serializers.SlugRelatedField(slug_field="code", read_only=True)

    class Meta:
        model = PeriodLock
        fields = ["id", *LOCKED, "locked_at", "unlocked_at", "reason"]
        read_only_fields = fields


@example(**LOCKED)
class PeriodLockSaidSerializer(Said):
    programme = serializers.SlugRelatedField(slug_field="code", queryset=Programme.objects.none())

    class Meta:
        model = PeriodLock
        fields = list(LOCKED)


@example(reason="Two attendance sheets came late.")
class UnlockingSerializer(serializers.Serializer):
    reason = serializers.CharField(max_length=300)


class PeriodLockViewSet(Resource):
    """Periods whose facts stay as they are: no answer, result, cost or grant of them is added or changed."""

    serializer_class = PeriodLockSerializer
    writes = PeriodLockSaidSerializer
    filterset_class = PeriodLockFilter
    queryset = PeriodLock.objects.none()
    programme = "programme"

    def get_queryset(self):
        return PeriodLock.objects.visible_to(self.request.user).select_related("programme__tenant")

    def add(self, said, *, by, now):
        rules.insist(by, "keep_locks", said["programme"])
        return services.lock_period(by=by, now=now, **said)

    @noun(UnlockingSerializer)
    def unlocking(self, row, said, *, by, now):
        """Unlock it, with a reason. To lock it again is another lock."""
        rules.insist(by, "keep_locks", row.programme)
        services.unlock_period(by=by, lock=row, now=now, **said)


HEARD = {
    "funding": 7,
    "indicator": "OP-01",
    "start": "2025-01-01",
    "end": "2025-07-01",
    "happened": "Two groups started.",
    "went_wrong": "The second one met in the evening, and few could come.",
    "changes_next": "We ask about the hours when they apply.",
}


@example(id=6, **HEARD, at="2025-07-20T09:00:00Z")
class NarrativeSerializer(serializers.ModelSerializer):
    class Meta:
        model = Narrative
        fields = ["id", *HEARD, "at"]
        read_only_fields = fields


@example(**HEARD)
class NarrativeSaidSerializer(Said):
    funding = serializers.PrimaryKeyRelatedField(queryset=Funding.objects.none())
    fixed = ("funding",)
    sources = {"funding": rules.kept_fundings}

    class Meta:
        model = Narrative
        fields = list(HEARD)


class NarrativeViewSet(Resource):
    """What is told of a funding in a period: of one indicator, or (with none) of the whole."""

    serializer_class = NarrativeSerializer
    writes = NarrativeSaidSerializer
    filterset_class = NarrativeFilter
    queryset = Narrative.objects.none()
    programme = "funding__programmes"

    def get_queryset(self):
        fundings = rules.kept_fundings(self.request.user).order_by()
        rows = Narrative.objects.visible_to(self.request.user).filter(funding__in=fundings)
        return rows.select_related("funding__project__tenant")

    def add(self, said, *, by, now):
        rules.insist(by, "keep_narratives", said["funding"])
        return services.save_narrative(by=by, now=now, **said)

    def change(self, row, said, *, by, now):
        rules.insist(by, "keep_narratives", row.funding)
        services.save_narrative(by=by, narrative=row, now=now, **said)
