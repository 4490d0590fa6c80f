"""The verbs of the training room. Keyword-only, atomic; they raise ValidationError and return the object."""

from training.services.applications import apply, confirm_application, forget_applications
from training.services.cancelling import cancel_session, restore_session
from training.services.certificates import (
    Issued,
    choose_what_shows,
    issue_certificate,
    issue_certificates,
    reissue_certificate,
    remove_signatory,
    request_certificates,
    revoke_certificate,
    save_signatory,
)
from training.services.check_in import check_in, strike_out, turn_away
from training.services.checks import invite_to_check
from training.services.completion import Completed, complete_all
from training.services.decisions import decide
from training.services.eligibility import (
    answer_eligibility,
    check_eligibility,
    make_exception,
    remove_eligibility_rule,
    save_eligibility_rule,
    take_back_exception,
)
from training.services.enrolments import (
    check_state,
    enrol,
    enrol_all,
    set_enrolment_state,
    set_enrolment_states,
)
from training.services.fundings import keep_logo, set_funding
from training.services.groups import remove_group, save_group, set_group, set_groups
from training.services.headcounts import (
    add_headcount,
    change_headcount,
    keep_headcounts,
    remove_headcount,
)
from training.services.marks import Outcome, Result, mark_rest_present, record_marks
from training.services.packs import PACK_BYTES, add_pack, request_pack
from training.services.photos import keep_photo, keep_sheet, name_people, take_down
from training.services.places import save_module, save_venue
from training.services.placing import set_trainers
from training.services.planning import copy_series, move_series, plan_programme, plan_sessions
from training.services.rosters import fill_roster
from training.services.seats import fill_all_seats, fill_seats
from training.services.sessions import (
    change_session,
    close_session,
    move_session,
    plan_session,
    write_log,
)
from training.services.settling import settle_difference
from training.services.twins import join_persons, keep_apart, part_persons
from training.services.walk_ins import add_walk_in

__all__ = [
    "Completed",
    "Issued",
    "Outcome",
    "PACK_BYTES",
    "Result",
    "add_headcount",
    "add_pack",
    "add_walk_in",
    "answer_eligibility",
    "apply",
    "cancel_session",
    "change_headcount",
    "change_session",
    "check_eligibility",
    "check_in",
    "check_state",
    "choose_what_shows",
    "close_session",
    "copy_series",
    "complete_all",
    "confirm_application",
    "decide",
    "enrol",
    "enrol_all",
    "fill_all_seats",
    "fill_roster",
    "fill_seats",
    "forget_applications",
    "invite_to_check",
    "issue_certificate",
    "join_persons",
    "keep_apart",
    "part_persons",
    "issue_certificates",
    "keep_headcounts",
    "keep_logo",
    "keep_photo",
    "keep_sheet",
    "make_exception",
    "mark_rest_present",
    "move_series",
    "move_session",
    "plan_programme",
    "name_people",
    "plan_session",
    "plan_sessions",
    "record_marks",
    "reissue_certificate",
    "remove_eligibility_rule",
    "remove_group",
    "remove_headcount",
    "remove_signatory",
    "request_certificates",
    "request_pack",
    "restore_session",
    "revoke_certificate",
    "save_eligibility_rule",
    "save_group",
    "save_module",
    "save_signatory",
    "save_venue",
    "set_enrolment_state",
    "set_enrolment_states",
    "set_funding",
    "set_group",
    "set_groups",
    "set_trainers",
    "settle_difference",
    "strike_out",
    "take_back_exception",
    "take_down",
    "turn_away",
    "write_log",
]
