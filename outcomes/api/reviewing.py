"""What was said and decided about an issue before it was released, over the API. Never for its funder."""

from rest_framework import serializers

from lib.api import Resource
from lib.api.narrowed import Said, example
from outcomes import services
from outcomes.filters import IssueStepFilter
from outcomes.models import IssueStep
from outcomes.rules import insist

COMMENT = {"issue": 10, "figure": "OP-08", "text": "Two mentors have not logged December yet."}


@example(id=5, kind="comment", **COMMENT, at="2025-07-12T09:00:00Z")
class IssueStepSerializer(serializers.ModelSerializer):
    class Meta:
        model = IssueStep
        fields = ["id", "issue", "kind", "figure", "text", "at"]
        read_only_fields = fields


@example(**COMMENT)
class IssueCommentSerializer(Said):
    """`figure` is the key of one of its figures; without it the whole is meant."""

    class Meta:
        model = IssueStep
        fields = list(COMMENT)
        extra_kwargs = {"text": {"allow_blank": False, "required": True}}


@example(text="The hours of December are missing.", figure="OP-08")
class ReturningSerializer(serializers.Serializer):
    """What is to be changed; it may be left out where comments say it."""

    text = serializers.CharField(max_length=2_000, required=False, allow_blank=True)
    figure = serializers.CharField(max_length=60, required=False, allow_blank=True)


@example(text="Compared with the attendance sheets.")
class SteppingSerializer(serializers.Serializer):
    text = serializers.CharField(max_length=2_000, required=False, allow_blank=True)


class IssueStepViewSet(Resource):
    """The steps of the reviews of issues, and the comments in them; POST adds a comment."""

    serializer_class = IssueStepSerializer
    writes = IssueCommentSerializer
    filterset_class = IssueStepFilter
    queryset = IssueStep.objects.none()
    programme = "issue__report__funding__programmes"

    def get_queryset(self):
        return IssueStep.objects.visible_to(self.request.user).order_by("pk")

    def add(self, said, *, by, now):
        insist(by, "review_issue", said["issue"])
        return services.comment_on_issue(by=by, now=now, **said)
