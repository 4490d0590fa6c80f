"""What was before an assignment: the mentors whose work it goes on from, with their meetings and goals."""

from typing import NamedTuple

from mentoring.models import Assignment, Goal, Meeting


class Before(NamedTuple):
    """One assignment of before: what its mentor did stays hers."""

    assignment: Assignment
    meetings: list[Meeting]
    goals: list[Goal]

    @property
    def minutes(self) -> int:
        return sum(meeting.minutes for meeting in self.meetings)


def before(row: Assignment) -> list[Before]:
    """The last one first, in three queries however many there were; without queries where none was."""
    if row.goes_on_from_id is None:
        return []
    rows = Assignment.objects.filter(enrolment=row.enrolment_id).select_related("mentor__person")
    known = {one.pk: one for one in rows.order_by("pk")}
    found, key = [], row.goes_on_from_id
    while key in known and known[key] not in found:  # never in a circle, whatever stands in the rows
        found.append(known[key])
        key = known[key].goes_on_from_id
    meetings = Meeting.objects.counting().filter(assignment__in=found).order_by("-day", "-pk")
    goals = Goal.objects.filter(assignment__in=found)
    return [
        Before(
            one,
            [meeting for meeting in meetings if meeting.assignment_id == one.pk],
            [goal for goal in goals if goal.assignment_id == one.pk],
        )
        for one in found
    ]
