"""Mentors, whom they guide, and the meetings that show it."""

from mentoring.models.assignments import Assignment, AssignmentChange, Goal
from mentoring.models.matching import MatchingRun, Proposal
from mentoring.models.meetings import Introduction, Meeting, Note
from mentoring.models.profiles import (
    Declared,
    Function,
    Hint,
    Mentor,
    MentorApplication,
    Need,
    Offer,
    Preference,
)
from mentoring.models.slots import Slot, SlotChange

__all__ = [
    "Assignment", "AssignmentChange", "Declared", "Function", "Goal", "Hint", "Introduction", "MatchingRun",
    "Meeting", "Mentor", "MentorApplication", "Need", "Note", "Offer", "Preference", "Proposal", "Slot",
    "SlotChange",
]  # fmt: skip
