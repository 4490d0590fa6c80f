"""The background work of this room."""

import tempfile
from collections.abc import Callable
from datetime import date

from django.core.files import File
from django.urls import reverse
from django.utils import timezone, translation
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from jobs.kinds import job
from jobs.services import Progress
from people.models import Funding, Programme
from training import services
from training.certificates import issuing
from training.evidence import archive
from training.evidence.proofs import Asked
from training.models import Module


@job(gettext_lazy("Certificates of a programme"))
def issue_all(progress: Progress, programme: int) -> Callable[[], dict]:
    """Give a certificate to everybody who completed the programme and has none."""
    found = Programme.objects.select_related("tenant").get(pk=programme)
    return issuing.issue_all(progress, found, timezone.now())


@job(gettext_lazy("Pack of evidence"))
def build_pack(
    progress: Progress,
    programme: int,
    module: int | None,
    funding: int | None,
    start: str | None,
    end: str | None,
) -> Callable[[], dict]:
    """Write the archive into a file without a name; its end is one row and one stored file."""
    asked = Asked(
        programme=Programme.objects.select_related("tenant").get(pk=programme),
        module=module and Module.objects.get(pk=module),
        funding=funding and Funding.objects.select_related("funder").get(pk=funding),
        start=start and date.fromisoformat(start),
        end=end and date.fromisoformat(end),
    )
    now, by, stage = timezone.now(), progress.job.by, _("Sessions")
    file = tempfile.TemporaryFile()  # noqa: SIM115 - closed when it is kept, or with the work
    with translation.override(asked.language):
        archive.write(asked, file, now=now, progress=lambda *far: progress(stage, *far))

    def effect() -> dict:
        with file:
            pack = services.add_pack(
                by=by, programme=asked.programme, module=asked.module, funding=asked.funding,
                language=asked.language, job=progress.job, name=asked.name, content=File(file), now=now,
            )  # fmt: skip
        return {"pack": pack.pk, "url": reverse("training:pack_list", args=[asked.programme.code])}

    return effect
