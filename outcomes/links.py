"""The address on which somebody answers without an account: signed over her invitation and its revision."""

from django.conf import settings
from django.core import signing
from django.urls import reverse

from lib import signing as signed
from outcomes.models import Invitation

ANSWER = "answer"


def answer_link(invitation: Invitation) -> str:
    """The path. It lives as long as the invitation keeps its revision: she may come back to it."""
    token = signed.sign(ANSWER, invitation.pk, invitation.revision)
    return reverse("outcomes:answer", args=[token])


def answer_url(invitation: Invitation) -> str:
    """The same, whole: for a letter, or to be handed over."""
    return settings.SITE_URL.rstrip("/") + answer_link(invitation)


def read(token: str) -> tuple[int, int] | None:
    """(key, revision) of a link that we handed out; None of any other text."""
    try:
        return signed.read(token, ANSWER)
    except (signing.BadSignature, ValueError):
        return None
