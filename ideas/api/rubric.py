"""Lines of rubrics, and who judges."""

from django.core.exceptions import PermissionDenied
from rest_framework import serializers

from ideas import rules, services
from ideas.filters import CriterionFilter, SeatFilter
from ideas.models import Criterion, Round, Seat
from lib.api import Resource, noun
from lib.api.narrowed import Said, example
from people.access import access
from people.models import Person, Programme

NEED = {
    "name": "Customer need",
    "name_sr": "Potreba kupca",
    "help": "what shows that somebody pays",
    "help_sr": "šta pokazuje da neko plaća",
    "weight": 60,
    "described": {
        "1": {"en": "nobody asked", "sr": "niko nije tražio"},
        "5": {"en": "paid", "sr": "plaćeno"},
    },
}
SAID = [*NEED]


def runs(user, programme) -> None:
    if not rules.runs(user, programme):
        raise PermissionDenied


def rounds_of(user):
    return Round.objects.visible_to(user)


@example(id=21, round=6, position=1, **NEED, retired_at=None)
class CriterionSerializer(serializers.ModelSerializer):
    round = serializers.PrimaryKeyRelatedField(read_only=True)

    class Meta:
        model = Criterion
        fields = ["id", "round", "position", *SAID, "retired_at"]


class CriterionSaidSerializer(Said):
    """`described` says what numbers of the scale stand for, in one or both languages."""

    weight = serializers.IntegerField(min_value=1, max_value=100, help_text="In per cent.")

    class Meta:
        model = Criterion
        fields = SAID


@example(round=6, **NEED)
class CriterionAddedSerializer(CriterionSaidSerializer):
    round = serializers.PrimaryKeyRelatedField(queryset=Round.objects.none())
    sources = {"round": rounds_of}
    fixed = ("round",)

    class Meta(CriterionSaidSerializer.Meta):
        fields = ["round", *SAID]


class CriterionViewSet(Resource):
    """Lines of the rubrics of rounds. Words change at any time; the weight, and whether there is one more,
    only while no review is in. One with scores is retired, never removed."""

    serializer_class = CriterionSerializer
    writes = CriterionAddedSerializer
    filterset_class = CriterionFilter
    queryset = Criterion.objects.none()
    programme = "round__programme"

    def get_queryset(self):
        return Criterion.objects.visible_to(self.request.user).select_related("round__programme__tenant")

    def add(self, said, *, by, now):
        runs(by, said["round"].programme)
        return services.add_criterion(by=by, now=now, **said)

    def change(self, row, said, *, by, now):
        runs(by, row.round.programme)
        services.change_criterion(by=by, criterion=row, now=now, **said)

    def remove(self, row, *, by, now):
        runs(by, row.round.programme)
        services.remove_criterion(by=by, criterion=row)

    @noun(None)
    def retirement(self, row, said, *, by, now):
        """It counts no more; the scores of the round are worked out anew from what is left."""
        runs(by, row.round.programme)
        services.retire_criterion(by=by, criterion=row, now=now)


@example(id=9, round=6, reviewer=40, cap=20, left_at=None, left_reason="")
class SeatSerializer(serializers.ModelSerializer):
    round = serializers.PrimaryKeyRelatedField(read_only=True)
    reviewer = serializers.PrimaryKeyRelatedField(read_only=True, help_text="Her person.")

    class Meta:
        model = Seat
        fields = ["id", "round", "reviewer", "cap", "left_at", "left_reason"]


def mentors_of(user):
    programmes = Programme.objects.filter(pk__in=access(user).programmes("coordinator"))
    if access(user).is_administrator:
        programmes = Programme.objects.filter(tenant_id=user.tenant_id)
    return Person.objects.filter(memberships__role="mentor", memberships__programme__in=programmes).distinct()


@example(round=6, reviewer=40, cap=20)
class SeatSaidSerializer(Said):
    """A mentor of the programme joins those who judge. Nothing is laid on her desk by that."""

    round = serializers.PrimaryKeyRelatedField(queryset=Round.objects.none())
    reviewer = serializers.PrimaryKeyRelatedField(queryset=Person.objects.none(), help_text="Her person.")
    cap = serializers.IntegerField(min_value=0, max_value=10_000, allow_null=True, required=False)
    sources = {"round": rounds_of, "reviewer": mentors_of}
    fixed = ("round", "reviewer")

    class Meta:
        model = Seat
        fields = ["round", "reviewer", "cap"]


@example(reason="She is ill until May")
class LeavingSerializer(serializers.Serializer):
    reason = serializers.CharField(max_length=300)


class SeatViewSet(Resource):
    """Who judges in which round, and how many ideas she takes at most. A reviewer reads her own."""

    serializer_class = SeatSerializer
    writes = SeatSaidSerializer
    filterset_class = SeatFilter
    queryset = Seat.objects.none()
    programme = "round__programme"

    def get_queryset(self):
        return Seat.objects.visible_to(self.request.user).select_related(
            "round__programme__tenant", "reviewer"
        )

    def add(self, said, *, by, now):
        runs(by, said["round"].programme)
        caps = {said["reviewer"].pk: said["cap"]} if said.get("cap") is not None else None
        services.change_round(by=by, round=said["round"], reviewers=[said["reviewer"]], caps=caps, now=now)
        return Seat.objects.get(round=said["round"], reviewer=said["reviewer"])

    def change(self, row, said, *, by, now):
        runs(by, row.round.programme)
        if "cap" in said:
            services.change_round(by=by, round=row.round, caps={row.reviewer_id: said["cap"]}, now=now)

    @noun(LeavingSerializer)
    def leaving(self, row, said, *, by, now):
        """She judges no more: what she has not judged goes to others; her reviews stay."""
        runs(by, row.round.programme)
        services.leave_seat(by=by, seat=row, now=now, **said)
