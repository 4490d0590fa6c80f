"""Pages of one issue: the summary, its files, and for staff its review and the rows behind a figure."""

from django.core.exceptions import PermissionDenied
from django.core.paginator import Paginator
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBase, JsonResponse
from django.shortcuts import get_object_or_404, render
from django.template.loader import render_to_string
from django.utils import timezone, translation
from django.views.decorators.http import require_GET, require_safe

from accounts.files import attachment
from accounts.models import StoredFile
from lib.pdf import UnfitPicture
from outcomes import paper
from outcomes.document import reading
from outcomes.forms.reviewing import ReviewForm
from outcomes.models import Issue
from outcomes.opened import addresses, frozen_figure, lines, opened
from outcomes.payload import fingerprint
from outcomes.reviewed import reviewed
from outcomes.rules import may
from outcomes.sheets import workbook
from outcomes.views.reports import programme_of_report

XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
ROWS = 100  # of an opened figure, on one page


def issue_of(request: HttpRequest, pk: int) -> Issue:
    found = Issue.objects.visible_to(request.user).select_related(
        "report__funding__funder", "report__funding__project"
    )
    return get_object_or_404(found, pk=pk)


@require_GET
def issue_detail(request: HttpRequest, issue: int) -> HttpResponse:
    return page_of(request, issue_of(request, issue))


def page_of(request: HttpRequest, found: Issue, form: ReviewForm | None = None) -> HttpResponse:
    """The summary, from the frozen document alone and in its language; around it the reader's own. `form`
    holds what was said of it and could not be kept."""
    staff = may(request.user, "open_rows", found)
    with translation.override(found.document["language"]):
        about = reading(found.document) | {"issue": found, "staff": staff}
        article = render_to_string("outcomes/_summary.html", about)
    context = {
        "issue": found,
        "article": article,
        "staff": staff,
        "programme": programme_of_report(request, found.report) if staff else None,
        "is_intact": fingerprint(found.document) == found.fingerprint,
    }
    if staff:
        context |= {"review": reviewed(found, request.user), "form": form or ReviewForm(issue=found)}
    return render(request, "outcomes/issue_detail.html", context, status=422 if form else 200)


@require_GET
def issue_xlsx(request: HttpRequest, issue: int) -> HttpResponse:
    found = issue_of(request, issue)
    return HttpResponse(workbook(found), content_type=XLSX, headers=_as_file(found, "xlsx"))


@require_GET
def issue_pdf(request: HttpRequest, issue: int) -> HttpResponse:
    """On paper. A logo that is no picture is left out: its funder is named in words."""
    found = issue_of(request, issue)
    try:
        content = paper.summary(found, _logo(found))
    except UnfitPicture:
        content = paper.summary(found, None)
    return HttpResponse(content, content_type="application/pdf", headers=_as_file(found, "pdf"))


@require_GET
def issue_json(request: HttpRequest, issue: int) -> HttpResponse:
    found = issue_of(request, issue)
    content = {"number": found.number, "fingerprint": found.fingerprint, "document": found.document}
    words = {"ensure_ascii": False, "indent": 1}
    return JsonResponse(content, json_dumps_params=words, headers=_as_file(found, "json"))


@require_safe
def issue_logo(request: HttpRequest, issue: int) -> HttpResponseBase:
    """The funder's logo as it was when the issue was built: the very file whose digest it holds."""
    logo = _logo(issue_of(request, issue))
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


@require_GET
def figure_rows(request: HttpRequest, issue: int, figure: str) -> HttpResponse:
    """The rows behind a figure, as they are now, beside the number that was frozen."""
    found = issue_of(request, issue)
    if not may(request.user, "open_rows", found):
        raise PermissionDenied
    if frozen_figure(found, figure) is None:
        raise Http404
    request.programme = programme_of_report(request, found.report)
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
