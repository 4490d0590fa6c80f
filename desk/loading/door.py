"""The kinds of files there are: the list that `manage.py load` and the import page offer."""

from desk.loading.assignments import Assignments
from desk.loading.attendance import Attendance
from desk.loading.enrolments import Enrolments
from desk.loading.goals import Goals
from desk.loading.headcounts import Headcounts
from desk.loading.ideas import Ideas
from desk.loading.kinds import Kind
from desk.loading.meetings import Meetings
from desk.loading.mentors import Mentors
from desk.loading.needs import Needs
from desk.loading.participants import Participants
from desk.loading.persons import Persons
from desk.loading.reviews import Reviews
from desk.loading.sessions import Sessions

KINDS: dict[str, type[Kind]] = {
    kind.name: kind
    for kind in (
        Persons,
        Enrolments,
        Sessions,
        Attendance,
        Headcounts,
        Mentors,
        Needs,
        Assignments,
        Meetings,
        Goals,
        Ideas,
        Reviews,
        Participants,
    )  # fmt: skip
}
