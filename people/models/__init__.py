"""Who takes part, and the frame they take part in."""

from people.access import TenantQuerySet
from people.models.fundings import Funding, FundingScope
from people.models.memberships import Consent, Membership
from people.models.organisations import (
    Affiliation,
    ClusterMembership,
    Dated,
    Enterprise,
    Organisation,
    Ownership,
)
from people.models.persons import Person, PersonQuerySet, Twin
from people.models.programmes import Beneficiary, Partner, Programme, Project
from people.models.tokens import TokenProgramme

__all__ = [
    "Affiliation",
    "Beneficiary",
    "ClusterMembership",
    "Consent",
    "Dated",
    "Enterprise",
    "Funding",
    "FundingScope",
    "Membership",
    "Organisation",
    "Ownership",
    "Partner",
    "Person",
    "PersonQuerySet",
    "Programme",
    "Project",
    "TenantQuerySet",
    "TokenProgramme",
    "Twin",
]
