"""Whose word on a meeting it is."""

from django.core.exceptions import PermissionDenied
from django.http import Http404

from accounts.models import User
from mentoring.meetings.layers import is_of_the_pair
from mentoring.models import Meeting


def insist_on_other_side(user: User, meeting: Meeting) -> None:
    """Whoever logged it cannot confirm it (403). For anybody else there is nothing to answer (404)."""
    if user.has_perm("mentoring.answer_meeting", meeting):
        return
    if is_of_the_pair(user, meeting.assignment):
        raise PermissionDenied
    raise Http404
