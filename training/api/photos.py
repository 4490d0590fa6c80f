"""Photographs and who is on them. A photograph itself is sent to, and fetched from, the pages' addresses."""

from django.utils import timezone
from rest_framework import serializers

from lib.api import Resource, noun
from lib.api.narrowed import Narrowed, example
from people.models import Person
from training import rules, services
from training.evidence import photographs
from training.filters import PhotoFilter
from training.models import Photo

TOLD = {"nobody": False, "people": [11, 12]}


@example(
    id=5, operation="0192f0a4-7c1e-7d3a-9c55-2f1b8f6f0009", session=7, caption="Jars, costed",
    caption_sr="Tegle sa cenom", **TOLD, may_be_shown=True, by=3, at="2025-03-12T13:05:00Z",
)  # fmt: skip
class PhotoSerializer(serializers.ModelSerializer):
    """`may_be_shown`: everybody on it agreed to photographs, or nobody can be recognised."""

    people = serializers.SerializerMethodField()
    may_be_shown = serializers.BooleanField(read_only=True)

    class Meta:
        model = Photo
        fields = [
            "id", "operation", "session", "caption", "caption_sr", "nobody", "people", "may_be_shown", "by",
            "at",
        ]  # fmt: skip
        read_only_fields = fields

    def get_people(self, photo: Photo) -> list[int]:
        return sorted(subject.person_id for subject in photo.subjects.all())


@example(**TOLD)
class SubjectsSerializer(Narrowed, serializers.Serializer):
    """All who are on it; or that nobody can be recognised; or neither: then it is unknown again."""

    people = serializers.PrimaryKeyRelatedField(many=True, required=False, queryset=Person.objects.none())
    nobody = serializers.BooleanField(required=False, default=False)


@example(reason="Mila asked for it.")
class RemovalSerializer(serializers.Serializer):
    reason = serializers.CharField(max_length=300)


@example(removed=True)
class RemovedSerializer(serializers.Serializer):
    removed = serializers.BooleanField()


class PhotoViewSet(Resource):
    """Photographs of sessions. A new one is sent as a form with a file to `/sessions/7/photos/` (operation,
    file, caption), by who is signed in on a page; the picture is at `/photos/5/`."""

    serializer_class = PhotoSerializer
    filterset_class = PhotoFilter
    queryset = Photo.objects.none()
    programme = "session__programme"

    def get_queryset(self):
        rows = Photo.objects.visible_to(self.request.user).select_related("session__programme__tenant")
        return photographs.told(rows, timezone.now())

    @noun(SubjectsSerializer)
    def people(self, row, said, *, by, now):
        """Say who is on it."""
        rules.insist(by, "keep_register", row.session.programme)
        services.name_people(by=by, photo=row, **said)

    @noun(RemovalSerializer, shows=RemovedSerializer)
    def removal(self, row, said, *, by, now):
        """Delete the picture for good. The log of the session keeps that it was there, and why it went."""
        rules.insist(by, "keep_register", row.session.programme)
        services.take_down(by=by, photo=row, now=now, **said)
        return {"removed": True}
