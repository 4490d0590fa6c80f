"""Mentors, assignments and meetings for scripts: the same services, the same words of refusal."""

from mentoring.api.pairs import AssignmentViewSet, MeetingViewSet
from mentoring.api.profiles import MentorViewSet, NeedViewSet, OfferViewSet

__all__ = ["AssignmentViewSet", "MeetingViewSet", "MentorViewSet", "NeedViewSet", "OfferViewSet"]
