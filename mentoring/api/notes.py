"""Notes of pairs, each in its layer: a token reads what its owner may read, no more."""

from uuid import uuid4

from django.core.exceptions import PermissionDenied
from rest_framework import serializers

from lib.api import Resource
from lib.api.narrowed import Said, example
from mentoring import services
from mentoring.filters import NoteFilter
from mentoring.models import Note

WRITTEN = {
    "operation": "0192f0a4-7c1e-7d3a-9c55-2f1b8f6f0006",
    "assignment": 9,
    "meeting": 14,
    "layer": "ours",
    "text": "The second shop asked for a bar code.",
}


@example(id=3, **WRITTEN, by=12, at="2025-03-20T18:45:00Z")
class PairNoteSerializer(serializers.ModelSerializer):
    class Meta:
        model = Note
        fields = ["id", "operation", "assignment", "meeting", "layer", "text", "by", "at"]
        read_only_fields = fields


@example(**WRITTEN)
class PairNoteSaidSerializer(Said):
    """`mine`: only the writer reads it. `ours`: the mentor and the entrepreneur. `programme`: these two, the
    coordinators and the administrators. Funders and partners read none."""

    operation = serializers.UUIDField(default=uuid4)  # send your own, and a repeated request is one note

    class Meta:
        model = Note
        fields = ["operation", "assignment", "meeting", "layer", "text"]


class PairNoteViewSet(Resource):
    """What a pair and those who run its programme wrote down. Whoever wrote a note takes it back."""

    serializer_class = PairNoteSerializer
    writes = PairNoteSaidSerializer
    filterset_class = NoteFilter
    queryset = Note.objects.none()
    programme = "assignment__programme"

    def get_queryset(self):
        return Note.objects.visible_to(self.request.user)

    def add(self, said, *, by, now):
        if not by.has_perm("mentoring.write_note", said["assignment"]):
            raise PermissionDenied
        return services.write_note(by=by, now=now, **said)

    def remove(self, row, *, by, now):
        services.remove_note(by=by, note=row)
