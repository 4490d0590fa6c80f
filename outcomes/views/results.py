"""Results of a programme: the list, one of them, adding, correcting, taking back."""

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.core.paginator import Paginator
from django.db.models import Count
from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST, require_safe

from accounts.exports import take_along
from lib import countries
from lib.forms import put_errors, sent_from
from mentoring.models import Introduction
from outcomes import exports_results, services
from outcomes.filters_results import ResultFilter
from outcomes.forms.results import EvidenceForm, ReasonForm, ResultForm, named_parties, parties_form
from outcomes.models import Result
from outcomes.rules import insist, may
from outcomes.views.whose import programme_of
from people.models import Organisation

PAGE = 50
FORMS = ["GET", "HEAD", "POST"]


def listed(request: HttpRequest, code: str) -> ResultFilter:
    """The results of a programme, narrowed as she asked; those that count, unless she asks for others."""
    rows = Result.objects.visible_to(request.user).filter(programme=programme_of(request, code))
    asked = request.GET.copy()
    asked.setdefault("standing", "counting")
    return ResultFilter(asked, rows)


@require_GET
def result_list(request: HttpRequest, programme: str) -> HttpResponse:
    """What happened and can be shown, and how much of it is shown."""
    found = listed(request, programme)
    rows = found.qs.select_related("enterprise", "enrolment__person").annotate(pieces=Count("evidence"))
    rows = rows.in_order().prefetch_related("parties__organisation", "reported_to__funder")
    runs = may(request.user, "keep_results", request.programme)
    context = {
        "programme": request.programme,
        "filter": found,
        "page": with_countries(Paginator(rows, PAGE).get_page(request.GET.get("page"))),
        "shown": found.qs.exclude(evidence=None).order_by().distinct().count(),
        "is_narrowed": any(found.data.get(name) for name in found.form.fields if name != "standing"),
        "withdrawn": found.queryset.exclude(withdrawn_at=None).count(),
        "runs": runs,
        "led": led_somewhere(request) if runs else (),
    }
    return render(request, "outcomes/result_list.html", context)


def led_somewhere(request: HttpRequest):
    """Introductions after which they agreed on something, and that are no results yet."""
    rows = Introduction.objects.visible_to(request.user).filter(enrolment__programme=request.programme)
    rows = rows.filter(came=Introduction.Came.AGREED, result=None)
    return list(rows.select_related("enrolment__person").order_by("-came_on", "-pk")[:10])


def with_countries(page):
    for row in page:
        row.country_names = [countries.country_name(code) for code in row.countries]
    return page


@require_safe
def result_export(request: HttpRequest, programme: str, format: str) -> HttpResponseBase:
    rows = exports_results.results(listed(request, programme).qs)
    return take_along(request, exports_results.RESULTS, rows, format, about=request.programme)


@require_http_methods(FORMS)
def result_create(request: HttpRequest, programme: str) -> HttpResponse:
    programme_of(request, programme, "keep_results")
    return _form_page(request, None)


@require_http_methods(FORMS)
def result_edit(request: HttpRequest, result: int) -> HttpResponse:
    return _form_page(request, result_of(request, result, "keep_results"))


def _form_page(request: HttpRequest, row: Result | None) -> HttpResponse:
    """The form of a result with its parties; a POST that is right leads to the result."""
    sent, given = request.POST or None, {} if row else {"session": request.GET.get("session")}
    form = ResultForm(sent, instance=row, user=request.user, programme=request.programme, initial=given)
    parties = parties_form(sent, row)
    known = list(Organisation.objects.visible_to(request.user).filter(tenant=request.programme.tenant_id))
    if request.method == "POST" and all([form.is_valid(), parties.is_valid()]):
        said = form.cleaned_data | {"parties": named_parties(parties, known)}
        try:
            made = services.save_result(
                by=request.user, result=row, programme=request.programme, now=timezone.now(), **said
            )
        except ValidationError as error:
            put_errors(form, error)
        else:
            messages.success(request, _("The result is kept."))
            return redirect("outcomes:result_detail", made.pk)
    context = {"programme": request.programme, "form": form, "parties": parties, "result": row}
    status = 422 if form.errors or parties.total_error_count() else 200
    return render(request, "outcomes/result_form.html", context | {"known": known}, status=status)


def result_of(request: HttpRequest, pk: int, verb: str = "") -> Result:
    rows = Result.objects.visible_to(request.user).select_related(
        "programme__tenant", "session__module", "enrolment__person", "enterprise", "introduction", "by"
    )
    row = get_object_or_404(rows, pk=pk)
    request.programme = row.programme
    if verb:
        insist(request.user, verb, row.programme)
    return row


def shown(request: HttpRequest, row: Result, status: int = 200, **forms) -> HttpResponse:
    """The page of one result, perhaps with a form that was refused."""
    context = {
        "programme": row.programme,
        "result": row,
        "runs": may(request.user, "keep_results", row.programme),
        "country_names": [countries.country_name(code) for code in row.countries],
        "parties": row.parties.select_related("organisation"),
        "fundings": row.reported_to.select_related("funder"),
        "pieces": row.evidence.select_related("file"),
        "evidence_form": forms.get("evidence_form") or EvidenceForm(),
        "reason_form": forms.get("reason_form") or ReasonForm(),
    }
    return render(request, "outcomes/result_detail.html", context, status=status)


@require_safe
def result_detail(request: HttpRequest, result: int) -> HttpResponse:
    return shown(request, result_of(request, result))


@sent_from("outcomes:result_detail")
def result_withdraw(request: HttpRequest, result: int) -> HttpResponse:
    row = result_of(request, result, "keep_results")
    form = ReasonForm(request.POST)
    if form.is_valid():
        try:
            services.withdraw_result(by=request.user, result=row, now=timezone.now(), **form.cleaned_data)
        except ValidationError as error:
            put_errors(form, error)
        else:
            messages.success(request, _("The result is taken back: it counts no more."))
            return redirect("outcomes:result_detail", row.pk)
    return shown(request, row, 422, reason_form=form)


@sent_from("outcomes:result_detail")
def result_restore(request: HttpRequest, result: int) -> HttpResponse:
    row = result_of(request, result, "keep_results")
    try:
        services.restore_result(by=request.user, result=row)
        messages.success(request, _("The result counts again."))
    except ValidationError as error:
        messages.error(request, " ".join(error.messages))
    return redirect("outcomes:result_detail", row.pk)


@require_POST
def result_introduced(request: HttpRequest, introduction: int) -> HttpResponse:
    """An introduction that led somewhere becomes a result, with all that is known of it."""
    rows = Introduction.objects.visible_to(request.user).select_related("enrolment__programme__tenant")
    row = get_object_or_404(rows, pk=introduction)
    request.programme = row.enrolment.programme
    insist(request.user, "keep_results", row.enrolment.programme)
    try:
        made = services.result_of_introduction(by=request.user, introduction=row, now=timezone.now())
    except ValidationError as error:
        messages.error(request, " ".join(error.messages))
        return redirect("outcomes:result_list", row.enrolment.programme.code)
    messages.success(request, _("The introduction is a result now. Add what shows it."))
    return redirect("outcomes:result_detail", made.pk)
