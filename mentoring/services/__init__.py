"""The verbs of mentoring: the only writers of it."""

from mentoring.services.applications import (
    apply_as_mentor,
    confirm_mentor_application,
    decline_mentor,
    forget_mentor_applications,
    take_mentor,
)
from mentoring.services.assignments import assign, change_agreement, propose
from mentoring.services.declarations import answer_hint, declare, withdraw
from mentoring.services.goals import add_goal, change_goal, set_goal_state
from mentoring.services.handing import hand_over
from mentoring.services.held_slots import log_slot
from mentoring.services.introductions import change_introduction, introduce
from mentoring.services.invitations import answer_invitation
from mentoring.services.meetings import cancel_meeting, confirm_meeting, log_meeting, object_to_meeting
from mentoring.services.needs import newest_need, prefer, save_need
from mentoring.services.notes import remove_note, write_note
from mentoring.services.offers import answer_offer, expire_offers, offer, offer_on
from mentoring.services.profiles import (
    add_affiliation,
    add_mentor,
    add_offer,
    change_mentor,
    change_mentor_state,
    change_offer,
    end_affiliation,
    remove_mentor,
)
from mentoring.services.publishing import publish, refuse_second
from mentoring.services.runs import keep_result, pin, pins_of, prepared, request_run
from mentoring.services.slots import book_slot, cancel_slot, open_slots, release_slot
from mentoring.services.states import change_assignment_state, end_assignment
from mentoring.services.trials import Answer, answer_of, is_large, request_trial, trial_of

__all__ = [
    "answer_hint", "declare", "withdraw",
    "Answer", "answer_of", "is_large", "request_trial", "trial_of",
    "keep_result", "pin", "pins_of", "prepared", "publish", "refuse_second", "request_run",
    "book_slot", "cancel_slot", "change_introduction", "introduce", "log_slot", "open_slots", "release_slot",
    "add_goal", "answer_invitation", "answer_offer", "change_agreement", "change_assignment_state",
    "change_goal", "expire_offers", "hand_over", "offer", "offer_on", "propose", "set_goal_state",
    "add_mentor", "add_offer", "assign", "change_mentor", "change_offer", "end_assignment", "log_meeting",
    "cancel_meeting", "confirm_meeting", "object_to_meeting", "remove_note", "write_note",
    "add_affiliation", "apply_as_mentor", "change_mentor_state", "confirm_mentor_application",
    "decline_mentor", "end_affiliation", "forget_mentor_applications", "prefer", "remove_mentor",
    "newest_need", "save_need", "take_mentor",
]  # fmt: skip
