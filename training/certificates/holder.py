"""The address of the holder's own page, for who has no account. It stands in the letter that she gets."""

from django.conf import settings
from django.core.signing import BadSignature
from django.urls import reverse

from lib import signing
from training.models import Certificate

PURPOSE = "training.certificate.hers"


def token_of(certificate: Certificate) -> str:
    return signing.sign(PURPOSE, certificate.pk, certificate.revision)


def address(certificate: Certificate) -> str:
    path = reverse("training:certificate_hers", args=[token_of(certificate)])
    return settings.SITE_URL.rstrip("/") + path


def certificate_of(token: str) -> Certificate | None:
    """None: not one of ours, or its address was taken back."""
    try:
        pk, revision = signing.read(token, PURPOSE)
    except (BadSignature, ValueError):
        return None
    rows = Certificate.objects.select_related("enrolment__programme__tenant", "enrolment__person", "tenant")
    return rows.filter(pk=pk, revision=revision).first()
