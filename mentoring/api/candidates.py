"""Mentors' applications: what came in by the public form, taken or declined by a person."""

from rest_framework import serializers

from lib.api import Resource, noun
from lib.api.narrowed import example
from mentoring import services
from mentoring.filters import CandidateFilter
from mentoring.models import MentorApplication

SAID = {"functions": ["export"], "languages": ["sr-latn", "en"], "capacity": 3, "bio": "Export."}


@example(
    id=4, programme="start-up-2025", name="Vesna Vesić", email="vesna@primer.example", phone="",
    language="sr-latn", said=SAID, created_at="2025-03-01T08:00:00Z", confirmed_at="2025-03-01T08:10:00Z",
    state="taken", state_at="2025-03-03T10:00:00Z", reason="", mentor=5,
)  # fmt: skip
class CandidateSerializer(serializers.ModelSerializer):
    programme = serializers.SlugRelatedField(slug_field="code", read_only=True)

    class Meta:
        model = MentorApplication
        fields = [
            "id", "programme", "name", "email", "phone", "language", "said", "created_at", "confirmed_at",
            "state", "state_at", "reason", "mentor",
        ]  # fmt: skip


@example(reason="We look for somebody who knows export.")
class DecliningSerializer(serializers.Serializer):
    reason = serializers.CharField(max_length=300)


class CandidateViewSet(Resource):
    """Somebody who offers herself as a mentor by the public form. One that is not confirmed within a week is
    gone; one that is taken is a mentor."""

    serializer_class = CandidateSerializer
    filterset_class = CandidateFilter
    queryset = MentorApplication.objects.none()
    programme = "programme"

    def get_queryset(self):
        return MentorApplication.objects.visible_to(self.request.user).select_related("programme__tenant")

    @noun(None)
    def taking(self, row, said, *, by, now):
        """A mentor of this programme from now on: person, profile, offer, role, whom she works for."""
        services.take_mentor(by=by, application=row, now=now)

    @noun(DecliningSerializer)
    def declining(self, row, said, *, by, now):
        services.decline_mentor(by=by, application=row, now=now, **said)
