"""The address book, with those whom one meets in one's programmes."""

from django.core.exceptions import PermissionDenied

from people import services
from people.api import (
    AffiliationViewSet,
    ConsentViewSet,
    MembershipViewSet,
    OwnershipViewSet,
    PersonViewSet,
)
from people.api.access import ConsentSaidSerializer, MembershipSaidSerializer
from people.api.book import AffiliationSaidSerializer, OwnershipSaidSerializer
from people.models import Affiliation, Ownership
from training import rules
from training.persons import met_by

PROGRAMMES = ("enrolments__programme", "memberships__programme")
OF_PERSON = tuple(f"person__{path}" for path in PROGRAMMES)


class MetPersonViewSet(PersonViewSet):
    __doc__ = PersonViewSet.__doc__
    programme = PROGRAMMES

    def get_queryset(self):
        return met_by(self.request.user)

    def change(self, row, said, *, by, now):
        if not rules.may_change_person(by, row):
            raise PermissionDenied
        services.save_person(by=by, person=row, tenant=row.tenant, **said)


class MetOwnershipSaidSerializer(OwnershipSaidSerializer):
    sources = {"person": met_by}

    class Meta(OwnershipSaidSerializer.Meta):
        pass


class MetOwnershipViewSet(OwnershipViewSet):
    __doc__ = OwnershipViewSet.__doc__
    programme = OF_PERSON
    writes = MetOwnershipSaidSerializer

    def get_queryset(self):
        return Ownership.objects.filter(person__in=met_by(self.request.user))


class MetAffiliationSaidSerializer(AffiliationSaidSerializer):
    sources = {"person": met_by}

    class Meta(AffiliationSaidSerializer.Meta):
        pass


class MetAffiliationViewSet(AffiliationViewSet):
    __doc__ = AffiliationViewSet.__doc__
    programme = OF_PERSON
    writes = MetAffiliationSaidSerializer

    def get_queryset(self):
        return Affiliation.objects.filter(person__in=met_by(self.request.user))


class MetMembershipSaidSerializer(MembershipSaidSerializer):
    sources = {"person": met_by}

    class Meta(MembershipSaidSerializer.Meta):
        pass


class MetMembershipViewSet(MembershipViewSet):
    __doc__ = MembershipViewSet.__doc__
    writes = MetMembershipSaidSerializer


class MetConsentSaidSerializer(ConsentSaidSerializer):
    sources = {"person": met_by}

    class Meta(ConsentSaidSerializer.Meta):
        pass


class MetConsentViewSet(ConsentViewSet):
    __doc__ = ConsentViewSet.__doc__
    writes = MetConsentSaidSerializer
