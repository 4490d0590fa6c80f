"""Business ideas: nominated, judged by mentors without a conflict, decided on, carried on."""

from ideas.models.carrying import Asked, Mentored
from ideas.models.deciding import Decision, Selection
from ideas.models.files import IdeaFile
from ideas.models.ideas import Aim, Idea, IdeaChange, IdeaText, Nomination
from ideas.models.joining import Compared, Join
from ideas.models.judging import (
    AssigningRun,
    Criterion,
    DeclaredConflict,
    Review,
    ReviewTask,
    Round,
    Score,
    Seat,
)

__all__ = [
    "Aim",
    "Asked",
    "AssigningRun",
    "Criterion",
    "Decision",
    "DeclaredConflict",
    "Idea",
    "IdeaChange",
    "IdeaFile",
    "IdeaText",
    "Join",
    "Mentored",
    "Nomination",
    "Review",
    "ReviewTask",
    "Round",
    "Score",
    "Seat",
    "Selection",
    "Compared",
]
