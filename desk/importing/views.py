"""Bringing in a sheet, a step a page: upload, what it is, its columns, its words, the preview, the result."""

from django.contrib import messages
from django.core.exceptions import PermissionDenied, ValidationError
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.http import content_disposition_header
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from desk.importing import columns, marked, services, shown
from desk.importing.forms import ColumnsForm, SheetForm, UploadForm, ValuesForm
from desk.models import Import
from lib.forms import put_errors
from people.access import access
from people.models import Programme

PAGE = 50
either = require_http_methods(["GET", "HEAD", "POST"])


def _programme(request: HttpRequest, code: str) -> Programme:
    request.programme = get_object_or_404(Programme.objects.visible_to(request.user), code=code)
    if not access(request.user).runs(request.programme.pk, request.programme.tenant_id):
        raise PermissionDenied
    return request.programme


def _import(request: HttpRequest, pk: int) -> Import:
    rows = Import.objects.visible_to(request.user)
    rows = rows.select_related("programme__tenant", "by", "undone_by", "job", "file", "tenant")
    record = get_object_or_404(rows, pk=pk)
    request.programme = record.programme
    return record


@require_safe
def import_list(request: HttpRequest, programme: str) -> HttpResponse:
    programme = _programme(request, programme)
    rows = Import.objects.visible_to(request.user).filter(programme=programme).select_related("by", "job")
    page = Paginator(rows, PAGE).get_page(request.GET.get("page"))
    context = {"programme": programme, "page": page, "lines": [shown.line(row) for row in page.object_list]}
    return render(request, "desk/import_list.html", context)


@either
def import_create(request: HttpRequest, programme: str) -> HttpResponse:
    programme = _programme(request, programme)
    form = UploadForm(request.POST or None, request.FILES or None, initial={"kind": request.GET.get("kind")})
    if request.method == "POST" and form.is_valid():
        file = form.cleaned_data["file"]
        said = {"name": file.name, "content": file, "kind": form.cleaned_data["kind"]}
        try:
            record = services.bring(by=request.user, programme=programme, now=timezone.now(), **said)
        except ValidationError as error:
            form.add_error("file", error)
        else:
            return redirect("desk:import_sheet", import_=record.pk)
    context = {"programme": programme, "form": form}
    return render(request, "desk/import_create.html", context, status=422 if form.errors else 200)


@either
def import_sheet(request: HttpRequest, import_: int) -> HttpResponse:
    """Which sheet of the file, where its headings stand, what its rows are."""
    record = _import(request, import_)
    if not record.is_open:
        return redirect("desk:import_detail", import_=record.pk)
    initial = {name: getattr(record, name) for name in ("sheet", "header_row", "kind", "source")}
    form = SheetForm(request.POST or None, initial=initial, sheets=record.sheets)
    if request.method == "POST" and form.is_valid():
        try:
            services.choose(by=request.user, record=record, now=timezone.now(), **form.cleaned_data)
        except ValidationError as error:
            put_errors(form, error)
        else:
            return redirect("desk:import_columns", import_=record.pk)
    context = {"record": record, "form": form, "page": shown.sheet(record)}
    return render(request, "desk/import_sheet.html", context, status=422 if form.errors else 200)


@either
def import_columns(request: HttpRequest, import_: int) -> HttpResponse:
    """Which of our fields each column is."""
    record = _import(request, import_)
    if not record.is_open:
        return redirect("desk:import_detail", import_=record.pk)
    if not record.kind:
        return redirect("desk:import_sheet", import_=record.pk)
    form = ColumnsForm(request.POST or None, record=record)
    if request.method == "POST" and form.is_valid():
        now = timezone.now()
        try:
            services.settle(by=request.user, record=record, now=now, **form.chosen())
            if not columns.is_settled(record):
                return redirect("desk:import_values", import_=record.pk)
            services.preview(by=request.user, record=record, now=now)
        except ValidationError as error:
            put_errors(form, error)
        else:
            return redirect("desk:import_preview", import_=record.pk)
    said = [(column, shown.how_words(column), select) for column, select in form.column_fields()]
    context = {"record": record, "form": form, "page": shown.columns(record), "columns": said}
    return render(request, "desk/import_columns.html", context, status=422 if form.errors else 200)


