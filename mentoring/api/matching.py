"""Matching runs and the pairs they propose: asked for, pinned, published."""

from django.core.exceptions import PermissionDenied
from rest_framework import serializers

from lib.api import Resource, noun
from lib.api.narrowed import Narrowed, example
from mentoring import services
from mentoring.api.trials import TrialSaidSerializer, TrialSerializer
from mentoring.filters_matching import MatchingRunFilter, ProposalFilter
from mentoring.matching import fit
from mentoring.models import MatchingRun, Proposal
from people.models import Programme

RULES = [(kind, kind) for kind in fit.BARRIERS if kind != "full"]
PAIR = {"enrolment": 31, "mentor": 5}
POINTS = dict.fromkeys(fit.FACTORS, 0) | {"sector": 25, "functions": 20, "language": 10, "place": 15}
RESULT = {
    "pairs": [PAIR | {"fit": 70, "points": POINTS, "pinned": True}],
    "unplaced": [],
    "placed": 1,
    "fit": 70,
    "worst": 70,
}


@example(
    id=3, programme="start-up-2025", number=1, weights=fit.DEFAULT_WEIGHTS, pinned=[[31, 5]], result=RESULT,
    facts_fingerprint="5f70bf18a086007016e948b04aed3b82103a36bea41755b6cddfaf10ace3c6ef",
    fingerprint="9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08", job=44,
    made_at="2025-03-12T09:00:00+01:00", made_by=3, published_at=None, published_by=None,
)  # fmt: skip
class MatchingRunSerializer(serializers.ModelSerializer):
    """While it is being computed `result` and `fingerprint` are empty; `job` says how far it is."""

    programme = serializers.SlugRelatedField(slug_field="code", read_only=True)

    class Meta:
        model = MatchingRun
        fields = [
            "id", "programme", "number", "weights", "pinned", "result", "facts_fingerprint", "fingerprint",
            "job", "made_at", "made_by", "published_at", "published_by",
        ]  # fmt: skip
        read_only_fields = fields


class PairSaidSerializer(serializers.Serializer):
    enrolment = serializers.IntegerField(min_value=1, max_value=2**31 - 1)
    mentor = serializers.IntegerField(min_value=1, max_value=2**31 - 1)


class CapacitySaidSerializer(serializers.Serializer):
    mentor = serializers.IntegerField(min_value=1, max_value=2**31 - 1)
    capacity = serializers.IntegerField(min_value=0, max_value=1000)


class LiftedSaidSerializer(PairSaidSerializer):
    rule = serializers.ChoiceField(choices=RULES)


@example(
    programme="start-up-2025", weights={"sector": 40}, pinned=[PAIR],
    capacities=[{"mentor": 5, "capacity": 4}], lifted=[PAIR | {"rule": "language"}],
)  # fmt: skip
class MatchingRunSaidSerializer(Narrowed, serializers.Serializer):
    """The records of now are frozen and computed in the background. A weight that is not said is as usual;
    pinned pairs come out whatever else. `capacities` and `lifted` try what is not so yet. Who is in nobody's
    matching, or not any more, is left out."""

    programme = serializers.SlugRelatedField(slug_field="code", queryset=Programme.objects.none())
    weights = serializers.DictField(
        child=serializers.IntegerField(min_value=0, max_value=100), required=False, default=dict
    )
    pinned = PairSaidSerializer(many=True, required=False)
    capacities = CapacitySaidSerializer(many=True, required=False)
    lifted = LiftedSaidSerializer(many=True, required=False)


@example(confirmed="", agreed_hours=25, share_on_premises=75, conflict_accepted="")
class PublicationSerializer(serializers.Serializer):
    """Where the records changed since, it is refused with the fingerprint that `confirmed` has to say."""

    confirmed = serializers.CharField(required=False, allow_blank=True, default="", max_length=64)
    agreed_hours = serializers.IntegerField(min_value=1, max_value=500, required=False, allow_null=True)
    share_on_premises = serializers.IntegerField(min_value=0, max_value=100, required=False, allow_null=True)
    conflict_accepted = serializers.CharField(required=False, allow_blank=True, default="", max_length=300)


class MatchingRunViewSet(Resource):
    """Computed proposals for a whole programme, kept with what they follow from."""

    serializer_class = MatchingRunSerializer
    writes = MatchingRunSaidSerializer
    filterset_class = MatchingRunFilter
    queryset = MatchingRun.objects.none()
    programme = "programme"

    def get_queryset(self):
        rows = MatchingRun.objects.visible_to(self.request.user)
        return rows.select_related("programme__tenant").defer("facts")

    def add(self, said, *, by, now):
        if not by.has_perm("mentoring.assign", said["programme"]):
            raise PermissionDenied
        tried = {
            "capacities": [(one["mentor"], one["capacity"]) for one in said.get("capacities", ())],
            "lifted": [(one["enrolment"], one["mentor"], one["rule"]) for one in said.get("lifted", ())],
        }
        pinned = [(one["enrolment"], one["mentor"]) for one in said.get("pinned", ())]
        asked = {"programme": said["programme"], "weights": said["weights"], "pinned": pinned}
        return services.request_run(by=by, tried=tried, now=now, **asked)

    @noun(PublicationSerializer)
    def publication(self, row, said, *, by, now):
        """Its pairs become proposed assignments: all that are possible now, in one go."""
        services.publish(by=by, run=row, now=now, **said)

    @noun(TrialSaidSerializer, shows=TrialSerializer)
    def trial(self, row, said, *, by, now):
        """Have it tried in the background what would give somebody this mentor, or any. Asked again, it says
        how far that is, and then what was found: the facts of a run are frozen, so that it holds for good."""
        return services.request_trial(by=by, run=row, **said)


@example(id=12, run=3, enrolment=31, mentor=5, need=2, fit=70, factors=POINTS, is_pinned=False)
class ProposalSerializer(serializers.ModelSerializer):
    class Meta:
        model = Proposal
        fields = ["id", "run", "enrolment", "mentor", "need", "fit", "factors", "is_pinned"]
        read_only_fields = fields


class ProposalViewSet(Resource):
    """The pairs of a run, with what each factor added."""

    serializer_class = ProposalSerializer
    filterset_class = ProposalFilter
    queryset = Proposal.objects.none()
    programme = "run__programme"

    def get_queryset(self):
        return Proposal.objects.visible_to(self.request.user).select_related("run__programme__tenant")

    @noun()
    def pin(self, row, said, *, by, now):
        """The next run that is asked for on the page keeps this pair."""
        services.pin(by=by, proposal=row, is_pinned=True)

    @noun()
    def unpinning(self, row, said, *, by, now):
        """The next run may part it again."""
        services.pin(by=by, proposal=row, is_pinned=False)
