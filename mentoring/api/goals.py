"""Goals of pairs."""

from uuid import uuid4

from django.core.exceptions import PermissionDenied
from rest_framework import serializers

from lib.api import Resource, noun
from lib.api.narrowed import Said, example
from mentoring import services
from mentoring.filters import GoalFilter
from mentoring.models import Function, Goal
from mentoring.services.holding import hold

AGREED = {
    "operation": "0192f0a4-7c1e-7d3a-9c55-2f1b8f6f0031",
    "assignment": 9,
    "text": "A price list for ten shops",
    "function": "pricing",
    "due": "2025-05-01",
}


@example(id=3, **AGREED, state="open", state_at="2025-03-20T16:00:00Z", remark="")
class GoalSerializer(serializers.ModelSerializer):
    function = serializers.ChoiceField(choices=Function.choices, allow_blank=True, read_only=True)

    class Meta:
        model = Goal
        fields = ["id", "operation", "assignment", "text", "function", "due", "state", "state_at", "remark"]
        read_only_fields = fields


@example(**AGREED)
class GoalSaidSerializer(Said):
    operation = serializers.UUIDField(default=uuid4)  # send your own, and a repeated request is one goal
    fixed = ("operation", "assignment")

    class Meta:
        model = Goal
        fields = ["operation", "assignment", "text", "function", "due"]


@example(state="reached", remark="Eight of ten shops")
class GoalEndSerializer(serializers.Serializer):
    state = serializers.ChoiceField(choices=Goal.State)
    remark = serializers.CharField(required=False, allow_blank=True, default="", max_length=300)


class GoalViewSet(Resource):
    """What pairs agreed to reach, until when, and what came of it. The two of them and whoever runs the
    programme keep them."""

    serializer_class = GoalSerializer
    writes = GoalSaidSerializer
    filterset_class = GoalFilter
    queryset = Goal.objects.none()
    programme = "assignment__programme"

    def get_queryset(self):
        rows = Goal.objects.visible_to(self.request.user)
        people = (
            "assignment__programme__tenant",
            "assignment__mentor__person",
            "assignment__enrolment__person",
        )
        return rows.select_related(*people)

    def claimed(self):
        """The programme before the row, as the services take them."""
        hold(self.get_object().assignment.programme)
        return super().claimed()

    def _insist(self, assignment) -> None:
        if not self.request.user.has_perm("mentoring.keep_goals", assignment):
            raise PermissionDenied

    def add(self, said, *, by, now):
        self._insist(said["assignment"])
        return services.add_goal(by=by, now=now, **said)

    def change(self, row, said, *, by, now):
        self._insist(row.assignment)
        services.change_goal(by=by, goal=row, **said)

    @noun(GoalEndSerializer)
    def state(self, row, said, *, by, now):
        """What came of it: reached, partly, dropped, or open again."""
        self._insist(row.assignment)
        services.set_goal_state(by=by, goal=row, now=now, **said)
