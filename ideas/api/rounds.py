"""Rounds with their rubric, and what ideas may serve."""

from django.core.exceptions import PermissionDenied
from rest_framework import serializers

from ideas import rules, services
from ideas.api.ideas import SERVES, AimSerializer
from ideas.filters import AimFilter, RoundFilter
from ideas.models import Aim, Criterion, Round
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


NEED = {
    "name": "Customer need",
    "name_sr": "Potreba kupca",
    "help": "1 nobody asked, 3 some signs, 5 paid or ordered",
    "help_sr": "1 niko nije tražio, 3 ima naznaka, 5 plaćeno ili poručeno",
    "weight": 60,
}


class CriterionSerializer(serializers.ModelSerializer):
    class Meta:
        model = Criterion
        fields = ["id", "position", "name", "name_sr", "help", "help_sr", "weight", "retired_at"]


class CriterionSaidSerializer(Said):
    weight = serializers.IntegerField(min_value=1, max_value=100, help_text="In per cent.")

    class Meta:
        model = Criterion
        fields = ["name", "name_sr", "help", "help_sr", "weight"]


PHASE = {
    "programme": "start-up-2025",
    "opens_at": "2025-04-01T00:00:00+02:00",
    "closes_at": "2025-04-15T00:00:00+02:00",
    "coverage": 3,
    "is_blind": True,
}


@example(
    id=6, **PHASE, number=1, lowest=1, highest=5,
    criteria=[{"id": 21, "position": 1, **NEED, "retired_at": None}],
)  # fmt: skip
class RoundSerializer(serializers.ModelSerializer):
    programme = serializers.SlugRelatedField(slug_field="code", read_only=True)
    criteria = CriterionSerializer(many=True, read_only=True)

    class Meta:
        model = Round
        fields = [
            "id", "programme", "number", "opens_at", "closes_at", "coverage", "is_blind",
            "lowest", "highest", "criteria",
        ]  # fmt: skip


def mentors_of(user):
    programmes = Programme.objects.visible_to(user)
    return Person.objects.filter(memberships__role="mentor", memberships__programme__in=programmes).distinct()


@example(**PHASE, reviewers=[40, 41, 42], criteria=[NEED])
class RoundSaidSerializer(Said):
    """The rubric in order, and who judges: mentors of the programme, by person."""

    programme = serializers.SlugRelatedField(slug_field="code", queryset=Programme.objects.none())
    coverage = serializers.IntegerField(min_value=1, max_value=20, default=3)
    criteria = CriterionSaidSerializer(many=True, allow_empty=False, max_length=12)
    reviewers = serializers.PrimaryKeyRelatedField(
        queryset=Person.objects.none(), many=True, allow_empty=False
    )
    sources = {"reviewers": mentors_of}

    class Meta:
        model = Round
        fields = ["programme", "opens_at", "closes_at", "coverage", "is_blind", "criteria", "reviewers"]


class RoundViewSet(Resource):
    """Dated phases of judging. Opening one lays the ideas that wait on the reviewers' desks, each with
    `coverage` reviewers who have no conflict of interest."""

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
