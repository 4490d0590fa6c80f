"""Venues, and the modules of a programme."""

from rest_framework import serializers

from lib.api import Resource
from lib.api.narrowed import Said, example
from people.models import Funding, Programme
from training import rules, services
from training.filters import ModuleFilter, VenueFilter
from training.models import Module, Venue

HALL = {
    "name": "Library of Arilje",
    "address": "Svetog Ahilija 23",
    "municipality": "Arilje",
    "zone": "",
    "is_shared": False,
    "capacity": 40,
}


@example(id=4, **HALL)
class VenueSerializer(serializers.ModelSerializer):
    class Meta:
        model = Venue
        fields = ["id", "name", "address", "municipality", "zone", "is_shared", "capacity"]


@example(**HALL)
class VenueSaidSerializer(Said):
    class Meta:
        model = Venue
        fields = ["name", "address", "municipality", "zone", "is_shared", "capacity"]


class VenueViewSet(Resource):
    """Where sessions take place. Without a zone of its own a venue has the programme's. One that is
    not shared holds one session at a time."""

    serializer_class = VenueSerializer
    writes = VenueSaidSerializer
    filterset_class = VenueFilter
    queryset = Venue.objects.none()
    programme = ""

    def get_queryset(self):
        return Venue.objects.visible_to(self.request.user)

    def add(self, said, *, by, now):
        rules.insist_on_book(by)
        return services.save_venue(by=by, tenant=by.tenant, **said)

    def change(self, row, said, *, by, now):
        rules.insist_on_book(by)
        services.save_venue(by=by, venue=row, tenant=row.tenant, **said)


PART = {
    "programme": "start-up-2025",
    "number": 2,
    "name": "Money",
    "name_sr": "Novac",
    "venue": 4,
    "start": "2025-03-10",
    "end": "2025-03-29",
    "fundings": [7],
}


@example(id=3, **PART)
class ModuleSerializer(serializers.ModelSerializer):
    programme = serializers.SlugRelatedField(slug_field="code", read_only=True)

    class Meta:
        model = Module
        fields = ["id", "programme", "number", "name", "name_sr", "venue", "start", "end", "fundings"]


@example(**PART)
class ModuleSaidSerializer(Said):
    programme = serializers.SlugRelatedField(slug_field="code", queryset=Programme.objects.none())
    fundings = serializers.PrimaryKeyRelatedField(many=True, required=False, queryset=Funding.objects.none())
    fixed = ("programme",)

    class Meta:
        model = Module
        fields = ["programme", "number", "name", "name_sr", "venue", "start", "end", "fundings"]


class ModuleViewSet(Resource):
    """Parts of a programme, with their own dates, venue and funders. `end` is the day after the last."""

    serializer_class = ModuleSerializer
    writes = ModuleSaidSerializer
    filterset_class = ModuleFilter
    queryset = Module.objects.none()
    programme = "programme"

    def get_queryset(self):
        rows = Module.objects.visible_to(self.request.user)
        return rows.select_related("programme__tenant").prefetch_related("fundings")

    def add(self, said, *, by, now):
        rules.insist(by, "plan_session", said["programme"])
        return services.save_module(by=by, **said)

    def change(self, row, said, *, by, now):
        rules.insist(by, "plan_session", row.programme)
        services.save_module(by=by, module=row, **said)
