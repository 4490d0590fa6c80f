"""Reviews: an idea on a desk, judged, or stepped back from."""

from django.core.exceptions import PermissionDenied
from rest_framework import serializers

from ideas import rules, services
from ideas.api.assigning import ByHand, WithdrawalSerializer
from ideas.filters import ReviewFilter
from ideas.models import Review, ReviewTask
from lib.api import Resource, noun
from lib.api.narrowed import example


@example(
    id=33, round=6, reviewer=40, idea=51, title="Jams without sugar", summary="Jams of plum and apple.",
    place=4, state="done", state_at="2025-04-03T17:00:00Z", reason="", is_mine=True, scores={"21": 4},
    comment="Try it with figs.", score="4.000", recommendation="maybe", confidence=None,
)  # fmt: skip
class ReviewSerializer(serializers.ModelSerializer):
    """One idea on one reviewer's desk. Scores and comment are null for somebody else as long as her own
    review of the idea is missing, and while it is a draft."""

    round = serializers.IntegerField(source="seat.round_id")
    reviewer = serializers.IntegerField(source="seat.reviewer_id", help_text="Her person.")
    title = serializers.CharField(source="idea.text.title")
    summary = serializers.CharField(source="idea.text.summary")
    is_mine = serializers.BooleanField()
    scores = serializers.SerializerMethodField()
    comment = serializers.SerializerMethodField()
    score = serializers.SerializerMethodField()
    recommendation = serializers.SerializerMethodField()
    confidence = serializers.SerializerMethodField()

    class Meta:
        model = ReviewTask
        fields = [
            "id", "round", "reviewer", "idea", "title", "summary", "place", "state", "state_at", "reason",
            "is_mine", "scores", "comment", "score", "recommendation", "confidence",
        ]  # fmt: skip
        read_only_fields = fields

    def _review(self, task):
        return getattr(task, "review", None) if task.is_mine or task.is_open_to_her else None

    def get_scores(self, task) -> dict[str, float] | None:
        review = self._review(task)
        return {str(s.criterion_id): s.number for s in review.scores.all()} if review else None

    def get_comment(self, task) -> str | None:
        review = self._review(task)
        return review.comment if review else None

    def get_score(self, task) -> str | None:
        review = self._review(task)
        return f"{review.score:.3f}" if review and review.score is not None else None

    def get_recommendation(self, task) -> str | None:
        review = self._review(task)
        return review.recommendation if review else None

    def get_confidence(self, task) -> int | None:
        review = self._review(task)
        return review.confidence if review else None


class ScoresSerializer(serializers.Serializer):
    scores = serializers.DictField(
        # any number that is one: the service says which are on the scale
        child=serializers.DecimalField(max_digits=30, decimal_places=10, coerce_to_string=False),
        help_text="Criterion id to number.",
    )
    comment = serializers.CharField(required=False, allow_blank=True, default="", max_length=10_000)
    recommendation = serializers.ChoiceField(
        Review.Recommendation.choices, required=False, allow_blank=True, default="",
        help_text="Where the round asks for it.",
    )  # fmt: skip
    confidence = serializers.IntegerField(
        required=False, allow_null=True, default=None, min_value=1, max_value=3,
        help_text="Where the round asks for it: 1 not very sure, 2 fairly, 3 sure.",
    )  # fmt: skip

    def validate(self, said):
        """Keys of JSON are texts; what is no number stays as it is, for the service to refuse by name."""
        number = lambda key: int(key) if key.isascii() and key.isdecimal() and len(key) < 19 else key  # noqa: E731
        return said | {"scores": {number(key): value for key, value in said["scores"].items()}}


@example(scores={"21": 4}, comment="Try it with figs.")
class DraftSerializer(ScoresSerializer):
    """What there is so far."""


@example(scores={"21": 4}, comment="Try it with figs.")
class HandInSerializer(ScoresSerializer):
    """A number for every criterion of the round."""


@example(reason="She is my cousin")
class ConflictSerializer(serializers.Serializer):
    reason = serializers.CharField(max_length=300)


@example(reason="I know nothing of software")
class ReviewRefusalSerializer(serializers.Serializer):
    reason = serializers.CharField(max_length=300)


class ReviewViewSet(ByHand, Resource):
    """Ideas on reviewers' desks. A reviewer has her own; who runs the programme reads all."""

    serializer_class = ReviewSerializer
    filterset_class = ReviewFilter
    queryset = ReviewTask.objects.none()
    programme = "seat__round__programme"

    def get_queryset(self):
        tasks = ReviewTask.objects.visible_to(self.request.user).with_sight_of(self.request.user)
        tasks = tasks.select_related(
            "seat__round__programme__tenant", "seat__reviewer", "idea__text", "review"
        )
        return tasks.prefetch_related("review__scores")

    def add(self, said, *, by, now):
        return self.lay(said, by, now)

    @noun(WithdrawalSerializer)
    def withdrawal(self, row, said, *, by, now):
        """What she has not judged leaves her desk, for who runs the round."""
        self.take_back(row, said, by, now)

    @noun(DraftSerializer)
    def draft(self, row, said, *, by, now):
        """Keep the scores given so far and the comment."""
        services.save_review(by=by, task=hers(by, row), now=now, **said)

    @noun(HandInSerializer, path="hand-in")
    def hand_in(self, row, said, *, by, now):
        """The review counts from now on. Handed in twice it is handed in once: the first one stands."""
        services.hand_in_review(by=by, task=hers(by, row), now=now, **said)

    @noun(HandInSerializer)
    def revision(self, row, said, *, by, now):
        """She thinks better of a review that is in, while the round is open and not decided on."""
        services.revise_review(by=by, task=hers(by, row), now=now, **said)

    @noun(ConflictSerializer)
    def conflict(self, row, said, *, by, now):
        """She may not judge this idea: it leaves her desk, in this and every later round."""
        services.declare_conflict(by=by, task=hers(by, row), now=now, **said)

    @noun(ReviewRefusalSerializer)
    def refusal(self, row, said, *, by, now):
        """She does not know enough of the matter: somebody else gets it."""
        services.cannot_judge(by=by, task=hers(by, row), now=now, **said)


def hers(user, task: ReviewTask) -> ReviewTask:
    if not rules.may_judge(user, task):
        raise PermissionDenied
    return task