@either
def import_values(request: HttpRequest, import_: int) -> HttpResponse:
    """What the sheet's own words and dates mean, where that is not plain."""
    record = _import(request, import_)
    if not record.is_open:
        return redirect("desk:import_detail", import_=record.pk)
    if not record.mapping:
        return redirect("desk:import_columns", import_=record.pk)
    form = ValuesForm(request.POST if request.method == "POST" else None, record=record)
    if request.method == "POST" and form.is_valid():
        try:
            services.translate(by=request.user, record=record, **form.chosen())
            services.preview(by=request.user, record=record, now=timezone.now())
        except ValidationError as error:
            put_errors(form, error)
        else:
            return redirect("desk:import_preview", import_=record.pk)
    context = {"record": record, "form": form}
    return render(request, "desk/import_values.html", context, status=422 if form.errors else 200)


@require_safe
def import_preview(request: HttpRequest, import_: int) -> HttpResponse:
    """What would happen, row by row; nothing is written yet."""
    record = _import(request, import_)
    if not record.is_open or record.previewed_at is None:
        return redirect("desk:import_detail", import_=record.pk)
    return _preview(request, record)


def _preview(request: HttpRequest, record: Import, error: ValidationError | None = None) -> HttpResponse:
    context = {"record": record, "page": shown.preview(record), "error": error}
    return render(request, "desk/import_preview.html", context, status=422 if error else 200)


@require_POST
def import_confirm(request: HttpRequest, import_: int) -> HttpResponse:
    record = _import(request, import_)
    without = request.POST.get("without_refused") == "yes"
    try:
        services.confirm(by=request.user, record=record, without_refused=without, now=timezone.now())
    except ValidationError as error:
        if record.is_open and record.previewed_at:
            return _preview(request, record, error)
        messages.error(request, " ".join(error.messages))
    return redirect("desk:import_detail", import_=record.pk)


@require_safe
def import_detail(request: HttpRequest, import_: int) -> HttpResponse:
    """Where it is: the work that goes on, or what came of it. Its fragment asks for itself each second."""
    record = _import(request, import_)
    if request.htmx and not record.works:
        response = HttpResponse()
        response["HX-Refresh"] = "true"  # the end changes more than the bar: show the whole page
        return response
    if record.works:
        template = "desk/_import_job.html" if request.htmx else "desk/import_working.html"
        return render(request, template, {"record": record})
    if record.state == Import.State.READY:
        return redirect("desk:import_preview", import_=record.pk)
    if record.state == Import.State.UPLOADED and not (record.job and record.job.reason):
        return redirect("desk:import_columns" if record.kind else "desk:import_sheet", import_=record.pk)
    return _detail(request, record)


def _detail(request: HttpRequest, record: Import, error: ValidationError | None = None) -> HttpResponse:
    context = {"record": record, "page": shown.result(record), "error": error}
    return render(request, "desk/import_detail.html", context, status=422 if error else 200)


@require_POST
def import_stop(request: HttpRequest, import_: int) -> HttpResponse:
    record = _import(request, import_)
    services.stop(by=request.user, record=record, now=timezone.now())
    return redirect("desk:import_detail", import_=record.pk)


@require_POST
def import_undo(request: HttpRequest, import_: int) -> HttpResponse:
    record = _import(request, import_)
    try:
        services.take_back(by=request.user, record=record, now=timezone.now())
    except ValidationError as error:
        return _detail(request, _import(request, import_), error)
    return redirect("desk:import_detail", import_=record.pk)


@require_POST
def import_discard(request: HttpRequest, import_: int) -> HttpResponse:
    record = _import(request, import_)
    try:
        services.discard(by=request.user, record=record)
    except ValidationError as error:
        messages.error(request, " ".join(error.messages))
        return redirect("desk:import_detail", import_=record.pk)
    messages.success(request, _("The sheet was dropped; nothing of it was written."))
    return redirect("desk:import_list", programme=record.programme.code)


@require_safe
def import_marked(request: HttpRequest, import_: int) -> HttpResponse:
    """The same sheet with what becomes of each row, and why."""
    record = _import(request, import_)
    if record.file is None or not record.outcomes:
        messages.error(request, _("The file is kept for 30 days: it is gone."))
        return redirect("desk:import_detail", import_=record.pk)
    try:
        file = marked.marked(record)
    except ValidationError as error:
        messages.error(request, " ".join(error.messages))
        return redirect("desk:import_detail", import_=record.pk)
    response = HttpResponse(file.content, content_type=file.content_type)
    response["Content-Disposition"] = content_disposition_header(as_attachment=True, filename=file.name)
    response["X-Content-Type-Options"] = "nosniff"
    response["Cache-Control"] = "no-store"
    return response
