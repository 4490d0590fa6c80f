"""The address book, the frame and what opens it, for scripts."""

from people.api.access import AuditEntryViewSet, ConsentViewSet, MembershipViewSet
from people.api.book import (
    AffiliationViewSet,
    ClusterMembershipViewSet,
    EnterpriseViewSet,
    OrganisationViewSet,
    OwnershipViewSet,
    PersonSaidSerializer,
    PersonViewSet,
)
from people.api.frame import (
    BeneficiaryViewSet,
    FundingViewSet,
    PartnerViewSet,
    ProgrammeViewSet,
    ProjectViewSet,
)

__all__ = [
    "AffiliationViewSet",
    "AuditEntryViewSet",
    "BeneficiaryViewSet",
    "ClusterMembershipViewSet",
    "ConsentViewSet",
    "EnterpriseViewSet",
    "FundingViewSet",
    "MembershipViewSet",
    "OrganisationViewSet",
    "OwnershipViewSet",
    "PartnerViewSet",
    "PersonSaidSerializer",
    "PersonViewSet",
    "ProgrammeViewSet",
    "ProjectViewSet",
]
