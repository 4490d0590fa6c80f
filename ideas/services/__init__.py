"""The verbs of the ideas room. Keyword-only, atomic; they raise ValidationError and return what they made."""

from ideas.services.aims import save_aim
from ideas.services.nominating import add_nominator, carry_on, nominate, rewrite, set_idea_state
from ideas.services.reviews import (
    cannot_judge,
    declare_conflict,
    hand_in_review,
    round_is_not_open,
    save_review,
)
from ideas.services.rounds import JUDGED, clear_desks, open_round

__all__ = [
    "JUDGED",
    "add_nominator",
    "cannot_judge",
    "carry_on",
    "clear_desks",
    "declare_conflict",
    "hand_in_review",
    "nominate",
    "open_round",
    "rewrite",
    "round_is_not_open",
    "save_aim",
    "save_review",
    "set_idea_state",
]
