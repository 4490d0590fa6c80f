"""What the address book and the frame can be narrowed by; one filter set for pages and the API."""

import django_filters
from django.utils.translation import gettext_lazy as _

from accounts.models import AuditEntry
from lib.filters import Filters
from lib.folding import fold
from people.models import (
    Affiliation,
    Beneficiary,
    ClusterMembership,
    Consent,
    Enterprise,
    Funding,
    Membership,
    Organisation,
    Ownership,
    Partner,
    Person,
    Programme,
    Project,
)


class Named(Filters):
    """`q` finds a part of a name in any script, with diacritics or without."""

    q = django_filters.CharFilter(
        label=_("Name"),
        method="named",
        help_text=_("Part of a name, in any script, with diacritics or without."),
    )

    def named(self, rows, _name, text):
        return rows.filter(name_key__contains=fold(text))


class PersonFilter(Named):
    class Meta:
        model = Person
        fields = ["q", "source", "source_id", "municipality", "region", "language", "email"]


class OrganisationFilter(Named):
    class Meta:
        model = Organisation
        fields = ["q", "kind", "municipality", "umbrella"]


class EnterpriseFilter(Named):
    class Meta:
        model = Enterprise
        fields = ["q", "registered", "sector", "municipality"]


class OwnershipFilter(Filters):
    class Meta:
        model = Ownership
        fields = ["person", "enterprise"]


class AffiliationFilter(Filters):
    class Meta:
        model = Affiliation
        fields = ["person", "organisation"]


class ClusterMembershipFilter(Filters):
    class Meta:
        model = ClusterMembership
        fields = ["enterprise", "cluster"]


class ProjectFilter(Filters):
    class Meta:
        model = Project
        fields = ["code"]


class ProgrammeFilter(Filters):
    project = django_filters.CharFilter("project__code", help_text=_("The project's code."))

    class Meta:
        model = Programme
        fields = ["project", "participants"]


class InProject(Filters):
    project = django_filters.CharFilter("project__code", help_text=_("The project's code."))


class PartnerFilter(InProject):
    class Meta:
        model = Partner
        fields = ["project", "role"]


class BeneficiaryFilter(InProject):
    class Meta:
        model = Beneficiary
        fields = ["project", "proposed_by"]


class FundingFilter(InProject):
    class Meta:
        model = Funding
        fields = ["project", "funder", "code"]


class InOneProgramme(Filters):
    programme = django_filters.CharFilter("programme__code", help_text=_("The programme's code."))


class MembershipFilter(InOneProgramme):
    class Meta:
        model = Membership
        fields = ["programme", "person", "role"]


class ConsentFilter(InOneProgramme):
    held = django_filters.BooleanFilter(
        "withdrawn_at", lookup_expr="isnull", help_text=_("Given and not withdrawn.")
    )

    class Meta:
        model = Consent
        fields = ["programme", "person", "purpose", "held"]


class AuditFilter(Filters):
    at = django_filters.IsoDateTimeFromToRangeFilter("at")

    class Meta:
        model = AuditEntry
        fields = ["by", "verb", "object_type", "object_id", "at"]
