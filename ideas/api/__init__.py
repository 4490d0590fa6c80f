"""Ideas, rounds and reviews for scripts: the same services, the same words of refusal."""

from ideas.api.ideas import IdeaViewSet, MentoredViewSet, NominationViewSet
from ideas.api.reviews import ReviewViewSet
from ideas.api.rounds import AimViewSet, RoundViewSet

__all__ = [
    "AimViewSet",
    "IdeaViewSet",
    "MentoredViewSet",
    "NominationViewSet",
    "ReviewViewSet",
    "RoundViewSet",
]
