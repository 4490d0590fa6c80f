"""Two rows judged to be one person, or two."""

from django.core.exceptions import PermissionDenied
from rest_framework import serializers

from lib.api import Resource, noun
from lib.api.narrowed import Narrowed, example
from people.models import Person, Twin
from training import rules, services
from training.persons import met_by
from training.twins import of_reader

PROGRAMMES = ("kept__enrolments__programme", "kept__memberships__programme")


@example(id=4, kept=7, other=31, state="joined", at="2025-03-12T09:00:00+01:00", by=3, parted_at=None)
class TwinSerializer(serializers.ModelSerializer):
    class Meta:
        model = Twin
        fields = ["id", "kept", "other", "state", "at", "by", "parted_at"]
        read_only_fields = fields


@example(kept=7, other=31, state="joined")
class TwinSaidSerializer(Narrowed, serializers.Serializer):
    """`state`: "joined", and all that is known of `other` is `kept`'s; or "different", and nobody is asked
    about the two again."""

    kept = serializers.PrimaryKeyRelatedField(queryset=Person.objects.none())
    other = serializers.PrimaryKeyRelatedField(queryset=Person.objects.none())
    state = serializers.ChoiceField(choices=[Twin.State.JOINED, Twin.State.DIFFERENT])
    sources = {"kept": met_by, "other": met_by}


class TwinViewSet(Resource):
    """Two rows of the address book that somebody judged to be one person, or to be two."""

    serializer_class = TwinSerializer
    writes = TwinSaidSerializer
    filterset_fields = {"kept": ["exact"], "other": ["exact"], "state": ["exact"]}
    queryset = Twin.objects.none()
    programme = PROGRAMMES

    def get_queryset(self):
        return of_reader(self.request.user)

    def shown(self, row):
        """What she decided on, also where the other of two parted ones is nobody whom she meets."""
        return Twin.objects.get(pk=row.pk)

    def add(self, said, *, by, now):
        if not any(rules.may_change_person(by, said[name]) for name in ("kept", "other")):
            raise PermissionDenied
        if said["state"] == Twin.State.JOINED:
            return services.join_persons(by=by, kept=said["kept"], other=said["other"], now=now)
        return services.keep_apart(by=by, one=said["kept"], other=said["other"], now=now)

    @noun()
    def parting(self, row, said, *, by, now):
        """Two persons again, every row as it was."""
        if not rules.may_change_person(by, row.kept):
            raise PermissionDenied
        services.part_persons(by=by, twin=row, now=now)
