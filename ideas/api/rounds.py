"""Rounds with their rubric, and what ideas may serve."""

from django.core.exceptions import PermissionDenied
from django.utils.translation import gettext as _
from rest_framework import serializers

from ideas import rules, services
from ideas.api.deciding import Ranking
from ideas.api.idea_bodies import SERVES, AimSerializer
from ideas.api.rubric import NEED, CriterionSaidSerializer, CriterionSerializer
from ideas.filters import AimFilter, RoundFilter
from ideas.models import Aim, Round
from lib.api import Resource
from lib.api.narrowed import Said, example
from people.models import Person, Programme


@example(**SERVES)
class AimSaidSerializer(Said):
    programme = serializers.SlugRelatedField(slug_field="code", queryset=Programme.objects.none())
    fixed = ("programme", "code")

    class Meta:
        model = Aim
        fields = ["programme", "code", "name", "name_sr"]


class AimViewSet(Resource):
    """What ideas of a programme may serve: a list that the programme keeps."""

    serializer_class = AimSerializer
    writes = AimSaidSerializer
    filterset_class = AimFilter
    queryset = Aim.objects.none()
    programme = "programme"

    def get_queryset(self):
        return Aim.objects.visible_to(self.request.user).select_related("programme__tenant")

    def add(self, said, *, by, now):
        if not rules.runs(by, said["programme"]):
            raise PermissionDenied
        return services.save_aim(by=by, **said)

    def change(self, row, said, *, by, now):
        if not rules.runs(by, row.programme):
            raise PermissionDenied
        services.save_aim(by=by, aim=row, **said)

    def remove(self, row, *, by, now):
        if not rules.runs(by, row.programme):
            raise PermissionDenied
        services.remove_aim(by=by, aim=row)


PHASE = {
    "programme": "start-up-2025",
    "opens_at": "2025-04-01T00:00:00+02:00",
    "closes_at": "2025-04-15T00:00:00+02:00",
    "coverage": 3,
    "is_blind": True,
    "lowest": 1,
    "highest": 5,
    "step": "1.00",
    "better": "high",
    "guidance": "An hour for ten ideas is enough.",
    "asks_recommendation": True,
    "asks_confidence": False,
}
FIELDS = [*PHASE]


@example(
    id=6, **PHASE, number=1,
    criteria=[{"id": 21, "round": 6, "position": 1, **NEED, "retired_at": None}],
)  # fmt: skip
class RoundSerializer(serializers.ModelSerializer):
    programme = serializers.SlugRelatedField(slug_field="code", read_only=True)
    criteria = CriterionSerializer(many=True, read_only=True)

    class Meta:
        model = Round
        fields = ["id", "number", *FIELDS, "criteria"]


def mentors_of(user):
    programmes = Programme.objects.visible_to(user)
    return Person.objects.filter(memberships__role="mentor", memberships__programme__in=programmes).distinct()


@example(**PHASE, reviewers=[40, 41, 42], caps={"41": 20}, criteria=[NEED])
class RoundSaidSerializer(Said):
    """The rubric in order, and who judges: mentors of the programme, by person. `criteria` and `reviewers`
    are said when a round is opened; afterwards they are changed as `criteria` and `seats`."""

    programme = serializers.SlugRelatedField(slug_field="code", queryset=Programme.objects.none())
    coverage = serializers.IntegerField(min_value=1, max_value=20, default=3)
    criteria = CriterionSaidSerializer(many=True, allow_empty=False, max_length=12)
    reviewers = serializers.PrimaryKeyRelatedField(
        queryset=Person.objects.none(), many=True, allow_empty=False
    )
    caps = serializers.DictField(
        child=serializers.IntegerField(min_value=0, max_value=10_000, allow_null=True),
        required=False,
        help_text="The most ideas of a reviewer, by person; null is any number.",
    )
    sources = {"reviewers": mentors_of}
    fixed = ("programme", "criteria", "reviewers")

    class Meta:
        model = Round
        fields = [*FIELDS, "criteria", "reviewers", "caps"]

    def validate_caps(self, caps) -> dict[int, int | None]:
        if wrong := next((key for key in caps if not (key.isascii() and key.isdecimal())), None):
            raise serializers.ValidationError(_("“%(key)s” is no person.") % {"key": wrong})
        return {int(key): cap for key, cap in caps.items()}


class RoundViewSet(Ranking, Resource):
    """Dated phases of judging. Opening one lays the ideas that wait on the reviewers' desks, each with
    `coverage` reviewers who have no conflict of interest. Scale and blindness stay once somebody may have
    judged by them."""

    serializer_class = RoundSerializer
    writes = RoundSaidSerializer
    filterset_class = RoundFilter
    queryset = Round.objects.none()
    programme = "programme"

    def get_queryset(self):
        rows = Round.objects.visible_to(self.request.user)
        return rows.select_related("programme").prefetch_related("criteria")

    def add(self, said, *, by, now):
        if not rules.runs(by, said["programme"]):
            raise PermissionDenied
        return services.open_round(by=by, now=now, **said)

    def change(self, row, said, *, by, now):
        if not rules.runs(by, row.programme):
            raise PermissionDenied
        services.change_round(by=by, round=row, now=now, **said)
