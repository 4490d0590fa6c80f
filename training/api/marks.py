"""Marks, and what they amount to."""

from django.utils import timezone
from rest_framework import serializers

from lib.api import Resource
from lib.api.bodies import Json, written
from lib.api.narrowed import Narrowed, example, shows
from training import rules, services
from training.filters import AttendanceFilter, MarkFilter, RosterFilter
from training.models import Attendance, Mark, RosterEntry, Session, Status

MOST_MARKS = 500  # in one request
OPERATION = "0192f0a4-7c1e-7d3a-9c55-2f1b8f6f0004"
TAPPED = {
    "operation": OPERATION,
    "enrolment": 31,
    "status": "late",
    "arrival": "10:20:00",
    "leaving": None,
    "reason": "the bus",
    "at_device": "2025-03-12T09:21:04Z",
    "device": "Ana's phone",
    "seen": "",
}


class OperationSerializer(serializers.Serializer):
    """One mark, as the device made it."""

    operation = serializers.UUIDField()
    enrolment = serializers.IntegerField(min_value=1, max_value=2**63 - 1)
    status = serializers.ChoiceField(choices=Status)
    arrival = serializers.TimeField(required=False, allow_null=True)
    leaving = serializers.TimeField(required=False, allow_null=True)
    reason = serializers.CharField(required=False, allow_blank=True, max_length=300)
    at_device = serializers.DateTimeField(required=False, allow_null=True)
    device = serializers.CharField(required=False, allow_blank=True, max_length=60)
    seen = serializers.CharField(
        required=False,
        allow_blank=True,
        allow_null=True,
        max_length=36,
        help_text="The operation that the marker had before her eyes; empty: not marked; none: not said.",
    )


@example(session=7, operations=[TAPPED])
class MarksSerializer(Narrowed, serializers.Serializer):
    session = serializers.PrimaryKeyRelatedField(queryset=Session.objects.none())
    operations = OperationSerializer(many=True, allow_empty=False, max_length=MOST_MARKS)


class ResultSerializer(serializers.Serializer):
    """What became of one operation: saved, known, unsettled, refused or conflict, and why."""

    operation = serializers.UUIDField()
    enrolment = serializers.IntegerField()
    outcome = serializers.ChoiceField(choices=[outcome.value for outcome in services.Outcome])
    words = serializers.CharField(allow_blank=True)


@example(results=[{"operation": OPERATION, "enrolment": 31, "outcome": "saved", "words": ""}])
class ResultsSerializer(serializers.Serializer):
    results = ResultSerializer(many=True)


@example(
    id=88, session=7, **TAPPED, minutes=None, source="tap", at_server="2025-03-12T09:21:09Z",
    differs_from=None, paper=None, unsettled=False,
)  # fmt: skip
class MarkSerializer(serializers.ModelSerializer):
    class Meta:
        model = Mark
        fields = [
            "id", "operation", "session", "enrolment", "source", "status", "arrival", "leaving", "minutes",
            "reason", "at_device", "at_server", "device", "seen", "differs_from", "paper", "unsettled",
        ]  # fmt: skip
        read_only_fields = fields


class MarkViewSet(Resource):
    """Marks as they were made. None is ever changed: a correction is another mark."""

    serializer_class = MarkSerializer
    filterset_class = MarkFilter
    queryset = Mark.objects.none()
    programme = "session__programme"

    def get_queryset(self):
        return Mark.objects.visible_to(self.request.user)

    @shows(ResultsSerializer, takes=MarksSerializer)
    def create(self, request):
        """Each operation has its own answer, in the order sent. One that was here before is answered `known`
        and counts once."""
        said = self.said(takes=MarksSerializer)
        session, marks = said["session"], said["operations"]
        rules.insist(request.user, "keep_register", session.programme)
        results = services.record_marks(by=request.user, session=session, marks=marks, now=timezone.now())
        shown = ResultSerializer([result._asdict() for result in results], many=True)
        return Json(written({"results": shown.data}))


@example(id=60, session=7, enrolment=31, name="Đurđa Đorđević", row_code="A1", planned_minutes=210)
class RosterEntrySerializer(serializers.ModelSerializer):
    name = serializers.CharField(source="enrolment.person.name", read_only=True)
    row_code = serializers.CharField(source="enrolment.row_code", read_only=True)

    class Meta:
        model = RosterEntry
        fields = ["id", "session", "enrolment", "name", "row_code", "planned_minutes"]
        read_only_fields = fields


class RosterViewSet(Resource):
    """Who is expected in which session, and for how many minutes."""

    serializer_class = RosterEntrySerializer
    filterset_class = RosterFilter
    queryset = RosterEntry.objects.none()
    programme = "session__programme"

    def get_queryset(self):
        return RosterEntry.objects.visible_to(self.request.user).select_related("enrolment__person")


@example(
    id=61, session=7, enrolment=31, status="late", arrival="10:20:00", leaving=None, minutes=190,
    planned_minutes=210, mark=88,
)  # fmt: skip
class AttendanceSerializer(serializers.ModelSerializer):
    session = serializers.PrimaryKeyRelatedField(source="entry.session", read_only=True)
    enrolment = serializers.PrimaryKeyRelatedField(source="entry.enrolment", read_only=True)

    class Meta:
        model = Attendance
        fields = [
            "id", "session", "enrolment", "status", "arrival", "leaving", "minutes", "planned_minutes",
            "mark",
        ]  # fmt: skip
        read_only_fields = fields


class AttendanceViewSet(Resource):
    """What the marks of one person in one session amount to. Somebody on the roster without a row here is not
    marked: unknown, never absent."""

    serializer_class = AttendanceSerializer
    filterset_class = AttendanceFilter
    queryset = Attendance.objects.none()
    programme = "entry__session__programme"

    def get_queryset(self):
        return Attendance.objects.visible_to(self.request.user).select_related("entry")
