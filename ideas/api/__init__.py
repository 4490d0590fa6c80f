"""Ideas, rounds and reviews for scripts: the same services, the same words of refusal."""

from ideas.api.assigning import AssigningRunViewSet
from ideas.api.deciding import CommentViewSet, DecisionViewSet, SelectionViewSet
from ideas.api.files import IdeaFileViewSet
from ideas.api.ideas import IdeaViewSet
from ideas.api.joins import ComparedViewSet, JoinViewSet
from ideas.api.nominations import AskedViewSet, MentoredViewSet, NominationViewSet
from ideas.api.reviews import ReviewViewSet
from ideas.api.rounds import AimViewSet, RoundViewSet
from ideas.api.rubric import CriterionViewSet, SeatViewSet

__all__ = [
    "AimViewSet",
    "AskedViewSet",
    "AssigningRunViewSet",
    "ComparedViewSet",
    "CommentViewSet",
    "CriterionViewSet",
    "DecisionViewSet",
    "IdeaFileViewSet",
    "IdeaViewSet",
    "JoinViewSet",
    "MentoredViewSet",
    "NominationViewSet",
    "ReviewViewSet",
    "RoundViewSet",
    "SeatViewSet",
    "SelectionViewSet",
]
