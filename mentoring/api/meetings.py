"""Meetings of pairs, the other side's word on them, and the notes of a pair."""

from uuid import uuid4

from django.core.exceptions import PermissionDenied
from rest_framework import serializers

from lib.api import Resource, noun
from lib.api.narrowed import Said, example
from mentoring import services
from mentoring.filters import MeetingFilter
from mentoring.meetings.answering import insist_on_other_side
from mentoring.models import Function, Meeting

MET = {
    "operation": "0192f0a4-7c1e-7d3a-9c55-2f1b8f6f0005",
    "assignment": 9,
    "day": "2025-03-20",
    "start": "17:00:00",
    "minutes": 90,
    "place": "premises",
    "topic": "Price of a jar",
    "function": "pricing",
    "next_step": "Ask three shops",
}
WORD = {
    "confirmed_at": "2025-03-21T08:00:00Z",
    "objected_at": None,
    "objection": "",
    "cancelled_at": None,
    "cancelled_reason": "",
}


@example(id=14, **MET, slot=None, at="2025-03-20T18:40:00Z", **WORD)
class MeetingSerializer(serializers.ModelSerializer):
    """One with `cancelled_at` was logged by mistake and counts nowhere: ask for `counts=true`."""

    function = serializers.ChoiceField(choices=Function.choices, allow_blank=True, read_only=True)

    class Meta:
        model = Meeting
        fields = [
            "id", "operation", "assignment", "day", "start", "minutes", "place", "topic", "function",
            "next_step", "slot", "at", "confirmed_at", "objected_at", "objection", "cancelled_at",
            "cancelled_reason",
        ]  # fmt: skip
        read_only_fields = fields


@example(**MET)
class MeetingSaidSerializer(Said):
    """The topic is read by funders, without names; the next step by the pair and who runs the programme."""

    operation = serializers.UUIDField(default=uuid4)  # send your own, and a repeated request is one meeting
    minutes = serializers.IntegerField(min_value=1, max_value=Meeting.LONGEST)
    place = serializers.ChoiceField(choices=Meeting.Place.choices, default=Meeting.Place.PREMISES)

    class Meta:
        model = Meeting
        fields = [
            "operation", "assignment", "day", "start", "minutes", "place", "topic", "function", "next_step",
        ]  # fmt: skip


@example(objection="It was an hour, not two")
class ObjectionSerializer(serializers.Serializer):
    objection = serializers.CharField(max_length=300)


@example(reason="Logged twice")
class MistakeSerializer(serializers.Serializer):
    reason = serializers.CharField(max_length=300)


class MeetingViewSet(Resource):
    """Meetings that took place. What was written in confidence is not here: notes have their own list."""

    serializer_class = MeetingSerializer
    writes = MeetingSaidSerializer
    filterset_class = MeetingFilter
    queryset = Meeting.objects.none()
    programme = "assignment__programme"

    def get_queryset(self):
        rows = Meeting.objects.visible_to(self.request.user)
        if self.request.method == "GET":
            return rows
        if self.action in ("confirmation", "objection"):
            rows = rows.of_the_pair_of(self.request.user)
        pair = "assignment__programme__tenant", "assignment__mentor__person", "assignment__enrolment__person"
        return rows.select_related(*pair)

    def add(self, said, *, by, now):
        if not by.has_perm("mentoring.log_meeting", said["assignment"]):
            raise PermissionDenied
        return services.log_meeting(by=by, now=now, **said)

    @noun(None)
    def confirmation(self, row, said, *, by, now):
        """The other side says that it was so; whoever logged it cannot."""
        insist_on_other_side(by, row)
        services.confirm_meeting(by=by, meeting=row, now=now)

    @noun(ObjectionSerializer)
    def objection(self, row, said, *, by, now):
        """The other side says what is not right. It counts until it is cancelled."""
        insist_on_other_side(by, row)
        services.object_to_meeting(by=by, meeting=row, now=now, **said)

    @noun(MistakeSerializer)
    def cancellation(self, row, said, *, by, now):
        """Logged by mistake: it stays on record and counts nowhere."""
        if not by.has_perm("mentoring.cancel_meeting", row):
            raise PermissionDenied
        services.cancel_meeting(by=by, meeting=row, now=now, **said)
