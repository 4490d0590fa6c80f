"""Lists of mentoring to take along: who guides whom, and when they met."""

from datetime import date

from django.db.models import QuerySet
from django.utils.translation import gettext_lazy as _

from accounts.models import User
from lib.exports import Column, Export
from mentoring.meetings.places import WITHHELD
from mentoring.models import Assignment, Function, Meeting
from people.exports import called, who


def assignments(today: date) -> Export:
    """Whether a pair is silent depends on the day."""

    def is_silent(state: str, start: date | None, last_met: date | None) -> bool:
        since = last_met or start or today
        meet = (Assignment.State.ACCEPTED, Assignment.State.ACTIVE)  # as on the page: a pause is no silence
        return state in meet and (today - since).days > Assignment.SILENT_DAYS

    return Export(
        "assignments",
        _("Mentoring"),
        (
            Column("row_code", _("Row code"), "enrolment__row_code"),
            Column("person", _("Entrepreneur"), who("enrolment__person"), called),
            Column("enterprise", _("Enterprise"), "enrolment__enterprise__name"),
            Column("mentor", _("Mentor"), who("mentor__person"), called),
            Column("meetings", _("Meetings"), "met"),
            Column("met_minutes", _("Minutes met"), made=lambda minutes: minutes or 0),
            Column("agreed_hours", _("Agreed hours")),
            Column("last_met", _("Last met")),
            Column("silent", _("Silent for three weeks"), ("state", "start", "last_met"), is_silent),
            Column("state", _("State"), words=dict(Assignment.State.choices)),
            Column("state_at", _("State since")),
            Column("reason", _("Reason")),
            Column("start", _("From")),
            Column("end", _("Until")),
        ),
    )


MEETINGS = Export(
    "meetings",
    _("Meetings"),
    (
        Column("day", _("Day")),
        Column("mentor", _("Mentor"), who("assignment__mentor__person"), called),
        Column("person", _("Entrepreneur"), who("assignment__enrolment__person"), called),
        Column("minutes", _("Minutes")),
        Column("place", _("Place"), words=dict(Meeting.Place.choices)),
        Column("topic", _("Topic")),
        Column("function", _("Business function"), words=dict(Function.choices)),
        Column("next_step", _("Next step")),
        Column("confirmed_at", _("Confirmed")),
        Column("objection", _("What is not right")),
        Column("logged_by", _("Logged by"), "by__name"),
        Column("logged_at", _("Logged"), "at"),
    ),
)


def meetings(user: User, narrowed: QuerySet[Assignment]) -> QuerySet[Meeting]:
    """Those of the assignments on the page, the last one first; a cancelled one counts nowhere."""
    rows = Meeting.objects.counting().visible_to(user).filter(assignment__in=narrowed.order_by())
    return rows.order_by("-day", "-id")


HOURS = Export(  # what funders take along: nobody's name, no note, no next step
    "hours",
    _("Hours of mentoring"),
    (
        Column("month", _("Month"), made=lambda month: month.strftime("%Y-%m")),
        Column("minutes", _("Minutes")),
        Column("place", _("Place"), "told_place", words=dict(Meeting.Place.choices) | {WITHHELD: WITHHELD}),
        Column("topic", _("Topic")),
        Column("function", _("Business function"), words=dict(Function.choices)),
    ),
)
