"""Pages of summaries: the reports of a programme, and having one built."""

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.db.models import Prefetch, Q, QuerySet
from django.db.models.fields.json import KT
from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST, require_safe

from accounts.exports import take_along
from jobs.models import Job
from outcomes import exports, services
from outcomes.models import Issue, Report
from outcomes.rules import may
from people.access import access
from people.models import Programme

XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
ROWS = 100  # of an opened figure, on one page


@require_GET
def report_list(request: HttpRequest, programme: str) -> HttpResponse:
    """What the funders of a programme are owed, and what they were given."""
    found = listed(request, programme).select_related("funding__funder", "funding__project")
    heading = KT("payload__document__heading")
    issues = Issue.objects.visible_to(request.user).defer("payload", "row_key").annotate(said=heading)
    reports = list(found.prefetch_related(Prefetch("issues", issues)).order_by("due", "start", "pk"))
    owed = sum(not any(issue.is_issued for issue in report.issues.all()) for report in reports)
    context = {"programme": request.programme, "reports": reports, "owed": owed}
    return render(request, "outcomes/report_list.html", context)


@require_safe
def report_export(request: HttpRequest, programme: str, format: str) -> HttpResponseBase:
    rows = exports.reports(request.user, listed(request, programme))
    return take_along(request, exports.REPORTS, rows, format, about=request.programme)


def listed(request: HttpRequest, code: str) -> QuerySet[Report]:
    """The reports over what the funders of this programme pay for, for who runs it."""
    request.programme = get_object_or_404(Programme.objects.visible_to(request.user), code=code)
    if not access(request.user).runs(request.programme.pk, request.programme.tenant_id):
        raise PermissionDenied
    paid = Q(funding__scopes__programme=request.programme) | Q(funding__modules__programme=request.programme)
    reports = Report.objects.filter(paid).order_by().values("pk")
    return Report.objects.visible_to(request.user).filter(pk__in=reports)


@require_POST
def issue_build(request: HttpRequest, report: int) -> HttpResponse:
    found = get_object_or_404(Report.objects.visible_to(request.user), pk=report)
    if not may(request.user, "build_issue", found):
        raise PermissionDenied
    job = services.request_issue(by=request.user, report=found)
    if not Job.objects.visible_to(request.user).filter(pk=job.pk).exists():
        messages.info(request, _("Somebody else asked for this summary; it is being built."))
        programme = programme_of_report(request, found)
        return redirect("outcomes:report_list", programme.code)
    return redirect("jobs:job_detail", job.pk)


def programme_of_report(request: HttpRequest, report: Report) -> Programme:
    """The first one that the funding pays for and she works in."""
    paid = Q(scopes__funding=report.funding) | Q(modules__fundings=report.funding)
    return Programme.objects.visible_to(request.user).filter(paid).first()
