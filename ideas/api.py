"""Ideas, reviews and rounds for scripts: the same services, the same words of refusal. No name of a nominator
passes here, so a blind round stays blind."""

from uuid import uuid4

from django.shortcuts import get_object_or_404
from django.utils import timezone
from drf_spectacular.utils import extend_schema
from rest_framework import mixins, serializers, status, viewsets
from rest_framework.decorators import action
from rest_framework.exceptions import PermissionDenied
from rest_framework.response import Response

from ideas import rules, services
from ideas.filters import IdeaFilter
from ideas.models import Aim, Criterion, Idea, ReviewTask, Round
from training.models import Enrolment, Session


class IdeaSerializer(serializers.ModelSerializer):
    """`score` is null where nobody judged and where this reader may not see it: see `sees_scores`."""

    programme = serializers.SlugRelatedField(slug_field="code", read_only=True)
    title, summary = serializers.CharField(source="text.title"), serializers.CharField(source="text.summary")
    problem, customer = (
        serializers.CharField(source="text.problem"),
        serializers.CharField(source="text.customer"),
    )
    language = serializers.CharField(source="text.language")
    nominators = serializers.IntegerField(help_text="How many; never who.")
    asked, judged = serializers.IntegerField(), serializers.IntegerField()
    score = serializers.DecimalField(source="shown_score", max_digits=6, decimal_places=3, allow_null=True)
    sees_scores = serializers.BooleanField()

    class Meta:
        model = Idea
        fields = [
            "id", "programme", "number", "title", "summary", "problem", "customer", "language", "sector",
            "stage", "state", "state_at", "reason", "nominators", "asked", "judged", "score", "sees_scores",
        ]  # fmt: skip
        read_only_fields = fields


class NominateSerializer(serializers.Serializer):
    """An idea for somebody. Send your own `operation`, and a repeated request is one idea."""

    operation = serializers.UUIDField(default=uuid4)
    enrolment = serializers.PrimaryKeyRelatedField(queryset=Enrolment.objects.none())
    session = serializers.PrimaryKeyRelatedField(
        queryset=Session.objects.none(), required=False, allow_null=True
    )
    title = serializers.CharField()
    summary = serializers.CharField(required=False, allow_blank=True)
    problem = serializers.CharField(required=False, allow_blank=True)
    customer = serializers.CharField(required=False, allow_blank=True)
    sector = serializers.CharField(required=False, allow_blank=True)
    stage = serializers.CharField(required=False, allow_null=True)
    language = serializers.CharField(required=False, allow_blank=True)
    aims = serializers.PrimaryKeyRelatedField(queryset=Aim.objects.none(), many=True, required=False)

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        if request := self.context.get("request"):
            self.fields["enrolment"].queryset = Enrolment.objects.visible_to(request.user)
            self.fields["session"].queryset = Session.objects.visible_to(request.user)
            self.fields["aims"].child_relation.queryset = Aim.objects.visible_to(request.user)


class StateSerializer(serializers.Serializer):
    state = serializers.CharField()
    reason = serializers.CharField(required=False, allow_blank=True, default="")


class IdeaViewSet(viewsets.ReadOnlyModelViewSet):
    serializer_class = IdeaSerializer
    filterset_class = IdeaFilter
    queryset = Idea.objects.none()

    def get_queryset(self):
        ideas = Idea.objects.visible_to(self.request.user).select_related("programme", "text")
        return ideas.with_reviews().with_nominators().with_sight_of(self.request.user)

    @extend_schema(request=NominateSerializer, responses={201: IdeaSerializer})
    def create(self, request):
        asked = NominateSerializer(data=request.data, context=self.get_serializer_context())
        asked.is_valid(raise_exception=True)
        if not rules.may_record_ideas(request.user, asked.validated_data["enrolment"].programme):
            raise PermissionDenied
        made = services.nominate(by=request.user, now=timezone.now(), **asked.validated_data)
        return Response(self._shown(made), status.HTTP_201_CREATED)

    @extend_schema(request=StateSerializer, responses=IdeaSerializer)
    @action(detail=True, methods=["post"])
    def state(self, request, pk=None):
        idea = get_object_or_404(
            Idea.objects.visible_to(request.user).select_related("programme__tenant"), pk=pk
        )
        if not rules.runs(request.user, idea.programme):
            raise PermissionDenied
        asked = StateSerializer(data=request.data)
        asked.is_valid(raise_exception=True)
        services.set_idea_state(by=request.user, idea=idea, now=timezone.now(), **asked.validated_data)
        return Response(self._shown(idea))

    def _shown(self, idea: Idea) -> dict:
        return self.get_serializer(self.get_queryset().get(pk=idea.pk)).data


