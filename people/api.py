"""Programmes and persons for scripts: read only, what the reader may see."""

import django_filters
from rest_framework import serializers, viewsets

from people.models import Person, Programme


class ProgrammeSerializer(serializers.ModelSerializer):
    project = serializers.SlugRelatedField(slug_field="code", read_only=True)

    class Meta:
        model = Programme
        fields = [
            "id", "code", "name", "name_sr", "short_name", "project", "participants", "start", "end", "zone",
            "completion_share",
        ]  # fmt: skip


class ProgrammeViewSet(viewsets.ReadOnlyModelViewSet):
    serializer_class = ProgrammeSerializer
    queryset = Programme.objects.none()
    lookup_field = "code"

    def get_queryset(self):
        return Programme.objects.visible_to(self.request.user).select_related("project")


class PersonSerializer(serializers.ModelSerializer):
    class Meta:
        model = Person
        fields = [
            "id", "source", "source_id", "name", "sex", "born", "municipality", "region", "country", "email",
            "phone", "language",
        ]  # fmt: skip


class PersonFilter(django_filters.FilterSet):
    q = django_filters.CharFilter(
        method="named", help_text="part of a name, in any script, diacritics or none"
    )

    class Meta:
        model = Person
        fields = ["q", "source", "source_id", "municipality", "language"]

    def named(self, rows, _name, text):
        return rows.named_like(text)


class PersonViewSet(viewsets.ReadOnlyModelViewSet):
    """The address book, as far as the reader works with the people in it."""

    serializer_class = PersonSerializer
    filterset_class = PersonFilter
    queryset = Person.objects.none()

    def get_queryset(self):
        return Person.objects.visible_to(self.request.user)
