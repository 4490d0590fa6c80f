"""What the page of a pair shows of its work: meetings, the form to log one, the notes that she may read."""

from datetime import datetime

from accounts.models import User
from mentoring.forms.meetings import MeetingForm
from mentoring.meetings.prefilled import prefilled
from mentoring.models import Assignment, Note


def together(user: User, assignment: Assignment, now: datetime) -> dict:
    """Cancelled meetings are shown, struck out: they count nowhere."""
    may_log = user.has_perm("mentoring.log_meeting", assignment) and assignment.state in Assignment.COUNTED
    notes = Note.objects.visible_to(user).filter(assignment=assignment).select_related("by")
    found = {
        "meetings": list(assignment.meetings.select_related("by")),
        "notes": list(notes),
        "may_write": user.has_perm("mentoring.write_note", assignment),
        "may_log": may_log,
    }
    if may_log:
        known = prefilled(assignment, now)
        found["form"] = MeetingForm(assignment=assignment, initial=known.initial)
        found["known"] = known
    return found
