"""The API's door to the same services, with the same words of refusal."""

from training.api.enrolments import EnrolmentViewSet
from training.api.marks import AttendanceViewSet, MarkViewSet, RosterViewSet
from training.api.persons import (
    MetAffiliationViewSet,
    MetConsentViewSet,
    MetMembershipViewSet,
    MetOwnershipViewSet,
    MetPersonViewSet,
)
from training.api.places import ModuleViewSet, VenueViewSet
from training.api.sessions import NoteViewSet, SessionViewSet

__all__ = [
    "AttendanceViewSet",
    "EnrolmentViewSet",
    "MarkViewSet",
    "MetAffiliationViewSet",
    "MetConsentViewSet",
    "MetMembershipViewSet",
    "MetOwnershipViewSet",
    "MetPersonViewSet",
    "ModuleViewSet",
    "NoteViewSet",
    "RosterViewSet",
    "SessionViewSet",
    "VenueViewSet",
]
