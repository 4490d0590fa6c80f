"""What the page of a pair leads to: its office hours, and to whom the entrepreneur was introduced."""

from accounts.models import User
from mentoring.models import Assignment


def ways(user: User, assignment: Assignment) -> dict:
    return {
        "introductions": list(assignment.introductions.all()),
        "may_introduce": user.has_perm("mentoring.introduce", assignment),
        "may_book": assignment.state in Assignment.ALIVE
        and user.has_perm("mentoring.book_for", assignment.enrolment),
    }
