"""What the API says and takes of rankings, decisions and comments."""

from rest_framework import serializers

from ideas.models import Decision, ReviewTask, Round, Selection
from lib.api.narrowed import Narrowed, example

ROW = {
    "idea": 51, "place": 1, "score": 4.3333, "mean": 4.3333, "adjusted": 4.21, "place_mean": 1,
    "place_adjusted": 2, "low": 1, "high": 9, "reviews": 3, "spread": 0.577,
}  # fmt: skip
SEEN = "558-3f2a7c01b4d5e6f7"
PRINT = "9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08"


class RankedSerializer(serializers.Serializer):
    """`low` and `high`: the places between which it stands in 90 of 100 cases; null: it cannot be told."""

    idea = serializers.IntegerField()
    place = serializers.IntegerField(allow_null=True, help_text="Null: nobody judged it.")
    score = serializers.FloatField(allow_null=True, help_text="By the method that was asked for.")
    mean = serializers.FloatField(allow_null=True)
    adjusted = serializers.FloatField(allow_null=True)
    place_mean = serializers.IntegerField(allow_null=True)
    place_adjusted = serializers.IntegerField(allow_null=True)
    low = serializers.IntegerField(allow_null=True)
    high = serializers.IntegerField(allow_null=True)
    reviews = serializers.IntegerField()
    spread = serializers.FloatField(allow_null=True, help_text="Standard deviation of its reviews.")


@example(
    round=6, method="mean", seen=SEEN, decided=False, icc=0.64,
    agreement="The judges’ agreement (ICC) is 0.64 …", remark="", results=[ROW],
)  # fmt: skip
class RankingSerializer(serializers.Serializer):
    """`seen` is to be sent back by who decides; `method` is the mean where nothing can be adjusted, and
    `remark` says why."""

    round = serializers.IntegerField()
    method = serializers.ChoiceField(choices=Selection.Method.choices)
    seen = serializers.CharField()
    decided = serializers.BooleanField()
    icc = serializers.FloatField(allow_null=True)
    agreement = serializers.CharField()
    remark = serializers.CharField(allow_blank=True)
    results = RankedSerializer(many=True)


@example(
    id=2, programme="start-up-2025", round=6, method="adjusted", shortlisted=24, waiting=98,
    fingerprint=PRINT, at="2025-04-16T15:00:00+02:00", by=3,
)  # fmt: skip
class SelectionSerializer(serializers.ModelSerializer):
    programme = serializers.CharField(source="round.programme.code")

    class Meta:
        model = Selection
        fields = ["id", "programme", "round", "method", "shortlisted", "waiting", "fingerprint", "at", "by"]
        read_only_fields = fields


@example(idea=52, verdict="shortlisted", reason="The only one from the south")
class ByHandSerializer(serializers.Serializer):
    """Against the order, or of an idea that nobody judged. Its nominators read the reason."""

    idea = serializers.IntegerField(min_value=1)
    verdict = serializers.ChoiceField(choices=Decision.Verdict.choices)
    reason = serializers.CharField(max_length=300)


@example(
    round=6, method="adjusted", shortlisted=24, waiting=98, weighted=False, seen=SEEN,
    by_hand=[{"idea": 52, "verdict": "shortlisted", "reason": "The only one from the south"}],
    declined_reason="No customer was named; bring it again with one", conflict_reason="",
)  # fmt: skip
class SelectionSaidSerializer(Narrowed, serializers.Serializer):
    """A round is decided once. The first `shortlisted` ideas by the method are shortlisted, the next
    `waiting` wait (null: all the others), the rest is declined. `seen` is what the ranking said: where
    reviews came in since, it is refused."""

    round = serializers.PrimaryKeyRelatedField(queryset=Round.objects.none())
    method = serializers.ChoiceField(choices=Selection.Method.choices)
    shortlisted = serializers.IntegerField(min_value=0, max_value=1_000_000)
    waiting = serializers.IntegerField(
        min_value=0, max_value=1_000_000, allow_null=True, required=False, default=None
    )
    weighted = serializers.BooleanField(required=False, default=False)
    seen = serializers.CharField(max_length=64)
    by_hand = ByHandSerializer(many=True, required=False, default=list, max_length=200)
    declined_reason = serializers.CharField(max_length=300, required=False, allow_blank=True, default="")
    conflict_reason = serializers.CharField(max_length=300, required=False, allow_blank=True, default="")


@example(is_sealed=True, is_computed=True, is_decided=True, is_current=True)
class CheckSerializer(serializers.Serializer):
    """Whether what was frozen is whole and still leads to what was decided; `is_current`: the records of now
    say the same."""

    is_sealed = serializers.BooleanField()
    is_computed = serializers.BooleanField()
    is_decided = serializers.BooleanField()
    is_current = serializers.BooleanField()


@example(
    id=90, selection=2, round=6, idea=51, verdict="shortlisted", place=1, score="4.333", by_hand=False,
    reason="", revision=1,
)  # fmt: skip
class DecisionSerializer(serializers.ModelSerializer):
    round = serializers.IntegerField(source="selection.round_id")

    class Meta:
        model = Decision
        fields = [
            "id",
            "selection",
            "round",
            "idea",
            "verdict",
            "place",
            "score",
            "by_hand",
            "reason",
            "revision",
        ]
        read_only_fields = fields


class FeedbackLineSerializer(serializers.Serializer):
    """`low`, `middle`, `high`: the quarter points of the field; null where so few ideas were judged that
    others' scores would show."""

    title = serializers.CharField(allow_blank=True, help_text="Empty: the whole.")
    weight = serializers.IntegerField(allow_null=True)
    hers = serializers.FloatField(allow_null=True)
    low = serializers.FloatField(allow_null=True)
    middle = serializers.FloatField(allow_null=True)
    high = serializers.FloatField(allow_null=True)


LINE = {"title": "Customer need", "weight": 40, "hers": 3.67, "low": 2.9, "middle": 3.3, "high": 3.8}


@example(lines=[LINE], reviews=3, field=186, recommended={"carry it on": 2}, comments=["Try it with figs."])
class FeedbackSerializer(serializers.Serializer):
    """What the nominators of an idea read: never who judged, never the place of another idea."""

    lines = FeedbackLineSerializer(many=True)
    reviews = serializers.IntegerField()
    field = serializers.IntegerField(help_text="Ideas judged in the round.")
    recommended = serializers.DictField(child=serializers.IntegerField())
    comments = serializers.ListField(child=serializers.CharField())


@example(
    id=33, round=6, idea=51, comment="Try it with figs. She should ask Ana.",
    shared_comment="Try it with figs.", cleared_at="2025-04-16T10:00:00+02:00", cleared_by=3,
)  # fmt: skip
class CommentSerializer(serializers.ModelSerializer):
    """A reviewer's words, and those that the nominators may read once they are cleared."""

    round = serializers.IntegerField(source="seat.round_id")
    comment = serializers.CharField(source="review.comment")
    shared_comment = serializers.CharField(source="review.shared_comment")
    cleared_at = serializers.DateTimeField(source="review.cleared_at", allow_null=True)
    cleared_by = serializers.IntegerField(source="review.cleared_by_id", allow_null=True)

    class Meta:
        model = ReviewTask
        fields = ["id", "round", "idea", "comment", "shared_comment", "cleared_at", "cleared_by"]
        read_only_fields = fields


@example(words="Try it with figs.")
class ClearingSerializer(serializers.Serializer):
    words = serializers.CharField(max_length=10_000)
