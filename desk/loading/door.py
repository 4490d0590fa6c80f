"""The kinds of files there are: the list that `manage.py load` and the import page offer."""

from desk.loading.answers import Answers
from desk.loading.assignments import Assignments
from desk.loading.attendance import Attendance
from desk.loading.costs import Costs
from desk.loading.enrolments import Enrolments
from desk.loading.goals import Goals
from desk.loading.grants import Grants
from desk.loading.headcounts import Headcounts
from desk.loading.ideas import Ideas
from desk.loading.indicators import Indicators
from desk.loading.kinds import Kind
from desk.loading.meetings import Meetings
from desk.loading.mentors import Mentors
from desk.loading.needs import Needs
from desk.loading.participants import Participants
from desk.loading.persons import Persons
from desk.loading.results import Results
from desk.loading.reviews import Reviews
from desk.loading.sessions import Sessions
from desk.loading.targets import Targets

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
        Answers,
        Results,
        Indicators,
        Targets,
        Grants,
        Costs,
    )  # fmt: skip
}
