"""The background work of this room."""

from collections.abc import Callable

from celery import shared_task
from django.core.exceptions import ValidationError
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from jobs.kinds import job
from jobs.services import Progress
from mentoring import services
from mentoring.matching import solving
from mentoring.models import MatchingRun


@job(gettext_lazy("Matching"))
def compute_run(progress: Progress, run: int) -> Callable[[], dict]:
    """Find the best pairs for the facts of a run; its result is where to read them."""
    found = MatchingRun.objects.select_related("programme__tenant").filter(pk=run).first()
    if found is None:
        raise ValidationError(_("This run is gone."))
    stage = _("Comparing pairs")
    result = solving.solve(
        found.facts, found.weights, found.pinned, progress=lambda done, total: progress(stage, done, total)
    )

    def effect() -> dict:
        services.keep_result(by=progress.job.by, run=found, result=result)
        return {"run": found.pk, "url": reverse("mentoring:run_detail", args=[found.pk])}

    return effect


@shared_task(name="mentoring.expire_offers")
def expire_offers() -> None:
    """Offers that nobody answered in time."""
    services.expire_offers(timezone.now())
