"""The verbs of the ideas room. Keyword-only, atomic; they raise ValidationError and return what they made."""

from ideas.services.aims import remove_aim, save_aim
from ideas.services.assigning import (
    AT_ONCE,
    assign_now,
    keep_assigning,
    lacking_now,
    lay_on_desks,
    refuse_laying,
    request_assigning,
    standing_now,
)
from ideas.services.by_hand import lay_by_hand, take_back
from ideas.services.carrying import ask_for_mentor, carry_on, carry_on_assigned
from ideas.services.clearing import clear_comment, clear_comments, renew_feedback, take_back_comment
from ideas.services.decided import refuse_decided
from ideas.services.deciding import decide
from ideas.services.desks import clear_desks
from ideas.services.files import attach, detach
from ideas.services.joining import (
    compare_ideas,
    join_ideas,
    part_ideas,
    request_comparing,
    take_back_comparison,
)
from ideas.services.nominating import add_nominator, nominate
from ideas.services.pasting import keep_list
from ideas.services.recording import record_criterion, record_review, record_round, rerecord_review
from ideas.services.reviews import (
    cannot_judge,
    declare_conflict,
    hand_in_review,
    revise_review,
    round_is_not_open,
    save_review,
)
from ideas.services.rounds import change_round, leave_seat, open_round
from ideas.services.rubric import (
    add_criterion,
    change_criterion,
    is_scored,
    remove_criterion,
    retire_criterion,
)
from ideas.services.screening import Step, look_at, screen
from ideas.services.states import change_states, set_idea_state
from ideas.services.taking import JUDGED, to_judge, why_none
from ideas.services.words import rewrite

__all__ = [
    "AT_ONCE",
    "JUDGED",
    "Step",
    "add_criterion",
    "add_nominator",
    "ask_for_mentor",
    "assign_now",
    "attach",
    "cannot_judge",
    "carry_on",
    "carry_on_assigned",
    "change_criterion",
    "change_round",
    "change_states",
    "clear_comment",
    "clear_comments",
    "clear_desks",
    "compare_ideas",
    "decide",
    "declare_conflict",
    "detach",
    "hand_in_review",
    "is_scored",
    "join_ideas",
    "keep_assigning",
    "keep_list",
    "lacking_now",
    "lay_by_hand",
    "lay_on_desks",
    "leave_seat",
    "look_at",
    "nominate",
    "open_round",
    "part_ideas",
    "record_criterion",
    "record_review",
    "record_round",
    "refuse_decided",
    "refuse_laying",
    "remove_aim",
    "remove_criterion",
    "renew_feedback",
    "request_assigning",
    "request_comparing",
    "rerecord_review",
    "retire_criterion",
    "revise_review",
    "rewrite",
    "round_is_not_open",
    "save_aim",
    "save_review",
    "screen",
    "set_idea_state",
    "standing_now",
    "take_back",
    "take_back_comment",
    "take_back_comparison",
    "to_judge",
    "why_none",
]
