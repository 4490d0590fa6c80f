"""A funder's logframe: its lines in the funder's words and order, and what is planned for each."""

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.db.models import Prefetch
from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST, require_safe

from accounts.exports import take_along
from lib.forms import put_errors
from outcomes import exports_logframe, live, services
from outcomes.forms.logframe import LineForm, TargetForm
from outcomes.models import LogframeLine, Target
from outcomes.registry import definitions
from outcomes.rules import kept_fundings
from outcomes.views.whose import funding_of, fundings_beside, programme_of
from people.models import Funding

FORMS = ["GET", "HEAD", "POST"]


@require_GET
def logframe_of(request: HttpRequest, programme: str) -> HttpResponse:
    """To the logframe of the first funding that pays for the programme."""
    programme_of(request, programme)
    found = fundings_beside(request)
    if found:
        return redirect("outcomes:logframe", found[0].pk)
    context = {"programme": request.programme, "what": _("Logframe")}
    return render(request, "outcomes/no_funding.html", context)


@require_GET
def logframe(request: HttpRequest, funding: int) -> HttpResponse:
    """Lines by their place, each with what counts it and what is planned."""
    row = funding_of(request, funding)
    known = definitions(row.project.tenant)
    targets = Target.objects.order_by("start", "pk")
    lines = list(row.lines.select_related("parent").prefetch_related(Prefetch("targets", targets)))
    now = _now(request, row)
    for line in lines:
        line.counted_by, line.now = known.get(line.indicator), now.get(line.code)
    context = {
        "programme": request.programme,
        "funding": row,
        "beside": fundings_beside(request),
        "lines": lines,
        "uncounted": sum(line.counted_by is None for line in lines),
    }
    return render(request, "outcomes/logframe.html", context)


def _now(request: HttpRequest, funding: Funding) -> dict[str, live.Figure]:
    """The figure of each line as it is now, by its code."""
    if request.programme is None:
        return {}
    found = live.figures(request.programme, funding, timezone.now())
    return {one.code: one for one in found if one.code}


@require_safe
def logframe_export(request: HttpRequest, funding: int, format: str) -> HttpResponseBase:
    row = funding_of(request, funding)
    rows = exports_logframe.lines(row.lines.all())
    about = request.programme
    return take_along(request, exports_logframe.LINES, rows, format, about=about, part=row.code)


@require_http_methods(FORMS)
def line_create(request: HttpRequest, funding: int) -> HttpResponse:
    return _line_page(request, funding_of(request, funding), None)


@require_http_methods(FORMS)
def line_edit(request: HttpRequest, line: int) -> HttpResponse:
    row = _line(request, line)
    return _line_page(request, row.funding, row)


def _line_page(request: HttpRequest, funding: Funding, row: LogframeLine | None) -> HttpResponse:
    form = LineForm(request.POST or None, instance=row, funding=funding)
    if request.method == "POST" and form.is_valid():
        try:
            made = services.save_line(by=request.user, line=row, funding=funding, **form.cleaned_data)
        except ValidationError as error:
            put_errors(form, error)
        else:
            messages.success(request, _("The line is kept."))
            return redirect("outcomes:line_edit", made.pk)
    targets = row.targets.order_by("start", "pk") if row else ()
    context = {"programme": request.programme, "funding": funding, "line": row, "form": form}
    status = 422 if form.errors else 200
    return render(request, "outcomes/line_form.html", context | {"targets": targets}, status=status)


def _line(request: HttpRequest, pk: int) -> LogframeLine:
    rows = LogframeLine.objects.filter(funding__in=kept_fundings(request.user).order_by())
    row = get_object_or_404(rows.select_related("funding"), pk=pk)
    row.funding = funding_of(request, row.funding_id)
    return row


@require_POST
def line_move(request: HttpRequest, line: int) -> HttpResponse:
    row = _line(request, line)
    services.move_line(by=request.user, line=row, up=request.POST.get("where") == "up")
    return redirect("outcomes:logframe", row.funding_id)


@require_POST
def line_remove(request: HttpRequest, line: int) -> HttpResponse:
    row = _line(request, line)
    try:
        services.remove_line(by=request.user, line=row)
    except ValidationError as error:
        messages.error(request, error.messages[0])
        return redirect("outcomes:line_edit", line)
    messages.success(request, _("The line is taken out."))
    return redirect("outcomes:logframe", row.funding_id)


@require_http_methods(FORMS)
def target_create(request: HttpRequest, line: int) -> HttpResponse:
    return _target_page(request, _line(request, line), None)


@require_http_methods(FORMS)
def target_edit(request: HttpRequest, target: int) -> HttpResponse:
    rows = Target.objects.filter(funding__in=kept_fundings(request.user).order_by(), line__isnull=False)
    row = get_object_or_404(rows, pk=target)
    return _target_page(request, _line(request, row.line_id), row)


@require_POST
def target_remove(request: HttpRequest, target: int) -> HttpResponse:
    rows = Target.objects.filter(funding__in=kept_fundings(request.user).order_by(), line__isnull=False)
    row = get_object_or_404(rows.select_related("line"), pk=target)
    try:
        services.remove_target(by=request.user, target=row)
    except ValidationError as error:
        messages.error(request, error.messages[0])
        return redirect("outcomes:target_edit", target)
    messages.success(request, _("The target is taken out."))
    return redirect("outcomes:logframe", row.funding_id)


def _target_page(request: HttpRequest, line: LogframeLine, row: Target | None) -> HttpResponse:
    form = TargetForm(request.POST or None, instance=row)
    if request.method == "POST" and form.is_valid():
        said = form.cleaned_data | {"line": line}
        try:
            services.save_target(by=request.user, target=row, funding=line.funding, **said)
        except ValidationError as error:
            put_errors(form, error)
        else:
            messages.success(request, _("The target is kept."))
            return redirect("outcomes:logframe", line.funding_id)
    context = {"programme": request.programme, "funding": line.funding, "line": line, "form": form}
    status = 422 if form.errors else 200
    return render(request, "outcomes/target_form.html", context | {"target": row}, status=status)
