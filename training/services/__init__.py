"""The verbs of the training room. Keyword-only, atomic; they raise ValidationError and return the object."""

from training.services.check_in import check_in
from training.services.enrolments import enrol, set_enrolment_state
from training.services.marks import Outcome, Result, mark_rest_present, record_marks
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
    "change_session",
    "close_session",
    "enrol",
    "fill_roster",
    "mark_rest_present",
    "move_session",
    "plan_session",
    "record_marks",
    "set_enrolment_state",
    "write_log",
]
