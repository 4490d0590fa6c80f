"""Groups of a programme that are compared with each other."""

from django.db.models import Count
from rest_framework import serializers

from lib.api import Resource
from lib.api.narrowed import Said, example
from people.models import Programme
from training import rules, services
from training.filters import GroupFilter
from training.models import Group

NAMED = {
    "programme": "start-up-2025", "code": "control", "name": "Asked only", "name_sr": "samo pitani",
    "is_control": True,
}  # fmt: skip


@example(id=2, size=30, **NAMED)
class GroupSerializer(serializers.ModelSerializer):
    programme = serializers.SlugRelatedField(slug_field="code", read_only=True)
    size = serializers.IntegerField(read_only=True, help_text="How many are in it.")

    class Meta:
        model = Group
        fields = ["id", "programme", "code", "name", "name_sr", "is_control", "size"]
        read_only_fields = fields


@example(**NAMED)
class GroupSaidSerializer(Said):
    programme = serializers.SlugRelatedField(slug_field="code", queryset=Programme.objects.none())
    fixed = ("programme",)

    class Meta:
        model = Group
        fields = ["programme", "code", "name", "name_sr", "is_control"]
        extra_kwargs = {"code": {"required": False, "allow_blank": True}}


class GroupViewSet(Resource):
    """The groups of a programme that are compared; one of them at most is the control group. One that
    somebody is in cannot be taken away."""

    serializer_class = GroupSerializer
    writes = GroupSaidSerializer
    filterset_class = GroupFilter
    queryset = Group.objects.none()
    programme = "programme"

    def get_queryset(self):
        rows = Group.objects.visible_to(self.request.user).annotate(size=Count("enrolments"))
        return rows.select_related("programme__tenant")

    def add(self, said, *, by, now):
        rules.insist(by, "change_enrolment", said["programme"])
        return services.save_group(by=by, **said)

    def change(self, row, said, *, by, now):
        rules.insist(by, "change_enrolment", row.programme)
        services.save_group(by=by, group=row, **said)

    def remove(self, row, *, by, now):
        rules.insist(by, "change_enrolment", row.programme)
        services.remove_group(by=by, group=row)
