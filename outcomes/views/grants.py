"""Money that a programme gives on: the list with its totals, adding, correcting, settling."""

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_safe

from accounts.exports import take_along
from lib.forms import put_errors
from outcomes import exports_results, money, services
from outcomes.filters_results import GrantFilter
from outcomes.forms.money import GrantForm
from outcomes.models import Grant
from outcomes.rules import insist
from outcomes.views.whose import programme_of

PAGE = 50
FORMS = ["GET", "HEAD", "POST"]


def listed(request: HttpRequest, code: str) -> GrantFilter:
    rows = Grant.objects.visible_to(request.user).filter(programme=programme_of(request, code))
    return GrantFilter(request.GET, rows)


@require_GET
def grant_list(request: HttpRequest, programme: str) -> HttpResponse:
    found = listed(request, programme)
    rows = found.qs.select_related("enrolment__person", "funding__funder").prefetch_related("amounts")
    context = {
        "programme": request.programme,
        "filter": found,
        "page": Paginator(rows, PAGE).get_page(request.GET.get("page")),
        "given": money.given(found.queryset),
        "unread": money.unread_grants(found.queryset).select_related("enrolment__person"),
        "unsaid": money.unsaid_grants(found.queryset).count(),
        "is_narrowed": bool(request.GET.get("q") or request.GET.get("state")),
    }
    return render(request, "outcomes/grant_list.html", context)


@require_safe
def grant_export(request: HttpRequest, programme: str, format: str) -> HttpResponseBase:
    rows = exports_results.grants(listed(request, programme).qs)
    return take_along(request, exports_results.GRANTS, rows, format, about=request.programme)


@require_http_methods(FORMS)
def grant_create(request: HttpRequest, programme: str) -> HttpResponse:
    programme_of(request, programme, "keep_grants")
    return _form_page(request, None)


@require_http_methods(FORMS)
def grant_edit(request: HttpRequest, grant: int) -> HttpResponse:
    rows = Grant.objects.visible_to(request.user).select_related("programme__tenant", "enrolment__person")
    row = get_object_or_404(rows, pk=grant)
    request.programme = row.programme
    insist(request.user, "keep_grants", row.programme)
    return _form_page(request, row)


def _form_page(request: HttpRequest, row: Grant | None) -> HttpResponse:
    programme = request.programme
    form = GrantForm(request.POST or None, instance=row, user=request.user, programme=programme)
    if request.method == "POST" and form.is_valid():
        try:
            services.save_grant(by=request.user, grant=row, programme=programme, **form.cleaned_data)
        except ValidationError as error:
            put_errors(form, error)
        else:
            messages.success(request, _("The grant is kept."))
            return redirect("outcomes:grant_list", programme.code)
    context = {"programme": programme, "grant": row, "form": form}
    return render(request, "outcomes/grant_form.html", context, status=422 if form.errors else 200)
