"""Addresses for somebody who is not signed in: a mentor logs a meeting, the other side has her word on it,
somebody who is asked to be a mentor answers."""

from django.core import signing
from django.urls import reverse

from lib import signing as signed
from mentoring.models import Assignment, Meeting, Offer
from people.models import Person

LOG = "mentoring.meeting"
WORD = "mentoring.word"
INVITED = "mentoring.invitation"
TIMES = "mentoring.times"


def log_address(assignment: Assignment) -> str:
    """The path of the mentor's short form. It dies with the next thing that happens to the assignment: a
    logged meeting, another state."""
    return reverse("mentoring:meeting_log", args=[signed.sign(LOG, assignment.pk, assignment.revision)])


def word_address(meeting: Meeting) -> str:
    """The path on which the other side confirms a meeting or says what is wrong. It dies with her word."""
    return reverse("mentoring:meeting_word", args=[signed.sign(WORD, meeting.pk, meeting.revision)])


def times_address(assignment: Assignment) -> str:
    """The path on which the entrepreneur books a time with her mentor, moves it or gives it back, as often as
    she likes: it dies with the pair."""
    return reverse("mentoring:slot_times", args=[signed.sign(TIMES, assignment.pk, 1)])


def invitation_address(offer: Offer) -> str:
    """The path on which she says whether she will be a mentor. It dies with her answer."""
    return reverse("mentoring:mentor_invited", args=[signed.sign(INVITED, offer.pk, 1)])


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
