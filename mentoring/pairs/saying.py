"""What is the case with an assignment, in one sentence."""

from datetime import datetime, time, timedelta

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from lib import clock
from mentoring.models import Assignment

State = Assignment.State


def heading(row: Assignment, met: int) -> str:
    """`met`: how many times the two met."""
    said = {"mentor": row.mentor, "person": row.enrolment}
    if row.state in Assignment.COUNTED:
        if not met:
            return _("%(mentor)s and %(person)s have not met yet") % said
        words = ngettext(
            "%(mentor)s and %(person)s met %(n)s time", "%(mentor)s and %(person)s met %(n)s times", met
        )
        return words % (said | {"n": met})
    if row.state == State.PROPOSED:
        return _("%(mentor)s is proposed to guide %(person)s") % said
    if row.state == State.OFFERED:
        return _("%(mentor)s is asked whether she guides %(person)s") % said
    if row.state == State.EXPIRED:
        return _("%(mentor)s did not answer in time whether she guides %(person)s") % said
    return _("%(mentor)s will not guide %(person)s") % said


def question(row: Assignment, *, is_hers: bool) -> str:
    """What the answer page asks: the mentor herself, or whoever writes her answer down."""
    said = {"mentor": row.mentor, "person": row.enrolment}
    if row.state != State.OFFERED:
        return heading(row, 0)
    return (
        _("Will you guide %(person)s?") % said if is_hers else _("Will %(mentor)s guide %(person)s?") % said
    )


def last_moment(row: Assignment) -> datetime | None:
    """Until when she may answer, on the clocks of the programme. Midnight belongs to the next day and would
    mislead."""
    if row.offered_until is None:
        return None
    until = clock.local(row.offered_until, row.programme.zone)
    return until - timedelta(minutes=1) if until.time() == time() else until
