"""The address book: persons, organisations, enterprises, and how they belong together."""

from rest_framework import serializers
from rest_framework.exceptions import PermissionDenied

from lib.api import Resource
from lib.api.narrowed import Said, example
from people import rules, services
from people.filters import (
    AffiliationFilter,
    ClusterMembershipFilter,
    EnterpriseFilter,
    OrganisationFilter,
    OwnershipFilter,
    PersonFilter,
)
from people.models import Affiliation, ClusterMembership, Enterprise, Organisation, Ownership, Person

SECTORS = [(letter, f"NACE section {letter}") for letter in "ABCDEFGHIJKLMNOPQRSTU"]

HER = {
    "name": "Đurđa Đorđević",
    "sex": "female",
    "born": 1984,
    "municipality": "Požega",
    "region": "Šumadija and Western Serbia",
    "country": "Serbia",
    "email": "djurdja@primer.example",
    "phone": "+381 64 000 0001",
    "language": "sr-latn",
    "zone": "Europe/Belgrade",
}


@example(id=17, source="", source_id="", **HER)
class PersonSerializer(serializers.ModelSerializer):
    class Meta:
        model = Person
        fields = [
            "id", "source", "source_id", "name", "sex", "born", "municipality", "region", "country", "email",
            "phone", "language", "zone",
        ]  # fmt: skip


@example(**HER)
class PersonSaidSerializer(Said):
    """What is known of a person. A name, or an id of a source, is enough."""

    class Meta:
        model = Person
        fields = [
            "source", "source_id", "name", "sex", "born", "municipality", "region", "country", "email",
            "phone", "language", "zone",
        ]  # fmt: skip


class PersonViewSet(Resource):
    """The address book, as far as the reader works with the people in it. Somebody new who takes part is
    added with her enrolment, a mentor with her role: this adds somebody who has neither yet."""

    serializer_class = PersonSerializer
    writes = PersonSaidSerializer
    filterset_class = PersonFilter
    queryset = Person.objects.none()
    programme = ""

    def get_queryset(self):
        return Person.objects.visible_to(self.request.user)

    def add(self, said, *, by, now):
        rules.insist(by, "keep_frame")
        return services.save_person(by=by, tenant=by.tenant, **said)

    def change(self, row, said, *, by, now):
        if not rules.may_change_person(by, row):
            raise PermissionDenied
        return services.save_person(by=by, person=row, tenant=row.tenant, **said)


PLACE = {
    "kind": "cluster",
    "name": "Cluster of Zlatibor fruit growers",
    "name_sr": "Klaster voćara Zlatibora",
    "municipality": "Arilje",
    "umbrella": None,
}


@example(id=4, **PLACE)
class OrganisationSerializer(serializers.ModelSerializer):
    class Meta:
        model = Organisation
        fields = ["id", "kind", "name", "name_sr", "municipality", "umbrella"]


@example(**PLACE)
class OrganisationSaidSerializer(Said):
    class Meta:
        model = Organisation
        fields = ["kind", "name", "name_sr", "municipality", "umbrella"]


class OrganisationViewSet(Resource):
    """Implementers, partners, funders, clusters. A union is a cluster of clusters."""

    serializer_class = OrganisationSerializer
    writes = OrganisationSaidSerializer
    filterset_class = OrganisationFilter
    queryset = Organisation.objects.none()
    programme = ""

    def get_queryset(self):
        return Organisation.objects.visible_to(self.request.user)

    def add(self, said, *, by, now):
        rules.insist(by, "keep_address_book")
        return services.save_organisation(by=by, tenant=by.tenant, **said)

    def change(self, row, said, *, by, now):
        rules.insist(by, "keep_address_book")
        return services.save_organisation(by=by, organisation=row, tenant=row.tenant, **said)


SHOP = {
    "name": "Džem Đurđa",
    "registered": "in_process",
    "established": None,
    "sector": "C",
    "activity": "Jams and preserves",
    "municipality": "Požega",
    "exports": None,
}


@example(id=9, **SHOP)
class EnterpriseSerializer(serializers.ModelSerializer):
    class Meta:
        model = Enterprise
        fields = [
            "id", "name", "registered", "established", "sector", "activity", "municipality", "exports",
        ]  # fmt: skip


