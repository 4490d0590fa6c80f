"""What of outcomes can be reached over the API. A module for each kind of thing."""

from outcomes.api.answers import AnswerViewSet, ContactViewSet
from outcomes.api.definitions import DefinedProgrammeViewSet, IndicatorViewSet
from outcomes.api.evidence import EvidenceViewSet
from outcomes.api.figures import FIGURE_STATES
from outcomes.api.invitations import InvitationViewSet
from outcomes.api.logframe import LogframeLineViewSet
from outcomes.api.money import CostViewSet, GrantViewSet
from outcomes.api.periods import NarrativeViewSet, PeriodLockViewSet
from outcomes.api.questionnaires import EditionViewSet, ItemViewSet, QuestionnaireViewSet
from outcomes.api.questions import AskedQuestionViewSet, AskedWordingViewSet
from outcomes.api.reports import ROW_KINDS, IssueViewSet, ReportViewSet, TargetViewSet
from outcomes.api.results import ResultViewSet
from outcomes.api.reviewing import IssueStepViewSet
from outcomes.api.waves import WaveViewSet

__all__ = [
    "AnswerViewSet",
    "AskedQuestionViewSet",
    "AskedWordingViewSet",
    "EditionViewSet",
    "ItemViewSet",
    "QuestionnaireViewSet",
    "WaveViewSet",
    "ContactViewSet",
    "InvitationViewSet",
    "DefinedProgrammeViewSet",
    "IndicatorViewSet",
    "CostViewSet",
    "EvidenceViewSet",
    "FIGURE_STATES",
    "GrantViewSet",
    "IssueStepViewSet",
    "IssueViewSet",
    "LogframeLineViewSet",
    "NarrativeViewSet",
    "PeriodLockViewSet",
    "ROW_KINDS",
    "ReportViewSet",
    "ResultViewSet",
    "TargetViewSet",
]
