"""What came of it: what is asked and answered, what is counted, what is shown to funders."""

from outcomes.models.asking import Answer, AnswerChange, Contact, Invitation, Wave
from outcomes.models.definitions import (
    IndicatorVersion,
    Level,
    LogframeLine,
    Narrative,
    PeriodLock,
    Target,
)
from outcomes.models.questions import Edition, Item, Question, Questionnaire, Wording
from outcomes.models.reports import Issue, Report
from outcomes.models.results import Cost, Evidence, Grant, GrantAmount, Party, Result
from outcomes.models.reviewing import IssueStep

__all__ = [
    "Answer",
    "AnswerChange",
    "Contact",
    "Cost",
    "Edition",
    "Evidence",
    "Grant",
    "GrantAmount",
    "IndicatorVersion",
    "Invitation",
    "Issue",
    "IssueStep",
    "Item",
    "Level",
    "LogframeLine",
    "Narrative",
    "Party",
    "PeriodLock",
    "Question",
    "Questionnaire",
    "Report",
    "Result",
    "Target",
    "Wave",
    "Wording",
]
