"""What came in by the public form."""

from rest_framework import serializers

from lib.api import Resource
from lib.api.narrowed import example
from training.filters import ApplicationFilter
from training.models import Application


@example(
    id=12, programme="start-up-2025", email="djurdja@primer.example", language="sr-latn",
    said={"name": "Đurđa Đorđević", "born": 1984, "enterprise": "Džem Đurđa"},
    created_at="2025-02-03T08:00:00Z", confirmed_at="2025-02-03T08:10:00Z", enrolment=31,
)  # fmt: skip
class ApplicationSerializer(serializers.ModelSerializer):
    programme = serializers.SlugRelatedField(slug_field="code", read_only=True)

    class Meta:
        model = Application
        fields = ["id", "programme", "email", "language", "said", "created_at", "confirmed_at", "enrolment"]


class ApplicationViewSet(Resource):
    """Applications as they were written into the form. One that is not confirmed within a week is gone; a
    confirmed one is an enrolment."""

    serializer_class = ApplicationSerializer
    filterset_class = ApplicationFilter
    queryset = Application.objects.none()
    programme = "programme"

    def get_queryset(self):
        return Application.objects.visible_to(self.request.user).select_related("programme__tenant")
