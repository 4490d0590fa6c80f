"""Verbs of outcomes. A module for each kind of thing; all of them are here by their name."""

from outcomes.services.answering import hand_in, save_answer, save_answers
from outcomes.services.asked import log_contact, refuse, renew_link, restore, take_consent_back, unreachable
from outcomes.services.costs import save_cost
from outcomes.services.definitions import save_definition
from outcomes.services.evidence import add_evidence, remove_evidence
from outcomes.services.grants import save_grant
from outcomes.services.locks import lock_period, unlock_period
from outcomes.services.logframe import move_line, place_line, remove_line, remove_target, save_line
from outcomes.services.narratives import save_narrative
from outcomes.services.questionnaires import (
    add_item,
    begin_edition,
    bring_questionnaire,
    move_item,
    place_item,
    publish_edition,
    remove_item,
    save_item,
    save_questionnaire,
)
from outcomes.services.reports import add_issue, release_issue, request_issue, save_report, save_target
from outcomes.services.results import restore_result, result_of_introduction, save_result, withdraw_result
from outcomes.services.reviewing import approve_issue, comment_on_issue, return_issue, submit_issue
from outcomes.services.waves import invite, save_wave
from outcomes.services.wordings import save_question, save_wording

__all__ = [
    "add_evidence",
    "add_issue",
    "add_item",
    "approve_issue",
    "begin_edition",
    "bring_questionnaire",
    "comment_on_issue",
    "hand_in",
    "invite",
    "lock_period",
    "log_contact",
    "move_item",
    "move_line",
    "place_item",
    "place_line",
    "publish_edition",
    "refuse",
    "release_issue",
    "remove_evidence",
    "remove_item",
    "remove_line",
    "remove_target",
    "renew_link",
    "request_issue",
    "restore",
    "restore_result",
    "result_of_introduction",
    "return_issue",
    "save_answer",
    "save_answers",
    "save_cost",
    "save_definition",
    "save_grant",
    "save_item",
    "save_line",
    "save_narrative",
    "save_question",
    "save_questionnaire",
    "save_report",
    "save_result",
    "save_target",
    "save_wave",
    "save_wording",
    "submit_issue",
    "take_consent_back",
    "unlock_period",
    "unreachable",
    "withdraw_result",
]
