"""Reports and their issues over the API: the same rows, the same gate, the same services as the pages."""

from django.core.exceptions import PermissionDenied
from django.http import Http404
from django.utils import timezone
from drf_spectacular.utils import OpenApiParameter, extend_schema
from rest_framework import serializers
from rest_framework.decorators import action

from lib.api import Resource, noun
from lib.api.bodies import Json, written
from lib.api.narrowed import Said, example, shows
from outcomes import services
from outcomes.api.reviewing import ReturningSerializer, SteppingSerializer
from outcomes.filters import IssueFilter, ReportFilter, TargetFilter
from outcomes.models import Issue, Report, Target
from outcomes.opened import frozen_figure, opened
from outcomes.row_kinds import KINDS
from outcomes.rules import may

ROW_KINDS = [(kind, kind) for kind in sorted(KINDS)]
OWED = {
    "funding": 7,
    "name": "First half of 2025",
    "start": "2025-01-01",
    "end": "2025-07-01",
    "due": "2025-08-01",
}


@example(id=3, funder="Bridge Fund", **OWED)
class ReportSerializer(serializers.ModelSerializer):
    funder = serializers.CharField(source="funding.funder.name", read_only=True)

    class Meta:
        model = Report
        fields = ["id", "funding", "funder", "name", "start", "end", "due"]
        read_only_fields = fields


@example(**OWED)
class ReportSaidSerializer(Said):
    fixed = ("funding",)

    class Meta:
        model = Report
        fields = ["funding", "name", "start", "end", "due"]


@example(id=44, state="queued")
class AskedSerializer(serializers.Serializer):
    """The background work that builds an issue."""

    id = serializers.IntegerField()
    state = serializers.CharField()


class ReportViewSet(Resource):
    """What a funder is owed: an impact summary of one funding over one period. `end` is the day after it."""

    serializer_class = ReportSerializer
    writes = ReportSaidSerializer
    filterset_class = ReportFilter
    queryset = Report.objects.none()
    programme = "funding__programmes"

    def get_queryset(self):
        rows = Report.objects.visible_to(self.request.user)
        return rows.select_related("funding__funder", "funding__project__tenant")

    def add(self, said, *, by, now):
        insist(by, "keep_reports", Report(funding=said["funding"]))
        return services.save_report(by=by, **said)

    def change(self, row, said, *, by, now):
        insist(by, "keep_reports", row)
        services.save_report(by=by, report=row, **said)

    @noun(shows=AskedSerializer, status=202)
    def build(self, row, said, *, by, now):
        """Have an issue of it built in the background. Asking again while that goes on gives the same job."""
        insist(by, "build_issue", row)
        return services.request_issue(by=by, report=row)


def insist(user, verb: str, row) -> None:
    if not may(user, verb, row):
        raise PermissionDenied


PLANS = {
    "funding": 7,
    "indicator": "OP-01",
    "line": None,
    "start": None,
    "end": None,
    "value": "30.0000",
    "baseline": None,
}
OF_TARGET = ["funding", "indicator", "line", "start", "end", "value", "baseline"]


@example(id=2, **PLANS)
class TargetSerializer(serializers.ModelSerializer):
    class Meta:
        model = Target
        fields = ["id", *OF_TARGET]


@example(**PLANS)
class TargetSaidSerializer(Said):
    fixed = ("funding", "indicator", "line")

    class Meta:
        model = Target
        fields = OF_TARGET


class TargetViewSet(Resource):
    """What a funding plans for one indicator, or for one line of its logframe; over all of it, or over a part
    of its time."""

    serializer_class = TargetSerializer
    writes = TargetSaidSerializer
    filterset_class = TargetFilter
    queryset = Target.objects.none()
    programme = "funding__programmes"

    def get_queryset(self):
        return Target.objects.visible_to(self.request.user).select_related("funding__project__tenant")

    def add(self, said, *, by, now):
        insist(by, "keep_reports", Report(funding=said["funding"]))
        return services.save_target(by=by, **said)

    def change(self, row, said, *, by, now):
        insist(by, "keep_reports", Report(funding=row.funding))
        services.save_target(by=by, target=row, **said)


FROZEN = {
    "id": 10,
    "report": 3,
    "number": 1,
    "state": "issued",
    "fingerprint": "5f0c3e9a7d214b86a1c0de5b7f3a92644d8e1b07c95fa236e8d47b10c2f96e35",
    "built_at": "2025-07-10T09:00:00Z",
    "issued_at": "2025-07-15T09:00:00Z",
}


