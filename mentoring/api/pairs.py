"""Assignments and their meetings."""

from uuid import uuid4

from django.core.exceptions import PermissionDenied
from django.utils.translation import gettext as _
from rest_framework import serializers

from lib import clock
from lib.api import Resource, noun
from lib.api.narrowed import Said, example
from mentoring import services
from mentoring.filters import AssignmentsFilter, MeetingFilter
from mentoring.models import Assignment, Meeting, Mentor, Need
from people.models import Programme
from training.models import Enrolment

ENDS = [(state.value, state.label) for state in (Assignment.State.COMPLETED, Assignment.State.ENDED)]
GUIDES = {
    "programme": "start-up-2025",
    "mentor": 5,
    "enrolment": 31,
    "need": 2,
    "agreed_hours": 12,
    "start": "2025-03-15",
    "conflict_accepted": "",
}


@example(
    id=9, **GUIDES, mentor_name="Vesna Vesić", person_name="Đurđa Đorđević", state="active",
    state_at="2025-03-15T09:00:00Z", reason="", end=None,
)  # fmt: skip
class AssignmentSerializer(serializers.ModelSerializer):
    programme = serializers.SlugRelatedField(slug_field="code", read_only=True)
    mentor_name = serializers.CharField(source="mentor.person.name", read_only=True)
    person_name = serializers.CharField(source="enrolment.person.name", read_only=True)

    class Meta:
        model = Assignment
        fields = [
            "id", "programme", "mentor", "mentor_name", "enrolment", "person_name", "need", "agreed_hours",
            "state", "state_at", "reason", "start", "end", "conflict_accepted",
        ]  # fmt: skip
        read_only_fields = fields


@example(**GUIDES)
class AssignmentSaidSerializer(Said):
    """A conflict of interest on record refuses it, unless `conflict_accepted` says why all the same."""

    programme = serializers.SlugRelatedField(slug_field="code", queryset=Programme.objects.none())
    need = serializers.PrimaryKeyRelatedField(queryset=Need.objects.none(), required=False, allow_null=True)
    agreed_hours = serializers.IntegerField(min_value=1, max_value=500, required=False, allow_null=True)

    class Meta:
        model = Assignment
        fields = ["programme", "mentor", "enrolment", "need", "agreed_hours", "start", "conflict_accepted"]

    def validate(self, data):
        """As on the page: one of the programme's mentors, for somebody who takes part."""
        programme = data["programme"]
        if not Mentor.objects.active_in(programme).filter(pk=data["mentor"].pk).exists():
            raise serializers.ValidationError({"mentor": _("She is no mentor of this programme.")})
        if data["enrolment"].state not in Enrolment.TAKING_PART:
            raise serializers.ValidationError({"enrolment": _("She does not take part in this programme.")})
        if data.get("need") and data["need"].enrolment_id != data["enrolment"].pk:
            raise serializers.ValidationError({"need": _("This need is somebody else's.")})
        return data


@example(state="ended", reason="She moved away", end="2025-05-20")
class EndingSerializer(serializers.Serializer):
    state = serializers.ChoiceField(choices=ENDS)
    reason = serializers.CharField(required=False, allow_blank=True, default="", max_length=300)
    end = serializers.DateField(required=False, help_text="The last day; today where nothing is said.")


class AssignmentViewSet(Resource):
    """Who guides whom, with agreed hours and a state."""

    serializer_class = AssignmentSerializer
    writes = AssignmentSaidSerializer
    filterset_class = AssignmentsFilter
    queryset = Assignment.objects.none()
    programme = "programme"

    def get_queryset(self):
        rows = Assignment.objects.visible_to(self.request.user)
        return rows.select_related("programme__tenant", "mentor__person", "enrolment__person")

    def add(self, said, *, by, now):
        if not by.has_perm("mentoring.assign", said["programme"]):
            raise PermissionDenied
        return services.assign(by=by, now=now, **said)

    @noun(EndingSerializer)
    def ending(self, row, said, *, by, now):
        """Complete it, or end it before that, which needs a reason. The meetings stay."""
        if not by.has_perm("mentoring.end_assignment", row):
            raise PermissionDenied
        end = said.pop("end", None) or clock.local(now, row.programme.zone).date()
        if row.start and end < row.start:
            raise serializers.ValidationError({"end": [_("It ends after it begins.")]})
        services.end_assignment(by=by, assignment=row, end=end, now=now, **said)


MET = {
    "operation": "0192f0a4-7c1e-7d3a-9c55-2f1b8f6f0005",
    "assignment": 9,
    "day": "2025-03-20",
    "minutes": 90,
    "place": "premises",
    "topic": "Price of a jar",
    "next_step": "Ask three shops",
}


@example(id=14, **MET, at="2025-03-20T16:00:00Z")
class MeetingSerializer(serializers.ModelSerializer):
    class Meta:
        model = Meeting
        fields = ["id", "operation", "assignment", "day", "minutes", "place", "topic", "next_step", "at"]
        read_only_fields = fields


@example(**MET)
class MeetingSaidSerializer(Said):
    operation = serializers.UUIDField(default=uuid4)  # send your own, and a repeated request is one meeting
    minutes = serializers.IntegerField(min_value=1, max_value=Meeting.LONGEST)
    place = serializers.ChoiceField(choices=Meeting.Place, default=Meeting.Place.PREMISES)

    class Meta:
        model = Meeting
        fields = ["operation", "assignment", "day", "minutes", "place", "topic", "next_step"]


class MeetingViewSet(Resource):
    """Meetings that took place. Notes of a pair are not here: only day, length, place, topic."""

    serializer_class = MeetingSerializer
    writes = MeetingSaidSerializer
    filterset_class = MeetingFilter
    queryset = Meeting.objects.none()
    programme = "assignment__programme"

    def get_queryset(self):
        return Meeting.objects.visible_to(self.request.user)

    def add(self, said, *, by, now):
        if not by.has_perm("mentoring.log_meeting", said["assignment"]):
            raise PermissionDenied
        return services.log_meeting(by=by, now=now, **said)