@example(**SHOP)
class EnterpriseSaidSerializer(Said):
    sector = serializers.ChoiceField(choices=SECTORS, required=False, allow_blank=True)

    class Meta:
        model = Enterprise
        fields = ["name", "registered", "established", "sector", "activity", "municipality", "exports"]


class EnterpriseViewSet(Resource):
    """Businesses, registered or not. Unknown is null, never no."""

    serializer_class = EnterpriseSerializer
    writes = EnterpriseSaidSerializer
    filterset_class = EnterpriseFilter
    queryset = Enterprise.objects.none()
    programme = ""

    def get_queryset(self):
        return Enterprise.objects.visible_to(self.request.user)

    def add(self, said, *, by, now):
        rules.insist(by, "keep_address_book")
        return services.save_enterprise(by=by, tenant=by.tenant, **said)

    def change(self, row, said, *, by, now):
        rules.insist(by, "keep_address_book")
        return services.save_enterprise(by=by, enterprise=row, tenant=row.tenant, **said)


class FactViewSet(Resource):
    """A dated fact of the address book. It holds from a day on, until a day (that day is not part of it)."""

    programme = ""

    def add(self, said, *, by, now):
        rules.insist(by, "keep_address_book")
        return services.save_fact(by=by, row=self.queryset.model(), tenant=by.tenant, **said)

    def change(self, row, said, *, by, now):
        rules.insist(by, "keep_address_book")
        return services.save_fact(by=by, row=row, tenant=by.tenant, **said)

    def get_queryset(self):
        return self.queryset.model.objects.visible_to(self.request.user)


OWNS = {
    "person": 17,
    "enterprise": 9,
    "share": "60.00",
    "is_founder": True,
    "is_manager": True,
    "is_representative": None,
    "start": "2023-05-01",
    "end": None,
}


@example(id=3, **OWNS)
class OwnershipSerializer(serializers.ModelSerializer):
    class Meta:
        model = Ownership
        fields = [
            "id", "person", "enterprise", "share", "is_founder", "is_manager", "is_representative", "start",
            "end",
        ]  # fmt: skip


@example(**OWNS)
class OwnershipSaidSerializer(Said):
    class Meta:
        model = Ownership
        fields = [
            "person", "enterprise", "share", "is_founder", "is_manager", "is_representative", "start", "end",
        ]  # fmt: skip


class OwnershipViewSet(FactViewSet):
    """Who owns, founded, manages an enterprise, from a day until a day."""

    serializer_class = OwnershipSerializer
    writes = OwnershipSaidSerializer
    filterset_class = OwnershipFilter
    queryset = Ownership.objects.none()


BELONGS = {"person": 17, "organisation": 4, "role": "director", "start": "2024-01-01", "end": None}


@example(id=5, **BELONGS)
class AffiliationSerializer(serializers.ModelSerializer):
    class Meta:
        model = Affiliation
        fields = ["id", "person", "organisation", "role", "start", "end"]


@example(**BELONGS)
class AffiliationSaidSerializer(Said):
    class Meta:
        model = Affiliation
        fields = ["person", "organisation", "role", "start", "end"]


class AffiliationViewSet(FactViewSet):
    """A person's role in an organisation. Conflicts of interest come from these facts."""

    serializer_class = AffiliationSerializer
    writes = AffiliationSaidSerializer
    filterset_class = AffiliationFilter
    queryset = Affiliation.objects.none()


JOINED = {"enterprise": 9, "cluster": 4, "start": "2024-01-01", "end": None}


@example(id=2, **JOINED)
class ClusterMembershipSerializer(serializers.ModelSerializer):
    class Meta:
        model = ClusterMembership
        fields = ["id", "enterprise", "cluster", "start", "end"]


@example(**JOINED)
class ClusterMembershipSaidSerializer(Said):
    class Meta:
        model = ClusterMembership
        fields = ["enterprise", "cluster", "start", "end"]


class ClusterMembershipViewSet(FactViewSet):
    """An enterprise in a cluster."""

    serializer_class = ClusterMembershipSerializer
    writes = ClusterMembershipSaidSerializer
    filterset_class = ClusterMembershipFilter
    queryset = ClusterMembership.objects.none()
