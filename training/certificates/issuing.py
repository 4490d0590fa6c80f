"""The background work of issuing all certificates of a programme."""

from collections.abc import Callable
from datetime import datetime

from django.core.exceptions import ValidationError
from django.urls import reverse
from django.utils.translation import gettext as _

from jobs.services import Progress
from lib.pdf import UnfitPicture
from people.models import Programme
from training import services
from training.certificates import content
from training.models import Certificate, CertificateEdition, Enrolment
from training.papers import diploma


def issue_all(progress: Progress, programme: Programme, now: datetime) -> Callable[[], dict]:
    """Set the paper of each one first, so that none is given a number that cannot be printed; then number and
    keep them all at once, after asking the rule again."""
    waiting = waits(programme)
    said = content.drafts(programme, waiting, now)
    for done, enrolment in enumerate(waiting):
        progress(_("Setting the papers"), done, len(waiting))
        _try(enrolment, said[enrolment.pk], now)
    progress(_("Numbering them"), len(waiting), len(waiting))

    def effect() -> dict:
        by, keys = progress.job.by, [enrolment.pk for enrolment in waiting]
        issued = services.issue_certificates(by=by, programme=programme, enrolments=keys, now=now)
        url = reverse("training:certificate_list", args=[programme.code])
        return {"issued": len(issued.made), "refused": list(issued.refused.values()), "url": url}

    return effect


def waits(programme: Programme) -> list[Enrolment]:
    """Who met the rule and has no certificate, in the order of names."""
    found = [one.enrolment for one in content.standings(programme) if not one.refusal]
    return [enrolment for enrolment in found if not hasattr(enrolment, "certificate")]


def _try(enrolment: Enrolment, said: dict, now: datetime) -> None:
    draft = Certificate(tenant=enrolment.programme.tenant, enrolment=enrolment, number="DRAFT")
    try:
        diploma.drawn([CertificateEdition(certificate=draft, said=said, at=now)])
    except UnfitPicture as error:
        words = _("A logo of a funding is no picture that can be printed; change it and ask again.")
        raise ValidationError(words) from error
