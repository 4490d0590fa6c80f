"""Mentors, assignments and meetings for scripts: the same services, the same words of refusal."""

from mentoring.api.assignments import AssignmentViewSet
from mentoring.api.candidates import CandidateViewSet
from mentoring.api.declarations import DeclaredViewSet, HintViewSet
from mentoring.api.goals import GoalViewSet
from mentoring.api.introductions import IntroductionViewSet
from mentoring.api.matching import MatchingRunViewSet, ProposalViewSet
from mentoring.api.meetings import MeetingViewSet
from mentoring.api.needs import NeedViewSet, PreferenceViewSet
from mentoring.api.notes import PairNoteViewSet
from mentoring.api.profiles import MentorViewSet, OfferViewSet
from mentoring.api.slots import SlotViewSet

__all__ = [
    "GoalViewSet",
    "MatchingRunViewSet",
    "ProposalViewSet",
    "IntroductionViewSet",
    "SlotViewSet",
    "DeclaredViewSet",
    "HintViewSet",
    "AssignmentViewSet",
    "MeetingViewSet",
    "PairNoteViewSet",
    "MentorViewSet",
    "NeedViewSet",
    "CandidateViewSet",
    "PreferenceViewSet",
    "OfferViewSet",
]
