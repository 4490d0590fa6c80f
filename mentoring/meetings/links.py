"""Addresses for somebody who is not signed in: a mentor logs a meeting, the other side has her word on it."""

from django.core import signing
from django.urls import reverse

from lib import signing as signed
from mentoring.models import Assignment, Meeting
from people.models import Person

LOG = "mentoring.meeting"
WORD = "mentoring.word"


def log_address(assignment: Assignment) -> str:
    """The path of the mentor's short form. It dies with the next thing that happens to the assignment: a
    logged meeting, another state."""
    return reverse("mentoring:meeting_log", args=[signed.sign(LOG, assignment.pk, assignment.revision)])


def word_address(meeting: Meeting) -> str:
    """The path on which the other side confirms a meeting or says what is wrong. It dies with her word."""
    return reverse("mentoring:meeting_word", args=[signed.sign(WORD, meeting.pk, meeting.revision)])


def read(token: str, purpose: str) -> tuple[int, int] | None:
    """(key, revision) of a link that we handed out for this purpose; None of any other text."""
    try:
        return signed.read(token, purpose)
    except (signing.BadSignature, ValueError):
        return None


def other_side(meeting: Meeting) -> Person:
    """Whose word it is: the entrepreneur's, or the mentor's where the entrepreneur logged it."""
    pair = meeting.assignment
    mentor, person = pair.mentor.person, pair.enrolment.person
    return mentor if meeting.by_id is not None and meeting.by_id == person.user_id else person
