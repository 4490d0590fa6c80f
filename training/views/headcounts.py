"""People counted without names: the list of a programme, with the form in the same screen."""

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from accounts import files
from accounts.exports import take_along
from accounts.models import StoredFile
from lib.forms import put_errors
from people.models import Programme
from training import exports, rules, services
from training.forms.headcounts import HeadcountForm
from training.headcounts import with_words
from training.models import Headcount
from training.views.sessions import programme_of

FORMS = ["GET", "HEAD", "POST"]


@require_http_methods(FORMS)
def headcount_list(request: HttpRequest, programme: str) -> HttpResponse:
    programme = programme_of(request, programme)
    if request.method == "POST":
        rules.insist(request.user, "keep_headcount", programme)
    given = {"session": request.GET.get("session")}
    form = HeadcountForm(
        request.POST or None, request.FILES or None, user=request.user, programme=programme, initial=given
    )
    if request.method == "POST" and form.is_valid() and _kept(request, programme, form):
        return redirect("training:headcount_list", programme.code)
    rows = Headcount.objects.visible_to(request.user).filter(programme=programme)
    context = {
        "programme": programme,
        "rows": with_words(rows.select_related("session", "file").order_by("pk")),
        "form": form,
        "may_keep": rules.may(request.user, "keep_headcount", programme),
    }
    status = 422 if form.is_bound and form.errors else 200
    return render(request, "training/headcount_list.html", context, status=status)


def _headcount(request: HttpRequest, pk: int, verb: str | None = "keep_headcount") -> Headcount:
    rows = Headcount.objects.visible_to(request.user).select_related("programme__tenant", "file", "session")
    row = get_object_or_404(rows, pk=pk)
    request.programme = row.programme
    if verb:
        rules.insist(request.user, verb, row.programme)
    return row


@require_http_methods(FORMS)
def headcount_edit(request: HttpRequest, headcount: int) -> HttpResponse:
    row = _headcount(request, headcount)
    form = HeadcountForm(
        request.POST or None, request.FILES or None, instance=row, user=request.user, programme=row.programme
    )
    if request.method == "POST" and form.is_valid() and _kept(request, row.programme, form, row):
        return redirect("training:headcount_list", row.programme.code)
    context = {"form": form, "programme": row.programme, "headcount": row}
    return render(request, "training/headcount_form.html", context)


@require_POST
def headcount_remove(request: HttpRequest, headcount: int) -> HttpResponse:
    row = _headcount(request, headcount)
    services.remove_headcount(by=request.user, headcount=row)
    messages.success(request, _("The headcount is taken off; that it was there stands in the trail."))
    return redirect("training:headcount_list", row.programme.code)


@require_safe
def headcount_file(request: HttpRequest, headcount: int) -> HttpResponseBase:
    """The evidence itself, to be saved."""
    row = _headcount(request, headcount, None)
    return files.attachment(get_object_or_404(StoredFile, pk=row.file_id))


@require_safe
def headcount_export(request: HttpRequest, programme: str, format: str) -> HttpResponseBase:
    programme = programme_of(request, programme)
    rows = exports.headcounts(request.user, programme)
    return take_along(request, exports.HEADCOUNTS, rows, format, about=programme)


def _kept(
    request: HttpRequest, programme: Programme, form: HeadcountForm, row: Headcount | None = None
) -> bool:
    """The file first, outside the transaction; a refusal takes it away again."""
    said, upload = form.said(), form.cleaned_data.get("upload")
    file = None
    try:
        if upload:
            purpose = {"purpose": StoredFile.Purpose.EVIDENCE, "name": upload.name, "content": upload}
            file = files.keep(by=request.user, tenant=programme.tenant, **purpose)
        if row:
            services.change_headcount(by=request.user, headcount=row, file=file, **said)
        else:
            now = timezone.now()
            services.add_headcount(by=request.user, programme=programme, now=now, file=file, **said)
    except ValidationError as error:
        if file:
            files.drop(file, by=request.user)
        put_errors(form, error)
        return False
    messages.success(request, _("The headcount is kept."))
    return True
