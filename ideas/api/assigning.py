"""Who judges what in a round: computed runs, laid on the desks."""

from datetime import datetime

from django.core.exceptions import PermissionDenied, ValidationError
from django.utils.translation import gettext as _
from rest_framework import serializers

from accounts.models import User
from ideas import rules, services
from ideas.filters_assigning import AssigningRunFilter
from ideas.models import AssigningRun, Idea, ReviewTask, Round
from lib.api import Resource, noun
from lib.api.narrowed import Narrowed, example

RESULT = {
    "pairs": [[7, 51, {"sector": 2, "language": 1}]],
    "asked": 2,
    "placed": 1,
    "fit": 3,
    "gap": 0,
    "short": [
        {
            "idea": 51,
            "got": 1,
            "asked": 2,
            "why": {"conflict": 1},
            "binds": "reviewers",
            "helps": [{"kind": "reviewers", "n": 1, "language": "sr"}],
        }
    ],
    "helps": [{"kind": "coverage", "n": 1}],
}


@example(
    id=4, programme="start-up-2025", round=6, number=1, result=RESULT,
    facts_fingerprint="5f70bf18a086007016e948b04aed3b82103a36bea41755b6cddfaf10ace3c6ef",
    fingerprint="9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08", job=45,
    made_at="2025-04-01T09:00:00+02:00", made_by=3, laid_at=None, laid_by=None,
)  # fmt: skip
class AssigningRunSerializer(serializers.ModelSerializer):
    """While it is being computed `result` and `fingerprint` are empty; `job` says how far it is. A pair is
    the key of the reviewer's seat, the idea, and what counted."""

    programme = serializers.CharField(source="round.programme.code")

    class Meta:
        model = AssigningRun
        fields = [
            "id", "programme", "round", "number", "result", "facts_fingerprint", "fingerprint", "job",
            "made_at", "made_by", "laid_at", "laid_by",
        ]  # fmt: skip
        read_only_fields = fields


@example(round=6)
class AssigningRunSaidSerializer(Narrowed, serializers.Serializer):
    """What lies on desks already stays there; the reviews that are lacking are placed, in the background."""

    round = serializers.PrimaryKeyRelatedField(queryset=Round.objects.none())


@example(confirmed="")
class LayingSerializer(serializers.Serializer):
    """Where the records changed since, it is refused with the fingerprint that `confirmed` has to say."""

    confirmed = serializers.CharField(required=False, allow_blank=True, default="", max_length=64)


class AssigningRunViewSet(Resource):
    """Who would judge what, kept with what it follows from."""

    serializer_class = AssigningRunSerializer
    writes = AssigningRunSaidSerializer
    filterset_class = AssigningRunFilter
    queryset = AssigningRun.objects.none()
    programme = "round__programme"

    def get_queryset(self):
        rows = AssigningRun.objects.visible_to(self.request.user)
        return rows.select_related("round__programme__tenant").defer("facts")

    def add(self, said, *, by, now):
        if not rules.runs(by, said["round"].programme):
            raise PermissionDenied
        return services.request_assigning(by=by, round=said["round"], now=now)

    @noun(LayingSerializer)
    def laying(self, row, said, *, by, now):
        """Each pair that is possible now becomes a review asked for, all in one go."""
        try:
            services.lay_on_desks(by=by, run=row, now=now, **said)
        except ValidationError as error:
            raise _with_fingerprint(error, row, now) from None


def _with_fingerprint(error: ValidationError, row: AssigningRun, now: datetime) -> ValidationError:
    if "confirmed" not in getattr(error, "message_dict", {}):
        return error
    return ValidationError({"confirmed": [*error.messages, services.standing_now(row, now).fingerprint]})


@example(round=6, idea=51, reviewer=40)
class ReviewSaidSerializer(Narrowed, serializers.Serializer):
    """One more reviewer for an idea, by her person: without a conflict of interest, and below her cap."""

    round = serializers.PrimaryKeyRelatedField(queryset=Round.objects.none())
    idea = serializers.PrimaryKeyRelatedField(queryset=Idea.objects.none())
    reviewer = serializers.IntegerField(min_value=1, max_value=2**31 - 1)


@example(reason="She fell ill")
class WithdrawalSerializer(serializers.Serializer):
    reason = serializers.CharField(max_length=300)


class ByHand:
    """What who runs a round does with its desks; for the reviews' viewset."""

    writes = ReviewSaidSerializer

    def lay(self, said: dict, by: User, now: datetime) -> ReviewTask:
        round = said["round"]
        if not rules.runs(by, round.programme):
            raise PermissionDenied
        seat = round.seats.filter(reviewer=said["reviewer"]).first()
        if seat is None:
            raise ValidationError({"reviewer": _("She does not judge in this round.")})
        return services.lay_by_hand(by=by, seat=seat, idea=said["idea"], now=now)

    def take_back(self, row: ReviewTask, said: dict, by: User, now: datetime) -> None:
        if not rules.runs(by, row.seat.round.programme):
            raise PermissionDenied
        services.take_back(by=by, task=row, now=now, **said)
