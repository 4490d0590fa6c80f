"""The background work of this room."""

from collections.abc import Callable
from time import monotonic

from celery import shared_task
from django.core.exceptions import ValidationError
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from jobs.kinds import job
from jobs.services import Progress
from mentoring import services
from mentoring.matching import explaining, solving
from mentoring.models import MatchingRun


@job(gettext_lazy("Matching"))
def compute_run(progress: Progress, run: int) -> Callable[[], dict]:
    """Find the best pairs for the facts of a run; its result is where to read them."""
    found = _run(run)
    stage = _("Comparing pairs")
    result = solving.solve(
        found.facts, found.weights, found.pinned, progress=lambda done, total: progress(stage, done, total)
    )

    def effect() -> dict:
        services.keep_result(by=progress.job.by, run=found, result=result)
        return {"run": found.pk, "url": reverse("mentoring:run_detail", args=[found.pk])}

    return effect


@job(gettext_lazy("What would change a match"))
def try_changes(progress: Progress, run: int, enrolment: int, mentor: int | None) -> Callable[[], dict]:
    """What would give her this mentor, or any: its result is the answer."""
    found, told = _run(run), _tried(progress)
    if mentor is None:
        helps = explaining.help_for(found.facts, found.weights, found.result, enrolment, told)
        answer, where = services.Answer(None, helps), reverse("mentoring:run_person", args=[run, enrolment])
    else:
        change = explaining.what_would_change(
            found.facts, found.weights, found.pinned, enrolment, mentor, told
        )
        answer = services.Answer(change, [])
        where = reverse("mentoring:run_change", args=[run, enrolment, mentor])
    return lambda: {"run": run, "url": where} | answer.kept


def _tried(progress: Progress) -> Callable[[], None]:
    """Says at most once a second that the trials go on, and hears as often whether they shall stop."""
    began = heard = monotonic()
    progress(_("Trying changes"))

    def told() -> None:
        nonlocal heard
        if monotonic() - heard >= 1:
            heard = monotonic()
            progress(_("Trying changes, for %(n)s s so far") % {"n": round(heard - began)})

    return told


def _run(pk: int) -> MatchingRun:
    found = MatchingRun.objects.select_related("programme__tenant").filter(pk=pk).first()
    if found is None:
        raise ValidationError(_("This run is gone."))
    return found


@shared_task(name="mentoring.expire_offers")
def expire_offers() -> None:
    """Offers that nobody answered in time."""
    services.expire_offers(timezone.now())
