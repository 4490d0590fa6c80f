"""Introductions made through mentoring."""

from uuid import uuid4

from django.core.exceptions import PermissionDenied
from django.utils.translation import gettext as _
from rest_framework import serializers

from lib.api import Resource
from lib.api.narrowed import Said, example
from mentoring import services
from mentoring.filters_slots import IntroductionsFilter
from mentoring.models import Introduction
from training.models import Enrolment

TOLD = {
    "operation": "0192f0a4-7c1e-7d3a-9c55-2f1b8f6f0011",
    "enrolment": 31,
    "assignment": 9,
    "kind": "buyer",
    "organisation": None,
    "name": "A grocer in Užice",
    "day": "2025-03-20",
    "came": "agreed",
    "came_on": "2025-04-02",
    "remark": "Forty jars a month",
}


@example(id=3, **TOLD, person_name="Đurđa Đorđević", at="2025-03-20T16:00:00Z")
class IntroductionSerializer(serializers.ModelSerializer):
    person_name = serializers.CharField(source="enrolment.person.name", read_only=True)

    class Meta:
        model = Introduction
        fields = [
            "id", "operation", "enrolment", "person_name", "assignment", "kind", "organisation", "name",
            "day", "came", "came_on", "remark", "at",
        ]  # fmt: skip
        read_only_fields = fields


@example(**TOLD)
class IntroductionSaidSerializer(Said):
    operation = serializers.UUIDField(default=uuid4)  # send your own, and a repeated request is one row
    came = serializers.ChoiceField(choices=Introduction.Came, default=Introduction.Came.UNKNOWN)
    name = serializers.CharField(
        max_length=200,
        required=False,
        allow_blank=True,
        help_text="Left out: the organisation's.",
    )
    enrolment = serializers.PrimaryKeyRelatedField(
        queryset=Enrolment.objects.none(),
        required=False,
        help_text="Left out: whom the assignment is about.",
    )
    fixed = ("operation", "enrolment", "assignment")

    class Meta:
        model = Introduction
        fields = [
            "operation", "enrolment", "assignment", "kind", "organisation", "name", "day", "came", "came_on",
            "remark",
        ]  # fmt: skip


class IntroductionViewSet(Resource):
    """To whom entrepreneurs were introduced, when, and what came of it."""

    serializer_class = IntroductionSerializer
    writes = IntroductionSaidSerializer
    filterset_class = IntroductionsFilter
    queryset = Introduction.objects.none()
    programme = "enrolment__programme"

    def get_queryset(self):
        return Introduction.objects.visible_to(self.request.user).select_related(
            "enrolment__programme__tenant", "enrolment__person", "assignment__mentor__person"
        )

    def add(self, said, *, by, now):
        pair = said.get("assignment")
        if "enrolment" not in said:
            if pair is None:
                raise serializers.ValidationError({"enrolment": [_("Say who was introduced.")]})
            said["enrolment"] = pair.enrolment
        introduces = pair and by.has_perm("mentoring.introduce", pair)
        if not (introduces or by.has_perm("mentoring.assign", said["enrolment"].programme)):
            raise PermissionDenied
        return services.introduce(by=by, now=now, **said)

    def change(self, row, said, *, by, now):
        """The pair says what came of it; who runs the programme may change everything."""
        if not by.has_perm("mentoring.follow_introduction", row):
            raise PermissionDenied
        follows = set(said) <= {"came", "came_on", "remark"}
        if not follows and not by.has_perm("mentoring.assign", row.enrolment.programme):
            raise PermissionDenied
        services.change_introduction(by=by, introduction=row, now=now, **said)