class CriterionSerializer(serializers.ModelSerializer):
    class Meta:
        model = Criterion
        fields = ["id", "position", "name", "name_sr", "help", "help_sr", "weight"]


class RoundSerializer(serializers.ModelSerializer):
    programme = serializers.SlugRelatedField(slug_field="code", read_only=True)
    criteria = CriterionSerializer(many=True, read_only=True)

    class Meta:
        model = Round
        fields = [
            "id", "programme", "number", "opens_at", "closes_at", "coverage", "is_blind",
            "lowest", "highest", "criteria",
        ]  # fmt: skip


class RoundViewSet(viewsets.ReadOnlyModelViewSet):
    serializer_class = RoundSerializer
    queryset = Round.objects.none()

    def get_queryset(self):
        return (
            Round.objects.visible_to(self.request.user)
            .select_related("programme")
            .prefetch_related("criteria")
        )


class ReviewSerializer(serializers.ModelSerializer):
    """One idea on her own desk: its words, and her scores once there are some."""

    round = serializers.IntegerField(source="seat.round_id")
    title, summary = (
        serializers.CharField(source="idea.text.title"),
        serializers.CharField(source="idea.text.summary"),
    )
    scores = serializers.SerializerMethodField()
    comment = serializers.CharField(source="review.comment", default="")
    score = serializers.DecimalField(source="review.score", max_digits=6, decimal_places=3, default=None)

    class Meta:
        model = ReviewTask
        fields = [
            "id",
            "round",
            "idea",
            "title",
            "summary",
            "place",
            "state",
            "reason",
            "scores",
            "comment",
            "score",
        ]
        read_only_fields = fields

    def get_scores(self, task) -> dict[int, int]:
        return {s.criterion_id: s.value for s in task.review.scores.all()} if hasattr(task, "review") else {}


class HandInSerializer(serializers.Serializer):
    scores = serializers.DictField(child=serializers.IntegerField(), help_text="Criterion id to number.")
    comment = serializers.CharField(required=False, allow_blank=True, default="")


class ReviewViewSet(mixins.ListModelMixin, mixins.RetrieveModelMixin, viewsets.GenericViewSet):
    serializer_class = ReviewSerializer
    queryset = ReviewTask.objects.none()
    filterset_fields = ["state"]

    def get_queryset(self):
        tasks = ReviewTask.objects.filter(seat__reviewer__user=self.request.user)
        tasks = tasks.select_related("seat__round__programme", "seat__reviewer", "idea__text", "review")
        return tasks.prefetch_related("review__scores")

    @extend_schema(request=HandInSerializer, responses=ReviewSerializer)
    @action(detail=True, methods=["post"], url_path="hand-in")
    def hand_in(self, request, pk=None):
        task = self.get_object()
        asked = HandInSerializer(data=request.data)
        asked.is_valid(raise_exception=True)
        scores = {
            int(key) if key.isdecimal() else key: v for key, v in asked.validated_data["scores"].items()
        }
        comment = asked.validated_data["comment"]
        services.hand_in_review(
            by=request.user, task=task, scores=scores, comment=comment, now=timezone.now()
        )
        return Response(self.get_serializer(self.get_object()).data)
