"""The background work of this room."""

from collections.abc import Callable

from django.conf import settings
from django.urls import reverse
from django.utils import timezone, translation
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from jobs.kinds import job
from jobs.services import Progress
from outcomes import services
from outcomes.models import Report
from outcomes.payload import build


@job(gettext_lazy("Summary for a funder"))
def build_issue(progress: Progress, report: int) -> Callable[[], dict]:
    """Count, compose and freeze the summary of a report; its result is where to read it."""
    found = Report.objects.select_related("funding__project__tenant", "funding__funder").get(pk=report)
    by = progress.job.by
    with translation.override(by.language if by else settings.LANGUAGE_CODE):
        stage = _("Counting")
    built = build(found, now=timezone.now(), progress=lambda done, total: progress(stage, done, total))

    def effect() -> dict:
        issue = services.add_issue(by=by, report=found, job=progress.job, built=built)
        return {"issue": issue.pk, "url": reverse("outcomes:issue_detail", args=[issue.pk])}

    return effect
