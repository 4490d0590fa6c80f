"""The API's door to the same services, with the same words of refusal."""

from training.api.applications import ApplicationViewSet
from training.api.certificates import CertificateViewSet, SignatoryViewSet
from training.api.eligibility import EligibilityRuleViewSet, FindingViewSet
from training.api.enrolments import EnrolmentViewSet
from training.api.groups import GroupViewSet
from training.api.headcounts import HeadcountViewSet
from training.api.marks import AttendanceViewSet, MarkViewSet, RosterViewSet
from training.api.packs import PackViewSet
from training.api.persons import (
    MetAffiliationViewSet,
    MetConsentViewSet,
    MetMembershipViewSet,
    MetOwnershipViewSet,
    MetPersonViewSet,
)
from training.api.photos import PhotoViewSet
from training.api.places import ModuleViewSet, VenueViewSet
from training.api.planning import PlanViewSet
from training.api.sessions import NoteViewSet, SessionViewSet
from training.api.twins import TwinViewSet

__all__ = [
    "ApplicationViewSet",
    "EligibilityRuleViewSet",
    "FindingViewSet",
    "CertificateViewSet",
    "SignatoryViewSet",
    "AttendanceViewSet",
    "EnrolmentViewSet",
    "GroupViewSet",
    "HeadcountViewSet",
    "MarkViewSet",
    "MetAffiliationViewSet",
    "MetConsentViewSet",
    "MetMembershipViewSet",
    "MetOwnershipViewSet",
    "MetPersonViewSet",
    "ModuleViewSet",
    "NoteViewSet",
    "PackViewSet",
    "PhotoViewSet",
    "PlanViewSet",
    "RosterViewSet",
    "SessionViewSet",
    "TwinViewSet",
    "VenueViewSet",
]
