"""Files that hang on ideas: sent, handed over, taken away."""

from django.core.exceptions import PermissionDenied, ValidationError
from django.utils import timezone
from rest_framework import serializers
from rest_framework.decorators import action
from rest_framework.parsers import MultiPartParser

from accounts import files
from ideas import rules, services
from ideas.filters import IdeaFileFilter
from ideas.models import Idea, IdeaFile
from lib.api import Resource
from lib.api.narrowed import Narrowed, example, shows
from lib.api.sent import SentFile

FILE = {"id": 7, "idea": 51, "name": "Price list.pdf", "size": 48211, "at": "2025-03-20T09:00:00Z"}


@example(**FILE)
class IdeaFileSerializer(serializers.ModelSerializer):
    """For who judges the idea blind, `name` says nothing."""

    name = serializers.CharField(source="shown", read_only=True)
    size = serializers.IntegerField(source="file.size", read_only=True, help_text="In bytes.")

    class Meta:
        model = IdeaFile
        fields = ["id", "idea", "name", "size", "at"]
        read_only_fields = fields


@example(results=[FILE])
class IdeaFilesSerializer(serializers.Serializer):
    results = IdeaFileSerializer(many=True)


@example(idea=51, name="Price list.csv", content="cHJvZHVjdDtwcmljZQpqYW07NDIwCg==")
class IdeaFileSaidSerializer(Narrowed, SentFile):
    """A file as `content` in base64 with its `name`, or as `file` of a multipart form: at most 10 MB, one of
    the kinds that the page takes."""

    idea = serializers.PrimaryKeyRelatedField(queryset=Idea.objects.none())


class IdeaFileViewSet(Resource):
    """Files that hang on ideas. The same content again is the same file; pictures are made anew. Taken away,
    the content is gone for good."""

    serializer_class = IdeaFileSerializer
    writes = IdeaFileSaidSerializer
    parser_classes = [*Resource.parser_classes, MultiPartParser]
    filterset_class = IdeaFileFilter
    queryset = IdeaFile.objects.none()
    programme = "idea__programme"

    def get_queryset(self):
        return IdeaFile.objects.visible_to(self.request.user).there_for(self.request.user)

    def create(self, request):
        """Hang it on an idea. One at a time, and no `add`: a content is looked at outside of transactions."""
        said = self.said()
        if not rules.may_record_ideas(request.user, said["idea"].programme):
            raise PermissionDenied
        content = said.pop("content")
        try:
            row, _is_new = services.attach(by=request.user, file=content, now=timezone.now(), **said)
        except ValidationError as error:
            raise serializers.ValidationError({"content": error.messages}) from None
        return self.answer(self.shown(row), 201)

    def remove(self, row, *, by, now):
        if not rules.may_record_ideas(by, row.idea.programme):
            raise PermissionDenied
        services.detach(by=by, attachment=row, now=now)

    @action(detail=True)
    @shows(bytes)
    def content(self, request, pk=None):
        """The file itself, to be saved; for who judges the idea blind, under a name that says nothing."""
        row = self.get_object()
        return files.attachment(row.file, name=row.shown)
