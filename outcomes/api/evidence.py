"""What shows results, over the API: files sent and handed over, addresses."""

from django.core.exceptions import PermissionDenied, ValidationError
from django.http import Http404
from django.utils import timezone
from rest_framework import serializers
from rest_framework.decorators import action
from rest_framework.parsers import MultiPartParser

from accounts import files
from lib.api import Resource
from lib.api.narrowed import Narrowed, example, shows
from lib.api.sent import SentFile
from outcomes import rules, services
from outcomes.filters_results import EvidenceFilter
from outcomes.models import Evidence, Result

PIECE = {"id": 12, "result": 3, "name": "Agreement.pdf", "size": 48211, "address": ""}
PIECE |= {"caption": "Signed by both sides", "at": "2025-05-15T09:00:00Z"}


@example(**PIECE)
class EvidenceSerializer(serializers.ModelSerializer):
    """A file (`name`, `size` in bytes), or an address."""

    name = serializers.CharField(source="file.name", read_only=True, allow_null=True, default=None)
    size = serializers.IntegerField(source="file.size", read_only=True, allow_null=True, default=None)
    address = serializers.CharField(read_only=True)  # empty where it is a file: no address then

    class Meta:
        model = Evidence
        fields = ["id", "result", "name", "size", "address", "caption", "at"]
        read_only_fields = fields


@example(result=3, name="Agreement.csv", content="cHJvZHVjdDtwcmljZQpqYW07NDIwCg==", caption="The text")
class EvidenceSaidSerializer(Narrowed, SentFile):
    """A file as `content` in base64 with its `name`, or as `file` of a multipart form, at most 10 MB; or an
    `address`."""

    result = serializers.PrimaryKeyRelatedField(queryset=Result.objects.none())
    address = serializers.URLField(max_length=300, required=False)
    caption = serializers.CharField(max_length=200, required=False, allow_blank=True)

    def validate(self, said):
        is_file = any(name in said for name in ("file", "content", "name"))
        return super().validate(said) if is_file or "address" not in said else said


class EvidenceViewSet(Resource):
    """What shows results. The same content again is the same evidence; pictures are made anew. Taken away, a
    file's content is gone for good."""

    serializer_class = EvidenceSerializer
    writes = EvidenceSaidSerializer
    parser_classes = [*Resource.parser_classes, MultiPartParser]
    filterset_class = EvidenceFilter
    queryset = Evidence.objects.none()
    programme = "result__programme"

    def get_queryset(self):
        rows = Evidence.objects.visible_to(self.request.user)
        return rows.select_related("result__programme__tenant", "file")

    def create(self, request):
        """Add it to a result. One at a time, and no `add`: a content is looked at outside of transactions."""
        said = self.said()
        if not rules.may(request.user, "keep_results", said["result"].programme):
            raise PermissionDenied
        content = said.pop("content", None)
        try:
            row = services.add_evidence(by=request.user, file=content, now=timezone.now(), **said)
        except ValidationError as error:
            raise serializers.ValidationError(_as_sent(error)) from None
        return self.answer(self.shown(row), 201)

    def remove(self, row, *, by, now):
        rules.insist(by, "keep_results", row.result.programme)
        services.remove_evidence(by=by, evidence=row)

    @action(detail=True)
    @shows(bytes)
    def content(self, request, pk=None):
        """The file itself, to be saved. 404 where there is an address only."""
        row = self.get_object()
        if row.file is None:
            raise Http404
        return files.attachment(row.file)


def _as_sent(error: ValidationError) -> dict[str, list[str]]:
    """By the names that a script uses: a file is its `content`."""
    if not hasattr(error, "error_dict"):
        return {"non_field_errors": error.messages}
    names = {"file": "content"}
    return {names.get(name, name): said for name, said in error.message_dict.items()}
