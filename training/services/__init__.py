"""The verbs of the training room. Keyword-only, atomic; they raise ValidationError and return the object."""

from training.services.check_in import check_in
from training.services.enrolments import (
    check_state,
    enrol,
    enrol_all,
    set_enrolment_state,
    set_enrolment_states,
)
from training.services.marks import Outcome, Result, mark_rest_present, record_marks
from training.services.places import save_module, save_venue
from training.services.sessions import (
    cancel_session,
    change_session,
    close_session,
    fill_roster,
    move_session,
    plan_session,
    write_log,
)
from training.services.walk_ins import add_walk_in

__all__ = [
    "Outcome",
    "Result",
    "add_walk_in",
    "cancel_session",
    "check_in",
    "check_state",
    "change_session",
    "close_session",
    "enrol",
    "enrol_all",
    "fill_roster",
    "mark_rest_present",
    "move_session",
    "plan_session",
    "record_marks",
    "save_module",
    "save_venue",
    "set_enrolment_state",
    "set_enrolment_states",
    "write_log",
]
