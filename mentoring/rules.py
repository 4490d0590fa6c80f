"""Who may do what with assignments, as sentences."""

import rules

from accounts.models import User
from mentoring.models import Assignment, Mentor
from people.access import access
from people.models import Programme


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
def coordinates_with(user: User, mentor: Mentor) -> bool:
    """The administrator, and whoever runs a programme in which she offers something."""
    may = access(user)
    if may.is_administrator:
        return mentor.person.tenant_id == user.tenant_id
    return mentor.offers.filter(programme__in=may.programmes("coordinator")).exists()


rules.add_perm("mentoring.change_mentor", coordinates_with)
rules.add_perm("mentoring.assign", runs_programme)
rules.add_perm("mentoring.end_assignment", runs_its_programme)
rules.add_perm("mentoring.log_meeting", runs_its_programme | is_its_mentor)
