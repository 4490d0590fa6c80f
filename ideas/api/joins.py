"""Ideas that say the same: proposed, joined, parted, or said to be different."""

from django.core.exceptions import PermissionDenied
from django.shortcuts import get_object_or_404
from drf_spectacular.utils import OpenApiParameter, extend_schema
from rest_framework import serializers
from rest_framework.decorators import action

from ideas import rules, services
from ideas.duplicates import proposals
from ideas.filters import ComparedFilter, JoinFilter
from ideas.models import Compared, Join
from lib.api import Resource, noun
from lib.api.bodies import Json, written
from lib.api.narrowed import Said, example, shows
from people.models import Programme

MOST = 200  # groups in one answer: decide on these first


@example(id=4, idea=52, into=51, along=None, at="2025-03-14T09:00:00Z", parted_at=None)
class JoinSerializer(serializers.ModelSerializer):
    """`along` is the join that moved this one, where an idea came along with the one that it stood under;
    `parted_at` is null as long as it stands there."""

    class Meta:
        model = Join
        fields = ["id", "idea", "into", "along", "at", "parted_at"]
        read_only_fields = fields


@example(idea=52, into=51)
class JoinSaidSerializer(Said):
    class Meta:
        model = Join
        fields = ["idea", "into"]


class DuplicatesSerializer(serializers.Serializer):
    """Ideas that may be one, each alike to every other: from the two that are least alike to the two that are
    most, 0 to 1."""

    ideas = serializers.ListField(child=serializers.IntegerField())
    most = serializers.FloatField()
    least = serializers.FloatField()


@example(results=[{"ideas": [51, 52], "most": 0.86, "least": 0.86}], is_compared=True, newer=0)
class ProposedSerializer(serializers.Serializer):
    """At most 200 groups, the likest first. `is_compared` is false where a programme is so large that it is
    compared in the background and nobody asked for that; `newer` ideas are not compared yet."""

    results = DuplicatesSerializer(many=True)
    is_compared = serializers.BooleanField()
    newer = serializers.IntegerField()


class JoinViewSet(Resource):
    """Which ideas stand under which other ones. Nothing of an idea changes by it, and nothing joins by
    itself; joining twice is once."""

    serializer_class = JoinSerializer
    writes = JoinSaidSerializer
    filterset_class = JoinFilter
    queryset = Join.objects.none()
    programme = "idea__programme"

    def get_queryset(self):
        return Join.objects.visible_to(self.request.user)

    def add(self, said, *, by, now):
        if not rules.runs(by, said["into"].programme):
            raise PermissionDenied
        services.join_ideas(by=by, into=said["into"], ideas=[said["idea"]], now=now)
        return Join.objects.open().get(idea=said["idea"])

    @noun(None)
    def parting(self, row, said, *, by, now):
        """It stands for itself again, as it was, with what had moved along with it."""
        if not rules.runs(by, row.idea.programme):
            raise PermissionDenied
        services.part_ideas(by=by, join=row, now=now)

    @extend_schema(parameters=[OpenApiParameter("programme", str, "path", description="Its code.")])
    @action(detail=False, url_path="proposals/(?P<programme>[^/.]+)")
    @shows(ProposedSerializer)
    def proposals(self, request, programme):
        """Groups of ideas of a programme that sound alike and that nobody decided on."""
        rows = Programme.objects.visible_to(request.user).select_related("tenant")
        programme = get_object_or_404(rows, code=programme)
        if not rules.runs(request.user, programme):
            raise PermissionDenied
        known = proposals.known(programme)
        groups = proposals.groups(known.pairs or [], proposals.decided(programme))[:MOST]
        shown = [{"ideas": group.ideas, "most": group.most, "least": group.least} for group in groups]
        return Json(written({"results": shown, "is_compared": known.pairs is not None, "newer": known.newer}))


PAIR = {"one": 51, "other": 60, "says": "not_same"}


@example(id=9, **PAIR, at="2025-03-14T09:05:00Z")
class ComparedSerializer(serializers.ModelSerializer):
    """`one` was nominated before `other`."""

    class Meta:
        model = Compared
        fields = ["id", "one", "other", "says", "at"]
        read_only_fields = fields


@example(**PAIR)
class ComparedSaidSerializer(Said):
    """In either order."""

    class Meta:
        model = Compared
        fields = ["one", "other", "says"]


class ComparedViewSet(Resource):
    """What was said of two ideas that sound alike: not the same, or later. They are not proposed then; taken
    away they are again."""

    serializer_class = ComparedSerializer
    writes = ComparedSaidSerializer
    filterset_class = ComparedFilter
    queryset = Compared.objects.none()
    programme = "one__programme"

    def get_queryset(self):
        return Compared.objects.visible_to(self.request.user)

    def add(self, said, *, by, now):
        if not rules.runs(by, said["one"].programme):
            raise PermissionDenied
        [row] = services.compare_ideas(by=by, ideas=[said["one"], said["other"]], says=said["says"], now=now)
        return row

    def remove(self, row, *, by, now):
        if not rules.runs(by, row.one.programme):
            raise PermissionDenied
        services.take_back_comparison(by=by, compared=row)
