"""The background work of this room."""

from collections.abc import Callable

from celery import shared_task
from django.core.exceptions import ValidationError
from django.db.models import Max
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from ideas import duplicates, services
from ideas.assigning.solving import solve
from ideas.duplicates.proposals import KEPT, LOOSE
from ideas.models import AssigningRun
from jobs.kinds import job
from jobs.services import Progress
from people.models import Programme


@job(gettext_lazy("Assigning reviews"))
def compute_assigning(progress: Progress, run: int) -> Callable[[], dict]:
    """Find who judges what for the facts of a run; its result is where to read it."""
    found = AssigningRun.objects.select_related("round__programme__tenant").filter(pk=run).first()
    if found is None:
        raise ValidationError(_("This run is gone."))
    stage = _("Comparing reviewers")
    result = solve(found.facts, lambda done, total: progress(stage, done, total))

    def effect() -> dict:
        services.keep_assigning(by=progress.job.by, run=found, result=result)
        return {"run": found.pk, "url": reverse("ideas:run_detail", args=[found.pk])}

    return effect


@job(gettext_lazy("Comparing ideas"))
def compare_all(progress: Progress, programme: int) -> Callable[[], dict]:
    """Find the ideas of a large programme that sound alike; its result is the likest pairs."""
    found = Programme.objects.get(pk=programme)
    words = found.ideas.aggregate(newest=Max("text"))["newest"] or 0
    stage = _("Comparing ideas with one another")
    pairs = duplicates.pairs(found, LOOSE, lambda done, total: progress(stage, done, total))[:KEPT]
    url = reverse("ideas:duplicate_list", args=[found.code])
    return lambda: {"pairs": pairs, "words": words, "url": url}


@shared_task(name="ideas.clear_desks")
def clear_desks() -> None:
    """Take away what somebody may not judge any more."""
    services.clear_desks(now=timezone.now())


@shared_task(name="ideas.carry_on_assigned")
def carry_on_assigned() -> None:
    """Carry on the ideas that asked for a mentor and have one by now."""
    services.carry_on_assigned(now=timezone.now())
