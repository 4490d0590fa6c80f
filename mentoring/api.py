"""Assignments and meetings for scripts: the same services, the same words of refusal."""

from uuid import uuid4

from django.utils import timezone
from django.utils.translation import gettext as _
from drf_spectacular.utils import extend_schema
from rest_framework import mixins, serializers, viewsets
from rest_framework.exceptions import PermissionDenied

from mentoring import services
from mentoring.filters import AssignmentFilter
from mentoring.models import Assignment, Meeting, Mentor
from people.models import Programme
from training.models import Enrolment


class AssignmentSerializer(serializers.ModelSerializer):
    programme = serializers.SlugRelatedField(slug_field="code", queryset=Programme.objects.none())
    mentor_name = serializers.CharField(source="mentor.person.name", read_only=True)
    person_name = serializers.CharField(source="enrolment.person.name", read_only=True)

    class Meta:
        model = Assignment
        fields = [
            "id", "programme", "mentor", "mentor_name", "enrolment", "person_name", "agreed_hours",
            "state", "start", "end", "conflict_accepted",
        ]  # fmt: skip
        read_only_fields = ["state", "end"]
        validators = []  # the service refuses, in its own words

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        if request := self.context.get("request"):
            visible = Programme.objects.visible_to(request.user)
            self.fields["programme"].queryset = visible
            self.fields["enrolment"].queryset = Enrolment.objects.filter(programme__in=visible)

    def validate(self, data):
        if not Mentor.objects.active_in(data["programme"]).filter(pk=data["mentor"].pk).exists():
            raise serializers.ValidationError({"mentor": _("She is no mentor of this programme.")})
        return data


class AssignmentViewSet(mixins.CreateModelMixin, viewsets.ReadOnlyModelViewSet):
    serializer_class = AssignmentSerializer
    filterset_class = AssignmentFilter
    queryset = Assignment.objects.none()

    def get_queryset(self):
        rows = Assignment.objects.visible_to(self.request.user)
        return rows.select_related("programme", "mentor__person", "enrolment__person")

    def perform_create(self, serializer):
        data = serializer.validated_data
        if not self.request.user.has_perm("mentoring.assign", data["programme"]):
            raise PermissionDenied
        serializer.instance = services.assign(by=self.request.user, now=timezone.now(), **data)


class MeetingSerializer(serializers.ModelSerializer):
    operation = serializers.UUIDField(default=uuid4)  # send your own, and a repeated request is one meeting

    class Meta:
        model = Meeting
        fields = ["id", "operation", "assignment", "day", "minutes", "place", "topic", "next_step", "at"]
        read_only_fields = ["at"]

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        if request := self.context.get("request"):
            self.fields["assignment"].queryset = Assignment.objects.visible_to(request.user)


@extend_schema(
    description="Meetings that took place. Notes of a pair are not here: only day, length, place, topic."
)
class MeetingViewSet(mixins.CreateModelMixin, viewsets.ReadOnlyModelViewSet):
    serializer_class = MeetingSerializer
    queryset = Meeting.objects.none()

    def get_queryset(self):
        return Meeting.objects.visible_to(self.request.user)

    def perform_create(self, serializer):
        data = serializer.validated_data
        if not self.request.user.has_perm("mentoring.log_meeting", data["assignment"]):
            raise PermissionDenied
        serializer.instance = services.log_meeting(by=self.request.user, now=timezone.now(), **data)
