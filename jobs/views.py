"""Work that takes longer than a page: it can be watched, left, found again, stopped."""

from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.views.decorators.http import require_GET, require_POST, require_safe

from accounts.exports import take_along
from jobs import exports, services
from jobs.models import Job


@require_GET
def job_list(request: HttpRequest) -> HttpResponse:
    return render(request, "jobs/job_list.html", {"jobs": Job.objects.visible_to(request.user)[:50]})


@require_safe
def job_export(request: HttpRequest, format: str) -> HttpResponseBase:
    return take_along(request, exports.JOBS, Job.objects.visible_to(request.user), format)


@require_GET
def job_detail(request: HttpRequest, job: int) -> HttpResponse:
    """The page, or the fragment that the page asks for every second while the work goes on."""
    row = get_object_or_404(Job.objects.visible_to(request.user), pk=job)
    if request.htmx and not row.is_open:
        response = HttpResponse()
        response["HX-Refresh"] = "true"  # the end changes more than the bar: show the whole page
        return response
    return render(request, "jobs/_job.html" if request.htmx else "jobs/job_detail.html", {"job": row})


@require_POST
def job_cancel(request: HttpRequest, job: int) -> HttpResponse:
    row = get_object_or_404(Job.objects.visible_to(request.user), pk=job)
    services.cancel(row, now=timezone.now())
    return redirect("jobs:job_detail", job=row.pk)
