"""The API's door to the same services, with the same words of refusal."""

from django.utils import timezone
from rest_framework import mixins, serializers, viewsets
from rest_framework.response import Response

from people.models import Person, Programme
from training import rules, services
from training.filters import EnrolmentFilter, MarkFilter, SessionFilter
from training.models import Enrolment, Mark, Module, Session, Status, Venue

MOST_MARKS = 500  # in one request


class Narrowed:
    """Every row that may be named is one that the user sees."""

    sources: dict = {}

    def get_fields(self):
        fields = super().get_fields()
        request = self.context.get("request")
        for name, model in self.sources.items():
            if name in fields and not fields[name].read_only:
                rows = model.objects.visible_to(request.user) if request else model.objects.none()
                relation = fields[name]
                getattr(relation, "child_relation", relation).queryset = rows
        return fields


class SessionSerializer(Narrowed, serializers.ModelSerializer):
    programme = serializers.SlugRelatedField(slug_field="code", queryset=Programme.objects.none())
    trainers = serializers.PrimaryKeyRelatedField(many=True, required=False, queryset=Person.objects.none())
    sources = {"programme": Programme, "module": Module, "venue": Venue}

    class Meta:
        model = Session
        fields = [
            "id",
            "programme",
            "module",
            "title",
            "title_sr",
            "kind",
            "day",
            "start",
            "end",
            "zone",
            "break_minutes",
            "minutes",
            "venue",
            "trainers",
            "agenda",
            "starts_at",
            "ends_at",
            "revision",
            "cancelled_at",
            "closed_at",
        ]
        read_only_fields = ["starts_at", "ends_at", "revision", "cancelled_at", "closed_at"]
        validators = []

    def get_fields(self):
        fields = super().get_fields()
        programmes = (
            Programme.objects.visible_to(self.context["request"].user) if "request" in self.context else []
        )
        trainers = Person.objects.filter(memberships__role="trainer", memberships__programme__in=programmes)
        fields["trainers"].child_relation.queryset = trainers.distinct()
        if self.instance is not None:
            fields["programme"].read_only = True
        return fields


class SessionViewSet(
    mixins.ListModelMixin,
    mixins.RetrieveModelMixin,
    mixins.CreateModelMixin,
    mixins.UpdateModelMixin,
    viewsets.GenericViewSet,
):
    """Sessions that the user sees; planning and changing them as on the page."""

    serializer_class = SessionSerializer
    filterset_class = SessionFilter
    queryset = Session.objects.none()
    http_method_names = ["get", "post", "patch", "head", "options"]

    def get_queryset(self):
        rows = Session.objects.visible_to(self.request.user).select_related(
            "programme__tenant", "module", "venue"
        )
        return rows.prefetch_related("trainers")

    def perform_create(self, serializer):
        said = serializer.validated_data
        rules.insist(self.request.user, "plan_session", said["programme"])
        serializer.instance = services.plan_session(by=self.request.user, **said)

    def perform_update(self, serializer):
        row = serializer.instance
        rules.insist(self.request.user, "plan_session", row.programme)
        serializer.instance = services.change_session(
            by=self.request.user, session=row, now=timezone.now(), **serializer.validated_data
        )


class EnrolmentSerializer(serializers.ModelSerializer):
    programme = serializers.SlugRelatedField(slug_field="code", read_only=True)
    name = serializers.CharField(source="person.name", read_only=True)

    class Meta:
        model = Enrolment
        fields = [
            "id",
            "programme",
            "person",
            "name",
            "enterprise",
            "state",
            "state_at",
            "reason",
            "applied_on",
            "row_code",
            "walk_in",
        ]
        read_only_fields = fields


class EnrolmentViewSet(viewsets.ReadOnlyModelViewSet):
    serializer_class = EnrolmentSerializer
    filterset_class = EnrolmentFilter
    queryset = Enrolment.objects.none()

    def get_queryset(self):
        return Enrolment.objects.visible_to(self.request.user).select_related("programme", "person")


class OperationSerializer(serializers.Serializer):
    """One mark, as the device made it."""

    operation = serializers.UUIDField()
    enrolment = serializers.IntegerField()
    status = serializers.ChoiceField(choices=Status)
    arrival = serializers.TimeField(required=False, allow_null=True)
    leaving = serializers.TimeField(required=False, allow_null=True)
    reason = serializers.CharField(required=False, allow_blank=True, max_length=300)
    at_device = serializers.DateTimeField(required=False, allow_null=True)


class MarksSerializer(Narrowed, serializers.Serializer):
    session = serializers.PrimaryKeyRelatedField(queryset=Session.objects.none())
    operations = OperationSerializer(many=True, allow_empty=False, max_length=MOST_MARKS)
    sources = {"session": Session}


class ResultSerializer(serializers.Serializer):
    """What became of one operation: saved, known, unsettled, refused or conflict, and why."""

    operation = serializers.UUIDField()
    enrolment = serializers.IntegerField()
    outcome = serializers.ChoiceField(choices=[outcome.value for outcome in services.Outcome])
    words = serializers.CharField()


class MarkSerializer(serializers.ModelSerializer):
    class Meta:
        model = Mark
        fields = [
            "id",
            "operation",
            "session",
            "enrolment",
            "source",
            "status",
            "arrival",
            "leaving",
            "reason",
            "at_device",
            "at_server",
            "unsettled",
        ]
        read_only_fields = fields


class MarkViewSet(mixins.ListModelMixin, viewsets.GenericViewSet):
    """Marks as they were made; sending many at once, each with its own answer in the order sent."""

    serializer_class = MarkSerializer
    filterset_class = MarkFilter
    queryset = Mark.objects.none()

    def get_queryset(self):
        return Mark.objects.visible_to(self.request.user)

    def create(self, request):
        said = MarksSerializer(data=request.data, context=self.get_serializer_context())
        said.is_valid(raise_exception=True)
        session, marks = said.validated_data["session"], said.validated_data["operations"]
        rules.insist(request.user, "keep_register", session.programme)
        results = services.record_marks(by=request.user, session=session, marks=marks, now=timezone.now())
        return Response({"results": ResultSerializer([r._asdict() for r in results], many=True).data})