@example(**FROZEN)
class IssueSerializer(serializers.ModelSerializer):
    class Meta:
        model = Issue
        fields = ["id", "report", "number", "state", "fingerprint", "built_at", "issued_at"]
        read_only_fields = fields


@example(**FROZEN, document={"heading": "Half of the planned hours were attended.", "figures": []})
class IssueDocumentSerializer(serializers.ModelSerializer):
    """One issue with its document, as frozen. The rows behind the figures are not in it."""

    document = serializers.DictField(child=serializers.JSONField(), read_only=True)

    class Meta(IssueSerializer.Meta):
        fields = [*IssueSerializer.Meta.fields, "document"]


@example(
    figure="OP-01", name="Attended", frozen="24", live="25", kind="person", rows=[[17], [18]], hidden=0,
    came=1, gone=0,
)  # fmt: skip
class OpenedSerializer(serializers.Serializer):
    """`rows` are the keys of what the figure counts now, as far as you may see them: of persons, meetings, …
    (a place is a person and a module). `came` and `gone` compare with what was frozen; null is unknown."""

    figure = serializers.CharField()
    name = serializers.CharField()
    frozen = serializers.CharField()
    live = serializers.CharField()
    kind = serializers.ChoiceField(choices=ROW_KINDS)
    rows = serializers.ListField(child=serializers.ListField(child=serializers.IntegerField()))
    hidden = serializers.IntegerField(help_text="How many more there are that you may not see.")
    came = serializers.IntegerField(allow_null=True)
    gone = serializers.IntegerField(allow_null=True)


FIGURE = OpenApiParameter(
    "figure", str, OpenApiParameter.PATH, description="An indicator's code, like OP-01."
)


class IssueViewSet(Resource):
    """Frozen editions of reports. Staff read every one, a funder what was issued to her."""

    serializer_class = IssueDocumentSerializer
    filterset_class = IssueFilter
    queryset = Issue.objects.none()
    programme = "report__funding__programmes"

    def get_queryset(self):
        found = Issue.objects.visible_to(self.request.user)
        if self.action == "list":
            return found.defer("payload")
        return found.select_related("report__funding__project__tenant")

    def get_serializer_class(self):
        return IssueSerializer if self.action == "list" else IssueDocumentSerializer

    @noun(SteppingSerializer)
    def review(self, row, said, *, by, now):
        """Have a draft, or what was returned, read by somebody else before its funder does."""
        insist(by, "review_issue", row)
        services.submit_issue(by=by, issue=row, now=now, **said)

    @noun(ReturningSerializer, path="return")
    def return_(self, row, said, *, by, now):
        """Say that it shall not be issued so, and what is to be changed."""
        insist(by, "review_issue", row)
        services.return_issue(by=by, issue=row, now=now, **said)

    @noun(SteppingSerializer)
    def approval(self, row, said, *, by, now):
        """Say that it may be issued. Whoever gave it to be reviewed may not, where there is somebody else."""
        insist(by, "review_issue", row)
        services.approve_issue(by=by, issue=row, now=now, **said)

    @noun()
    def release(self, row, said, *, by, now):
        """Issue what was approved: from now on its funder sees it, and nothing changes in it. Once."""
        insist(by, "release_issue", row)
        services.release_issue(by=by, issue=row, now=now)

    @extend_schema(parameters=[FIGURE])
    @action(detail=True, url_path=r"figures/(?P<figure>[^/]+)")
    @shows(OpenedSerializer)
    def figures(self, request, figure, pk=None):
        """The rows behind a figure, counted again now, beside the number that was frozen. For staff."""
        row = self.get_object()
        insist(request.user, "open_rows", row)
        if frozen_figure(row, figure) is None:
            raise Http404
        shown = opened(row, figure, user=request.user, now=timezone.now())
        return Json(
            written(
                {
                    "figure": figure,
                    "name": shown.name,
                    "frozen": shown.frozen,
                    "live": shown.live,
                    "kind": shown.kind,
                    "rows": [one if isinstance(one, tuple) else (one,) for one in shown.rows],
                    "hidden": shown.hidden,
                    "came": shown.came,
                    "gone": shown.gone,
                }
            )
        )
