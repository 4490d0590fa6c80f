"""Lists of office hours and introductions to take along."""

from django.utils.translation import gettext_lazy as _

from lib.exports import Column, Export
from mentoring.models import Introduction, Meeting
from people.exports import called, who

SLOTS = Export(
    "slots",
    _("Office hours"),
    (
        Column("day", _("Day")),
        Column("start", _("From")),
        Column("end", _("Until")),
        Column("zone", _("Time zone")),
        Column("mentor", _("Mentor"), who("mentor__person"), called),
        Column("place", _("Place"), words=dict(Meeting.Place.choices)),
        Column("booked_by", _("Booked by"), who("booked_by__person"), called),
        Column("booked_at", _("Booked")),
        Column("about", _("What about")),
        Column("cancelled_at", _("Cancelled")),
        Column("cancelled_reason", _("Reason")),
    ),
)

INTRODUCTIONS = Export(
    "introductions",
    _("Introductions"),
    (
        Column("day", _("Day")),
        Column("row_code", _("Row code"), "enrolment__row_code"),
        Column("person", _("Entrepreneur"), who("enrolment__person"), called),
        Column("enterprise", _("Enterprise"), "enrolment__enterprise__name"),
        Column("kind", _("To whom"), words=dict(Introduction.Kind.choices)),
        Column("name", _("Name")),
        Column("organisation", _("Organisation"), "organisation__name"),
        Column("mentor", _("Mentor"), who("assignment__mentor__person"), called),
        Column("came", _("What came of it"), words=dict(Introduction.Came.choices)),
        Column("came_on", _("Since")),
        Column("remark", _("Remark")),
    ),
)
