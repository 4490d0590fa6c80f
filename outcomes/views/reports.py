"""Pages of summaries: the reports of a programme, one issue, and for staff the rows behind a figure."""

from django.contrib import messages
from django.core.exceptions import PermissionDenied, ValidationError
from django.core.paginator import Paginator
from django.db.models import Prefetch, Q, QuerySet
from django.db.models.fields.json import KT
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBase, JsonResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.template.loader import render_to_string
from django.utils import timezone, translation
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST, require_safe

from accounts.exports import take_along
from accounts.files import attachment
from accounts.models import StoredFile
from jobs.models import Job
from lib.pdf import UnfitPicture
from outcomes import exports, paper, services
from outcomes.document import reading
from outcomes.models import Issue, Report
from outcomes.opened import addresses, frozen_figure, lines, opened
from outcomes.payload import fingerprint
from outcomes.rules import may
from outcomes.sheets import workbook
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
        programme = _programme(request, found)
        return redirect("outcomes:report_list", programme.code)
    return redirect("jobs:job_detail", job.pk)


def _programme(request: HttpRequest, report: Report) -> Programme:
    """The first one that the funding pays for and she works in."""
    paid = Q(scopes__funding=report.funding) | Q(modules__fundings=report.funding)
    return Programme.objects.visible_to(request.user).filter(paid).first()


def _issue(request: HttpRequest, pk: int) -> Issue:
    found = Issue.objects.visible_to(request.user).select_related(
        "report__funding__funder", "report__funding__project"
    )
    return get_object_or_404(found, pk=pk)


@require_GET
def issue_detail(request: HttpRequest, issue: int) -> HttpResponse:
    """The summary, from the frozen document alone and in its language; around it the reader's own."""
    found = _issue(request, issue)
    staff = may(request.user, "open_rows", found)
    with translation.override(found.document["language"]):
        about = reading(found.document) | {"issue": found, "staff": staff}
        article = render_to_string("outcomes/_summary.html", about)
    context = {
        "issue": found,
        "article": article,
        "staff": staff,
        "programme": _programme(request, found.report) if staff else None,
        "is_intact": fingerprint(found.document) == found.fingerprint,
    }
    return render(request, "outcomes/issue_detail.html", context)


@require_GET
def issue_xlsx(request: HttpRequest, issue: int) -> HttpResponse:
    found = _issue(request, issue)
    return HttpResponse(workbook(found), content_type=XLSX, headers=_as_file(found, "xlsx"))


@require_GET
def issue_pdf(request: HttpRequest, issue: int) -> HttpResponse:
    """On paper. A logo that is no picture is left out: its funder is named in words."""
    found = _issue(request, issue)
    try:
        content = paper.summary(found, _logo(found))
    except UnfitPicture:
        content = paper.summary(found, None)
    return HttpResponse(content, content_type="application/pdf", headers=_as_file(found, "pdf"))


@require_GET
def issue_json(request: HttpRequest, issue: int) -> HttpResponse:
    found = _issue(request, issue)
    content = {"number": found.number, "fingerprint": found.fingerprint, "document": found.document}
    words = {"ensure_ascii": False, "indent": 1}
    return JsonResponse(content, json_dumps_params=words, headers=_as_file(found, "json"))


@require_safe
def issue_logo(request: HttpRequest, issue: int) -> HttpResponseBase:
    """The funder's logo as it was when the issue was built: the very file whose digest it holds."""
    logo = _logo(_issue(request, issue))
    if logo is None:
        raise Http404
    return attachment(logo)


def _logo(issue: Issue) -> StoredFile | None:
    tenant = issue.report.funding.project.tenant_id
    logos = StoredFile.objects.filter(tenant=tenant, purpose=StoredFile.Purpose.LOGO)
    return logos.filter(digest=issue.document.get("logo") or None).first()


def _as_file(issue: Issue, ending: str) -> dict[str, str]:
    name = f"summary-{issue.report.funding.code}-{issue.number}.{ending}"
    return {"Content-Disposition": f'attachment; filename="{name}"'}


@require_POST
def issue_release(request: HttpRequest, issue: int) -> HttpResponse:
    found = _issue(request, issue)
    if not may(request.user, "release_issue", found):
        raise PermissionDenied
    try:
        services.release_issue(by=request.user, issue=found, now=timezone.now())
        said = _("Issue %(number)s was released: %(funder)s can read it now.")
        messages.success(request, said % {"number": found.number, "funder": found.report.funding.funder})
    except ValidationError as error:
        messages.error(request, error.messages[0])
    return redirect("outcomes:issue_detail", found.pk)


@require_GET
def figure_rows(request: HttpRequest, issue: int, figure: str) -> HttpResponse:
    """The rows behind a figure, as they are now, beside the number that was frozen."""
    found = _issue(request, issue)
    if not may(request.user, "open_rows", found):
        raise PermissionDenied
    if frozen_figure(found, figure) is None:
        raise Http404
    request.programme = _programme(request, found.report)
    shown = opened(found, figure, user=request.user, now=timezone.now())
    page = Paginator(shown.rows, ROWS).get_page(request.GET.get("page"))
    cells = lines(shown.kind, page.object_list)
    context = {
        "issue": found,
        "code": figure,
        "opened": shown,
        "page": page,
        "lines": list(
            zip(addresses(request.user, found.report.funding.project_id, cells), cells, strict=True)
        ),
    }
    return render(request, "outcomes/figure_rows.html", context)
