"""Reports and their issues over the API: the same rows, the same gate, the same services as the pages."""

from drf_spectacular.utils import extend_schema
from rest_framework import serializers, status, viewsets
from rest_framework.decorators import action
from rest_framework.exceptions import PermissionDenied
from rest_framework.request import Request
from rest_framework.response import Response

from outcomes import services
from outcomes.models import Issue, Report
from outcomes.rules import may


class ReportSerializer(serializers.ModelSerializer):
    funder = serializers.CharField(source="funding.funder.name", read_only=True)

    class Meta:
        model = Report
        fields = ["id", "funding", "funder", "name", "start", "end", "due"]


class IssueSerializer(serializers.ModelSerializer):
    class Meta:
        model = Issue
        fields = ["id", "report", "number", "state", "fingerprint", "built_at", "issued_at"]


class IssueDocumentSerializer(IssueSerializer):
    """One issue with its document, as frozen. The rows behind the figures are not given out."""

    document = serializers.JSONField(read_only=True)

    class Meta(IssueSerializer.Meta):
        fields = [*IssueSerializer.Meta.fields, "document"]


class AskedSerializer(serializers.Serializer):
    """The background work that builds an issue."""

    id = serializers.IntegerField()
    state = serializers.CharField()


class ReportViewSet(viewsets.ReadOnlyModelViewSet):
    serializer_class = ReportSerializer
    queryset = Report.objects.none()
    filterset_fields = ["funding"]

    def get_queryset(self):
        return Report.objects.visible_to(self.request.user).select_related(
            "funding__funder", "funding__project"
        )

    @extend_schema(request=None, responses={202: AskedSerializer})
    @action(detail=True, methods=["post"])
    def build(self, request: Request, pk: str) -> Response:
        report = self.get_object()
        if not may(request.user, "build_issue", report):
            raise PermissionDenied
        job = services.request_issue(by=request.user, report=report)
        return Response(AskedSerializer(job).data, status=status.HTTP_202_ACCEPTED)


class IssueViewSet(viewsets.ReadOnlyModelViewSet):
    queryset = Issue.objects.none()
    filterset_fields = ["report", "state"]

    def get_queryset(self):
        found = Issue.objects.visible_to(self.request.user)
        return found.defer("payload") if self.action == "list" else found

    def get_serializer_class(self):
        return IssueSerializer if self.action == "list" else IssueDocumentSerializer
