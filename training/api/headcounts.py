"""People counted without names."""

from rest_framework import serializers

from lib.api import Resource
from lib.api.narrowed import Said, example
from people.models import Programme
from training import rules, services
from training.filters import HeadcountFilter
from training.models import Headcount

SEEN = {
    "programme": "start-up-2025",
    "session": 11,
    "number": 150,
    "of_what": "guests",
    "country": "",
    "how": "counted",
    "evidence": "counted at the door by two of us",
    "source": "",
    "source_id": "",
}


@example(id=5, **SEEN)
class HeadcountSerializer(serializers.ModelSerializer):
    programme = serializers.SlugRelatedField(slug_field="code", read_only=True)

    class Meta:
        model = Headcount
        fields = [
            "id", "programme", "session", "number", "of_what", "country", "how", "evidence", "source",
            "source_id",
        ]  # fmt: skip


@example(**SEEN)
class HeadcountSaidSerializer(Said):
    programme = serializers.SlugRelatedField(slug_field="code", queryset=Programme.objects.none())
    fixed = ("programme",)

    class Meta:
        model = Headcount
        fields = [
            "programme", "session", "number", "of_what", "country", "how", "evidence", "source", "source_id",
        ]  # fmt: skip


class HeadcountViewSet(Resource):
    """How many there were of what, and how that is known. Never part of a figure over persons; a number that
    nobody knows is null."""

    serializer_class = HeadcountSerializer
    writes = HeadcountSaidSerializer
    filterset_class = HeadcountFilter
    queryset = Headcount.objects.none()
    programme = "programme"

    def get_queryset(self):
        return Headcount.objects.visible_to(self.request.user).select_related("programme__tenant")

    def add(self, said, *, by, now):
        rules.insist(by, "keep_headcount", said["programme"])
        return services.add_headcount(by=by, now=now, **said)

    def change(self, row, said, *, by, now):
        rules.insist(by, "keep_headcount", row.programme)
        services.change_headcount(by=by, headcount=row, **said)

    def remove(self, row, *, by, now):
        rules.insist(by, "keep_headcount", row.programme)
        services.remove_headcount(by=by, headcount=row)
