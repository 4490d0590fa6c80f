"""Paper: the sheet to print, the photograph of the signed one, and keying it in."""

from django.conf import settings
from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.http import content_disposition_header
from django.utils.translation import get_language, ngettext
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from lib.forms import put_errors
from training import rules, services
from training.forms.keying import KeyingForm
from training.forms.photos import SheetForm
from training.models import PaperSheet, Session
from training.papers import keying, sheets
from training.views.photos import served
from training.views.register import kept_session

SEEN = "seen-"  # hidden fields of the preview: what stood there, by row code


@require_safe
def session_sheet(request: HttpRequest, session: int) -> HttpResponse:
    """The sheet as PDF, in the language asked for, else in the reader's."""
    session = kept_session(request, session)
    asked = request.GET.get("language")
    language = asked if asked in dict(settings.LANGUAGES) else get_language()
    content = sheets.printed(session, language, now=timezone.now())
    name = content_disposition_header(False, f"sheet-{session.pk}-{language}.pdf")
    headers = {"Content-Disposition": name, "Cache-Control": "private, no-store"}
    return HttpResponse(content, content_type="application/pdf", headers=headers)


@require_POST
def paper_create(request: HttpRequest, session: int) -> HttpResponse:
    session = kept_session(request, session)
    form = SheetForm(request.POST, request.FILES)
    if form.is_valid():
        try:
            _sheet, is_new = services.keep_sheet(
                by=request.user, session=session, now=timezone.now(), **form.cleaned_data
            )
        except ValidationError as error:
            put_errors(form, error)
        else:
            said = _("The sheet is kept. Key it in now.") if is_new else _("This sheet was here already.")
            messages.success(request, said)
            return redirect("training:keying", session=session.pk)
    return _page(request, session, KeyingForm(session=session), status=422, sheet_form=form)


@require_safe
def paper_file(request: HttpRequest, paper: int) -> HttpResponseBase:
    """The photograph of a signed sheet, for who keeps the register."""
    papers = PaperSheet.objects.visible_to(request.user).select_related("session__programme", "file")
    found = get_object_or_404(papers, pk=paper)
    request.programme = found.session.programme
    rules.insist(request.user, "keep_register", request.programme)
    return served(request, found.file)


@require_http_methods(["GET", "HEAD", "POST"])
def keying_screen(request: HttpRequest, session: int) -> HttpResponse:
    """GET: the fields. POST: what would change; with `keep`, it is kept."""
    session = kept_session(request, session)
    form = KeyingForm(request.POST if request.method == "POST" else None, session=session)
    if request.method != "POST":
        return _page(request, session, form)
    if not form.is_valid():
        return _page(request, session, form, status=422)
    said = form.cleaned_data
    lines = keying.read(session, said, rest=said["rest"])
    if "keep" not in request.POST or not lines or any(line.wrong for line in lines):
        return _page(request, session, form, lines, status=422 if "keep" in request.POST else 200)
    return _keep(request, session, form, lines)


def _keep(request: HttpRequest, session: Session, form: KeyingForm, lines: list) -> HttpResponse:
    said = form.cleaned_data
    seen = {key.removeprefix(SEEN): value for key, value in request.POST.items() if key.startswith(SEEN)}
    made = keying.marks(
        lines, operation=said["operation"], paper=said["paper"], seen=seen, reason=said.get("reason", "")
    )
    try:
        results = services.record_marks(by=request.user, session=session, marks=made, now=timezone.now())
    except ValidationError as error:
        put_errors(form, error)
        return _page(request, session, form, lines, status=422)
    refused = {
        result.enrolment: result.words for result in results if result.outcome in ("refused", "conflict")
    }
    if refused:
        for line in lines:
            line.wrong = refused.get(line.enrolment.pk, "")
        return _page(request, session, form, lines, status=422)
    n = len(results)
    words = ngettext("%(n)s mark is kept, from paper.", "%(n)s marks are kept, from paper.", n) % {"n": n}
    messages.success(request, words)
    return redirect("training:register", session=session.pk)


def _page(request, session: Session, form: KeyingForm, lines=None, *, status=200, sheet_form=None):
    papers = list(session.papers.select_related("file").order_by("-pk"))
    context = {
        "session": session,
        "form": form,
        "lines": lines,
        "wrong": [line for line in lines or () if line.wrong],
        "changes": [line for line in lines or () if line.is_change],
        "fresh": [line for line in lines or () if line.is_new],
        "same": sum(line.stands for line in lines or ()),
        "papers": papers,
        "sheet_form": sheet_form or SheetForm(auto_id="sheet_%s"),
    }
    if request.htmx:
        return render(request, "training/_keying_preview.html", context, status=200)
    return render(request, "training/keying.html", context, status=status)
