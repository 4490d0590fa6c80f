"""Who may do what with assignments, as sentences."""

import rules

from accounts.models import User
from mentoring.meetings import links
from mentoring.models import Assignment, Introduction, Meeting, Mentor
from people.access import access
from people.models import Programme
from training.models import Enrolment


@rules.predicate
def runs_programme(user: User, programme: Programme) -> bool:
    return access(user).runs(programme.pk, programme.tenant_id)


@rules.predicate
def runs_its_programme(user: User, assignment: Assignment) -> bool:
    return access(user).runs(assignment.programme_id, assignment.programme.tenant_id)


@rules.predicate
def is_its_mentor(user: User, assignment: Assignment) -> bool:
    return assignment.mentor.person.user_id == user.pk


@rules.predicate
def is_its_entrepreneur(user: User, assignment: Assignment) -> bool:
    return assignment.enrolment.person.user_id == user.pk


@rules.predicate
def may_log_it(user: User, meeting: Meeting) -> bool:
    return user.has_perm("mentoring.log_meeting", meeting.assignment)


@rules.predicate
def is_its_other_side(user: User, meeting: Meeting) -> bool:
    return links.other_side(meeting).user_id == user.pk


@rules.predicate
def was_accepted(user: User, assignment: Assignment) -> bool:
    return assignment.state in Assignment.COUNTED


@rules.predicate
def is_herself(user: User, enrolment: Enrolment) -> bool:
    return enrolment.person.user_id == user.pk


@rules.predicate
def holds_hours_in(user: User, programme: Programme) -> bool:
    return access(user).has("mentor", programme.pk)


@rules.predicate
def knows_what_came(user: User, introduction: Introduction) -> bool:
    """Whoever runs the programme, and the two of the pair."""
    assignment, enrolment = introduction.assignment, introduction.enrolment
    pair = is_herself(user, enrolment) or bool(assignment and is_its_mentor(user, assignment))
    return pair or runs_its_programme(user, enrolment)


@rules.predicate
def coordinates_with(user: User, mentor: Mentor) -> bool:
    """The administrator, and whoever runs a programme in which she offers something."""
    may = access(user)
    if may.is_administrator:
        return mentor.person.tenant_id == user.tenant_id
    return mentor.offers.filter(programme__in=may.programmes("coordinator")).exists()


@rules.predicate
def is_that_mentor(user: User, mentor: Mentor) -> bool:
    return mentor.person.user_id == user.pk


rules.add_perm("mentoring.change_mentor", coordinates_with | is_that_mentor)
rules.add_perm("mentoring.remove_mentor", coordinates_with)
rules.add_perm("mentoring.change_offer", runs_its_programme | is_its_mentor)
rules.add_perm("mentoring.state_need", runs_its_programme | is_herself)
rules.add_perm("mentoring.assign", runs_programme)
rules.add_perm("mentoring.end_assignment", runs_its_programme)
rules.add_perm("mentoring.answer", runs_its_programme | is_its_mentor)
rules.add_perm(
    "mentoring.keep_goals", was_accepted & (runs_its_programme | is_its_mentor | is_its_entrepreneur)
)
rules.add_perm("mentoring.log_meeting", runs_its_programme | is_its_mentor)
rules.add_perm("mentoring.cancel_meeting", may_log_it)
rules.add_perm("mentoring.answer_meeting", is_its_other_side)
rules.add_perm("mentoring.write_note", runs_its_programme | is_its_mentor | is_its_entrepreneur)
rules.add_perm("mentoring.hold_slots", runs_programme | holds_hours_in)
rules.add_perm("mentoring.keep_slot", runs_its_programme | is_its_mentor)
rules.add_perm("mentoring.book_for", runs_its_programme | is_herself)
rules.add_perm("mentoring.introduce", runs_its_programme | is_its_mentor)
rules.add_perm("mentoring.follow_introduction", knows_what_came)
